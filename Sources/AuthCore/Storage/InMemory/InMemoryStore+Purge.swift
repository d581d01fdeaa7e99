extension InMemoryStore {
  public func purge(_ ended: Purge.Scope) async throws(StoreError) -> Purge.Result {
    tables.withLock { tables in
      let sessions = Array(tables.sessions.filter { !ended.live.contains($0) }.prefix(ended.limit))
      tables.endSessions { sessions.contains($0) }
      var count = sessions.count
      for (_, issued) in tables.resetTokens where count < ended.limit && issued.token.expiresAt <= ended.live.expiringAfter {
        tables.revokeResetToken(of: issued.userID)
        count += 1
      }
      let forgotten = tables.failures.filter { key, failures in
        failures.lastAt < ended.failuresBefore && !(key.isOfLoginWithEmail && failures.count >= ended.lockThreshold)
      }
      for key in forgotten.keys where count < ended.limit {
        tables.failures[key] = nil
        count += 1
      }
      return Purge.Result(sessions: sessions, count: count)
    }
  }
}
