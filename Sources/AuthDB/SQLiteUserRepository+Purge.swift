public import AuthCore

extension SQLiteUserRepository {
  public func purge(_ ended: EndedRows) async throws(RepositoryError) -> PurgedRows {
    try await write { connection in
      try connection.transaction {
        let sessions = try connection.query(
          """
          DELETE FROM sessions WHERE rowid IN (
            SELECT rowid FROM sessions WHERE expires_at <= ?1 UNION SELECT rowid FROM sessions WHERE last_used_at <= ?2 LIMIT ?3)
          RETURNING \(Session.columns)
          """, ended.live.values + [.integer(Int64(ended.limit))]
        ) { Session(row: $0) }
        var count = sessions.count
        count += try connection.run(
          "DELETE FROM reset_tokens WHERE rowid IN (SELECT rowid FROM reset_tokens WHERE expires_at <= ?1 LIMIT ?2)",
          [SQLiteValue(ended.live.expiringAfter), .integer(Int64(ended.limit - count))])
        count += try connection.run(
          """
          DELETE FROM login_failures
          WHERE key IN (SELECT key FROM login_failures WHERE last_at < ?1 AND count < ?2 LIMIT ?3)
          """,
          [SQLiteValue(ended.failuresBefore), .integer(Int64(ended.failuresBelow)), .integer(Int64(ended.limit - count))])
        return PurgedRows(sessions: sessions, count: count)
      }
    }
  }
}
