public import AuthCore

/// The key of a back end that is trusted with reset tokens: `Authorization: Bearer <key>` on `POST /reset_password`.
public struct ServiceKey: SecretToken {
  /// Fewer could be guessed: 32 characters of hexadecimal digits are 128 bits.
  public static let minimumLength = 32

  public let text: String

  /// Takes a key of at least ``minimumLength`` printable ASCII characters without blanks, made by a random generator; nil for other text,
  /// which a header could not carry as it is.
  public init?(_ text: String) {
    guard text.utf8.count >= Self.minimumLength, text.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else { return nil }
    self.text = text
  }

  /// By digest: what the time of the comparison tells is of no use.
  func matches(_ presented: String) -> Bool {
    TokenDigest(of: presented) == digest
  }
}
