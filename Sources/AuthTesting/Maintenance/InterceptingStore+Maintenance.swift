public import AuthCore

extension InterceptingStore.Operation {
  /// ``MaintenanceStore/purge(_:)``
  public static let purge = Self(writing: "purge")
  /// ``MaintenanceStore/gauges(live:)``
  public static let gauges = Self(reading: "gauges")
}

extension InterceptingStore {
  /// ``MaintenanceStore/purge(_:)`` of the base store.
  public func purge(_ scope: Purge.Scope) async throws(StoreError) -> Purge.Result {
    try await base(for: .purge).purge(scope)
  }

  /// ``MaintenanceStore/gauges(live:)`` of the base store.
  public func gauges(live: Session.Cutoff) async throws(StoreError) -> StoreGauges {
    try await base(for: .gauges).gauges(live: live)
  }
}
