internal import AuthCore

extension StoreContract.Clause {
  package static let disablingEndsSessions = Self(.disabling, "disabling ends the user's sessions, and nothing else") { trial in
    let (alice, hers, _) = try await trial.addFullUser("alice")
    var (bob, his, token) = try await trial.addFullUser("bob")
    _ = try await trial.store.disableUser(bob.id, at: Samples.now, endingSessionsIn: Samples.everySession)
    try await trial.expect(trial.isStored(his), is: false, "whether the disabled user has a session")
    try await trial.expect(trial.isStored(hers), is: true, "whether another user has a session")
    bob.sessionID = nil
    try await trial.expect(trial.user(bob.id), is: bob, "the disabled user")
    try await trial.expect(trial.user(alice.id), is: alice, "another user")
    let owner = try await trial.store.findUser(withResetToken: token.id, now: Samples.now)
    try trial.expect(owner, is: bob, "the user of the reset token")
  }

  package static let disablingReturnsLiveSessions = Self(.disabling, "disabling returns the sessions that were live") { trial in
    let (bob, live, _) = try await trial.addFullUser("bob")
    let over = Samples.session("over", of: bob, expiring: .zero)
    try await trial.addSession(over, at: .distantPast)
    let ended = try await trial.store.disableUser(
      bob.id, at: Samples.now, endingSessionsIn: Samples.live(at: Samples.now))
    try trial.expect(ended, is: [live.id], "the ids of the ended sessions")
    try await trial.expect(trial.isStored(over), is: false, "whether an expired session is stored")
  }

  package static let disabledUserGetsNoSession = Self(
    .disabling, "for a disabled user no session is saved, none replaced, and nothing counted"
  ) { trial in
    let (_, hers, _) = try await trial.addFullUser("alice")
    let bob = try await trial.addUser("bob@me.com")
    try await trial.disable(bob)
    for hash in [nil, bob.hashedPassword] {
      let session = Samples.session("refused", of: bob)
      let opening = try await trial.store.addSession(
        session, limit: 20, live: Samples.everySession, ifPassword: hash, replacing: hers.id,
        settling: Samples.login(isSuccess: false))
      try trial.expect(opening, is: .userDisabled, "adding a session of a disabled user")
      try await trial.expect(trial.isStored(session), is: false, "whether it is stored")
    }
    try await trial.expect(trial.isStored(hers), is: true, "whether the session to be replaced is stored")
    let counters = try await trial.store.findCounters(of: Samples.loginKeys)
    try trial.expect(counters, is: [.none, .none], "the counters")
    try await trial.expect(trial.user(bob.id), is: bob, "the disabled user")
  }

  package static let noSessionOpensAfterDisabling = Self(
    .disabling, "when sessions are added while the user is disabled, none is left"
  ) { trial in
    let bob = try await trial.addUser("bob@me.com")
    let sessions = (0..<20).map { Samples.session("\($0)", of: bob) }
    let outcomes = try await trial.atOnce(sessions.count) { index, store throws(StoreError) in
      if index == sessions.count / 2 {
        return try await store.disableUser(bob.id, at: Samples.now, endingSessionsIn: Samples.everySession) != nil
      }
      return try await store.addSession(
        sessions[index], limit: 100, live: Samples.everySession, ifPassword: bob.hashedPassword, replacing: nil)
    }
    for outcome in outcomes { _ = try outcome.get() }
    let left = try await trial.store.findSessions(of: bob.id, in: Samples.everySession)
    try trial.expect(left, is: [], "the sessions of the disabled user")
  }

  package static let disablingOutlivesReopening = Self(.disabling, "a disabled user is disabled after reopening") { trial in
    let bob = try await trial.addUser("bob@me.com")
    try await trial.disable(bob)
    let store = try await trial.reopened()
    try await trial.expect(store.disabledAt(bob.id), is: Samples.now, "the moment of disabling")
    try await trial.expect(store.findUser(email: bob.email, counters: []).isDisabled, is: true, "whether a login is refused")
  }
}

extension Trial {
  func disable(_ user: User, at moment: Timestamp = Samples.now) async throws {
    _ = try await store.disableUser(user.id, at: moment, endingSessionsIn: Samples.everySession)
  }

  /// Checks the state of a user, as the read of a login and the other read find it.
  func expectDisabled(_ user: User, at moment: Timestamp?, _ matter: String) async throws {
    try await expect(store.disabledAt(user.id), is: moment, "the moment of disabling \(matter)")
    let found = try await store.findUser(email: user.email, counters: [])
    try expect(found.isDisabled, is: moment != nil, "whether a login finds \(matter) disabled")
  }
}
