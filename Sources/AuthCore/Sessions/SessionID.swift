/// The text that a logged-in user presents with every request, usually as a cookie.
public struct SessionID: SecretToken {
  public let text: String

  /// Takes whatever a client presented. Any text is fine: one that was never issued belongs to nobody.
  public init(_ text: String) {
    self.text = text
  }
}
