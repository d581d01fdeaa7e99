#if Postgres
public import AuthCore

extension PostgresStore {
  /// Saves a request: ``AuthCore/RecoveryEmailStore/addRecoveryEmailRequest(_:by:queueing:limit:)``.
  public func addRecoveryEmailRequest(
    _ request: RecoveryEmailRequest, by session: TokenDigest, queueing message: OutboxMessage, limit: Int
  ) async throws(StoreError) -> RecoveryEmailRequest.Adding {
    guard let session = DigestBytes(session) else { return .outdated }
    return try await write(statements.addRecoveryEmailRequest, repeating: .safe) { query throws(StoreError) in
      query.add(try request.id.storable)
      query.add(request.userID)
      query.add(request.email.text)
      query.add(request.createdAt.secondsSince1970)
      query.add(request.expiresAt.secondsSince1970)
      query.add(session)
      query.add(message)
      query.add(limit)
    } _: {
      switch $0.integer(0, 0) {
      case 0: .outdated
      case 1: .outboxFull
      default: .added
      }
    }
  }

  /// Gives a request a challenge: ``AuthCore/RecoveryEmailStore/challengeRecoveryEmailRequest(_:with:now:)``.
  public func challengeRecoveryEmailRequest(
    _ id: RecoveryEmailRequest.ID, with challenge: RecoveryEmailRequest.Challenge, now: Timestamp
  ) async throws(StoreError) -> RecoveryEmailRequest? {
    guard let id = DigestBytes(id) else { return nil }
    return try await write(statements.challengeRecoveryEmailRequest, repeating: .safe) { query throws(StoreError) in
      query.add(id)
      query.add(now.secondsSince1970)
      query.add(try challenge.token.storable)
      query.add(try challenge.code.storable)
      query.add(challenge.codeExpiresAt.secondsSince1970)
    } _: {
      $0.recoveryEmailRequestIfAny
    }
  }

  /// Counts a try: ``AuthCore/RecoveryEmailStore/tryRecoveryEmailRequest(_:limit:now:)``.
  public func tryRecoveryEmailRequest(
    _ proof: RecoveryEmailRequest.Proof, limit: Int, now: Timestamp
  ) async throws(StoreError) -> RecoveryEmailRequest? {
    var (token, user, code): (DigestBytes?, User.ID?, DigestBytes?)
    switch proof {
    case .token(let digest):
      token = DigestBytes(digest)
      if token == nil { return nil }
    case .code(let digest, let id):
      (user, code) = (id, DigestBytes(digest))
    }
    return try await write(statements.tryRecoveryEmailRequest, repeating: .none) { [token, user, code] query in
      query.add(token)
      query.add(user)
      query.add(code)
      query.add(now.secondsSince1970)
      query.add(limit)
    } _: {
      $0.recoveryEmailRequestIfAny
    }
  }

  /// Sets a recovery email: ``AuthCore/RecoveryEmailStore/confirmRecoveryEmail(_:now:notice:)``.
  public func confirmRecoveryEmail(
    _ request: RecoveryEmailRequest, now: Timestamp, notice: OutboxMessage
  ) async throws(StoreError) -> Bool {
    guard let id = DigestBytes(request.id) else { return false }
    return try await write(statements.confirmRecoveryEmail, repeating: .announced) { query in
      query.add(id)
      query.add(request.userID)
      query.add(request.email.text)
      query.add(now.secondsSince1970)
      query.add(notice: notice)
    } _: {
      $0.boolean(0, 0)
    }
  }

  /// Deletes a recovery email: ``AuthCore/RecoveryEmailStore/removeRecoveryEmail(of:by:notice:)``.
  public func removeRecoveryEmail(
    of id: User.ID, by session: TokenDigest, notice: OutboxMessage
  ) async throws(StoreError) -> RecoveryEmail.Removal {
    guard let session = DigestBytes(session) else { return .outdated }
    return try await write(statements.removeRecoveryEmail, repeating: .announced) { query in
      query.add(id)
      query.add(session)
      query.add(notice: notice)
    } _: {
      switch $0.integer(0, 0) {
      case 0: .outdated
      case 1: .none
      default: .removed
      }
    }
  }

  /// Finds a recovery email: ``AuthCore/RecoveryEmailStore/findRecoveryEmail(of:)``.
  public func findRecoveryEmail(of id: User.ID) async throws(StoreError) -> RecoveryEmail? {
    try await read(statements.recoveryEmail) { query in
      query.add(id)
    } _: {
      $0.count > 0 ? RecoveryEmail(email: Email(stored: $0.text(0, 0)), verifiedAt: $0.timestamp(0, 1)) : nil
    }
  }
}

extension PostgresResult {
  /// The request in the first five columns, if there is a row.
  fileprivate var recoveryEmailRequestIfAny: RecoveryEmailRequest? {
    guard count > 0 else { return nil }
    return RecoveryEmailRequest(
      id: digest(0, 0), userID: integer(0, 1), email: Email(stored: text(0, 2)), createdAt: timestamp(0, 3),
      expiresAt: timestamp(0, 4))
  }
}
#endif
