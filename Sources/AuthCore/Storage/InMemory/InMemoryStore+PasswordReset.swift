extension InMemoryStore {
  public func addResetToken(_ token: ResetToken.Record, for email: Email) async throws(StoreError) -> User {
    try tables.withLock { (tables) throws(StoreError) in
      guard let index = tables.users.firstIndex(where: { $0.email == email }) else { throw .noResultFound }
      tables.revokeResetToken(of: tables.users[index].id)
      tables.resetTokens[token.id] = (token, tables.users[index].id)
      tables.users[index].resetToken = token.id
      return tables.users[index]
    }
  }

  public func findUser(withResetToken id: TokenDigest, now: Timestamp) async throws(StoreError) -> User? {
    tables.withLock { $0.user(withResetToken: id, now: now) }
  }

  public func consumeResetToken(
    _ id: TokenDigest, now: Timestamp, settingPassword hash: PasswordHash, endingSessions: Bool
  ) async throws(StoreError) -> Bool {
    tables.withLock { tables in
      guard let user = tables.user(withResetToken: id, now: now),
        let index = tables.users.firstIndex(where: { $0.id == user.id })
      else { return false }
      tables.users[index].hashedPassword = hash
      tables.revokeResetToken(of: user.id)
      if endingSessions { tables.endSessions { $0.userID == user.id } }
      return true
    }
  }

  // MARK: Requests

  public func addResetRequest(_ request: ResetRequest, limit: Int) async throws(StoreError) -> Bool {
    tables.withLock { tables in
      guard tables.resetRequests.count < limit else { return false }
      tables.resetRequests.append((request, dueAt: request.createdAt))
      return true
    }
  }

  public func claimResetRequest(now: Timestamp, until deadline: Timestamp) async throws(StoreError) -> ResetRequest? {
    tables.withLock { tables in
      let due = tables.resetRequests.indices.filter { tables.resetRequests[$0].dueAt <= now }
      guard let index = due.min(by: { tables.resetRequests[$0].dueAt < tables.resetRequests[$1].dueAt }) else { return nil }
      tables.resetRequests[index].request.tries += 1
      tables.resetRequests[index].dueAt = deadline
      return tables.resetRequests[index].request
    }
  }

  public func postponeResetRequest(_ id: ResetRequest.ID, until moment: Timestamp) async throws(StoreError) {
    tables.withLock { tables in
      guard let index = tables.indexOfResetRequest(id) else { return }
      tables.resetRequests[index].dueAt = moment
    }
  }

  public func removeResetRequest(_ id: ResetRequest.ID) async throws(StoreError) {
    tables.withLock { tables in
      guard let index = tables.indexOfResetRequest(id) else { return }
      tables.resetRequests.remove(at: index)
    }
  }
}
