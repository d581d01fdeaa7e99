extension Auth {
  /// Checks email and password and opens a session.
  ///
  /// The outcome is ``LoginOutcome/wrongCredentials`` for an unknown email or a disabled account after the same time as for a
  /// wrong password. Only an account whose hash has a higher cost than the hasher's takes longer.
  ///
  /// - Parameters:
  ///   - email: the email of the account.
  ///   - password: the password to check.
  ///   - remember: whether the session lasts for ``AuthPolicy/Sessions/lifetime`` or for
  ///     ``AuthPolicy/Sessions/unrememberedLifetime``; nil for the default of the policy.
  ///   - former: the client's current session. It ends when the new one begins, no matter whose it is, so that a user never
  ///     continues under an id that someone else may have planted.
  ///   - client: whose attempt this is. With ``Client/unknown`` it is counted for the email, but for no network.
  /// - Throws: ``AuthError/throttled(retryAfter:)`` during the delays that failures lead to, whatever the password;
  ///   ``AuthError/conflict``.
  public func logIn(
    email: String, password: String, remember: Bool? = nil, replacing former: SessionID? = nil, from client: Client
  ) async throws(AuthError) -> LoginOutcome {
    let remember = remember ?? policy.sessions.remembersByDefault
    do throws(AuthError) {
      let outcome = try await attemptLogin(
        email: email, password: password, remember: remember, replacing: former, from: client)
      metrics.count(outcome)
      return outcome
    } catch {
      metrics.countLogin(endedBy: error)
      throw error
    }
  }

  private func attemptLogin(
    email: String, password: String, remember: Bool, replacing former: SessionID?, from client: Client
  ) async throws(AuthError) -> LoginOutcome {
    // The session is opened only while the hash that was checked is still the user's, and the user enabled. Otherwise that has
    // changed in the meantime, and the check is repeated.
    for _ in 1...3 {
      let check = try await beginCheck(email: email, with: former, from: client)
      guard let verified = try await pass(check, with: password) else { return .wrongCredentials }
      let opened = try await addSession(
        to: verified.user, authenticatedBy: [.password], remember: remember, ifPassword: verified.user.hashedPassword,
        replacing: former, settling: check.attempt.ended(isSuccess: true, at: clock.now), from: client)
      guard let login = opened else { continue }
      record(.loginSucceeded, of: login.user.id, from: client)
      record(.sessionCreated, of: login.user.id, session: login.user.sessionID, from: client)
      await rehash(verified)
      return .loggedIn(login)
    }
    throw .conflict
  }

  /// Whether an account has this email and this password, and is not disabled. It takes as long for an unknown email as for a
  /// wrong password, and opens no session.
  ///
  /// - Parameters:
  ///   - email: the email of the account.
  ///   - password: the password to check.
  ///   - client: whose attempt this is, as in ``logIn(email:password:remember:replacing:from:)``.
  /// - Throws: ``AuthError/throttled(retryAfter:)`` during the delays that failures lead to, whatever the password.
  public func verifyPassword(_ password: String, email: String, from client: Client) async throws(AuthError) -> Bool {
    let check = try await beginCheck(email: email, from: client)
    guard let verified = try await pass(check, with: password) else { return false }
    try await settle(check, isSuccess: true)
    await rehash(verified)
    return true
  }

  /// The session's user, if they have shown recently that the session is theirs: by a login within
  /// ``AuthPolicy/Sessions/reauthenticationAge`` or by the password. Require it before anything that a thief of the session must
  /// not do.
  ///
  /// - Parameters:
  ///   - sessionID: the user's session.
  ///   - password: the current password; a wrong one counts as a failed login.
  ///   - client: whose attempt this is.
  /// - Throws: ``AuthError/invalidSession``; ``AuthError/reauthenticationRequired`` when no password is given and one is needed;
  ///   ``AuthError/wrongPassword``, ``AuthError/throttled(retryAfter:)``.
  public func confirm(sessionID: SessionID, password: String? = nil, from client: Client) async throws(AuthError) -> User {
    let (session, user) = try await requireSession(sessionID)
    if let password { return try await verifyCurrentPassword(password, of: user, from: client).user }
    guard let age = policy.sessions.reauthenticationAge else { return user }
    guard let authenticatedAt = session.authenticatedAt, clock.now <= authenticatedAt + age else {
      throw .reauthenticationRequired
    }
    return user
  }
}
