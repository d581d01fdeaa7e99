/// An open session, as ``Auth/logIn(email:password:replacing:)`` gives it.
public struct Login: Sendable {
  /// The user, with the new session.
  public let user: User
  /// Give it to the user, as a cookie say, and nowhere else.
  public let sessionID: SessionID
  /// When the session ends, however much it is used.
  public let expiresAt: Timestamp
}

extension Auth {
  /// Checks address and password and opens a session; nil when ``validLogin(email:password:)`` would be false.
  ///
  /// - Parameter former: the session that the client has so far. It ends when the new one begins, whoever's it is: nobody goes on
  ///   under an id that somebody else may have given them.
  /// - Throws: ``AuthError/throttled(retryAfter:)``, ``AuthError/conflict``.
  public func logIn(
    email: String, password: String, replacing former: SessionID? = nil
  ) async throws(AuthError) -> Login? {
    // A session is added only while the hash that was checked is still the user's. When it is not, the password or its hash was
    // replaced meanwhile, and the question is asked anew.
    for _ in 1...3 {
      guard let checked = try await check(email: email, password: password) else { return nil }
      let hash = checked.user.hashedPassword
      guard let login = try await openSession(for: checked.user, ifPassword: hash, replacing: former) else { continue }
      record(.loginSucceeded, checked.user.id)
      record(.sessionCreated, checked.user.id, session: login.sessionID.digest)
      await rehash(checked)
      return login
    }
    throw .conflict
  }

  /// Opens a session for the user with this address, without asking for a password; nil when there is no such user.
  public func createSession(email: String) async throws(AuthError) -> SessionID? {
    guard let email = try? Email(email), let user = try await user(with: email) else { return nil }
    guard let login = try await openSession(for: user, ifPassword: nil, replacing: nil) else { return nil }
    record(.sessionCreated, user.id, session: login.sessionID.digest)
    return login.sessionID
  }

  /// Whose session this is; nil for nil, for an empty or unknown id, and for a session that has ended.
  ///
  /// Every call asks the store: a logout anywhere is a logout everywhere, at once.
  public func getUserFromSessionID(_ sessionID: SessionID?) async throws(AuthError) -> User? {
    guard let sessionID, !sessionID.text.isEmpty else { return nil }
    let (id, now) = (sessionID.digest, clock.now)
    do {
      guard let (session, user) = try await store.findSession(id, in: policy.liveSessions(at: now)) else { return nil }
      if policy.isTouchDue(lastUsedAt: session.lastUsedAt, at: now) { await noteUse(of: id, at: now) }
      return user
    } catch {
      throw AuthError(error)
    }
  }

  /// Whose session this is, for those to whom id and address are enough: less is read than for ``getUserFromSessionID(_:)``.
  public func profile(for sessionID: SessionID?) async throws(AuthError) -> Profile? {
    guard let sessionID, !sessionID.text.isEmpty else { return nil }
    let (id, now) = (sessionID.digest, clock.now)
    do {
      guard let found = try await store.findProfile(for: id, in: policy.liveSessions(at: now)) else { return nil }
      if policy.isTouchDue(lastUsedAt: found.lastUsedAt, at: now) { await noteUse(of: id, at: now) }
      return found.profile
    } catch {
      throw AuthError(error)
    }
  }

  /// A store that can be read but not written still knows who this is; at worst the session ends early.
  private func noteUse(of id: Session.ID, at now: Timestamp) async {
    try? await store.touchSession(id, at: now)
  }

  /// Ends this session and says whether it was open.
  @discardableResult
  public func logOut(_ sessionID: SessionID?) async throws(AuthError) -> Bool {
    guard let sessionID, !sessionID.text.isEmpty else { return false }
    let digest = sessionID.digest
    do {
      guard let userID = try await store.endSession(digest, in: policy.liveSessions(at: clock.now)) else { return false }
      record(.sessionEnded, userID, session: digest)
      return true
    } catch {
      throw AuthError(error)
    }
  }

  /// Ends every session of the user. An id that nobody has is no error.
  public func destroySession(userID: User.ID) async throws(AuthError) {
    _ = try await endSessions(.all, of: userID)
  }

  /// The user's open sessions, the newest first. Their ids are digests, which name them and open nothing.
  public func sessions(of userID: User.ID) async throws(AuthError) -> [Session] {
    do { return try await store.findSessions(of: userID, in: policy.liveSessions(at: clock.now)) } catch {
      throw AuthError(error)
    }
  }

  /// Ends the one of the user's sessions that has this id, and says whether there was one that was open: false for somebody else's.
  @discardableResult
  public func endSession(_ id: Session.ID, of userID: User.ID) async throws(AuthError) -> Bool {
    try await endSessions(.only(id), of: userID) > 0
  }

  /// Ends all the user's sessions but this one, and says how many of them were open.
  @discardableResult
  public func endSessions(of userID: User.ID, except sessionID: SessionID) async throws(AuthError) -> Int {
    try await endSessions(.allBut(sessionID.digest), of: userID)
  }

  private func endSessions(_ selection: Session.Selection, of userID: User.ID) async throws(AuthError) -> Int {
    let ended: [Session.ID]
    do {
      ended = try await store.endSessions(selection, of: userID, in: policy.liveSessions(at: clock.now))
    } catch {
      throw AuthError(error)
    }
    for id in ended { record(.sessionEnded, userID, session: id) }
    return ended.count
  }

  /// nil when the user is gone or, given a hash, has another by now.
  func openSession(
    for user: User, ifPassword hash: PasswordHash?, replacing former: SessionID?
  ) async throws(AuthError) -> Login? {
    let (sessionID, session) = newSession(of: user)
    do {
      let isAdded = try await store.addSession(
        session, limit: policy.sessions.maximumPerUser, live: policy.liveSessions(at: session.createdAt), ifPassword: hash,
        replacing: former?.digest)
      guard isAdded else { return nil }
      var user = user
      user.sessionID = session.id
      return Login(user: user, sessionID: sessionID, expiresAt: session.expiresAt)
    } catch .noResultFound {
      return nil
    } catch {
      throw AuthError(error)
    }
  }

  func newSession(of user: User) -> (SessionID, Session) {
    let now = clock.now
    let sessionID = SessionID(policy.tokenFormat.makeToken(random))
    let session = Session(
      id: sessionID.digest, userID: user.id, createdAt: now, lastUsedAt: now, expiresAt: now + policy.sessions.lifetime,
      address: client.address?.description, userAgent: client.userAgent)
    return (sessionID, session)
  }
}
