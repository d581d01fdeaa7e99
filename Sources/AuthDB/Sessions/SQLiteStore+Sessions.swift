public import AuthCore

extension SQLiteStore {
  /// Saves a session: ``AuthCore/SessionStore/addSession(_:limit:live:ifPassword:replacing:settling:recognizing:)``.
  public func addSession(
    _ session: Session, limit: Int, live: Session.Cutoff, ifPassword: PasswordHash?, replacing former: TokenDigest?,
    settling attempt: Throttle.Attempt?, recognizing sighting: KnownClient.Sighting?
  ) async throws(StoreError) -> Session.Opening {
    try await write { connection in
      let user = SQLiteValue.integer(session.userID)
      let found = try connection.query("SELECT hashed_password, \(User.isDisabled) FROM users WHERE id = ?1", [user]) { row in
        (hash: PasswordHash(row.text(0) ?? ""), isDisabled: row.integer(1) != 0)
      }
      guard let (hash, isDisabled) = found.first else { throw StoreError.noResultFound }
      guard !isDisabled else { return .userDisabled }
      guard ifPassword == nil || ifPassword == hash else { return .passwordChanged }
      if let attempt, case .refused(let delay) = try connection.settle(attempt) { return .throttled(retryAfter: delay) }

      if let former { try connection.endSession(former) }
      try connection.run(
        "DELETE FROM sessions WHERE user_id = ?1 AND NOT (expires_at > ?2 AND last_used_at > ?3)", [user] + live.values)
      // By number, the order in which they were added: several may begin in one second.
      try connection.run(
        """
        DELETE FROM sessions WHERE user_id = ?1 AND number <= (
          SELECT number FROM sessions WHERE user_id = ?1 ORDER BY number DESC LIMIT 1 OFFSET ?2)
        """, [user, .integer(Int64(limit - 1))])
      try connection.insert(session)
      if let sighting { try connection.remember(sighting, of: session.userID) }
      return .opened
    }
  }

  /// Finds a session: ``AuthCore/SessionStore/findSession(_:in:)``.
  public func findSession(
    _ id: TokenDigest, in live: Session.Cutoff
  ) async throws(StoreError) -> (session: Session, user: User)? {
    try await read { connection in
      try connection.row(
        Self.findSessionSQL, id.sessionKey, id.hex, live.expiringAfter.secondsSince1970, live.usedAfter.secondsSince1970
      ) { row in
        (session: row.session(id, from: User.columnCount), user: row.user(known: id))
      }
    }
  }

  /// Finds a session's user: ``AuthCore/SessionStore/findUser(withSession:in:)``.
  public func findUser(
    withSession id: TokenDigest, in live: Session.Cutoff
  ) async throws(StoreError) -> (user: User, lastUsedAt: Timestamp)? {
    try await read { connection in
      try connection.row(
        Self.findUserSQL, id.sessionKey, id.hex, live.expiringAfter.secondsSince1970, live.usedAfter.secondsSince1970
      ) { row in
        (user: row.user(known: id), lastUsedAt: row.timestamp(User.columnCount))
      }
    }
  }

  // Assembled once and not for each lookup. The key finds the row without an index; the id is compared too, because another id
  // may have the same key.
  static let findSessionSQL = "SELECT \(User.columns), \(Session.columnsButID) \(openSession)"
  static let findUserSQL = "SELECT \(User.columns), sessions.last_used_at \(openSession)"
  private static let openSession = """
    FROM sessions JOIN users ON users.id = sessions.user_id
    WHERE sessions.key = ?1 AND sessions.id = ?2 AND sessions.expires_at > ?3 AND sessions.last_used_at > ?4
    """

  /// Finds the profile of a session's user: ``AuthCore/SessionStore/findProfile(for:in:)``.
  public func findProfile(
    for id: TokenDigest, in live: Session.Cutoff
  ) async throws(StoreError) -> (profile: Profile, lastUsedAt: Timestamp)? {
    try await read { connection in
      try connection.row(
        Self.findProfileSQL, id.sessionKey, id.hex, live.expiringAfter.secondsSince1970, live.usedAfter.secondsSince1970
      ) { row in
        // The email is null if the user does not exist.
        row.text(1).map { (Profile(id: row.integer(0), email: Email(stored: $0)), row.timestamp(2)) }
      } ?? nil
    }
  }

  /// `users` is read for sessions that were opened before the table had the column `user_email`.
  static let findProfileSQL = """
    SELECT user_id, coalesce(user_email, (SELECT email FROM users WHERE id = user_id)), last_used_at
    FROM sessions WHERE key = ?1 AND id = ?2 AND expires_at > ?3 AND last_used_at > ?4
    """

  /// Records the use of a session: ``AuthCore/SessionStore/touchSession(_:at:)``.
  public func touchSession(_ id: TokenDigest, at moment: Timestamp) async throws(StoreError) {
    // This is part of a lookup, which does not wait for another process. The next request tries again.
    _ = try await write(.writingAtOnce) { connection in
      try connection.run(
        "UPDATE sessions SET last_used_at = ?3 WHERE key = ?1 AND id = ?2 AND last_used_at < ?3",
        id.sessionKeyAndID + [SQLiteValue(moment)])
    }
  }

  /// Lists a user's sessions: ``AuthCore/SessionStore/findSessions(of:in:)``.
  public func findSessions(of id: User.ID, in live: Session.Cutoff) async throws(StoreError) -> [Session] {
    try await read { connection in
      try connection.query(
        """
        SELECT \(Session.columns) FROM sessions WHERE user_id = ?1 AND expires_at > ?2 AND last_used_at > ?3 ORDER BY number DESC
        """, [.integer(id)] + live.values
      ) { $0.session() }
    }
  }

  /// Ends a session: ``AuthCore/SessionStore/endSession(_:in:)``.
  public func endSession(_ id: TokenDigest, in live: Session.Cutoff) async throws(StoreError) -> User.ID? {
    try await write { connection in
      let ended = try connection.query(
        "DELETE FROM sessions WHERE key = ?1 AND id = ?2 RETURNING \(Session.columns)", id.sessionKeyAndID
      ) { $0.session() }
      return ended.first { live.contains($0) }?.userID
    }
  }

  /// Ends sessions of a user: ``AuthCore/SessionStore/endSessions(_:of:in:)``.
  public func endSessions(
    _ selection: Session.Selection, of id: User.ID, in live: Session.Cutoff
  ) async throws(StoreError) -> [TokenDigest] {
    try await write { connection in try connection.endSessions(selection, of: id).filter(live.contains).map(\.id) }
  }
}

extension Session {
  /// What ``SQLiteStatement/session()`` reads, in this order.
  static let columns = "sessions.id, \(columnsButID)"
  /// What ``SQLiteStatement/session(_:from:)`` reads, in this order.
  static let columnsButID = """
    sessions.user_id, sessions.created_at, sessions.last_used_at, sessions.expires_at, sessions.authenticated_at, sessions.methods,
    sessions.ip_address, sessions.user_agent
    """
}

extension SQLiteStatement {
  func session() -> Session {
    session(TokenDigest(hex: text(0) ?? ""), from: 1)
  }

  /// The session with this id in eight columns of the row.
  func session(_ id: TokenDigest, from first: Int32) -> Session {
    let createdAt = timestamp(first + 1)
    let methods = AuthenticationMethod.list(text(first + 5) ?? "")
    return Session(
      id: id, userID: integer(first), createdAt: createdAt, lastUsedAt: timestamp(first + 2), expiresAt: timestamp(first + 3),
      // A session of an earlier release has no such time, but was opened by the login itself, so its creation time is that of the
      // login.
      authenticatedAt: methods.isEmpty ? nil : timestampIfAny(first + 4) ?? createdAt, methods: methods,
      ipAddress: text(first + 6), userAgent: text(first + 7))
  }
}

extension AuthenticationMethod {
  private static let passwordAlone = [password]

  /// The methods in a stored text, with spaces between them.
  fileprivate static func list(_ text: String) -> [AuthenticationMethod] {
    // Nearly all sessions: no array is made for them.
    if text == password.rawValue { return passwordAlone }
    return text.split(separator: " ").map { AuthenticationMethod(rawValue: String($0)) }
  }
}

extension Session.Selection {
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
      INSERT INTO sessions (
        key, id, user_id, number, created_at, last_used_at, expires_at, authenticated_at, methods, ip_address, user_agent, user_email)
      VALUES (
        ?1, ?2, ?3, (SELECT coalesce(max(number), 0) + 1 FROM sessions WHERE user_id = ?3), ?4, ?5, ?6, ?7, ?8, ?9, ?10,
        (SELECT email FROM users WHERE id = ?3))
      """,
      session.id.sessionKeyAndID + [
        .integer(session.userID), SQLiteValue(session.createdAt), SQLiteValue(session.lastUsedAt),
        SQLiteValue(session.expiresAt), session.authenticatedAt.map(SQLiteValue.init) ?? .null,
        .text(session.methods.map(\.rawValue).joined(separator: " ")),
        SQLiteValue(session.ipAddress), SQLiteValue(session.userAgent),
      ])
    try run("UPDATE users SET session_id = ?2 WHERE id = ?1", [.integer(session.userID), .text(session.id.hex)])
  }

  /// The foreign key clears `users.session_id`.
  func endSession(_ id: TokenDigest) throws {
    try run("DELETE FROM sessions WHERE key = ?1 AND id = ?2", id.sessionKeyAndID)
  }

  /// Ends sessions of a user and returns them. The foreign key clears `users.session_id`.
  func endSessions(_ selection: Session.Selection, of id: User.ID) throws -> [Session] {
    let (condition, digest) = selection.sql
    return try query(
      "DELETE FROM sessions WHERE user_id = ?1 \(condition) RETURNING \(Session.columns)",
      [.integer(id)] + digest.map { .text($0.hex) }
    ) { $0.session() }
  }

  /// Ends all sessions of a user. The foreign key clears `users.session_id`.
  func endSessions(of id: User.ID) throws {
    try run("DELETE FROM sessions WHERE user_id = ?1", [.integer(id)])
  }
}

extension TokenDigest {
  /// The values that find a session: the key locates its row, and the id must be the same.
  fileprivate var sessionKeyAndID: [SQLiteValue] {
    [.integer(sessionKey), .text(hex)]
  }
}

extension Session.Cutoff {
  var values: [SQLiteValue] {
    [SQLiteValue(expiringAfter), SQLiteValue(usedAfter)]
  }
}
