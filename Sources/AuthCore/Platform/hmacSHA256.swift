/// HMAC-SHA256 of `message`, 32 bytes (RFC 2104): the libcrypto's, for the floors above.
package func hmacSHA256(key: [UInt8], message: [UInt8]) -> [UInt8] {
  // SAFETY: the bytes are read while they are lent, and not kept.
  unsafe message.withUnsafeBytes { unsafe Libcrypto.hmacSHA256(key: key, message: $0) }
}
