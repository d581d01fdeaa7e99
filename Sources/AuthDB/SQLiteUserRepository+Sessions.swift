public import AuthCore

extension SQLiteUserRepository {
  public func addSession(
    _ session: Session, limit: Int, live: LiveSessions, ifPassword: PasswordHash?, replacing former: TokenDigest?
  ) async throws(RepositoryError) -> Bool {
    try await write { connection in
      let user = SQLiteValue.integer(session.userID)
      let hashes = try connection.query("SELECT hashed_password FROM users WHERE id = ?1", [user]) { row in
        PasswordHash(row.text(0) ?? "")
      }
      guard let hash = hashes.first else { throw RepositoryError.noResultFound }
      guard ifPassword == nil || ifPassword == hash else { return false }

      if let former { try connection.run("DELETE FROM sessions WHERE id = ?1", [.text(former.hex)]) }
      try connection.run(
        "DELETE FROM sessions WHERE user_id = ?1 AND NOT (expires_at > ?2 AND last_used_at > ?3)", [user] + live.values)
      // By rowid, the order in which they were added: several may begin in one second.
      try connection.run(
        """
        DELETE FROM sessions WHERE rowid IN (
          SELECT rowid FROM sessions WHERE user_id = ?1 ORDER BY rowid DESC LIMIT -1 OFFSET ?2)
        """, [user, .integer(Int64(limit - 1))])
      try connection.insert(session)
      return true
    }
  }

  public func findSession(
    _ id: TokenDigest, in live: LiveSessions
  ) async throws(RepositoryError) -> (session: Session, user: User)? {
    try await read { connection in
      try connection.row(
        Self.findSession, id.hex, live.expiringAfter.secondsSince1970, live.usedAfter.secondsSince1970
      ) { row in
        (session: Session(id: id, row: row, from: User.columnCount), user: User(row: row, known: id))
      }
    }
  }

  /// Made once: no statement is run as often.
  static let findSession = """
    SELECT \(User.columns), \(Session.columnsButID)
    FROM sessions JOIN users ON users.id = sessions.user_id
    WHERE sessions.id = ?1 AND sessions.expires_at > ?2 AND sessions.last_used_at > ?3
    """

  public func touchSession(_ id: TokenDigest, at moment: Timestamp) async throws(RepositoryError) {
    // Whoever asks whose session it is does not wait for another process; the next request tries again.
    _ = try await write(.writingAtOnce) { connection in
      try connection.run(
        "UPDATE sessions SET last_used_at = ?2 WHERE id = ?1 AND last_used_at < ?2", [.text(id.hex), SQLiteValue(moment)])
    }
  }

  public func findSessions(of id: User.ID, in live: LiveSessions) async throws(RepositoryError) -> [Session] {
    try await read { connection in
      try connection.query(
        """
        SELECT \(Session.columns) FROM sessions WHERE user_id = ?1 AND expires_at > ?2 AND last_used_at > ?3 ORDER BY rowid DESC
        """, [.integer(id)] + live.values
      ) { Session(row: $0) }
    }
  }

  public func endSession(_ id: TokenDigest, in live: LiveSessions) async throws(RepositoryError) -> User.ID? {
    try await write { connection in
      let ended = try connection.query(
        "DELETE FROM sessions WHERE id = ?1 RETURNING \(Session.columns)", [.text(id.hex)]
      ) { Session(row: $0) }
      return ended.first { live.contains($0) }?.userID
    }
  }

  public func endSessions(
    _ selection: SessionSelection, of id: User.ID, in live: LiveSessions
  ) async throws(RepositoryError) -> [TokenDigest] {
    try await write { connection in
      let (condition, digest) = selection.sql
      let ended = try connection.query(
        "DELETE FROM sessions WHERE user_id = ?1 \(condition) RETURNING \(Session.columns)",
        [.integer(id)] + digest.map { .text($0.hex) }
      ) { Session(row: $0) }
      return ended.filter(live.contains).map(\.id)
    }
  }
}

extension Session {
  /// What ``init(row:)`` reads, in this order.
  static let columns = "sessions.id, \(columnsButID)"
  /// What ``init(id:row:from:)`` reads, in this order.
  static let columnsButID = """
    sessions.user_id, sessions.created_at, sessions.last_used_at, sessions.expires_at, sessions.address, sessions.user_agent
    """

  init(row: SQLiteStatement) {
    self.init(id: TokenDigest(hex: row.text(0) ?? ""), row: row, from: 1)
  }

  /// The session of this id in six columns of a row.
  init(id: TokenDigest, row: SQLiteStatement, from first: Int32) {
    self.init(
      id: id, userID: row.integer(first), createdAt: row.timestamp(first + 1), lastUsedAt: row.timestamp(first + 2),
      expiresAt: row.timestamp(first + 3), address: row.text(first + 4), userAgent: row.text(first + 5))
  }
}

extension SessionSelection {
  /// A condition on `id`, and the values of its parameter, `?2`.
  fileprivate var sql: (condition: String, digest: [TokenDigest]) {
    switch self {
    case .all: ("", [])
    case .only(let id): ("AND id = ?2", [id])
    case .allBut(let id): ("AND id <> ?2", [id])
    }
  }
}

extension SQLiteConnection {
  /// Saves a session, which becomes its user's newest.
  func insert(_ session: Session) throws {
    try run(
      """
      INSERT INTO sessions (id, user_id, created_at, last_used_at, expires_at, address, user_agent)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
      """,
      [
        .text(session.id.hex), .integer(session.userID), SQLiteValue(session.createdAt), SQLiteValue(session.lastUsedAt),
        SQLiteValue(session.expiresAt), SQLiteValue(session.address), SQLiteValue(session.userAgent),
      ])
    try run("UPDATE users SET session_id = ?2 WHERE id = ?1", [.integer(session.userID), .text(session.id.hex)])
  }

  /// The foreign key clears `users.session_id`.
  func endSessions(of id: User.ID) throws {
    try run("DELETE FROM sessions WHERE user_id = ?1", [.integer(id)])
  }
}

extension LiveSessions {
  var values: [SQLiteValue] {
    [SQLiteValue(expiringAfter), SQLiteValue(usedAfter)]
  }
}
