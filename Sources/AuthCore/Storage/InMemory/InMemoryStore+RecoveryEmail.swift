extension InMemoryStore {
  /// A request with its challenge and its tries.
  struct OpenRecoveryEmailRequest {
    let request: RecoveryEmailRequest
    var challenge: RecoveryEmailRequest.Challenge?
    var tries = 0
  }

  /// Saves a request: ``RecoveryEmailStore/addRecoveryEmailRequest(_:by:queueing:limit:)``.
  public func addRecoveryEmailRequest(
    _ request: RecoveryEmailRequest, by session: TokenDigest, queueing message: OutboxMessage, limit: Int
  ) async throws(StoreError) -> RecoveryEmailRequest.Adding {
    tables.withLock { tables in
      guard tables.has(session, request.userID) else { return .outdated }
      guard tables.outbox.count(where: { $0.message.kind == message.kind }) < limit else { return .outboxFull }
      tables.recoveryEmailRequests[request.userID] = OpenRecoveryEmailRequest(request: request)
      tables.queue(message)
      return .added
    }
  }

  /// Gives a request a challenge: ``RecoveryEmailStore/challengeRecoveryEmailRequest(_:with:now:)``.
  public func challengeRecoveryEmailRequest(
    _ id: RecoveryEmailRequest.ID, with challenge: RecoveryEmailRequest.Challenge, now: Timestamp
  ) async throws(StoreError) -> RecoveryEmailRequest? {
    tables.withLock { tables in
      guard let request = tables.recoveryEmailRequests.values.first(where: { $0.request.id == id })?.request,
        request.expiresAt > now
      else { return nil }
      tables.recoveryEmailRequests[request.userID]?.challenge = challenge
      return request
    }
  }

  /// Counts a try: ``RecoveryEmailStore/tryRecoveryEmailRequest(_:limit:now:)``.
  public func tryRecoveryEmailRequest(
    _ proof: RecoveryEmailRequest.Proof, limit: Int, now: Timestamp
  ) async throws(StoreError) -> RecoveryEmailRequest? {
    tables.withLock { tables in
      let named: OpenRecoveryEmailRequest? =
        switch proof {
        case .token(let token): tables.recoveryEmailRequests.values.first { $0.challenge?.token == token }
        case .code(_, let id): tables.recoveryEmailRequests[id]
        }
      guard let named, let challenge = named.challenge, named.request.expiresAt > now, named.tries < limit else { return nil }
      if case .code = proof { guard challenge.codeExpiresAt > now else { return nil } }
      tables.recoveryEmailRequests[named.request.userID]?.tries += 1
      if case .code(let code, _) = proof { return challenge.code == code ? named.request : nil }
      return named.request
    }
  }

  /// Sets a recovery email: ``RecoveryEmailStore/confirmRecoveryEmail(_:now:notice:)``.
  public func confirmRecoveryEmail(
    _ request: RecoveryEmailRequest, now: Timestamp, notice: OutboxMessage
  ) async throws(StoreError) -> Bool {
    tables.withLock { tables in
      let id = request.userID
      guard let open = tables.recoveryEmailRequests[id]?.request, open.id == request.id, open.expiresAt > now,
        tables.disabledUsers[id] == nil
      else { return false }
      // First, so that the earlier recovery email gets the copy.
      tables.queue(notice)
      tables.recoveryEmails[id] = RecoveryEmail(email: open.email, verifiedAt: now)
      tables.recoveryEmailRequests[id] = nil
      tables.revokeResetToken(of: id)
      return true
    }
  }

  /// Deletes a recovery email: ``RecoveryEmailStore/removeRecoveryEmail(of:by:notice:)``.
  public func removeRecoveryEmail(
    of id: User.ID, by session: TokenDigest, notice: OutboxMessage
  ) async throws(StoreError) -> RecoveryEmail.Removal {
    tables.withLock { tables in
      guard tables.has(session, id) else { return .outdated }
      tables.recoveryEmailRequests[id] = nil
      guard tables.recoveryEmails[id] != nil else { return .none }
      tables.queue(notice)
      tables.recoveryEmails[id] = nil
      tables.revokeResetToken(of: id)
      return .removed
    }
  }

  /// Finds a recovery email: ``RecoveryEmailStore/findRecoveryEmail(of:)``.
  public func findRecoveryEmail(of id: User.ID) async throws(StoreError) -> RecoveryEmail? {
    tables.withLock { $0.recoveryEmails[id] }
  }
}

extension InMemoryStore.Tables {
  /// Whether this is a session of the user.
  fileprivate func has(_ session: TokenDigest, _ id: User.ID) -> Bool {
    sessions.contains { $0.id == session && $0.userID == id }
  }
}
