/// The secret with which the owner of an email can set a new password once.
public struct ResetToken: SecretToken {
  /// The token itself. Give it to the owner of the email only.
  public let text: String

  /// Takes the text that a client presented. Any text is accepted; one that was never issued matches no account.
  public init(_ text: String) {
    self.text = text
  }
}

extension OutboxMessage.Kind {
  /// A reset token for the owner of the email.
  public static let passwordReset = Self(rawValue: "password_reset")
}
