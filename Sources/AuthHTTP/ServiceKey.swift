public import AuthCore

/// The key of a back end that is trusted with reset tokens: `Authorization: Bearer <key>` on `POST /reset_password`.
public struct ServiceKey: SecretToken {
  /// Fewer could be guessed: 32 characters of hexadecimal digits are 128 bits.
  public static let minimumLength = 32

  public let text: String

  /// Takes a key of at least ``minimumLength`` characters, made by a random generator; nil for less.
  public init?(_ text: String) {
    guard text.utf8.count >= Self.minimumLength else { return nil }
    self.text = text
  }

  /// By digest: what the time of the comparison tells is of no use.
  func matches(_ presented: String) -> Bool {
    ResetToken(presented).digest == digest
  }
}
