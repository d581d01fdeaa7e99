/// The scheme that a stored hash seems to be of, by how it begins. Names for people: nothing is decided by them.
///
/// There are these names and no others, so that none can carry a part of the text, which may be anything, a password even.
@nonexhaustive
public enum PasswordHashScheme: String, Sendable, CaseIterable, CustomStringConvertible {
  case argon2 = "Argon2"
  /// As ``BcryptHasher`` reads it, with passlib's and Django's SHA-256 before it or without.
  case bcrypt
  case bcrypt2 = "bcrypt $2$"
  case bcrypt2x = "bcrypt $2x$"
  case desCrypt = "DES crypt"
  case djangoBcrypt = "Django bcrypt$"
  case djangoDigest = "Django salted digest"
  case drupal = "Drupal SHA-512"
  case hexadecimalDigest = "bare hexadecimal digest"
  case ldap = "LDAP userPassword"
  case md5Crypt = "MD5 crypt"
  case ntHash = "NT hash"
  case pbkdf2 = "PBKDF2"
  case phpass = "PHPass"
  case scrypt
  case sha1Crypt = "SHA-1 crypt"
  case sha256Crypt = "SHA-256 crypt"
  case sha512Crypt = "SHA-512 crypt"
  case wordPressBcrypt = "WordPress bcrypt"
  case yescrypt
  case unknown

  /// The scheme of `hash`, whether or not the rest of the text is written as the scheme asks.
  public init(of hash: PasswordHash) {
    let text = Array(hash.text.utf8)
    if let (_, scheme) = Self.beginnings.first(where: { text.starts(with: $0.text.utf8) }) {
      self = scheme
    } else if Self.hexadecimalLengths.contains(text.count), text.allSatisfy(\.isHexadecimal) {
      self = .hexadecimalDigest
    } else if text.count == Self.desCryptLength, text.allSatisfy(\.isCrypt) {
      self = .desCrypt
    } else {
      self = .unknown
    }
  }

  public var description: String { rawValue }
}

extension PasswordHashScheme {
  /// From crypt(5) of libxcrypt 4.4, `passlib.hash` 1.7.4, `django.contrib.auth.hashers` 5.2, Werkzeug 3, WordPress 6.8 and RFC 2307.
  private static let beginnings: [(text: String, scheme: Self)] = [
    ("$2a$", .bcrypt), ("$2b$", .bcrypt), ("$2y$", .bcrypt), ("$bcrypt-sha256$", .bcrypt), ("bcrypt_sha256$", .bcrypt),
    ("$2$", .bcrypt2), ("$2x$", .bcrypt2x), ("bcrypt$", .djangoBcrypt), ("$wp$2", .wordPressBcrypt),
    ("$argon2", .argon2), ("argon2$", .argon2),
    ("$scrypt$", .scrypt), ("$7$", .scrypt), ("scrypt$", .scrypt), ("scrypt:", .scrypt),
    ("$y$", .yescrypt), ("$gy$", .yescrypt),
    ("$pbkdf2", .pbkdf2), ("pbkdf2_", .pbkdf2), ("pbkdf2:", .pbkdf2), ("{PBKDF2", .pbkdf2),
    ("$6$", .sha512Crypt), ("$5$", .sha256Crypt), ("$sha1$", .sha1Crypt),
    ("$1$", .md5Crypt), ("$apr1$", .md5Crypt), ("$md5", .md5Crypt), ("$3$", .ntHash),
    ("$P$", .phpass), ("$H$", .phpass), ("$S$", .drupal),
    ("{SSHA", .ldap), ("{SHA", .ldap), ("{SMD5}", .ldap), ("{MD5}", .ldap), ("{CRYPT}", .ldap), ("{ARGON2", .ldap),
    ("sha1$", .djangoDigest), ("md5$", .djangoDigest), ("unsalted_", .djangoDigest),
  ]

  /// Of MD5 and NT, SHA-1, SHA-224, SHA-256, SHA-384, SHA-512.
  private static let hexadecimalLengths = [32, 40, 56, 64, 96, 128]
  private static let desCryptLength = 13
}

extension UInt8 {
  fileprivate var isHexadecimal: Bool {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"): true
    default: false
    }
  }

  /// Of the alphabet of crypt(3).
  fileprivate var isCrypt: Bool {
    switch self {
    // From "." on come "/" and the digits.
    case UInt8(ascii: ".")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
    default: false
    }
  }
}
