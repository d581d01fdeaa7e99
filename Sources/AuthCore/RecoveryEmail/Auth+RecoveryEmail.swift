extension OutboxMessage.Kind {
  /// What asks a reader of a recovery email to confirm it: a link and a code.
  public static let recoveryEmail = Self(rawValue: "recovery_email")
}

extension Auth {
  /// Asks for a recovery email, and queues a message to it, whose reader confirms it. Until then nothing changes. It takes the
  /// place of an earlier request.
  ///
  /// It does the same whether an account has the email or not, and thus tells no one which accounts exist.
  ///
  /// - Parameters:
  ///   - sessionID: the user's session.
  ///   - text: the recovery email.
  ///   - password: the current password; a wrong one counts as a failed login. Without it, the login must be recent.
  ///   - client: whose request this is.
  /// - Throws: what ``confirm(sessionID:password:from:)`` throws; ``AuthError/invalidEmail(_:)``,
  ///   ``AuthError/emailUnchanged`` for the account's email and its present recovery email, in any ASCII letter case,
  ///   ``AuthError/throttled(retryAfter:)``, ``AuthError/conflict``; ``AuthError/unavailable(_:)`` while
  ///   ``maximumRecoveryEmailRequests`` wait.
  public func requestRecoveryEmail(
    sessionID: SessionID, to text: String, password: String? = nil, from client: Client
  ) async throws(AuthError) {
    let user = try await confirm(sessionID: sessionID, password: password, from: client)
    let email = try policy.newEmail(text)
    guard email != user.email, try await recoveryEmail(of: user.id)?.email != email else { throw .emailUnchanged }
    // A thief sends as many messages with both together as with one of them.
    try await settle(
      .emailChange(to: email, of: user.id, under: policy.throttling, at: clock.now), of: user.id, from: client)
    let now = clock.now
    let request = RecoveryEmailRequest(
      id: newID(), userID: user.id, email: email, createdAt: now, expiresAt: now + policy.emailChange.lifetime)
    let message = newMessage(.recoveryEmail, to: email, of: user.id, payload: request.id.hex)
    let adding: RecoveryEmailRequest.Adding
    do {
      adding = try await store.addRecoveryEmailRequest(
        request, by: sessionID.digest, queueing: message, limit: Self.maximumRecoveryEmailRequests)
    } catch {
      throw AuthError(error)
    }
    switch adding {
    case .added: record(.recoveryEmailRequested, of: user.id, from: client)
    case .outdated: throw .conflict
    case .outboxFull:
      throw .unavailable("\(Self.maximumRecoveryEmailRequests) requests for recovery emails are waiting to be delivered")
    }
  }

  /// Confirms a recovery email with the token of its link and the password of the account. Both are needed: a stranger who got
  /// the message because the email was mistyped has the token alone.
  ///
  /// The account has the recovery email from then on, in place of an earlier one, and reset tokens are void. The account's email
  /// and the earlier one get a notice. Sessions go on.
  ///
  /// - Throws: ``AuthError/invalidVerification``, which counts for the client's network; ``AuthError/wrongPassword``, which
  ///   counts as a try and as a failed login; ``AuthError/throttled(retryAfter:)``.
  @discardableResult
  public func confirmRecoveryEmail(
    token: RecoveryEmailToken, password: String, from client: Client
  ) async throws(AuthError) -> RecoveryEmail {
    let request = try await request(.token(token.digest), from: client)
    guard let owner = try await user(with: request.userID) else { throw refusal(of: request.userID, from: client) }
    let check = try await beginCheck(email: owner.email.text, from: client)
    guard check.user?.id == owner.id else { throw refusal(of: owner.id, from: client) }
    guard let verified = try await pass(check, with: password) else {
      record(.recoveryEmailRefused, of: owner.id, from: client)
      throw .wrongPassword
    }
    try await settle(check, isSuccess: true)
    let recovery = try await complete(request, of: owner, from: client)
    await rehash(verified)
    return recovery
  }

  /// Confirms a recovery email as ``confirmRecoveryEmail(token:password:from:)`` does, with a session of the account in place of
  /// its password.
  ///
  /// - Throws: ``AuthError/invalidSession``, ``AuthError/invalidVerification``, also for a request of another user;
  ///   ``AuthError/throttled(retryAfter:)``.
  @discardableResult
  public func confirmRecoveryEmail(
    token: RecoveryEmailToken, sessionID: SessionID, from client: Client
  ) async throws(AuthError) -> RecoveryEmail {
    let user = try await requireSession(sessionID).user
    return try await complete(request(.token(token.digest), of: user.id, from: client), of: user, from: client)
  }

  /// Confirms a recovery email as ``confirmRecoveryEmail(token:password:from:)`` does, with the code of its message, typed where
  /// the account has a session. A code is worth nothing without one.
  ///
  /// - Throws: ``AuthError/invalidSession``, ``AuthError/invalidVerification``, also for a code that is not right;
  ///   ``AuthError/throttled(retryAfter:)``.
  @discardableResult
  public func confirmRecoveryEmail(
    code: VerificationCode, sessionID: SessionID, from client: Client
  ) async throws(AuthError) -> RecoveryEmail {
    let user = try await requireSession(sessionID).user
    return try await complete(request(.code(code.digest, of: user.id), of: user.id, from: client), of: user, from: client)
  }

  /// Removes the recovery email. It voids an open request and reset tokens, and tells the account's email and the removed one.
  ///
  /// - Parameters:
  ///   - sessionID: the user's session.
  ///   - password: the current password; a wrong one counts as a failed login. Without it, the login must be recent.
  ///   - client: whose request this is.
  /// - Throws: what ``confirm(sessionID:password:from:)`` throws; ``AuthError/noRecoveryEmail``, after which no request is open
  ///   either; ``AuthError/conflict``.
  public func removeRecoveryEmail(
    sessionID: SessionID, password: String? = nil, from client: Client
  ) async throws(AuthError) {
    let user = try await confirm(sessionID: sessionID, password: password, from: client)
    let removal: RecoveryEmail.Removal
    do {
      removal = try await store.removeRecoveryEmail(
        of: user.id, by: sessionID.digest, notice: recoveryNotice(to: user, cause: .removed))
    } catch {
      throw AuthError(error)
    }
    switch removal {
    case .removed: record(.recoveryEmailRemoved, of: user.id, from: client)
    case .none: throw .noRecoveryEmail
    case .outdated: throw .conflict
    }
  }

  /// The recovery email of the session's user; nil for none.
  ///
  /// - Throws: ``AuthError/invalidSession``.
  public func recoveryEmail(sessionID: SessionID) async throws(AuthError) -> RecoveryEmail? {
    try await recoveryEmail(of: requireSession(sessionID).user.id)
  }

  /// The recovery email of a user; nil for none.
  public func recoveryEmail(of id: User.ID) async throws(AuthError) -> RecoveryEmail? {
    do { return try await store.findRecoveryEmail(of: id) } catch { throw AuthError(error) }
  }

  /// How many requests for recovery emails may wait to be delivered.
  public static let maximumRecoveryEmailRequests = 10_000
}

// MARK: - Messages

extension Auth {
  /// The message to a recovery email that waits for its confirmation, and whose it is; nil when the request has ended.
  func recoveryEmailMessage(for stored: OutboxMessage) async throws(AuthError) -> (AuthMessage, User.ID?)? {
    let (token, code) = (RecoveryEmailToken(policy.tokenFormat.makeToken(random)), VerificationCode(random))
    let challenge = RecoveryEmailRequest.Challenge(
      token: token.digest, code: code.digest, codeExpiresAt: clock.now + policy.emailVerification.codeLifetime)
    let request: RecoveryEmailRequest?
    do {
      request = try await store.challengeRecoveryEmailRequest(
        TokenDigest(hex: stored.payload ?? ""), with: challenge, now: clock.now)
    } catch {
      throw AuthError(error)
    }
    guard let request else { return nil }
    let content = AuthMessage.Content.recoveryEmail(
      token, code, expiresAt: request.expiresAt, codeExpiresAt: min(challenge.codeExpiresAt, request.expiresAt))
    return (AuthMessage(id: stored.id, email: request.email, content: content), request.userID)
  }

  /// The message with a reset token, to the email that the request names; nil when no account has its email.
  func resetMessage(for stored: OutboxMessage) async throws(AuthError) -> (AuthMessage, User.ID?)? {
    let reset: PasswordReset
    do { reset = try await issueResetToken(email: stored.email.text, from: .unknown) } catch {
      guard error == .unknownUser || error == .emailNotVerified else { throw error }
      return nil
    }
    let content = AuthMessage.Content.passwordReset(reset.token, expiresAt: reset.expiresAt)
    // Read after the token was issued: one that goes to an email which is removed in the meantime is void.
    if stored.payload == ResetRecipient.recoveryEmail.rawValue, let recovery = try await recoveryEmail(of: reset.user.id),
      recovery.email != reset.user.email
    {
      return (
        AuthMessage(id: stored.id, email: recovery.email, accountEmail: reset.user.email, content: content), reset.user.id
      )
    }
    return (AuthMessage(id: stored.id, email: reset.user.email, content: content), reset.user.id)
  }
}

// MARK: - Steps

extension Auth {
  /// - Parameter userID: whose request it must be; nil for anyone's.
  private func request(
    _ proof: RecoveryEmailRequest.Proof, of userID: User.ID? = nil, from client: Client
  ) async throws(AuthError) -> RecoveryEmailRequest {
    let found = try await lookUp(from: client) { () throws(AuthError) in
      let request: RecoveryEmailRequest?
      do throws(StoreError) {
        request = try await store.tryRecoveryEmailRequest(proof, limit: policy.emailVerification.maximumTries, now: clock.now)
      } catch {
        throw AuthError(error)
      }
      guard let request, let userID else { return request }
      return request.userID == userID ? request : nil
    }
    guard let found else { throw refusal(of: userID, from: client) }
    return found
  }

  private func refusal(of userID: User.ID?, from client: Client) -> AuthError {
    record(.recoveryEmailRefused, of: userID, from: client)
    return .invalidVerification
  }

  private func user(with id: User.ID) async throws(AuthError) -> User? {
    do { return try await store.findUser(by: .id(id)) } catch .noResultFound { return nil } catch { throw AuthError(error) }
  }

  private func complete(
    _ request: RecoveryEmailRequest, of user: User, from client: Client
  ) async throws(AuthError) -> RecoveryEmail {
    let now = clock.now
    let isConfirmed: Bool
    do {
      isConfirmed = try await store.confirmRecoveryEmail(
        request, now: now, notice: recoveryNotice(to: user, cause: .confirmed))
    } catch {
      throw AuthError(error)
    }
    guard isConfirmed else { throw refusal(of: user.id, from: client) }
    record(.recoveryEmailChanged, of: user.id, from: client)
    return RecoveryEmail(email: request.email, verifiedAt: now)
  }

  /// Under every policy: a recovery email gives access to the account.
  private func recoveryNotice(to user: User, cause: RecoveryEmailChangeCause) -> OutboxMessage {
    newMessage(.recoveryEmailChanged, to: user.email, of: user.id, payload: cause.rawValue)
  }
}
