extension BcryptString {
  /// What bcrypt hashes: the password itself, or a digest of it.
  ///
  /// The prefixes `2a`, `2b` and `2y` tell which program made a hash; bcrypt is the same for all three.
  enum Scheme: Equatable {
    /// The password itself: `2a`, `2b`, `2y`.
    case plain(prefix: String)
    /// passlib's `bcrypt_sha256`, version 2: an HMAC-SHA256, keyed with the salt.
    case hmacSHA256
    /// passlib's `bcrypt_sha256`, version 1: `2a`, `2b`.
    case sha256Base64(prefix: String)
    /// Django's `BCryptSHA256PasswordHasher`: `2a`, `2b`, `2y`.
    case sha256Hexadecimal(prefix: String)
  }
}

extension BcryptString.Scheme {
  /// Whether new hashes use this scheme.
  ///
  /// Schemes with an unkeyed SHA-256 are only read: with a stolen database, an attacker could try SHA-256 digests that leaked
  /// elsewhere without knowing their passwords, and a match would show whose password to crack.
  var isCurrent: Bool { self == .plain(prefix: "2b") || self == .hmacSHA256 }

  var isPlain: Bool {
    if case .plain = self { true } else { false }
  }

  /// The digest that bcrypt hashes in place of the password: at most 72 bytes, never a NUL. Nil if bcrypt hashes the password
  /// itself.
  ///
  /// It is as secret as the password. The caller wipes it.
  func key(for password: UnsafeRawBufferPointer, salt: [UInt8]) -> [UInt8]? {
    // SAFETY: the password's bytes are only read before this function returns; what is wiped is whole arrays of our own.
    switch self {
    case .plain:
      return nil
    case .hmacSHA256:
      // passlib.handlers.bcrypt, `bcrypt_sha256._calc_checksum`: the HMAC's key is the salt in bcrypt's Base64.
      var mac = unsafe Libcrypto.hmacSHA256(key: Base64.bcrypt.encode(salt), message: password)
      defer { unsafe mac.withUnsafeMutableBytes { unsafe Libcrypto.wipe($0) } }
      return paddedBase64(mac)
    case .sha256Base64:
      // Also `bcrypt_sha256._calc_checksum`: "old version just ran secret through sha256()".
      var hash = unsafe Libcrypto.sha256(message: password)
      defer { unsafe hash.withUnsafeMutableBytes { unsafe Libcrypto.wipe($0) } }
      return paddedBase64(hash)
    case .sha256Hexadecimal:
      // django.contrib.auth.hashers, `BCryptSHA256PasswordHasher.encode`.
      var hash = unsafe Libcrypto.sha256(message: password)
      defer { unsafe hash.withUnsafeMutableBytes { unsafe Libcrypto.wipe($0) } }
      return hexadecimalDigits(hash)
    }
  }

  /// Encodes 32 bytes, which Base64 pads with one character.
  private func paddedBase64(_ bytes: [UInt8]) -> [UInt8] {
    var text = Base64.standard.encode(bytes)
    text.append(UInt8(ascii: "="))
    return text
  }
}
