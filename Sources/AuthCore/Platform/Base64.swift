/// Base64 without padding, in one of three alphabets.
struct Base64: Sendable {
  private let alphabet: [UInt8]

  /// RFC 4648, section 4.
  static let standard = Base64("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
  /// RFC 4648, section 5: safe in URLs, cookies and file names.
  static let url = Base64("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
  /// bcrypt's own: OpenBSD, lib/libc/crypt/bcrypt.c, `encode_base64`.
  static let bcrypt = Base64("./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")

  private init(_ alphabet: String) {
    self.alphabet = Array(alphabet.utf8)
  }

  func encode(_ bytes: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    // With room for padding, which a caller may append: the text may be secret, and growing would leave a copy behind.
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    var bits: UInt32 = 0
    var count = 0
    for byte in bytes {
      bits = bits << 8 | UInt32(byte)
      count += 8
      while count >= 6 {
        count -= 6
        text.append(alphabet[Int(bits >> UInt32(count) & 63)])
      }
    }
    if count > 0 { text.append(alphabet[Int(bits << UInt32(6 - count) & 63)]) }
    return text
  }

  /// The bytes that encode to exactly `text`; nil if there are none.
  ///
  /// Spare bits that are not zero are refused like characters outside the alphabet: otherwise several texts would mean the same
  /// bytes.
  func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
    var bytes: [UInt8] = []
    var bits: UInt32 = 0
    var count = 0
    for character in text {
      guard let value = alphabet.firstIndex(of: character) else { return nil }
      bits = bits << 6 | UInt32(value)
      count += 6
      if count >= 8 {
        count -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
      }
    }
    guard count < 6, bits & (1 << UInt32(count) - 1) == 0 else { return nil }
    return bytes
  }
}
