/// The secret that a logged-in user presents with every request, usually in a cookie.
public struct SessionID: SecretToken {
  /// The session id itself. Give it to the user who logged in only.
  public let text: String

  /// Takes the text that a client presented. Any text is accepted; one that was never issued matches no session.
  public init(_ text: String) {
    self.text = text
  }
}
