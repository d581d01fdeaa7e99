extension InMemoryStore {
  public func findFailures(of keys: [Throttle.Key]) async throws(StoreError) -> [Throttle.Counter] {
    tables.withLock { tables in keys.map { tables.failures[$0] ?? .none } }
  }

  public func updateFailures<Answer: Sendable>(
    of keys: [Throttle.Key], _ update: @escaping @Sendable (inout [Throttle.Counter]) -> Answer
  ) async throws(StoreError) -> Answer {
    tables.withLock { tables in
      var counts = keys.map { tables.failures[$0] ?? .none }
      let answer = update(&counts)
      for (key, count) in zip(keys, counts) { tables.failures[key] = count.count > 0 ? count : nil }
      return answer
    }
  }
}
