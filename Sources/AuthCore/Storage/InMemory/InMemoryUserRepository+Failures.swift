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

  // MARK: Ended rows

  public func purge(_ ended: EndedRows) async throws(RepositoryError) -> PurgedRows {
    tables.withLock { tables in
      let sessions = Array(tables.sessions.filter { !ended.live.contains($0) }.prefix(ended.limit))
      tables.endSessions { sessions.contains($0) }
      var count = sessions.count
      for (_, issued) in tables.resetTokens where count < ended.limit && issued.token.expiresAt <= ended.live.expiringAfter {
        tables.revokeResetToken(of: issued.userID)
        count += 1
      }
      let forgotten = tables.failures.filter { $1.lastAt < ended.failuresBefore && $1.count < ended.failuresBelow }
      for key in forgotten.keys where count < ended.limit {
        tables.failures[key] = nil
        count += 1
      }
      return PurgedRows(sessions: sessions, count: count)
    }
  }
}
