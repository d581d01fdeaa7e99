public import AuthCore

/// Fresh, empty storage for the check of one ``StoreContract/Clause``, such as a database file.
///
/// Make one for each check; storage that has been used serves no other clause.
public protocol StoreFixture: Sendable {
  /// Opens the storage.
  ///
  /// Several calls return stores that see the same data. They may return the same store; if yours can be opened twice, open it
  /// twice, because the clauses on concurrency and on reopening then check more.
  func open() async throws -> any AuthStore

  /// Closes all stores that were opened and deletes the storage. ``StoreContract/Clause/check(_:)`` calls it once, at the end.
  func close() async
}

extension StoreFixture {
  /// The default, which does nothing: enough for storage in memory.
  public func close() async {}
}
