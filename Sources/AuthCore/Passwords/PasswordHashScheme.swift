/// The scheme that a stored hash appears to have, judged by how it begins.
///
/// The names are for people; no check depends on them. They are an enumeration so that none can repeat a part of the text, which
/// may be anything, even a password.
@nonexhaustive
public enum PasswordHashScheme: String, Sendable, CaseIterable, CustomStringConvertible {
  /// Argon2, of any variant: `$argon2id$…`, or `argon2$…` as Django writes it.
  case argon2 = "Argon2"
  /// bcrypt in a form that ``BcryptHasher`` reads, with or without the SHA-256 of passlib or Django, or in a wrapper that
  /// ``Auth/importUser(email:hash:)`` takes off.
  case bcrypt
  /// The first version of bcrypt, `$2$`, which ``BcryptHasher`` does not read.
  case bcrypt2 = "bcrypt $2$"
  /// bcrypt of an old implementation that mangled non-ASCII passwords, `$2x$`.
  case bcrypt2x = "bcrypt $2x$"
  /// The traditional crypt(3), 13 characters without a prefix.
  case desCrypt = "DES crypt"
  /// One of Django's digests: `sha1$…`, `md5$…`, `unsalted_…`.
  case djangoDigest = "Django salted digest"
  /// Drupal 7's iterated SHA-512, `$S$`.
  case drupal = "Drupal SHA-512"
  /// As many hexadecimal digits as a digest of MD5, NT, SHA-1 or SHA-2 has.
  case hexadecimalDigest = "bare hexadecimal digest"
  /// A value of an LDAP `userPassword`, such as `{SSHA}…`.
  case ldap = "LDAP userPassword"
  /// crypt(3) with MD5: `$1$`, `$apr1$`, `$md5`.
  case md5Crypt = "MD5 crypt"
  /// crypt(3) with Windows' NT hash, `$3$`.
  case ntHash = "NT hash"
  /// PBKDF2 as passlib, Django, Werkzeug and LDAP servers write it.
  case pbkdf2 = "PBKDF2"
  /// PHPass, of WordPress and phpBB: `$P$`, `$H$`.
  case phpass = "PHPass"
  /// scrypt as crypt(3), passlib, Django and Werkzeug write it.
  case scrypt
  /// crypt(3) with SHA-1, `$sha1$`.
  case sha1Crypt = "SHA-1 crypt"
  /// crypt(3) with SHA-256, `$5$`.
  case sha256Crypt = "SHA-256 crypt"
  /// crypt(3) with SHA-512, `$6$`.
  case sha512Crypt = "SHA-512 crypt"
  /// WordPress 6.8's bcrypt of an HMAC, `$wp$2`.
  case wordPressBcrypt = "WordPress bcrypt"
  /// yescrypt and its GOST variant: `$y$`, `$gy$`.
  case yescrypt
  /// A text that looks like a hash of no scheme above.
  case unknown

  /// Recognises the scheme of `hash`, even if the rest of the text is malformed.
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

  /// The scheme's name, as error messages use it.
  public var description: String { rawValue }
}

extension PasswordHashScheme {
  /// The sources are crypt(5) of libxcrypt 4.4, `passlib.hash` 1.7.4, `django.contrib.auth.hashers` 5.2, Werkzeug 3, WordPress
  /// 6.8 and RFC 2307.
  private static let beginnings: [(text: String, scheme: Self)] = [
    ("$2a$", .bcrypt), ("$2b$", .bcrypt), ("$2y$", .bcrypt), ("$bcrypt-sha256$", .bcrypt), ("bcrypt_sha256$", .bcrypt),
    ("{bcrypt}", .bcrypt), ("{BLF-CRYPT}", .bcrypt), ("bcrypt$", .bcrypt), ("#jbcrypt:", .bcrypt),
    ("$2$", .bcrypt2), ("$2x$", .bcrypt2x), ("$wp$2", .wordPressBcrypt),
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

  /// The lengths of MD5 and NT, SHA-1, SHA-224, SHA-256, SHA-384 and SHA-512.
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

  /// Whether the byte is in crypt(3)'s alphabet.
  fileprivate var isCrypt: Bool {
    switch self {
    // "." is followed by "/" and the digits.
    case UInt8(ascii: ".")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
    default: false
    }
  }
}
