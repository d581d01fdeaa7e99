/// A collection of passwords known from data breaches, such as an online service or a file.
///
/// It is consulted about every new password that satisfies all other rules.
public protocol BreachedPasswords: Sendable {
  /// Whether the password is in the collection.
  ///
  /// If this throws, the password is not accepted and the operation throws ``AuthError/unavailable(_:)``. An implementation that
  /// would rather accept unchecked passwords than refuse them catches its errors and returns false.
  func contains(_ password: Password) async throws -> Bool
}
