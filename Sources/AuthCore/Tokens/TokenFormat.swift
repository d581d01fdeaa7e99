/// The format of new session ids and reset tokens. Tokens of both formats are accepted, whichever is set.
public enum TokenFormat: Sendable, Equatable {
  /// A random UUID (version 4) in lower case, with 122 random bits: RFC 9562, section 5.4.
  case uuid

  /// 32 random bytes in base64url without padding, 43 characters: RFC 4648, section 5.
  case base64URL

  func makeToken(_ random: some RandomSource) -> String {
    switch self {
    case .uuid: Self.uuid(random.bytes(16))
    case .base64URL: String(decoding: Base64.url.encode(random.bytes(32)), as: UTF8.self)
    }
  }

  private static func uuid(_ random: [UInt8]) -> String {
    var bytes = random
    bytes[6] = bytes[6] & 0x0f | 0x40  // the version, 4
    bytes[8] = bytes[8] & 0x3f | 0x80  // the variant of RFC 9562
    return [0..<4, 4..<6, 6..<8, 8..<10, 10..<16].map { hexadecimal(Array(bytes[$0])) }.joined(separator: "-")
  }
}
