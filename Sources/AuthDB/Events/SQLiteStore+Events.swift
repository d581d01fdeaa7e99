public import AuthCore

extension SQLiteStore: EventStore {
  /// How many rows a page looks through: the table has no index by user, because that would make every event more expensive.
  private static let rowsPerPage: Int64 = 20_000

  /// Saves events: ``AuthCore/EventStore/addEvents(_:keeping:deletingAtMost:)``.
  public func addEvents(
    _ events: [AuthEvent], keeping bounds: AuditLog.Bounds, deletingAtMost limit: Int
  ) async throws(StoreError) -> Int {
    try await write { connection in
      for event in events { try connection.insert(event) }
      return try connection.run(
        """
        DELETE FROM audit_events WHERE id IN (SELECT id FROM audit_events ORDER BY id LIMIT ?1)
        AND (at < ?2 OR id <= (SELECT max(id) FROM audit_events) - ?3)
        """, [.integer(Int64(limit)), SQLiteValue(bounds.since), .integer(Int64(bounds.count))])
    }
  }

  /// Reads events: ``AuthCore/EventStore/findEvents(of:orEmailDigest:from:)``.
  public func findEvents(
    of userID: User.ID?, orEmailDigest digest: String?, from start: Int64?
  ) async throws(StoreError) -> RecordedEvent.Page {
    let values = [userID.map(SQLiteValue.integer) ?? .null, SQLiteValue(digest)]
    return try await readOnWriter { connection in
      let last = try start ?? connection.query("SELECT coalesce(max(id), 0) FROM audit_events") { $0.integer(0) }[0]
      let first = last - Self.rowsPerPage
      let entries = try connection.query(
        """
        SELECT id, at, kind, user_id, session_id, ip_address, user_agent, request_id FROM audit_events
        WHERE (user_id = ?1 OR email_digest = ?2) AND id > ?3 AND id <= ?4 ORDER BY id DESC
        """, values + [.integer(first), .integer(last)]
      ) { $0.event() }
      let older = try connection.query("SELECT id FROM audit_events WHERE id <= ?1 LIMIT 1", [.integer(first)]) { $0.integer(0) }
      return RecordedEvent.Page(entries: entries, next: older.isEmpty ? nil : first)
    }
  }

  /// Counts events: ``AuthCore/EventStore/countEvents()``.
  public func countEvents() async throws(StoreError) -> Int {
    try await readOnWriter { connection in
      try connection.query("SELECT count(*) FROM audit_events") { Int($0.integer(0)) }[0]
    }
  }
}

extension SQLiteConnection {
  fileprivate func insert(_ event: AuthEvent) throws {
    try run(
      """
      INSERT INTO audit_events (at, kind, user_id, session_id, ip_address, user_agent, request_id, email_digest)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
      """,
      [
        SQLiteValue(event.at), .text(event.kind.rawValue), event.userID.map(SQLiteValue.integer) ?? .null,
        SQLiteValue(event.sessionID?.hex), SQLiteValue(event.client.ipAddress?.description),
        SQLiteValue(event.client.userAgent), SQLiteValue(event.client.requestID), SQLiteValue(event.emailDigest),
      ])
  }
}

extension SQLiteStatement {
  fileprivate func event() -> RecordedEvent {
    RecordedEvent(
      id: integer(0), at: timestamp(1), kind: text(2) ?? "", userID: integerIfAny(3), sessionID: text(4), ipAddress: text(5),
      userAgent: text(6), requestID: text(7))
  }
}
