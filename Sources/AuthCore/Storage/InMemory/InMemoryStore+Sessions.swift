extension InMemoryStore {
  /// Saves a session: ``SessionStore/addSession(_:limit:live:ifPassword:replacing:settling:recognizing:)``.
  public func addSession(
    _ session: Session, limit: Int, live: Session.Cutoff, ifPassword: PasswordHash?, replacing former: TokenDigest?,
    settling attempt: Throttle.Attempt?, recognizing sighting: KnownClient.Sighting?
  ) async throws(StoreError) -> Session.Opening {
    try tables.withLock { (tables) throws(StoreError) in
      let index = try tables.indexOfUser(session.userID)
      guard tables.disabledUsers[session.userID] == nil else { return .userDisabled }
      guard ifPassword == nil || ifPassword == tables.users[index].hashedPassword else { return .passwordChanged }
      if let attempt, case .refused(let delay) = tables.settle(attempt) { return .throttled(retryAfter: delay) }
      tables.endSessions { $0.id == former || ($0.userID == session.userID && !live.contains($0)) }
      let surplus = tables.sessions.filter { $0.userID == session.userID }.map(\.id).dropLast(limit - 1)
      tables.endSessions { surplus.contains($0.id) }
      tables.sessions.append(session)
      tables.users[index].sessionID = session.id
      if let sighting { tables.remember(sighting, of: session.userID) }
      return .opened
    }
  }

  /// Finds a session: ``SessionStore/findSession(_:in:)``.
  public func findSession(
    _ id: TokenDigest, in live: Session.Cutoff
  ) async throws(StoreError) -> (session: Session, user: User)? {
    tables.withLock { tables in
      guard let session = tables.sessions.first(where: { $0.id == id && live.contains($0) }),
        let user = tables.users.first(where: { $0.id == session.userID })
      else { return nil }
      return (session, user)
    }
  }

  /// Records the use of a session: ``SessionStore/touchSession(_:at:)``.
  public func touchSession(_ id: TokenDigest, at moment: Timestamp) async throws(StoreError) {
    tables.withLock { tables in
      guard let index = tables.sessions.firstIndex(where: { $0.id == id }) else { return }
      tables.sessions[index].lastUsedAt = max(moment, tables.sessions[index].lastUsedAt)
    }
  }

  /// Ends a session: ``SessionStore/endSession(_:in:)``.
  public func endSession(_ id: TokenDigest, in live: Session.Cutoff) async throws(StoreError) -> User.ID? {
    tables.withLock { tables in
      let session = tables.sessions.first { $0.id == id && live.contains($0) }
      tables.endSessions { $0.id == id }
      return session?.userID
    }
  }

  /// Lists a user's sessions: ``SessionStore/findSessions(of:in:)``.
  public func findSessions(of id: User.ID, in live: Session.Cutoff) async throws(StoreError) -> [Session] {
    tables.withLock { tables in
      tables.sessions.reversed().filter { $0.userID == id && live.contains($0) }
    }
  }

  /// Ends sessions of a user: ``SessionStore/endSessions(_:of:in:)``.
  public func endSessions(
    _ selection: Session.Selection, of id: User.ID, in live: Session.Cutoff
  ) async throws(StoreError) -> [TokenDigest] {
    tables.withLock { tables in
      let ending = tables.sessions.filter { $0.userID == id && selection.contains($0.id) }
      tables.endSessions { ending.contains($0) }
      return ending.filter(live.contains).map(\.id)
    }
  }
}
