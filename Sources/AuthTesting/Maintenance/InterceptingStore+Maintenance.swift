public import AuthCore

extension InterceptingStore.Operation {
  /// ``MaintenanceStore/purge(_:)``
  public static let purge = Self(writing: "purge")
  /// ``MaintenanceStore/statistics(live:)``
  public static let statistics = Self(reading: "statistics")
}

extension InterceptingStore {
  /// ``MaintenanceStore/purge(_:)`` of the base store.
  public func purge(_ scope: Purge.Scope) async throws(StoreError) -> Purge.Result {
    try await base(for: .purge).purge(scope)
  }

  /// ``MaintenanceStore/statistics(live:)`` of the base store.
  public func statistics(live: Session.Cutoff) async throws(StoreError) -> StoreStatistics {
    try await base(for: .statistics).statistics(live: live)
  }
}
