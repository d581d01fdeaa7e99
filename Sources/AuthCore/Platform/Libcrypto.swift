internal import AuthCLibcrypto

/// The cryptographic primitives. All are those of the system's libcrypto, which is patched when the system is.
package enum Libcrypto {
  /// The length of a SHA-256 digest in bytes: 32.
  static let sha256Length = Int(SHA256_DIGEST_LENGTH)

  /// Computes SHA-256 (FIPS 180-4).
  package static func sha256(_ bytes: some Collection<UInt8>) -> [UInt8] {
    unsafe Array(bytes).withUnsafeBytes { unsafe sha256(message: $0) }
  }

  /// Computes SHA-256 without copying the message, which may be secret.
  ///
  /// It does not call `SHA256()`, which since OpenSSL 3 first looks the algorithm up by name: that takes longer than hashing a
  /// session id.
  static func sha256(message: UnsafeRawBufferPointer) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: sha256Length) { output, count in
      unsafe sha256(message: message, into: output)
      count = sha256Length
    }
  }

  /// Computes SHA-256 and writes it to the beginning of `output`.
  static func sha256(message: UnsafeRawBufferPointer, into output: UnsafeMutableBufferPointer<UInt8>) {
    precondition(output.count >= sha256Length)
    var context = SHA256_CTX()
    // SAFETY: the message is passed with its length, and read only where that is not 0; the output has room for the digest.
    let isDone =
      unsafe SHA256_Init(&context) == 1 && SHA256_Update(&context, message.baseAddress, message.count) == 1
      && SHA256_Final(output.baseAddress, &context) == 1
    // Not a precondition: -Ounchecked removes the check.
    guard isDone else { fatalError("libcrypto could not compute SHA-256") }
  }

  /// Computes HMAC-SHA256 (RFC 2104).
  static func hmacSHA256(key: [UInt8], message: UnsafeRawBufferPointer) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: sha256Length) { output, count in
      // An empty buffer may have no base address, and the documentation of HMAC() does not allow nil.
      let start = unsafe message.baseAddress?.assumingMemoryBound(to: UInt8.self) ?? UnsafePointer(output.baseAddress!)
      // SAFETY: all pointers are valid for the lengths beside them; the output has the digest's length.
      let digest = unsafe HMAC(EVP_sha256(), key, Int32(key.count), start, message.count, output.baseAddress, nil)
      // Not a precondition: -Ounchecked removes the check, and what was in memory before would be the result.
      guard unsafe digest != nil else { fatalError("libcrypto could not compute HMAC-SHA256") }
      count = sha256Length
    }
  }

  /// Computes HMAC-SHA256 (RFC 2104).
  package static func hmacSHA256(key: [UInt8], message: [UInt8]) -> [UInt8] {
    // SAFETY: the bytes are only read before the closure returns.
    unsafe message.withUnsafeBytes { unsafe hmacSHA256(key: key, message: $0) }
  }

  /// Makes cryptographically secure random bytes. Traps if the random source fails, because nothing is safe without it.
  static func randomBytes(_ count: Int) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: count) { output, filled in
      // SAFETY: the buffer holds `count` bytes.
      let status = unsafe RAND_bytes(output.baseAddress, Int32(count))
      // Not a precondition: -Ounchecked removes the check.
      guard status == 1 else { fatalError("libcrypto's random source failed") }
      filled = count
    }
  }

  /// Whether both arrays are equal, in a time that depends on their lengths alone.
  static func constantTimeEquals(_ a: [UInt8], _ b: [UInt8]) -> Bool {
    // SAFETY: both arrays hold at least `a.count` bytes when their counts are equal.
    guard a.count == b.count else { return false }
    return unsafe CRYPTO_memcmp(a, b, a.count) == 0
  }

  /// Overwrites memory with zeros. The optimiser cannot remove this.
  static func wipe(_ memory: UnsafeMutableRawBufferPointer) {
    // SAFETY: the buffer is valid for its own count.
    unsafe OPENSSL_cleanse(memory.baseAddress, memory.count)
  }
}
