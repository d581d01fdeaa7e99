public import AuthCore

/// One fresh, empty storage for one ``StoreContract/Clause`` to be checked on: a database file of its own, say.
///
/// Storage that has been used belongs to no other clause: make a fixture for each, and clean up when it goes.
public protocol StoreFixture: Sendable {
  /// Opens the storage.
  ///
  /// Called several times it gives stores that see the same data. They may be one and the same; a store that can be
  /// opened twice should be, for then the clauses on concurrency and on reopening say more.
  func open() async throws -> any AuthStore
}
