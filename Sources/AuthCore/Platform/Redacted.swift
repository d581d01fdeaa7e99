/// A secret whose printed, logged or dumped form shows its type and nothing else.
///
///     print(SessionID("4f2c…"))  // SessionID(redacted)
///
/// A conforming type needs no members of its own.
public protocol Redacted: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {}

extension Redacted {
  /// The name of the type, then `(redacted)`.
  public var description: String { "\(Self.self)(redacted)" }

  /// The name of the type, then `(redacted)`.
  public var debugDescription: String { description }

  /// A mirror without children, so that `dump` shows no stored property.
  public var customMirror: Mirror { Mirror(self, children: [:]) }
}
