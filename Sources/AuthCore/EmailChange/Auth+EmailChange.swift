extension OutboxMessage.Kind {
  /// What asks a reader of the new email to confirm a change: a link and a code or, where an account has the email, that it has
  /// one.
  public static let emailChange = Self(rawValue: "email_change")
  /// The notice that a change was asked for, with a token to stop it.
  public static let emailChangeRequested = Self(rawValue: "email_change_requested")
  /// The notice that the account has another email, with a token to take it back.
  public static let emailChanged = Self(rawValue: "email_changed")
  /// The notice to an email that the account no longer has it, because a former email took the account back.
  public static let emailTakenBack = Self(rawValue: "email_taken_back")
}

extension Auth {
  /// Asks for another email, and queues two messages: one to the new email, whose reader confirms the change, and one to the
  /// present email, whose reader can stop it. Until it is confirmed, nothing changes. It takes the place of an earlier request.
  ///
  /// The present email of an unverified account gets no message, because no one has shown that they read it. The user may ask for
  /// that same email: its confirmation verifies it, and the account goes on.
  ///
  /// It does the same for an email that has an account, whose owner is told so, and thus tells no one which accounts exist.
  ///
  /// - Parameters:
  ///   - sessionID: the user's session.
  ///   - text: the new email.
  ///   - password: the current password; a wrong one counts as a failed login. Without it, the login must be recent.
  ///   - client: whose request this is.
  /// - Throws: what ``confirm(sessionID:password:from:)`` throws; ``AuthError/invalidEmail(_:)``,
  ///   ``AuthError/emailUnchanged`` for the present email, in any ASCII letter case, ``AuthError/throttled(retryAfter:)``,
  ///   ``AuthError/conflict``; ``AuthError/unavailable(_:)`` while ``maximumEmailChanges`` wait.
  public func requestEmailChange(
    sessionID: SessionID, to text: String, password: String? = nil, from client: Client
  ) async throws(AuthError) {
    let user = try await confirm(sessionID: sessionID, password: password, from: client)
    let email = try policy.newEmail(text)
    if email == user.email, try await unverifiedAccount(of: user.id) == nil { throw .emailUnchanged }
    try await settle(
      .emailChange(to: email, of: user.id, under: policy.throttling, at: clock.now), of: user.id, from: client)
    let now = clock.now
    let change = EmailChange(
      id: newID(), userID: user.id, from: user.email, to: email, createdAt: now, expiresAt: now + policy.emailChange.lifetime)
    let takeBack = EmailTakeBack(
      id: newID(), userID: user.id, email: user.email, createdAt: now, expiresAt: change.expiresAt)
    let request = EmailChange.Request(
      change, takeBack: takeBack, by: sessionID.digest,
      queueing: newMessage(.emailChange, to: email, of: user.id, payload: change.id.hex),
      notice: newMessage(.emailChangeRequested, to: user.email, of: user.id, payload: takeBack.id.hex))
    let adding: EmailChange.Adding
    do { adding = try await store.addEmailChange(request, limit: Self.maximumEmailChanges) } catch { throw AuthError(error) }
    switch adding {
    case .added: record(.emailChangeRequested, of: user.id, from: client)
    case .outdated: throw .conflict
    case .outboxFull: throw .unavailable("\(Self.maximumEmailChanges) changes of emails are waiting to be delivered")
    }
  }

  /// Confirms a change with the token of its link and the password of the account. Both are needed: a stranger who got the
  /// message because the email was mistyped has the token alone.
  ///
  /// The account has the new email from then on, which is verified, and reset tokens are void. The former email gets a message
  /// with a token, with which its reader can undo the change for ``AuthPolicy/EmailChange/takeBackWindow``. Sessions go on.
  ///
  /// - Throws: ``AuthError/invalidVerification``, which counts for the client's network; ``AuthError/wrongPassword``, which
  ///   counts as a try and as a failed login; ``AuthError/throttled(retryAfter:)``; ``AuthError/userExists(email:)`` when
  ///   another account has got the email, and nothing has changed.
  @discardableResult
  public func confirmEmailChange(
    token: EmailChangeToken, password: String, from client: Client
  ) async throws(AuthError) -> User {
    let change = try await change(.token(token.digest), from: client)
    let check = try await beginCheck(email: change.former.text, from: client)
    guard check.user?.id == change.userID else { throw refusal(of: change.userID, from: client) }
    guard let verified = try await pass(check, with: password) else {
      record(.emailChangeRefused, of: change.userID, from: client)
      throw .wrongPassword
    }
    try await settle(check, isSuccess: true)
    let user = try await complete(change, from: client)
    await rehash(verified)
    return user
  }

  /// Confirms a change as ``confirmEmailChange(token:password:from:)`` does, with a session of the account in place of its
  /// password.
  ///
  /// - Throws: ``AuthError/invalidSession``, ``AuthError/invalidVerification``, also for a change of another user;
  ///   ``AuthError/throttled(retryAfter:)``, ``AuthError/userExists(email:)``.
  @discardableResult
  public func confirmEmailChange(
    token: EmailChangeToken, sessionID: SessionID, from client: Client
  ) async throws(AuthError) -> User {
    let user = try await requireSession(sessionID).user
    return try await complete(change(.token(token.digest), of: user.id, from: client), from: client)
  }

  /// Confirms a change as ``confirmEmailChange(token:password:from:)`` does, with the code of its message, typed where the
  /// account has a session. A code is worth nothing without one.
  ///
  /// - Throws: ``AuthError/invalidSession``, ``AuthError/invalidVerification``, also for a code that is not right;
  ///   ``AuthError/throttled(retryAfter:)``, ``AuthError/userExists(email:)``.
  @discardableResult
  public func confirmEmailChange(
    code: VerificationCode, sessionID: SessionID, from client: Client
  ) async throws(AuthError) -> User {
    let user = try await requireSession(sessionID).user
    return try await complete(change(.code(code.digest, of: user.id), of: user.id, from: client), from: client)
  }

  /// Stops a change, or undoes it, with the token of a message to the former email, and sets a new password. All sessions end in
  /// the same step, and reset tokens, the open change and every later change are void with what belongs to them. Once a token was
  /// used, all of its change are void. A recovery email goes, too, unless it was verified earlier than
  /// ``AuthPolicy/EmailChange/takeBackWindow`` before the change was asked for: a thief sets one first.
  ///
  /// - Parameters:
  ///   - token: the token, as the client presented it.
  ///   - password: the new password, because someone else may know the present one.
  ///   - client: whose attempt this is.
  /// - Returns: the user, with the email and the new hash.
  /// - Throws: ``AuthError/invalidTakeBack``, which counts for the client's network; ``AuthError/invalidPassword(_:)`` and
  ///   ``AuthError/throttled(retryAfter:)``, after which the token is still valid; ``AuthError/conflict``.
  @discardableResult
  public func takeBackEmail(
    token: TakeBackToken, newPassword password: String, from client: Client
  ) async throws(AuthError) -> User {
    do {
      let user = try await use(token, settingPassword: password, from: client)
      record(.emailTakenBack, of: user.id, from: client)
      return user
    } catch {
      if error == .invalidTakeBack { record(.takeBackRefused, of: nil, from: client) }
      throw error
    }
  }

  /// How many changes of emails may wait to be delivered.
  public static let maximumEmailChanges = 10_000
}

// MARK: - Messages

extension Auth {
  /// The message of a change to the new email, and whose email that is; nil when the change has ended.
  func emailChangeMessage(for stored: OutboxMessage) async throws(AuthError) -> (AuthMessage, User.ID?)? {
    // A user who has got the email by now has no change of this id any more.
    if let user = try await user(with: stored.email), user.id != stored.userID,
      try await unverifiedAccount(of: user.id) == nil
    {
      return (AuthMessage(id: stored.id, email: user.email, content: .accountExists(at: stored.createdAt)), user.id)
    }
    let (token, code) = (EmailChangeToken(policy.tokenFormat.makeToken(random)), VerificationCode(random))
    let challenge = EmailChange.Challenge(
      token: token.digest, code: code.digest, codeExpiresAt: clock.now + policy.emailVerification.codeLifetime)
    let change: EmailChange?
    do {
      change = try await store.challengeEmailChange(TokenDigest(hex: stored.payload ?? ""), with: challenge, now: clock.now)
    } catch {
      throw AuthError(error)
    }
    guard let change else { return nil }
    let content = AuthMessage.Content.emailChange(
      token, code, expiresAt: change.expiresAt, codeExpiresAt: min(challenge.codeExpiresAt, change.expiresAt))
    return (AuthMessage(id: stored.id, email: change.email, content: content), change.userID)
  }

  /// A message to the former email with its token; nil when there is nothing to take back any more.
  func takeBackMessage(for stored: OutboxMessage) async throws(AuthError) -> (AuthMessage, User.ID?)? {
    let token = TakeBackToken(policy.tokenFormat.makeToken(random))
    let takeBack: EmailTakeBack?
    do {
      takeBack = try await store.issueTakeBackToken(
        token.digest, for: TokenDigest(hex: stored.payload ?? ""), now: clock.now)
    } catch {
      throw AuthError(error)
    }
    guard let takeBack else { return nil }
    let content: AuthMessage.Content =
      stored.kind == .emailChanged
      ? .emailChanged(at: stored.createdAt, token, expiresAt: takeBack.expiresAt)
      : .emailChangeRequested(at: stored.createdAt, token, expiresAt: takeBack.expiresAt)
    return (AuthMessage(id: stored.id, email: takeBack.email, content: content), takeBack.userID)
  }
}

// MARK: - Steps

extension Auth {
  /// A name that lets no one do anything, and that no one can guess.
  func newID() -> TokenDigest { TokenDigest(of: TokenFormat.base64URL.makeToken(random)) }

  /// - Parameter userID: whose change it must be; nil for anyone's.
  private func change(
    _ proof: EmailChange.Proof, of userID: User.ID? = nil, from client: Client
  ) async throws(AuthError) -> EmailChange {
    let found = try await lookUp(from: client) { () throws(AuthError) in
      let change: EmailChange?
      do throws(StoreError) {
        change = try await store.tryEmailChange(proof, limit: policy.emailVerification.maximumTries, now: clock.now)
      } catch {
        throw AuthError(error)
      }
      guard let change, let userID else { return change }
      return change.userID == userID ? change : nil
    }
    guard let found else { throw refusal(of: userID, from: client) }
    return found
  }

  private func refusal(of userID: User.ID?, from client: Client) -> AuthError {
    record(.emailChangeRefused, of: userID, from: client)
    return .invalidVerification
  }

  private func complete(_ change: EmailChange, from client: Client) async throws(AuthError) -> User {
    let now = clock.now
    let takeBack = EmailTakeBack(
      id: newID(), userID: change.userID, email: change.former, createdAt: now,
      expiresAt: now + policy.emailChange.takeBackWindow)
    let confirmation = EmailChange.Confirmation(
      of: change, at: now, takeBack: takeBack,
      notice: newMessage(.emailChanged, to: change.former, of: change.userID, payload: takeBack.id.hex),
      // The guesses at the account's password go with it, so that no change of email ends a lock; those that were made for the
      // new email before were not guesses at this account's.
      moving: change.email == change.former
        ? []
        : [Throttle.Key.Kind.loginEmail, .alertEmail].map { kind in
          Throttle.Move(
            from: Throttle.Key(kind, email: change.former.text), to: Throttle.Key(kind, email: change.email.text))
        })
    let (user, replaced): (User, User.ID?)
    do { (user, replaced) = try await store.confirmEmailChange(confirmation) } catch {
      switch error {
      case .noResultFound: throw refusal(of: change.userID, from: client)
      case .emailTaken: throw .userExists(email: change.email.text)
      default: throw AuthError(error)
      }
    }
    if let replaced { record(.userDeleted, of: replaced, from: client) }
    record(change.email == change.former ? .emailVerified : .emailChanged, of: user.id, from: client)
    return user
  }

  private func use(
    _ token: TakeBackToken, settingPassword password: String, from client: Client
  ) async throws(AuthError) -> User {
    // The cheap check first, as for reset tokens: a stranger with a made-up token never makes us hash.
    var (takeBack, user) = try await takeBack(with: token, from: client)
    let hash = try await hashed(new: policy.newPassword(password, for: takeBack.email))
    // The present email may change while this runs, which a thief of the account can do a few times.
    for _ in 1...3 {
      let outcome: EmailTakeBack.Outcome
      do {
        outcome = try await store.takeBackEmail(
          EmailTakeBack.Use(
            token.digest, from: user.email, at: clock.now, settingPassword: hash,
            clearing: [takeBack.email, user.email].map { Throttle.Key(.loginEmail, email: $0.text) },
            keepingRecoveryEmailOlderThan: policy.emailChange.takeBackWindow, notices: notices(of: takeBack, to: user)))
      } catch .emailTaken {
        throw .userExists(email: takeBack.email.text)
      } catch {
        throw AuthError(error)
      }
      switch outcome {
      case .takenBack(let user): return user
      case .refused: throw .invalidTakeBack
      case .outdated: (takeBack, user) = try await self.takeBack(with: token, from: client)
      }
    }
    throw .conflict
  }

  private func takeBack(
    with token: TakeBackToken, from client: Client
  ) async throws(AuthError) -> (takeBack: EmailTakeBack, user: User) {
    let found = try await lookUp(from: client) { () throws(AuthError) -> (takeBack: EmailTakeBack, user: User)? in
      guard !token.text.isEmpty else { return nil }
      do throws(StoreError) {
        return try await store.findTakeBack(withToken: token.digest, now: clock.now)
      } catch {
        throw AuthError(error)
      }
    }
    guard let found else { throw .invalidTakeBack }
    return found
  }

  /// Who has the email again is told of the password, and who has lost it, of that.
  private func notices(of takeBack: EmailTakeBack, to user: User) -> [OutboxMessage] {
    var restored = user
    restored.email = takeBack.email
    var notices = passwordNotice(to: restored, cause: .takeBack).map { [$0] } ?? []
    if takeBack.email != user.email, let notice = accountNotice(.emailTakenBack, to: user) { notices.append(notice) }
    return notices
  }
}
