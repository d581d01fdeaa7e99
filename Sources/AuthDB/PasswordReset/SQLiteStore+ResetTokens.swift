public import AuthCore

extension SQLiteStore {
  /// Saves a reset token: ``AuthCore/ResetTokenStore/addResetToken(_:for:)``.
  public func addResetToken(_ token: ResetToken.Record, for email: Email) async throws(StoreError) -> User {
    try await write { connection in
      guard var user = try connection.user(with: email) else { throw StoreError.noResultFound }
      guard try !connection.isUnverified(user.id) else { throw StoreError.emailNotVerified }
      try connection.revokeResetToken(of: user.id)
      try connection.run(
        "INSERT INTO reset_tokens (id, user_id, created_at, expires_at) VALUES (?1, ?2, ?3, ?4)",
        [
          .text(token.id.hex), .integer(user.id), SQLiteValue(token.createdAt), SQLiteValue(token.expiresAt),
        ])
      try connection.run("UPDATE users SET reset_token = ?2 WHERE id = ?1", [.integer(user.id), .text(token.id.hex)])
      user.resetToken = token.id
      return user
    }
  }

  /// Finds a token's user: ``AuthCore/ResetTokenStore/findUser(withResetToken:now:)``.
  public func findUser(withResetToken id: TokenDigest, now: Timestamp) async throws(StoreError) -> User? {
    try await read { connection in
      try connection.query(
        """
        SELECT \(User.columns) FROM reset_tokens JOIN users ON users.id = reset_tokens.user_id
        WHERE reset_tokens.id = ?1 AND reset_tokens.expires_at > ?2
        """, [.text(id.hex), SQLiteValue(now)], row: { $0.user() }
      ).first
    }
  }

  /// Uses a reset token: ``AuthCore/ResetTokenStore/consumeResetToken(_:)``.
  public func consumeResetToken(_ use: ResetToken.Use) async throws(StoreError) -> Bool {
    try await write { connection in
      // The foreign key clears `users.reset_token`.
      let users = try connection.query(
        "DELETE FROM reset_tokens WHERE id = ?1 AND expires_at > ?2 RETURNING user_id",
        [.text(use.id.hex), SQLiteValue(use.now)]
      ) { $0.integer(0) }
      guard let user = users.first else { return false }
      try connection.run("UPDATE users SET hashed_password = ?2 WHERE id = ?1", [.integer(user), .text(use.hash.text)])
      try connection.voidEmailChange(of: user)
      if use.endsSessions { try connection.endSessions(of: user) }
      if let key = use.clearedCounter { try connection.store(.none, for: key) }
      if let notice = use.notice { try connection.insert(notice) }
      return true
    }
  }
}

extension SQLiteConnection {
  /// The foreign key clears `users.reset_token`.
  func revokeResetToken(of id: User.ID) throws {
    try run("DELETE FROM reset_tokens WHERE user_id = ?1", [.integer(id)])
  }
}
