public import AuthCore

extension SQLiteUserRepository {
  public func addSession(
    _ session: Session, limit: Int, live: LiveSessions, ifPassword: PasswordHash?
  ) async throws(RepositoryError) -> Bool {
    try await write { connection in
      try connection.transaction {
        let user = SQLiteValue.integer(session.userID)
        let hashes = try connection.query("SELECT hashed_password FROM users WHERE id = ?1", [user]) { row in
          PasswordHash(row.text(0) ?? "")
        }
        guard let hash = hashes.first else { throw RepositoryError.noResultFound }
        guard ifPassword == nil || ifPassword == hash else { return false }

        try connection.run(
          "DELETE FROM sessions WHERE user_id = ?1 AND NOT (expires_at > ?2 AND last_used_at > ?3)", [user] + live.values)
        // By rowid, the order in which they were added: several may begin in one second.
        try connection.run(
          """
          DELETE FROM sessions WHERE rowid IN (
            SELECT rowid FROM sessions WHERE user_id = ?1 ORDER BY rowid DESC LIMIT -1 OFFSET ?2)
          """, [user, .integer(Int64(limit - 1))])
        try connection.run(
          "INSERT INTO sessions (id, user_id, created_at, last_used_at, expires_at) VALUES (?1, ?2, ?3, ?4, ?5)",
          [
            .text(session.id.hex), user, .integer(session.createdAt.secondsSince1970),
            .integer(session.lastUsedAt.secondsSince1970), .integer(session.expiresAt.secondsSince1970),
          ])
        try connection.run("UPDATE users SET session_id = ?2 WHERE id = ?1", [user, .text(session.id.hex)])
        return true
      }
    }
  }

  public func findSession(
    _ id: TokenDigest, in live: LiveSessions
  ) async throws(RepositoryError) -> (session: Session, user: User)? {
    try await read { connection in
      try connection.query(
        """
        SELECT \(User.columns), sessions.created_at, sessions.last_used_at, sessions.expires_at
        FROM sessions JOIN users ON users.id = sessions.user_id
        WHERE sessions.id = ?1 AND sessions.expires_at > ?2 AND sessions.last_used_at > ?3
        """, [.text(id.hex)] + live.values
      ) { row in
        let user = User(row: row)
        let session = Session(
          id: id, userID: user.id, createdAt: Timestamp(secondsSince1970: row.integer(5)),
          lastUsedAt: Timestamp(secondsSince1970: row.integer(6)), expiresAt: Timestamp(secondsSince1970: row.integer(7)))
        return (session: session, user: user)
      }.first
    }
  }

  public func touchSession(_ id: TokenDigest, at moment: Timestamp) async throws(RepositoryError) {
    _ = try await write { connection in
      // Whoever asks whose session it is does not wait for another process; the next request tries again.
      try connection.withoutWaiting {
        try connection.run(
          "UPDATE sessions SET last_used_at = ?2 WHERE id = ?1 AND last_used_at < ?2",
          [.text(id.hex), .integer(moment.secondsSince1970)])
      }
    }
  }

  public func endSession(_ id: TokenDigest, in live: LiveSessions) async throws(RepositoryError) -> Bool {
    try await write { connection in
      try connection.query(
        "DELETE FROM sessions WHERE id = ?1 RETURNING expires_at > ?2 AND last_used_at > ?3", [.text(id.hex)] + live.values
      ) { $0.integer(0) } == [1]
    }
  }
}

extension SQLiteConnection {
  /// The foreign key clears `users.session_id`.
  func endSessions(of id: User.ID) throws {
    try run("DELETE FROM sessions WHERE user_id = ?1", [.integer(id)])
  }
}

extension LiveSessions {
  fileprivate var values: [SQLiteValue] {
    [.integer(expiringAfter.secondsSince1970), .integer(usedAfter.secondsSince1970)]
  }
}
