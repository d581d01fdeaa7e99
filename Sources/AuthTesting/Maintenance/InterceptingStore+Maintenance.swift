public import AuthCore

extension InterceptingStore.Operation {
  /// ``AuthCore/MaintenanceStore/purge(_:)``
  public static let purge = Self(writing: "purge")
  /// ``AuthCore/MaintenanceStore/gauges(live:)``
  public static let gauges = Self(reading: "gauges")
}

extension InterceptingStore {
  /// ``AuthCore/MaintenanceStore/purge(_:)`` of the base store.
  public func purge(_ scope: Purge.Scope) async throws(StoreError) -> Purge.Result {
    try await base(for: .purge).purge(scope)
  }

  /// ``AuthCore/MaintenanceStore/gauges(live:)`` of the base store.
  public func gauges(live: Session.Cutoff) async throws(StoreError) -> StoreGauges {
    try await base(for: .gauges).gauges(live: live)
  }
}
