extension InMemoryUserRepository {
  public func findFailures(of keys: [FailureKey]) async throws(RepositoryError) -> [FailureCount] {
    tables.withLock { tables in keys.map { tables.failures[$0] ?? .none } }
  }

  public func updateFailures<Answer: Sendable>(
    of keys: [FailureKey], _ update: @escaping @Sendable (inout [FailureCount]) -> Answer
  ) async throws(RepositoryError) -> Answer {
    tables.withLock { tables in
      var counts = keys.map { tables.failures[$0] ?? .none }
      let answer = update(&counts)
      for (key, count) in zip(keys, counts) { tables.failures[key] = count.count > 0 ? count : nil }
      return answer
    }
  }
}
