/// The text with which the owner of an address sets a new password, once.
public struct ResetToken: SecretToken {
  public let text: String

  /// Takes whatever a client presented. Any text is fine: one that was never issued belongs to nobody.
  public init(_ text: String) {
    self.text = text
  }
}
