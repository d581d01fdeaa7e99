/// What is stored in the place of a session id or a reset token: its SHA-256, as 64 lower-case hexadecimal digits.
///
/// It is no secret. Presented as a cookie or a token it is digested again, and matches nothing; so a copy of the database
/// lets nobody in. A plain digest is enough where a password would need bcrypt: the input has at least 122 random bits.
public struct TokenDigest: Sendable, Hashable, CustomStringConvertible {
  /// The stored text.
  public let hex: String

  /// Takes the text that a store stored, as it is.
  public init(hex: String) {
    self.hex = hex
  }

  package init(of token: String) {
    var token = token
    hex = token.withUTF8 { token in
      unsafe hexadecimal(count: Libcrypto.sha256Length) {
        unsafe Libcrypto.sha256(message: UnsafeRawBufferPointer(token), into: $0)
      }
    }
  }

  /// Byte for byte, as stores compare: a text that did not come from a digest may have characters that Swift calls equal.
  public static func == (a: TokenDigest, b: TokenDigest) -> Bool { a.hex.utf8.elementsEqual(b.hex.utf8) }

  public func hash(into hasher: inout Hasher) {
    for byte in hex.utf8 { hasher.combine(byte) }
  }

  public var description: String { hex }
}
