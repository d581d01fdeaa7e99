import AuthCore
import AuthTesting
import Synchronization

extension FaultyStore {
  func addSession(
    _ session: Session, limit: Int, live: Session.Cutoff, ifPassword: PasswordHash?, replacing former: TokenDigest?,
    settling attempt: Throttle.Attempt?, recognizing sighting: KnownClient.Sighting?
  ) async throws(StoreError) -> Session.Opening {
    if fault == .remembersRefusedClients, let sighting { try await remember(sighting, of: session.userID) }
    let user = await users().first { $0.id == session.userID }
    guard let user else {
      if fault == .opensWithoutUser { return .passwordChanged }
      if fault == .opensForDeleted, memory.withLock({ $0.deletedUsers.contains { $0.id == session.userID } }) { return .opened }
      if fault == .replacesWithoutUser, let former { _ = try await base.endSession(former, in: .everySession) }
      throw .noResultFound
    }
    if let opening = try await openingIfDisabled(user.id, replacing: former, settling: attempt) { return opening }
    if let ifPassword, ifPassword != user.hashedPassword, !passes(ifPassword, for: user) {
      if fault == .clearsSessionsForWrongHash { try await base.updateUser(user.id, .endSessions) }
      if fault == .replacesWhenRefused, let former { _ = try await base.endSession(former, in: .everySession) }
      if fault == .countsForChangedPassword, let attempt { _ = try await base.settle(attempt) }
      return .passwordChanged
    }
    var attempt = attempt
    if let due = attempt, let opening = try await settleFirst(due, replacing: former) {
      guard opening == .opened else { return opening }
      attempt = nil
    }
    let isGuardDropped = fault == .checksThenOpens || ifPassword.map { passes($0, for: user) } == true
    let stored = await sessions().filter { $0.userID == user.id }
    if fault == .checksThenOpens || fault == .countsThenOpens { await letOthersRun() }
    let dead = stored.filter { !live.contains($0) }
    try await makeRoom(for: session, among: stored.filter(live.contains), limit: limit)
    let opening = try await base.addSession(
      saved(session), limit: isRoomMade ? .max : limit, live: fault == .countsDeadSessions ? .everySession : live,
      ifPassword: isGuardDropped ? nil : ifPassword,
      replacing: fault == .keepsReplaced || fault == .countsReplaced ? nil : former, settling: attempt,
      recognizing: await altered(sighting, of: session))
    guard opening == .opened else { return opening }
    memory.withLock {
      $0.sessions.append(session)
      $0.emailsAtLogin[session.id] = user.email
    }
    if fault == .countsReplaced, let former { _ = try await base.endSession(former, in: .everySession) }
    if fault == .keepsDeadSessions {
      for session in dead {
        _ = try await base.addSession(session, limit: .max, live: .everySession, ifPassword: nil, replacing: nil)
      }
    }
    return .opened
  }

  /// Remembers a client with a session of its own.
  private func remember(_ sighting: KnownClient.Sighting, of id: User.ID) async throws(StoreError) {
    let session = Session(
      id: TokenDigest(hex: String(repeating: "f", count: 64)), userID: id, createdAt: sighting.at, lastUsedAt: sighting.at,
      expiresAt: sighting.at)
    _ = try? await base.addSession(
      session, limit: .max, live: .everySession, ifPassword: nil, replacing: nil, settling: nil, recognizing: sighting)
    _ = try await base.endSession(session.id, in: .everySession)
  }

  /// The sighting as the fault takes it.
  private func altered(_ sighting: KnownClient.Sighting?, of session: Session) async -> KnownClient.Sighting? {
    guard let sighting else { return nil }
    var (digest, at, memory) = (sighting.digest, sighting.at, sighting.memory)
    switch fault {
    case .forgetsClientsOfLogins: return nil
    case .knowsEveryClient: digest = TokenDigest(hex: String(repeating: "1", count: 64))
    case .remembersClientsForEver: memory = .seconds(1 << 40)
    case .looksThenTells:
      let isNew = self.memory.withLock { memory in
        let clients = memory.firstClients[session.userID, default: [:]]
        return !clients.isEmpty && clients[digest] == nil
      }
      await letOthersRun()
      self.memory.withLock { [digest, at] in $0.firstClients[session.userID, default: [:]][digest] = at }
      if isNew { _ = try? await base.addMessage(sighting.notice, limit: .max) }
      return nil
    case .remembersFirstLoginOnly:
      let isKnown = self.memory.withLock { $0.firstClients[session.userID, default: [:]][digest] }
      at = isKnown ?? at
      self.memory.withLock { [at] in $0.firstClients[session.userID, default: [:]][digest] = at }
    default: break
    }
    return KnownClient.Sighting(digest: digest, at: at, memory: memory, notice: sighting.notice)
  }

  /// Settles the attempt before the session is added, where that is the fault.
  private func settleFirst(
    _ attempt: Throttle.Attempt, replacing former: TokenDigest?
  ) async throws(StoreError) -> Session.Opening? {
    switch fault {
    case .ignoresAttempt: return .opened
    case .opensDuringDelay:
      _ = try await base.settle(attempt)
      return .opened
    case .settlesThenOpens:
      let outcome = try await base.settle(attempt)
      await letOthersRun()
      if case .refused(let delay) = outcome { return .throttled(retryAfter: delay) }
      return .opened
    case .replacesDuringDelay, .returnsWholeDelay:
      var counters = try await base.findCounters(of: attempt.keys)
      guard case .refused(let delay) = attempt.settle(&counters) else { return nil }
      _ = try await base.settle(attempt)
      if fault == .replacesDuringDelay, let former { _ = try await base.endSession(former, in: .everySession) }
      return .throttled(retryAfter: fault == .returnsWholeDelay ? .seconds(60) : delay)
    default: return nil
    }
  }

  private func passes(_ hash: PasswordHash, for user: User) -> Bool {
    fault == .opensForAnyHash || fault == .comparesHashesAsCharacters && hash.text == user.hashedPassword.text
  }

  private func saved(_ session: Session) -> Session {
    switch fault {
    case .losesLastUse:
      Session(
        id: session.id, userID: session.userID, createdAt: session.createdAt, lastUsedAt: session.createdAt,
        expiresAt: session.expiresAt)
    case .losesAuthentication: session.with(authenticatedAt: nil, methods: session.methods)
    case .keepsFirstMethodOnly: session.with(authenticatedAt: session.authenticatedAt, methods: Array(session.methods.prefix(1)))
    case .keeps32BitTimes:
      Session(
        id: session.id, userID: session.userID, createdAt: session.createdAt, lastUsedAt: session.lastUsedAt,
        expiresAt: min(session.expiresAt, Timestamp(secondsSince1970: Int64(Int32.max))))
    case .endsUserAgentAtNUL: session.with(userAgent: session.userAgent.map { String($0.prefix { $0 != "\0" }) })
    case .takesEmptyUserAgentForNone: session.with(userAgent: session.userAgent == "" ? nil : session.userAgent)
    default: session
    }
  }

  /// Whether ``makeRoom(for:among:limit:)`` does what the base store would do, with the fault.
  private var isRoomMade: Bool {
    switch fault {
    case .keepsEveryLogin, .endsNewest, .endsLowestID, .endsHighestID, .endsLeastUsed, .endsOneAtMost, .countsThenOpens: true
    default: false
    }
  }

  private func makeRoom(for session: Session, among live: [Session], limit: Int) async throws(StoreError) {
    if fault == .countsSessionsOfAll, limit == 1 { await endSessions { _ in true } }
    guard isRoomMade, fault != .keepsEveryLogin, live.count >= limit else { return }
    let surplus = live.count - limit + 1
    let ended =
      switch fault {
      case .endsNewest: live.suffix(surplus)
      case .endsLowestID: live.sorted { $0.id.hex < $1.id.hex }.prefix(surplus)
      case .endsHighestID: live.sorted { $0.id.hex > $1.id.hex }.prefix(surplus)
      case .endsLeastUsed: live.sorted { $0.lastUsedAt < $1.lastUsedAt }.prefix(surplus)
      case .endsOneAtMost: live.prefix(1)
      default: live.prefix(surplus)
      }
    for session in ended { _ = try await base.endSession(session.id, in: .everySession) }
  }

  func findSession(
    _ id: TokenDigest, in live: Session.Cutoff
  ) async throws(StoreError) -> (session: Session, user: User)? {
    let shift = Duration.seconds(1)
    let live =
      switch fault {
      case .sessionLastsLonger: Session.Cutoff(expiringAfter: live.expiringAfter - shift, usedAfter: live.usedAfter)
      case .idleSessionLastsLonger: Session.Cutoff(expiringAfter: live.expiringAfter, usedAfter: live.usedAfter - shift)
      default: live
      }
    guard let (session, user) = try await base.findSession(id, in: live) else {
      guard fault == .keepsSessionsOfDeleted else { return nil }
      return memory.withLock { memory in
        let session = memory.sessionsOfDeleted.first { $0.id == id && live.contains($0) }
        let user = memory.deletedUsers.first { $0.id == session?.userID }
        return session.flatMap { session in user.map { (session, $0) } }
      }
    }
    guard fault == .movesUseBack, let seen = memory.withLock({ $0.sessions.last { $0.id == id } }) else { return (session, user) }
    return (seen, user)
  }

  func touchSession(_ id: TokenDigest, at moment: Timestamp) async throws(StoreError) {
    let remembered = memory.withLock { memory -> Session? in
      guard let index = memory.sessions.lastIndex(where: { $0.id == id }) else { return nil }
      memory.sessions[index].lastUsedAt = moment
      return memory.sessions[index]
    }
    if try await base.findSession(id, in: .everySession) == nil {
      if fault == .refusesToTouchUnknown { throw .noResultFound }
      if fault == .revivesTouched, let remembered {
        _ = try await base.addSession(remembered, limit: .max, live: .everySession, ifPassword: nil, replacing: nil)
      }
    }
    try await base.touchSession(id, at: moment)
  }

  func endSession(_ id: TokenDigest, in live: Session.Cutoff) async throws(StoreError) -> User.ID? {
    let found = try await base.findSession(id, in: .everySession)
    if fault == .takesTokenForSession, let owner = memory.withLock({ $0.tokens[id] }) { return owner }
    if fault == .endsAllOfUser, let found { try await base.updateUser(found.user.id, .endSessions) }
    if fault == .keepsSessionEndedLate, let found, !live.contains(found.session) { return nil }
    if fault == .looksThenEnds, found != nil { await letOthersRun() }
    let owner = try await base.endSession(id, in: live)
    switch fault {
    case .endsForever: return 1
    case .returnsFirstUser: return owner.map { _ in 1 }
    case .endsAllOfUser, .endsLateWithSuccess, .looksThenEnds: return found?.user.id
    default: return owner
    }
  }
}

extension FaultyStore {
  /// All stored sessions, oldest first.
  func sessions() async -> [Session] {
    var sessions: [Session] = []
    for session in memory.withLock({ $0.sessions }) {
      if let found = try? await base.findSession(session.id, in: .everySession) { sessions.append(found.session) }
    }
    return sessions
  }

  /// Stores the session as it is here, in place of a stored one with its id.
  func put(_ session: Session) async throws(StoreError) {
    _ = try await base.addSession(session, limit: 20, live: .everySession, ifPassword: nil, replacing: session.id)
  }

  func endSessions(where isEnding: (Session) -> Bool) async {
    for session in await sessions() where isEnding(session) { _ = try? await base.endSession(session.id, in: .everySession) }
  }
}

extension Session {
  func with(userAgent: String?) -> Session {
    Session(
      id: id, userID: userID, createdAt: createdAt, lastUsedAt: lastUsedAt, expiresAt: expiresAt,
      authenticatedAt: authenticatedAt, methods: methods, ipAddress: ipAddress, userAgent: userAgent)
  }

  func with(authenticatedAt: Timestamp?, methods: [AuthenticationMethod]) -> Session {
    Session(
      id: id, userID: userID, createdAt: createdAt, lastUsedAt: lastUsedAt, expiresAt: expiresAt,
      authenticatedAt: authenticatedAt, methods: methods, ipAddress: ipAddress, userAgent: userAgent)
  }

  var withoutClient: Session {
    Session(
      id: id, userID: userID, createdAt: createdAt, lastUsedAt: lastUsedAt, expiresAt: expiresAt,
      authenticatedAt: authenticatedAt, methods: methods)
  }
}
