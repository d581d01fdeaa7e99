internal import AuthCore

extension StoreContract.Clause {
  package static let deadSessionIsPurged = Self(
    .maintenance, "a session is purged from the second in which it is no longer live, expired or idle"
  ) { trial in
    let bob = try await trial.addUser("bob@me.com")
    let day = Duration.seconds(86_400)
    // At 100 seconds, with a cutoff of 50 seconds for the last use.
    let over = [
      Samples.session("expired", of: bob, used: .seconds(60), expiring: .seconds(99)),
      Samples.session("expires", of: bob, used: .seconds(60), expiring: .seconds(100)),
      Samples.session("idle", of: bob, used: .seconds(49), expiring: day),
      Samples.session("becomes idle", of: bob, used: .seconds(50), expiring: day),
      Samples.session("both", of: bob, used: .seconds(50), expiring: .seconds(100)),
    ]
    let live = [
      Samples.session("expires next", of: bob, used: .seconds(60), expiring: .seconds(101)),
      Samples.session("idle next", of: bob, used: .seconds(51), expiring: day),
    ]
    for session in over + live {
      _ = try await trial.store.addSession(session, limit: 20, live: Samples.everySession, ifPassword: nil, replacing: nil)
    }
    let limits = Session.Cutoff(expiringAfter: Samples.now + .seconds(100), usedAfter: Samples.now + .seconds(50))
    let purged = try await trial.store.purge(Purge.Scope(live: limits, countersBefore: .distantPast, limit: 100))
    let ids = { (sessions: [Session]) in sessions.sorted { $0.id.hex < $1.id.hex } }
    try trial.expect(ids(purged.sessions), is: ids(over), "the sessions purged")
    try trial.expect(purged.count, is: over.count, "the number of rows purged")
    let left = try await trial.store.findSessions(of: bob.id, in: Samples.everySession)
    try trial.expect(left, is: live.reversed(), "the sessions left")
  }

  package static let voidTokenIsPurged = Self(.maintenance, "a reset token is purged from the second in which it is void") {
    trial in
    var ids: [String: User.ID] = [:]
    for (name, distance) in [("alice", -1), ("bob", 0), ("carol", 1)] {
      let user = try await trial.addUser("\(name)@me.com")
      ids[name] = user.id
      let token = ResetToken.Record(
        id: Samples.digest(name), createdAt: Samples.now, expiresAt: Samples.now + .seconds(100 + distance))
      _ = try await trial.store.addResetToken(token, for: user.email)
    }
    let live = Samples.live(at: Samples.now + .seconds(100))
    let purged = try await trial.store.purge(Purge.Scope(live: live, countersBefore: .distantPast, limit: 100))
    try trial.expect(purged, is: Purge.Result(sessions: [], count: 2), "the purged rows")
    for (name, isLeft) in [("alice", false), ("bob", false), ("carol", true)] {
      let owner = try await trial.store.findUser(withResetToken: Samples.digest(name), now: Samples.now)
      try trial.expect(owner?.id, is: isLeft ? ids[name] : nil, "the owner of \(name)'s token")
      try await trial.expect(
        trial.user(ids[name] ?? 0).resetToken, is: isLeft ? Samples.digest(name) : nil, "the reset token that \(name) carries")
    }
  }

  package static let purgeClearsSessionID = Self(
    .maintenance, "users whose newest session is purged have no session id, and others keep theirs"
  ) { trial in
    let (alice, bob) = (try await trial.addUser("alice@me.com"), try await trial.addUser("bob@me.com"))
    let (brief, long) = (Duration.seconds(9), Duration.seconds(86_400))
    for (user, lengths) in [(alice, [long, brief]), (bob, [brief, long])] {
      for (index, length) in lengths.enumerated() {
        try await trial.addSession(Samples.session("\(index) of \(user.id)", of: user, expiring: length))
      }
    }
    let ended = Purge.Scope(live: Samples.live(at: Samples.now + .seconds(9)), countersBefore: .distantPast, limit: 100)
    try await trial.expect(trial.store.purge(ended).count, is: 2, "the number of sessions purged")
    try await trial.expect(trial.user(alice.id).sessionID, is: nil, "the session id of a user whose newest session is gone")
    try await trial.expect(
      trial.user(bob.id).sessionID, is: Samples.digest("1 of \(bob.id)"),
      "the session id of a user whose oldest session is gone")
  }
}
