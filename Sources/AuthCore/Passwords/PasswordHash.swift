/// What is stored in the place of a password: the text that a ``PasswordHasher`` made, such as `$2b$12$…`.
///
/// Any text will do, for a hash may come from elsewhere; a hasher that does not know its form matches no password with it.
/// Printed or dumped it shows nothing of itself: whoever has it can try passwords against it.
public struct PasswordHash: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  public let text: String

  public init(_ text: String) {
    self.text = text
  }

  /// Byte for byte: Swift's `==` on strings would call two ways to write `é` equal.
  public static func == (a: PasswordHash, b: PasswordHash) -> Bool {
    Libcrypto.constantTimeEquals(Array(a.text.utf8), Array(b.text.utf8))
  }

  public var description: String { "PasswordHash(redacted)" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: [:]) }
}
