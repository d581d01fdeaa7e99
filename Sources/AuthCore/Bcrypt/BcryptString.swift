/// A stored bcrypt hash, taken apart. Two text forms exist:
///
///     $2b$12$<22 characters of salt><31 of digest>                 bcrypt of the password itself
///     $bcrypt-sha256$v=2,t=2b,r=12$<22 of salt>$<31 of digest>     bcrypt of its HMAC-SHA256 (passlib 1.7.3 and later)
///
/// Only text that printing the parts gives back letter for letter is accepted. `$2x$` marks hashes of an old implementation
/// that mangled non-ASCII passwords, so that several match: it is refused.
struct BcryptString: Equatable {
  enum Scheme: Equatable {
    /// The password itself, under one of the prefixes `2a`, `2b` and `2y`, which say who made the hash, not how.
    case plain(prefix: String)
    case hmacSHA256
  }

  static let costs = 4...31
  static let saltBytes = 16
  static let digestBytes = 23

  var scheme: Scheme
  /// The binary logarithm of the number of rounds.
  var cost: Int
  var salt: [UInt8]
  var digest: [UInt8]
}

extension BcryptString {
  private static let saltCharacters = 22
  private static let digestCharacters = 31

  init?(parsing hash: PasswordHash) {
    let fields = hash.text.utf8.split(separator: UInt8(ascii: "$"), omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
    if fields.count == 4, fields[0].isEmpty, ["2a", "2b", "2y"].contains(fields[1]) {
      guard fields[3].utf8.count == Self.saltCharacters + Self.digestCharacters else { return nil }
      self.init(
        .plain(prefix: fields[1]), cost: fields[2],
        salt: fields[3].utf8.prefix(Self.saltCharacters), digest: fields[3].utf8.suffix(Self.digestCharacters))
    } else if fields.count == 5, fields[0].isEmpty, fields[1] == "bcrypt-sha256", fields[2].hasPrefix("v=2,t=2b,r=") {
      self.init(
        .hmacSHA256, cost: String(fields[2].dropFirst("v=2,t=2b,r=".count)),
        salt: fields[3].utf8, digest: fields[4].utf8)
    } else {
      return nil
    }
    // Catches what a lenient part of the parser lets through, such as a cost of "+5" or of one digit in the plain form.
    guard Array(text.utf8) == Array(hash.text.utf8) else { return nil }
  }

  private init?(_ scheme: Scheme, cost: String, salt: some Collection<UInt8>, digest: some Collection<UInt8>) {
    guard let cost = Int(cost), Self.costs.contains(cost),
      let salt = Base64.bcrypt.decode(salt), salt.count == Self.saltBytes,
      let digest = Base64.bcrypt.decode(digest), digest.count == Self.digestBytes
    else { return nil }
    self.init(scheme: scheme, cost: cost, salt: salt, digest: digest)
  }

  /// The stored text.
  var text: String {
    let salt = String(decoding: Base64.bcrypt.encode(salt), as: UTF8.self)
    let digest = String(decoding: Base64.bcrypt.encode(digest), as: UTF8.self)
    switch scheme {
    case .plain(let prefix): return "$\(prefix)$\(cost < 10 ? "0" : "")\(cost)$\(salt)\(digest)"
    case .hmacSHA256: return "$bcrypt-sha256$v=2,t=2b,r=\(cost)$\(salt)$\(digest)"
    }
  }
}
