public import AuthCore

extension SQLiteAuditLog {
  /// A recorded event as the table keeps it.
  public struct Entry: Sendable, Equatable, Identifiable {
    /// Grows with time.
    public let id: Int64
    /// When it happened.
    public let at: Timestamp
    /// What happened: ``AuthCore/AuthEvent/Kind``, or the name of one that only a newer release knows.
    public let kind: String
    /// The account; nil where there is none.
    public let userID: User.ID?
    /// The digest of the session that it concerns.
    public let sessionID: String?
    /// The client whose request caused it.
    public let ipAddress: String?
    /// The client's `User-Agent`.
    public let userAgent: String?
    /// The id of the request in logs.
    public let requestID: String?
  }

  /// Some of the recorded events, the newest first.
  public struct Page: Sendable {
    /// The events of the page; it can be empty although older pages are not.
    public let entries: [Entry]
    /// Where the next page, with older events, begins; nil after the last.
    public let next: Int64?
  }

  /// How many rows a page looks through: the table has no index by user, because that would make every event more expensive.
  private static let rowsPerPage: Int64 = 20_000

  /// Reads events of an account or of an email, a page at a time.
  ///
  /// - Parameters:
  ///   - userID: the account; nil for none.
  ///   - email: an email with which an attempt was made that could not be attributed to an account; nil for none.
  ///   - start: ``Page/next`` of the page before; nil for the newest.
  public func events(of userID: User.ID?, orEmail email: String?, from start: Int64? = nil) async throws(StoreError) -> Page {
    let values = [
      userID.map(SQLiteValue.integer) ?? .null, SQLiteValue(email.map(AuthEvent.digest)),
    ]
    return try await store.readOnWriter { connection in
      let last = try start ?? connection.query("SELECT coalesce(max(id), 0) FROM audit_events") { $0.integer(0) }[0]
      let first = last - Self.rowsPerPage
      let entries = try connection.query(
        """
        SELECT id, at, kind, user_id, session_id, ip_address, user_agent, request_id FROM audit_events
        WHERE (user_id = ?1 OR email_digest = ?2) AND id > ?3 AND id <= ?4 ORDER BY id DESC
        """, values + [.integer(first), .integer(last)]
      ) { $0.entry() }
      let older = try connection.query("SELECT id FROM audit_events WHERE id <= ?1 LIMIT 1", [.integer(first)]) { $0.integer(0) }
      return Page(entries: entries, next: older.isEmpty ? nil : first)
    }
  }

  /// The number of recorded events.
  public func count() async throws(StoreError) -> Int {
    try await store.readOnWriter { connection in
      try connection.query("SELECT count(*) FROM audit_events") { Int($0.integer(0)) }[0]
    }
  }
}

extension SQLiteStatement {
  fileprivate func entry() -> SQLiteAuditLog.Entry {
    SQLiteAuditLog.Entry(
      id: integer(0), at: timestamp(1), kind: text(2) ?? "", userID: integerIfAny(3), sessionID: text(4), ipAddress: text(5),
      userAgent: text(6), requestID: text(7))
  }
}
