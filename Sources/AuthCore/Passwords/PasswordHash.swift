/// The text that is stored in place of a password, as a ``PasswordHasher`` made it: `$2b$12$…`, say.
///
/// Any text without U+0000 is possible, because a hash may come from another system; a hasher that cannot read it lets no
/// password match it. A store may cut text off at U+0000, and a hash cut short could be the hash of another password, so no value
/// of this type contains one.
///
/// It is redacted wherever it is printed: an attacker who has the hash can guess the password offline.
public struct PasswordHash: Sendable, Equatable, Redacted {
  /// The hash as it is stored, without U+0000.
  public let text: String

  /// Takes the text that a hasher made or a store kept. For text from anywhere else there is ``init(validating:)``.
  ///
  /// No hasher makes U+0000, and no store keeps it. A text that contains it all the same, in a damaged database for example,
  /// becomes the empty hash, which no password matches.
  public init(_ text: String) {
    self.text = text.utf8.contains(0) ? "" : text
  }

  /// Takes text from another system, a command line or a configuration.
  ///
  /// - Throws: ``PasswordHashProblem/containsNUL`` if the text contains U+0000.
  public init(validating text: String) throws(PasswordHashProblem) {
    guard !text.utf8.contains(0) else { throw .containsNUL }
    self.text = text
  }

  /// Whether both hashes are equal byte for byte, in constant time. Swift's `==` would call two spellings of `é` equal.
  public static func == (a: PasswordHash, b: PasswordHash) -> Bool {
    Libcrypto.constantTimeEquals(Array(a.text.utf8), Array(b.text.utf8))
  }
}
