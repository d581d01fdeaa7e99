extension BcryptString {
  /// What bcrypt is given in the place of the password. The prefixes `2a`, `2b` and `2y` say who made a hash, not how.
  enum Scheme: Equatable {
    /// The password itself: `2a`, `2b`, `2y`.
    case plain(prefix: String)
    /// passlib's `bcrypt_sha256`, version 2: an HMAC, keyed with the salt.
    case hmacSHA256
    /// passlib's `bcrypt_sha256`, version 1: `2a`, `2b`.
    case sha256Base64(prefix: String)
    /// Django's `BCryptSHA256PasswordHasher`: `2a`, `2b`, `2y`.
    case sha256Hexadecimal(prefix: String)
  }
}

extension BcryptString.Scheme {
  /// Whether new hashes are of this scheme. Those whose SHA-256 has no key are not: with a stolen database, digests that leaked
  /// elsewhere can be tried against them, and one that fits shows whose password it is of.
  var isCurrent: Bool { self == .plain(prefix: "2b") || self == .hmacSHA256 }

  var isPlain: Bool {
    if case .plain = self { true } else { false }
  }

  /// What bcrypt takes for a password: at most 72 bytes and no NUL, whatever is in the password; nil where it takes the password
  /// itself. It is as secret as the password, and the caller's to wipe.
  func key(for password: UnsafeRawBufferPointer, salt: [UInt8]) -> [UInt8]? {
    // SAFETY: the password's bytes are read while they are lent; what is wiped is whole arrays of our own.
    switch self {
    case .plain:
      return nil
    case .hmacSHA256:
      // passlib.handlers.bcrypt, `bcrypt_sha256._calc_checksum`: the HMAC's key is the salt as bcrypt's text.
      var mac = unsafe Libcrypto.hmacSHA256(key: Base64.bcrypt.encode(salt), message: password)
      defer { unsafe mac.withUnsafeMutableBytes { unsafe Libcrypto.wipe($0) } }
      return paddedBase64(mac)
    case .sha256Base64:
      // The same function: "old version just ran secret through sha256()".
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

  /// Of 32 bytes, which leave room for one character of padding.
  private func paddedBase64(_ bytes: [UInt8]) -> [UInt8] {
    var text = Base64.standard.encode(bytes)
    text.append(UInt8(ascii: "="))
    return text
  }
}
