/// Computes the HMAC-SHA256 (RFC 2104) of `message` with libcrypto, for the targets that do not import it.
package func hmacSHA256(key: [UInt8], message: [UInt8]) -> [UInt8] {
  // SAFETY: the bytes are only read before the closure returns.
  unsafe message.withUnsafeBytes { unsafe Libcrypto.hmacSHA256(key: key, message: $0) }
}
