internal import AuthCLibcrypto

/// The cryptographic primitives, all of them the system's libcrypto: patched when the system is.
enum Libcrypto {
  /// Of a digest, in bytes.
  static let sha256Length = Int(SHA256_DIGEST_LENGTH)

  /// SHA-256 of `bytes`, 32 bytes (FIPS 180-4).
  static func sha256(_ bytes: some Collection<UInt8>) -> [UInt8] {
    unsafe Array(bytes).withUnsafeBytes { unsafe sha256(message: $0) }
  }

  /// The same without a copy of what may be a secret.
  ///
  /// Not `SHA256()`, which since OpenSSL 3 looks for the algorithm by its name first: that takes longer than to hash a session id.
  static func sha256(message: UnsafeRawBufferPointer) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: sha256Length) { output, count in
      unsafe sha256(message: message, into: output)
      count = sha256Length
    }
  }

  /// The same, written to the beginning of `output`.
  static func sha256(message: UnsafeRawBufferPointer, into output: UnsafeMutableBufferPointer<UInt8>) {
    precondition(output.count >= sha256Length)
    var context = SHA256_CTX()
    // SAFETY: the message is passed with its length, and read only where that is not 0; the output has room for the digest.
    let isDone =
      unsafe SHA256_Init(&context) == 1 && SHA256_Update(&context, message.baseAddress, message.count) == 1
      && SHA256_Final(output.baseAddress, &context) == 1
    // Not a precondition, which -Ounchecked takes for granted, and the calls with it.
    guard isDone else { fatalError("libcrypto could not compute SHA-256") }
  }

  /// HMAC-SHA256, 32 bytes (RFC 2104).
  static func hmacSHA256(key: [UInt8], message: UnsafeRawBufferPointer) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: sha256Length) { output, count in
      // A nil message pointer is not a documented input of HMAC(), and an empty buffer may have one.
      let start = unsafe message.baseAddress?.assumingMemoryBound(to: UInt8.self) ?? UnsafePointer(output.baseAddress!)
      // SAFETY: all pointers are valid for the lengths beside them; the output has the digest's length.
      let digest = unsafe HMAC(EVP_sha256(), key, Int32(key.count), start, message.count, output.baseAddress, nil)
      precondition(unsafe digest != nil, "libcrypto could not compute HMAC-SHA256")
      count = sha256Length
    }
  }

  /// Cryptographically secure random bytes. A process whose random source has failed cannot go on safely: it traps.
  static func randomBytes(_ count: Int) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: count) { output, filled in
      // SAFETY: the buffer holds `count` bytes.
      let status = unsafe RAND_bytes(output.baseAddress, Int32(count))
      // Not a precondition, which -Ounchecked takes for granted, and the call with it.
      guard status == 1 else { fatalError("libcrypto's random source failed") }
      filled = count
    }
  }

  /// Whether both are equal, in a time that depends on their lengths alone.
  static func constantTimeEquals(_ a: [UInt8], _ b: [UInt8]) -> Bool {
    // SAFETY: both arrays hold at least `a.count` bytes when their counts are equal.
    guard a.count == b.count else { return false }
    return unsafe CRYPTO_memcmp(a, b, a.count) == 0
  }

  /// Overwrites memory in a way that the optimiser does not remove.
  static func wipe(_ memory: UnsafeMutableRawBufferPointer) {
    // SAFETY: the buffer is valid for its own count.
    unsafe OPENSSL_cleanse(memory.baseAddress, memory.count)
  }
}
