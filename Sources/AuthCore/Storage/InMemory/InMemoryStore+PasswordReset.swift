extension InMemoryStore {
  /// Saves a reset token: ``ResetTokenStore/addResetToken(_:for:)``.
  public func addResetToken(_ token: ResetToken.Record, for email: Email) async throws(StoreError) -> User {
    try tables.withLock { (tables) throws(StoreError) in
      guard let index = tables.users.firstIndex(where: { $0.email == email }) else { throw .noResultFound }
      guard tables.unverifiedAccounts[tables.users[index].id] == nil else { throw .emailNotVerified }
      tables.revokeResetToken(of: tables.users[index].id)
      tables.resetTokens[token.id] = (token, tables.users[index].id)
      tables.users[index].resetToken = token.id
      return tables.users[index]
    }
  }

  /// Finds a token's user: ``ResetTokenStore/findUser(withResetToken:now:)``.
  public func findUser(withResetToken id: TokenDigest, now: Timestamp) async throws(StoreError) -> User? {
    tables.withLock { $0.user(withResetToken: id, now: now) }
  }

  /// Uses a reset token: ``ResetTokenStore/consumeResetToken(_:)``.
  public func consumeResetToken(_ use: ResetToken.Use) async throws(StoreError) -> Bool {
    tables.withLock { tables in
      guard let user = tables.user(withResetToken: use.id, now: use.now),
        let index = tables.users.firstIndex(where: { $0.id == user.id })
      else { return false }
      tables.users[index].hashedPassword = use.hash
      tables.revokeResetToken(of: user.id)
      tables.voidEmailChange(of: user.id)
      if use.endsSessions { tables.endSessions { $0.userID == user.id } }
      if let key = use.clearedCounter { tables.counters[key] = nil }
      tables.queue(use.notice)
      return true
    }
  }
}
