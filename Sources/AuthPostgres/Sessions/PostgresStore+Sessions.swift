#if Postgres
public import AuthCore

extension PostgresStore {
  /// Saves a session: ``AuthCore/SessionStore/addSession(_:limit:live:ifPassword:replacing:settling:recognizing:)``.
  public func addSession(
    _ session: Session, limit: Int, live: Session.Cutoff, ifPassword: PasswordHash?, replacing former: TokenDigest?,
    settling attempt: Throttle.Attempt?, recognizing sighting: KnownClient.Sighting?
  ) async throws(StoreError) -> Session.Opening {
    let insertion = SessionInsertion(
      session: session, id: try session.id.storable, limit: limit, live: live, password: ifPassword)
    let call: PostgresWrite.Call
    if former == nil, attempt == nil, sighting == nil {
      call = .insertion(insertion)
    } else {
      var query = insertion.query(
        statements.addSession, replacing: former.flatMap(DigestBytes.init), settling: attempt)
      query.add(try sighting?.digest.storable)
      query.add(sighting?.at.secondsSince1970)
      query.add(sighting?.forgottenBefore.secondsSince1970)
      query.add(sighting?.dueBy.secondsSince1970)
      query.add(notice: sighting?.notice)
      call = .function(query)
    }
    return try await write(call, repeating: .safe) { rows, own throws(StoreError) in
      switch rows.integer(own, 0) {
      case 0: throw .noResultFound
      case 1: .passwordChanged
      case 2: .userDisabled
      case 3: .throttled(retryAfter: .seconds(rows.integer(own, 1)))
      default: .opened
      }
    }
  }

  /// Finds a session: ``AuthCore/SessionStore/findSession(_:in:)``.
  public func findSession(
    _ id: TokenDigest, in live: Session.Cutoff
  ) async throws(StoreError) -> (session: Session, user: User)? {
    guard let bytes = DigestBytes(id) else { return nil }
    return try await findSession(PostgresRead.SessionKey(id: id, bytes: bytes, live: live))
  }

  /// Finds the profile of a session's user: ``AuthCore/SessionStore/findProfile(for:in:)``.
  public func findProfile(
    for id: TokenDigest, in live: Session.Cutoff
  ) async throws(StoreError) -> (profile: Profile, lastUsedAt: Timestamp)? {
    guard let bytes = DigestBytes(id) else { return nil }
    return try await findProfile(PostgresRead.SessionKey(id: id, bytes: bytes, live: live))
  }

  /// Records the use of a session: ``AuthCore/SessionStore/touchSession(_:at:)``.
  public func touchSession(_ id: TokenDigest, at moment: Timestamp) async throws(StoreError) {
    guard let bytes = DigestBytes(id) else { return }
    try await write(statements.touchSession, repeating: .safe) { query in
      query.add(bytes)
      query.add(moment.secondsSince1970)
    } _: { _ in
    }
  }

  /// Lists a user's sessions: ``AuthCore/SessionStore/findSessions(of:in:)``.
  public func findSessions(of id: User.ID, in live: Session.Cutoff) async throws(StoreError) -> [Session] {
    try await read(statements.sessionsOfUser) { query in
      query.add(id)
      query.add(live.expiringAfter.secondsSince1970)
      query.add(live.usedAfter.secondsSince1970)
    } _: { result in
      (0..<result.count).map { result.session($0, 1, id: result.digest($0, 0)) }
    }
  }

  /// Ends a session: ``AuthCore/SessionStore/endSession(_:in:)``.
  public func endSession(_ id: TokenDigest, in live: Session.Cutoff) async throws(StoreError) -> User.ID? {
    guard let bytes = DigestBytes(id) else { return nil }
    return try await write(statements.endSession, repeating: .none) { query in
      query.add(bytes)
    } _: { result in
      guard result.count > 0, result.timestamp(0, 1) > live.expiringAfter, result.timestamp(0, 2) > live.usedAfter else {
        return nil
      }
      return result.integer(0, 0)
    }
  }

  /// Ends sessions of a user: ``AuthCore/SessionStore/endSessions(_:of:in:)``.
  public func endSessions(
    _ selection: Session.Selection, of id: User.ID, in live: Session.Cutoff
  ) async throws(StoreError) -> [TokenDigest] {
    let (only, except): (DigestBytes?, DigestBytes?)
    switch selection {
    case .all: (only, except) = (nil, nil)
    case .only(let one):
      guard let bytes = DigestBytes(one) else { return [] }
      (only, except) = (bytes, nil)
    case .allBut(let one): (only, except) = (nil, DigestBytes(one))
    }
    return try await write(statements.endSessions, repeating: .none) { query in
      query.add(id)
      query.add(only)
      query.add(except)
    } _: { result in
      (0..<result.count).filter { row in
        result.timestamp(row, 1) > live.expiringAfter && result.timestamp(row, 2) > live.usedAfter
      }.map { result.digest($0, 0) }
    }
  }
}

extension Session {
  /// What ``PostgresResult/session(_:_:id:)`` reads, in this order, from `sessions s`.
  static let columns = """
    s.user_id, s.created_at, s.last_used_at, s.expires_at, s.authenticated_at, s.methods, s.ip_address, s.user_agent
    """
}

extension PostgresResult {
  /// The session with this id in eight columns from `first` on.
  func session(_ row: Int, _ first: Int, id: TokenDigest) -> Session {
    Session(
      id: id, userID: integer(row, first), createdAt: timestamp(row, first + 1), lastUsedAt: timestamp(row, first + 2),
      expiresAt: timestamp(row, first + 3), authenticatedAt: timestampIfAny(row, first + 4),
      methods: text(row, first + 5).split(separator: " ").map { AuthenticationMethod(rawValue: String($0)) },
      ipAddress: textIfAny(row, first + 6), userAgent: textIfAny(row, first + 7))
  }
}
#endif
