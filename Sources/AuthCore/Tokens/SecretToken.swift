/// A text that lets whoever holds it act as a user. Printed, logged or dumped it shows nothing of itself.
///
/// Tokens have no `==`: they are looked up by ``digest``, never compared.
public protocol SecretToken: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The text itself. Give it to its owner, and to nobody else.
  var text: String { get }
}

extension SecretToken {
  /// What is stored in its place.
  public var digest: TokenDigest { TokenDigest(of: text) }

  public var description: String { "\(Self.self)(redacted)" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: [:]) }
}
