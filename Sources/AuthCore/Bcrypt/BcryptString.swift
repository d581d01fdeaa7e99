/// A parsed bcrypt hash. It is written in one of these forms, each with 22 characters of salt and 31 of digest:
///
///     $2b$12$<salt><digest>                          bcrypt of the password itself; also 2a, 2y
///     $bcrypt-sha256$v=2,t=2b,r=12$<salt>$<digest>   bcrypt of its HMAC-SHA256: passlib 1.7.3 and later
///     $bcrypt-sha256$2b,12$<salt>$<digest>           bcrypt of its SHA-256 in base 64: passlib before that; also 2a
///     bcrypt_sha256$$2b$12$<salt><digest>            bcrypt of its SHA-256 in hexadecimal: Django; also 2a, 2y
///
/// A text is accepted only if its parts, written out again, give the identical text. `$2x$` is refused: it marks hashes of an old
/// implementation that mangled non-ASCII passwords, so that several passwords match one hash.
struct BcryptString: Equatable {
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
    let parsed: Self? =
      switch (fields.first, fields.count) {
      case ("", 4): Self(crypt: fields[1...], Scheme.plain)
      case ("bcrypt_sha256", 5) where fields[1].isEmpty: Self(crypt: fields[2...], Scheme.sha256Hexadecimal)
      case ("", 5) where fields[1] == "bcrypt-sha256": Self(passlib: fields[2...])
      default: nil
      }
    // Refuses what the parser is lenient about, such as a cost of "+5", or of one digit in the plain form.
    guard let parsed, Array(parsed.text.utf8) == Array(hash.text.utf8) else { return nil }
    self = parsed
  }

  /// Parses the fields `2b`, `12`, and salt and digest in one.
  private init?(crypt fields: ArraySlice<String>, _ scheme: (_ prefix: String) -> Scheme) {
    let (prefix, cost, rest) = (fields[fields.startIndex], fields[fields.startIndex + 1], fields[fields.startIndex + 2].utf8)
    guard ["2a", "2b", "2y"].contains(prefix), rest.count == Self.saltCharacters + Self.digestCharacters else { return nil }
    self.init(
      scheme(prefix), cost: cost, salt: rest.prefix(Self.saltCharacters), digest: rest.suffix(Self.digestCharacters))
  }

  /// Parses the fields `v=2,t=2b,r=12` or `2b,12`, salt, and digest.
  private init?(passlib fields: ArraySlice<String>) {
    let settings = fields[fields.startIndex]
    let (scheme, prefix): (Scheme, String)
    if settings.hasPrefix("v=2,t=2b,r=") {
      (scheme, prefix) = (.hmacSHA256, "v=2,t=2b,r=")
    } else if settings.hasPrefix("2a,") || settings.hasPrefix("2b,") {
      (scheme, prefix) = (.sha256Base64(prefix: String(settings.prefix(2))), String(settings.prefix(3)))
    } else {
      return nil
    }
    self.init(
      scheme, cost: String(settings.dropFirst(prefix.count)),
      salt: fields[fields.startIndex + 1].utf8, digest: fields[fields.startIndex + 2].utf8)
  }

  private init?(_ scheme: Scheme, cost: String, salt: some Collection<UInt8>, digest: some Collection<UInt8>) {
    guard let cost = Int(cost), Self.costs.contains(cost),
      let salt = Base64.bcrypt.decode(salt), salt.count == Self.saltBytes,
      let digest = Base64.bcrypt.decode(digest), digest.count == Self.digestBytes
    else { return nil }
    self.init(scheme: scheme, cost: cost, salt: salt, digest: digest)
  }

  /// The hash as it is stored.
  var text: String {
    let salt = String(decoding: Base64.bcrypt.encode(salt), as: UTF8.self)
    let digest = String(decoding: Base64.bcrypt.encode(digest), as: UTF8.self)
    let twoDigits = "\(cost < 10 ? "0" : "")\(cost)"
    return switch scheme {
    case .plain(let prefix): "$\(prefix)$\(twoDigits)$\(salt)\(digest)"
    case .hmacSHA256: "$bcrypt-sha256$v=2,t=2b,r=\(cost)$\(salt)$\(digest)"
    case .sha256Base64(let prefix): "$bcrypt-sha256$\(prefix),\(cost)$\(salt)$\(digest)"
    case .sha256Hexadecimal(let prefix): "bcrypt_sha256$$\(prefix)$\(twoDigits)$\(salt)\(digest)"
    }
  }
}
