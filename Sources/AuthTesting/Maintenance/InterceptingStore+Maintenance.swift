public import AuthCore

extension InterceptingStore.Operation {
  /// ``MaintenanceStore/purge(_:)``
  public static let purge = Self(writing: "purge")
}

extension InterceptingStore {
  /// ``MaintenanceStore/purge(_:)`` of the base store.
  public func purge(_ scope: Purge.Scope) async throws(StoreError) -> Purge.Result {
    try await base(for: .purge).purge(scope)
  }
}
