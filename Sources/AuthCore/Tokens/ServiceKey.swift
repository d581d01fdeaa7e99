/// The key of a back end that is trusted with reset tokens and may ask about sessions. It sends `Authorization: Bearer <key>`
/// with `POST /reset_password` and `POST /introspect`.
public struct ServiceKey: SecretToken {
  /// The minimum length in characters: 32 hexadecimal digits are 128 bits, which cannot be guessed.
  public static let minimumLength = 32

  /// The key itself.
  public let text: String

  /// Creates a key from at least ``minimumLength`` printable ASCII characters without spaces, made by a random generator; nil for
  /// other text, which a header cannot carry as it is.
  public init?(_ text: String) {
    guard text.utf8.count >= Self.minimumLength, text.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else { return nil }
    self.text = text
  }
}
