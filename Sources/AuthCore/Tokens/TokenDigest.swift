/// The SHA-256 of a session id or reset token, which is stored in its place.
///
/// It is not secret: a client that presents it as a cookie or token gets nowhere, because it is digested again. So a copy of the
/// database is useless for logging in. A plain digest is enough where a password would need bcrypt: tokens have at least 122
/// random bits.
public struct TokenDigest: Sendable, Hashable, CustomStringConvertible {
  /// The digest as it is stored: 64 hexadecimal digits in lower case.
  public let hex: String

  /// Takes the text that a store kept, without checking it.
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

  /// Whether both digests have the same bytes, as stores compare them. A text that is not a digest may differ from another in
  /// ways that `==` on strings ignores.
  public static func == (a: TokenDigest, b: TokenDigest) -> Bool { a.hex.hasSameBytes(as: b.hex) }

  /// Hashes the bytes that `==` compares.
  public func hash(into hasher: inout Hasher) {
    for byte in hex.utf8 { hasher.combine(byte) }
  }

  /// The digest as it is stored.
  public var description: String { hex }
}
