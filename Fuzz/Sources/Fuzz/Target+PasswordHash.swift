@testable internal import AuthCore

extension Target {
  private static let hasher = BcryptHasher(cost: BcryptHasher.minimumCost, threads: 1)
  private static let phrase = "correct horse"

  static let passwordHash = Target(name: "PasswordHash") { bytes in
    let text = bytes.text
    let hash = PasswordHash(text)
    require((try? PasswordHash(validating: text)) == (text.utf8.contains(0) ? nil : hash), "a hash has no U+0000")
    let scheme = PasswordHashScheme(of: hash)
    let problem = hasher.problem(with: hash)
    require(scheme == PasswordHashScheme(of: hash), "the same text has the same scheme")
    require(hash.text.hasSameBytes(as: text.utf8.contains(0) ? "" : text), "a hash keeps its bytes")

    let parsed = BcryptString(parsing: hash)
    compareAcceptance(of: text, with: parsed)
    guard let parsed else {
      require(problem != nil, "a hash that cannot be read is refused")
      require(hasher.needsRehash(hash), "a hash that cannot be read is replaced")
      return
    }
    require(parsed.text.hasSameBytes(as: text), "a hash that is taken apart prints the same text")
    require(scheme == .bcrypt, "every hash that is read is called bcrypt")
    require(BcryptString.costs.contains(parsed.cost), "a cost is 4 to 31")
    require(
      parsed.salt.count == BcryptString.saltBytes && parsed.digest.count == BcryptString.digestBytes, "salt and digest are whole")
    require((problem == nil) == (parsed.cost <= BcryptHasher.defaultMaximumCost), "only what is too expensive is refused")
    compareDigest(of: parsed)
  }

  /// libxcrypt reads no more of a plain hash than prefix, cost and salt, and prints the salt without bits to spare. So it has to
  /// accept what we accept and print its beginning; and what it prints must be accepted.
  private static func compareAcceptance(of text: String, with parsed: BcryptString?) {
    // Others take it too long.
    guard text.utf8.count >= 29, text.hasPrefix("$2"), text.utf8.dropFirst(3).starts(with: "$04$".utf8), isSampled(text) else {
      return
    }
    guard !text.utf8.contains(0), let theirs = Libxcrypt.hash(phrase, setting: text) else { return }
    if parsed != nil { require(theirs.utf8.starts(with: text.utf8.prefix(29)), "libxcrypt accepts what is accepted") }
    // `$2x$` and `$2$` are refused on purpose.
    guard ["$2a$", "$2b$", "$2y$"].contains(where: theirs.hasPrefix) else { return }
    require(matches(theirs), "libxcrypt's hashes are accepted, and match their password")
  }

  private static func compareDigest(of parsed: BcryptString) {
    guard parsed.cost == BcryptHasher.minimumCost, isSampled(parsed.text) else { return }
    var (plain, theirs) = (parsed, parsed)
    plain.scheme = .plain(prefix: "2b")
    // What bcrypt is given has no NUL.
    guard let hash = Libxcrypt.hash(key(parsed), setting: plain.text),
      let digest = BcryptString(parsing: PasswordHash(hash))?.digest
    else { return }
    theirs.digest = digest
    require(matches(theirs.text), "a hash with libxcrypt's digest matches its password")
    require(theirs == parsed || !matches(parsed.text), "a hash with another digest does not match")
  }

  /// The phrase, or what the scheme gives bcrypt in its place.
  private static func key(_ parsed: BcryptString) -> String {
    let bytes = Array(phrase.utf8)
    // SAFETY: the bytes are read while they are lent.
    let key = unsafe bytes.withUnsafeBytes { unsafe parsed.scheme.key(for: $0, salt: parsed.salt) }
    return (key ?? bytes).text
  }

  private static func matches(_ hash: String) -> Bool {
    wait { (try? await hasher.verify(Password(phrase), against: PasswordHash(hash))) == true }
  }

  /// One in eight: bcrypt takes a thousand times as long as reading its text.
  private static func isSampled(_ text: String) -> Bool { text.utf8.reduce(0) { $0 &+ $1 } % 8 == 0 }
}
