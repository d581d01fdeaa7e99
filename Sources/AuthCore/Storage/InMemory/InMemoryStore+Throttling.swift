extension InMemoryStore {
  /// Finds counters: ``ThrottleStore/findCounters(of:)``.
  public func findCounters(of keys: [Throttle.Key]) async throws(StoreError) -> [Throttle.Counter] {
    tables.withLock { $0.counters(of: keys) }
  }

  /// Counts an attempt: ``ThrottleStore/settle(_:)``.
  public func settle(_ attempt: Throttle.Attempt) async throws(StoreError) -> Throttle.Outcome {
    tables.withLock { $0.settle(attempt) }
  }
}
