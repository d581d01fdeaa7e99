public import AuthCore

extension InterceptingStore.Operation {
  /// ``AuthCore/ThrottleStore/findCounters(of:)``
  public static let findCounters = Self(reading: "findCounters")
  /// ``AuthCore/ThrottleStore/settle(_:)``
  public static let settle = Self(writing: "settle")
}

extension InterceptingStore {
  /// ``AuthCore/ThrottleStore/findCounters(of:)`` of the base store.
  public func findCounters(of keys: [Throttle.Key]) async throws(StoreError) -> [Throttle.Counter] {
    try await base(for: .findCounters).findCounters(of: keys)
  }

  /// ``AuthCore/ThrottleStore/settle(_:)`` of the base store.
  public func settle(_ attempt: Throttle.Attempt) async throws(StoreError) -> Throttle.Outcome {
    try await base(for: .settle).settle(attempt)
  }
}
