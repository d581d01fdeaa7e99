public import AuthCore

/// The key of a back end that is trusted with reset tokens. It sends `Authorization: Bearer <key>` with `POST /reset_password`.
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

extension [ServiceKey] {
  /// Whether one of them was presented. It compares digests, and every one of them, so that the time reveals nothing of the keys,
  /// nor which of them it was.
  func contains(_ presented: String) -> Bool {
    let digest = TokenDigest(of: presented)
    return reduce(false) { isFound, key in digest == key.digest || isFound }
  }
}
