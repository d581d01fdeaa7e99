public import AuthCore

extension SQLiteStore {
  public func purge(_ ended: Purge.Scope) async throws(StoreError) -> Purge.Result {
    try await write { connection in
      // One after the other: together they would sort all ended sessions, however many are to go.
      var sessions = try connection.deleteSessions(where: "expires_at", atMost: ended.live.expiringAfter, limit: ended.limit)
      sessions += try connection.deleteSessions(
        where: "last_used_at", atMost: ended.live.usedAfter, limit: ended.limit - sessions.count)
      var count = sessions.count
      count += try connection.run(
        "DELETE FROM reset_tokens WHERE rowid IN (SELECT rowid FROM reset_tokens WHERE expires_at <= ?1 LIMIT ?2)",
        [SQLiteValue(ended.live.expiringAfter), .integer(Int64(ended.limit - count))])
      count += try connection.run(
        """
        DELETE FROM login_failures
        WHERE key IN (
          SELECT key FROM login_failures
          WHERE last_at < ?1 AND (count < ?2 OR key NOT LIKE '\(Throttle.Key.loginWithEmailPrefix)%') LIMIT ?3)
        """,
        [SQLiteValue(ended.failuresBefore), .integer(Int64(ended.lockThreshold)), .integer(Int64(ended.limit - count))])
      return Purge.Result(sessions: sessions, count: count)
    }
  }
}

extension SQLiteConnection {
  fileprivate func deleteSessions(where column: String, atMost moment: Timestamp, limit: Int) throws -> [Session] {
    try query(
      """
      DELETE FROM sessions WHERE rowid IN (SELECT rowid FROM sessions WHERE \(column) <= ?1 LIMIT ?2)
      RETURNING \(Session.columns)
      """, [SQLiteValue(moment), .integer(Int64(limit))]
    ) { $0.session() }
  }
}
