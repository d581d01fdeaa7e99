extension Auth {
  /// Opens a session without a password; nil when no user has this email, and for a disabled one.
  ///
  /// - Parameters:
  ///   - email: the email of the account.
  ///   - methods: how the caller has authenticated the user. With none, the session never counts as a recent login:
  ///     ``confirm(sessionID:password:from:)`` asks for the password.
  ///   - remember: whether the session lasts for ``AuthPolicy/Sessions/lifetime`` or for
  ///     ``AuthPolicy/Sessions/unrememberedLifetime``.
  ///   - former: the client's current session, as in ``logIn(email:password:remember:replacing:from:)``.
  ///   - client: is recorded in the session.
  public func openSession(
    email: String, authenticatedBy methods: [AuthenticationMethod] = [], remember: Bool = true,
    replacing former: SessionID? = nil, from client: Client
  ) async throws(AuthError) -> Login? {
    guard let email = try? Email(email), let user = try await user(with: email), try await !hasEnded(user.id) else { return nil }
    let opened = try await addSession(
      to: user, authenticatedBy: methods, remember: remember, ifPassword: nil, replacing: former, settling: nil, from: client)
    guard let login = opened else { return nil }
    record(.sessionCreated, of: user.id, session: login.user.sessionID, from: client)
    return login
  }

  /// The user of a session; nil if the id is nil, empty or unknown, or if the session has ended.
  ///
  /// Every call queries the store: a logout anywhere is a logout everywhere, at once.
  public func user(for sessionID: SessionID?) async throws(AuthError) -> User? {
    guard let sessionID else { return nil }
    let (id, now) = (sessionID.digest, clock.now)
    do {
      guard let found = try await store.findUser(withSession: id, in: policy.liveSessions(at: now)) else { return nil }
      if policy.isTouchDue(lastUsedAt: found.lastUsedAt, at: now) { await recordUse(of: id, at: now) }
      return found.user
    } catch {
      throw AuthError(error)
    }
  }

  /// The id and the email of a session's user; nil where ``user(for:)`` is nil. It reads less, and is the fastest way to ask
  /// whose session this is.
  public func profile(for sessionID: SessionID?) async throws(AuthError) -> Profile? {
    guard let sessionID else { return nil }
    let (id, now) = (sessionID.digest, clock.now)
    do {
      guard let found = try await store.findProfile(for: id, in: policy.liveSessions(at: now)) else { return nil }
      if policy.isTouchDue(lastUsedAt: found.lastUsedAt, at: now) { await recordUse(of: id, at: now) }
      return found.profile
    } catch {
      throw AuthError(error)
    }
  }

  /// What another service may know of a session: its user, when it was opened and when it ends, when and how its user
  /// authenticated. nil where ``user(for:)`` is nil.
  public func details(for sessionID: SessionID?) async throws(AuthError) -> SessionDetails? {
    guard let sessionID else { return nil }
    let (id, now) = (sessionID.digest, clock.now)
    do {
      guard let (session, user) = try await store.findSession(id, in: policy.liveSessions(at: now)) else { return nil }
      if policy.isTouchDue(lastUsedAt: session.lastUsedAt, at: now) { await recordUse(of: id, at: now) }
      return SessionDetails(session, of: user.profile)
    } catch {
      throw AuthError(error)
    }
  }

  /// Ends this session and returns whether it was open.
  @discardableResult
  public func logOut(_ sessionID: SessionID?, from client: Client) async throws(AuthError) -> Bool {
    try await endSession(sessionID, from: client) != nil
  }

  /// Ends this session and returns its user; nil if it was not open.
  package func endSession(_ sessionID: SessionID?, from client: Client) async throws(AuthError) -> User.ID? {
    guard let sessionID else { return nil }
    let digest = sessionID.digest
    do {
      guard let userID = try await store.endSession(digest, in: policy.liveSessions(at: clock.now)) else { return nil }
      record(.sessionEnded, of: userID, session: digest, from: client)
      return userID
    } catch {
      throw AuthError(error)
    }
  }

  /// The user's open sessions, the newest first. Their ids are digests, which identify them and cannot be used to log in.
  public func sessions(of userID: User.ID) async throws(AuthError) -> [Session] {
    do { return try await store.findSessions(of: userID, in: policy.liveSessions(at: clock.now)) } catch {
      throw AuthError(error)
    }
  }

  /// Ends the user's session with this id and returns whether it was open: false for a session of another user.
  @discardableResult
  public func endSession(
    _ id: Session.ID, of userID: User.ID, from client: Client
  ) async throws(AuthError) -> Bool {
    try await endSessions(.only(id), of: userID, from: client) > 0
  }

  /// Ends all the user's sessions but this one and returns how many of them were open.
  @discardableResult
  public func endSessions(
    of userID: User.ID, except sessionID: SessionID, from client: Client
  ) async throws(AuthError) -> Int {
    try await endSessions(.allBut(sessionID.digest), of: userID, from: client)
  }

  /// Ends all the user's sessions and returns how many of them were open. An unknown id is not an error.
  @discardableResult
  public func endAllSessions(of userID: User.ID, from client: Client) async throws(AuthError) -> Int {
    try await endSessions(.all, of: userID, from: client)
  }

  private func endSessions(
    _ selection: Session.Selection, of userID: User.ID, from client: Client
  ) async throws(AuthError) -> Int {
    let ended: [Session.ID]
    do {
      ended = try await store.endSessions(selection, of: userID, in: policy.liveSessions(at: clock.now))
    } catch {
      throw AuthError(error)
    }
    for id in ended { record(.sessionEnded, of: userID, session: id, from: client) }
    return ended.count
  }

  /// A store that can be read but not written still knows whose session this is; at worst the session ends early.
  private func recordUse(of id: Session.ID, at now: Timestamp) async {
    try? await store.touchSession(id, at: now)
  }
}

extension Auth {
  /// Opens a session; nil if the user no longer exists, is disabled or, when `hash` is given, no longer has that hash.
  ///
  /// - Throws: ``AuthError/throttled(retryAfter:)`` when the attempt was made during a delay.
  func addSession(
    to user: User, authenticatedBy methods: [AuthenticationMethod], remember: Bool, ifPassword hash: PasswordHash?,
    replacing former: SessionID?, settling attempt: Throttle.Attempt?, from client: Client
  ) async throws(AuthError) -> Login? {
    let (sessionID, session) = newSession(of: user, authenticatedBy: methods, remember: remember, from: client)
    let opening: Session.Opening
    do {
      opening = try await store.addSession(
        session, limit: policy.sessions.maximumPerUser, live: policy.liveSessions(at: session.createdAt), ifPassword: hash,
        replacing: former?.digest, settling: attempt,
        recognizing: sighting(of: client, by: user, at: session.createdAt))
    } catch .noResultFound {
      return nil
    } catch {
      throw AuthError(error)
    }
    switch opening {
    case .opened: break
    case .passwordChanged, .userDisabled: return nil
    case .throttled(let delay): throw refusal(retryAfter: delay, of: user.id, from: client)
    }
    var user = user
    user.sessionID = session.id
    return Login(user: user, sessionID: sessionID, expiresAt: session.expiresAt, isRemembered: remember)
  }

  func newSession(
    of user: User, authenticatedBy methods: [AuthenticationMethod], remember: Bool, from client: Client
  ) -> (SessionID, Session) {
    let now = clock.now
    let lifetime = remember ? policy.sessions.lifetime : min(policy.sessions.lifetime, policy.sessions.unrememberedLifetime)
    let sessionID = SessionID(policy.tokenFormat.makeToken(random))
    let session = Session(
      id: sessionID.digest, userID: user.id, createdAt: now, lastUsedAt: now, expiresAt: now + lifetime,
      authenticatedAt: methods.isEmpty ? nil : now, methods: methods,
      ipAddress: client.ipAddress?.description, userAgent: client.userAgent)
    return (sessionID, session)
  }

  /// The session, if it is open, with its user.
  func requireSession(_ id: SessionID) async throws(AuthError) -> (session: Session, user: User) {
    do {
      if let found = try await store.findSession(id.digest, in: policy.liveSessions(at: clock.now)) { return found }
    } catch {
      throw AuthError(error)
    }
    throw .invalidSession
  }
}
