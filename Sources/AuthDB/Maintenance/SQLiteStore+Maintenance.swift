public import AuthCore

extension SQLiteStore {
  /// Deletes ended rows: ``AuthCore/MaintenanceStore/purge(_:)``.
  public func purge(_ scope: Purge.Scope) async throws(StoreError) -> Purge.Result {
    try await write { connection in
      // One after the other: together they would sort all ended sessions, however few are to go.
      var sessions = try connection.deleteSessions(where: "expires_at", atMost: scope.live.expiringAfter, limit: scope.limit)
      sessions += try connection.deleteSessions(
        where: "last_used_at", atMost: scope.live.usedAfter, limit: scope.limit - sessions.count)
      var count = sessions.count
      count += try connection.run(
        "DELETE FROM reset_tokens WHERE rowid IN (SELECT rowid FROM reset_tokens WHERE expires_at <= ?1 LIMIT ?2)",
        [SQLiteValue(scope.live.expiringAfter), .integer(Int64(scope.limit - count))])
      count += try connection.run(
        "DELETE FROM registrations WHERE rowid IN (SELECT rowid FROM registrations WHERE expires_at <= ?1 LIMIT ?2)",
        [SQLiteValue(scope.live.expiringAfter), .integer(Int64(scope.limit - count))])
      // The foreign keys delete all that belongs to them.
      let users = try connection.query(
        """
        DELETE FROM users WHERE id IN (SELECT user_id FROM unverified_users WHERE expires_at <= ?1 LIMIT ?2) RETURNING id
        """, [SQLiteValue(scope.live.expiringAfter), .integer(Int64(scope.limit - count))]
      ) { $0.integer(0) }
      count += users.count
      count += try connection.run(
        "DELETE FROM email_changes WHERE rowid IN (SELECT rowid FROM email_changes WHERE expires_at <= ?1 LIMIT ?2)",
        [SQLiteValue(scope.live.expiringAfter), .integer(Int64(scope.limit - count))])
      count += try connection.run(
        """
        DELETE FROM recovery_email_requests
        WHERE rowid IN (SELECT rowid FROM recovery_email_requests WHERE expires_at <= ?1 LIMIT ?2)
        """, [SQLiteValue(scope.live.expiringAfter), .integer(Int64(scope.limit - count))])
      count += try connection.run(
        "DELETE FROM email_take_backs WHERE rowid IN (SELECT rowid FROM email_take_backs WHERE expires_at <= ?1 LIMIT ?2)",
        [SQLiteValue(scope.live.expiringAfter), .integer(Int64(scope.limit - count))])
      count += try connection.run(
        """
        DELETE FROM attempt_counters
        WHERE (kind, key) IN (
          SELECT kind, key FROM attempt_counters WHERE last_at < ?1 AND (count < ?2 OR kind <> ?3) LIMIT ?4)
        """,
        [
          SQLiteValue(scope.countersBefore), .integer(Int64(scope.lockThreshold)),
          .text(Throttle.Key.Kind.loginEmail.rawValue), .integer(Int64(scope.limit - count)),
        ])
      count += try connection.run(
        """
        DELETE FROM known_clients
        WHERE (user_id, digest) IN (SELECT user_id, digest FROM known_clients WHERE last_seen < ?1 LIMIT ?2)
        """, [SQLiteValue(scope.clientsBefore), .integer(Int64(scope.limit - count))])
      return Purge.Result(sessions: sessions, users: users, count: count)
    }
  }

  /// Counts sessions and messages: ``AuthCore/MaintenanceStore/gauges(live:)``.
  public func gauges(live: Session.Cutoff) async throws(StoreError) -> StoreGauges {
    try await readApart { connection in
      let sessions = try connection.query(Self.openSessionsSQL, live.values) { Int($0.integer(0)) }
      let outbox = try connection.query("SELECT count(*), min(created_at) FROM outbox") { row in
        (count: Int(row.integer(0)), oldest: row.integerIfAny(1).map(Timestamp.init(secondsSince1970:)))
      }
      return StoreGauges(openSessions: sessions[0], waitingMessages: outbox[0].count, oldestMessage: outbox[0].oldest)
    }
  }

  /// The sessions that have not expired, without the few that were not used for too long: the purge leaves hardly any of them. So
  /// this reads an index of numbers, and not the table.
  static let openSessionsSQL = """
    SELECT (SELECT count(*) FROM sessions INDEXED BY sessions_expires_at WHERE expires_at > ?1)
    - (SELECT count(*) FROM sessions INDEXED BY sessions_last_used_at WHERE last_used_at <= ?2 AND expires_at > ?1)
    """
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
