/// A collection of passwords that are known to have been exposed: an online service, say, or a file of one's own. It is asked about
/// every password that is to be set, after all other rules.
public protocol BreachedPasswords: Sendable {
  /// Whether the password is in the collection.
  ///
  /// Throws when that cannot be found out; the password is then not accepted, and the operation throws
  /// ``AuthError/unavailable(_:)``. Whoever would rather go on without an answer catches it here and returns false.
  func contains(_ password: Password) async throws -> Bool
}
