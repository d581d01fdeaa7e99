internal import AuthCore

extension StoreContract.Clause {
  package static let purgeDeletesWhatHasEnded = Self(
    .maintenance, "a purge deletes what has ended, to the second, and nothing else"
  ) { trial in
    let (bob, session, token) = try await trial.addFullUser("bob")
    let unused = Session(
      id: Samples.digest("unused"), userID: bob.id, createdAt: Samples.now, lastUsedAt: Samples.now + .seconds(9),
      expiresAt: Samples.now + .seconds(86_400))
    try await trial.addSession(unused)
    let keys = [Throttle.Key(.loginEmail, digest: "a"), Throttle.Key(.loginEmail, digest: "b"), Samples.key("c")]
    try await trial.count([99, 100, 100].map { Samples.count($0) }, for: keys)
    // Session and token end an hour from now; the other session was used after 9 seconds, the attempts were made now.
    let early = Purge.Scope(
      live: Session.Cutoff(expiringAfter: session.expiresAt - Samples.second, usedAfter: Samples.now - Samples.second),
      countersBefore: Samples.now, lockThreshold: 100, limit: 100)
    try await trial.expect(trial.store.purge(early), is: Purge.Result(sessions: [], count: 0), "the rows purged a second early")
    let due = Purge.Scope(
      live: Session.Cutoff(expiringAfter: session.expiresAt, usedAfter: Samples.now - Samples.second),
      countersBefore: Samples.now + Samples.second, lockThreshold: 100, limit: 100)
    try await trial.expect(trial.store.purge(due), is: Purge.Result(sessions: [session], count: 4), "the rows purged in time")
    let owner = try await trial.store.findUser(withResetToken: token.id, now: .distantPast)
    try trial.expect(owner, is: nil, "the owner of the purged reset token")
    try await trial.expect(
      trial.store.findCounters(of: keys), is: [.none, Samples.count(100), .none], "the counters that lock an email")
    let idle = Purge.Scope(
      live: Session.Cutoff(expiringAfter: session.expiresAt, usedAfter: unused.lastUsedAt), countersBefore: Samples.now,
      limit: 100)
    try await trial.expect(
      trial.store.purge(idle), is: Purge.Result(sessions: [unused], count: 1), "the session that was not used")
    let left = User(id: bob.id, email: bob.email, hashedPassword: bob.hashedPassword)
    try await trial.expect(trial.user(bob.id), is: left, "the user")
  }

  package static let purgeKeepsToLimit = Self(
    .maintenance, "a purge deletes no more than its limit at a time, and everything in the end"
  ) { trial in
    let bob = try await trial.addUser("bob@me.com")
    for name in ["a", "b", "c", "d", "e"] { try await trial.addSession(Samples.session(name, of: bob)) }
    let ended = Purge.Scope(
      live: Samples.live(at: Samples.now + Samples.hour), countersBefore: Samples.now, limit: 2)
    for count in [2, 2, 1, 0] {
      try await trial.expect(trial.store.purge(ended).count, is: count, "the number of rows purged of five, with a limit of two")
    }
  }

  package static let purgeCountsAllRows = Self(
    .maintenance, "one limit counts rows of all kinds, and each session is returned once, as it was saved"
  ) { trial in
    let bob = try await trial.addUser("bob@me.com")
    let expired = ["a", "b", "c"].map { Samples.session($0, of: bob, expiring: .seconds(9)) }
    let idle = ["d", "e"].map { Samples.session($0, of: bob, used: .seconds(-9), expiring: .seconds(86_400)) }
    let live = Samples.session("live", of: bob, expiring: .seconds(86_400))
    for session in expired + idle + [live] {
      _ = try await trial.store.addSession(session, limit: 20, live: Samples.everySession, ifPassword: nil, replacing: nil)
    }
    for name in ["alice", "carol"] { _ = try await trial.addFullUser(name) }
    let keys = ["a", "b", "c", "d"].map(Samples.key)
    try await trial.count((1...4).map { Samples.count(1, at: Samples.now + .seconds($0)) }, for: keys)

    // The sessions and reset tokens of the other two last an hour.
    let limits = Session.Cutoff(expiringAfter: Samples.now + Samples.hour, usedAfter: Samples.now - Samples.second)
    let ended = Purge.Scope(live: limits, countersBefore: Samples.now + .seconds(4), limit: 4)
    var (sessions, counts) = ([Session](), [Int]())
    // Four full calls would delete all users and all rows.
    for _ in 1...5 {
      let purged = try await trial.store.purge(ended)
      try trial.expect(purged.sessions.count <= purged.count, is: true, "whether sessions are among what is counted")
      sessions += purged.sessions
      counts.append(purged.count)
    }
    try trial.expect(counts, is: [4, 4, 4, 0, 0], "the numbers of rows purged of twelve, with a limit of four")
    let ofBob = sessions.filter { $0.userID == bob.id }.sorted { $0.id.hex < $1.id.hex }
    try trial.expect(ofBob, is: (expired + idle).sorted { $0.id.hex < $1.id.hex }, "the sessions returned")
    try trial.expect(sessions.count, is: 7, "the number of sessions returned")
    try await trial.expect(trial.isStored(live), is: true, "whether a live session is open")
    try await trial.expect(
      trial.store.findCounters(of: keys), is: [.none, .none, .none, Samples.count(1, at: Samples.now + .seconds(4))],
      "the counters left")
  }

  package static let purgeKeepsUsersAndMessages = Self(.maintenance, "users and waiting messages are never purged") { trial in
    let bob = try await trial.addUser("bob@me.com")
    for name in ["a", "b"] { _ = try await trial.store.addMessage(Samples.message(name), limit: 10) }
    let last = Timestamp(secondsSince1970: .max)
    let ended = Purge.Scope(
      live: Session.Cutoff(expiringAfter: last, usedAfter: last), countersBefore: last, limit: 100)
    try await trial.expect(trial.store.purge(ended), is: Purge.Result(sessions: [], count: 0), "the purged rows")
    try await trial.expect(trial.user(bob.id), is: bob, "the user")
    try await trial.expect(trial.claimAll().sorted(), is: ["a", "b"], "the messages")
  }

  package static let purgeKnowsDistantTimes = Self(.maintenance, "a purge compares times correctly, however distant") { trial in
    let bob = try await trial.addUser("bob@me.com")
    let key = Samples.key("a")
    for (index, seconds) in ([.min + 1, -1, 1 << 31, (1 << 53) + 1, .max] as [Int64]).enumerated() {
      let moment = Timestamp(secondsSince1970: seconds)
      let session = Session(
        id: Samples.digest("\(index)"), userID: bob.id, createdAt: moment, lastUsedAt: moment, expiresAt: moment)
      _ = try await trial.store.addSession(session, limit: 20, live: Samples.everySession, ifPassword: nil, replacing: nil)
      try await trial.count([Samples.count(1, at: moment - Samples.second)], for: [key])
      let before = moment - Samples.second
      for (limit, sessions, count) in [(before, [], 0), (moment, [session], 2)] as [(Timestamp, [Session], Int)] {
        let ended = Purge.Scope(live: Samples.live(at: limit), countersBefore: limit, limit: 100)
        try await trial.expect(
          trial.store.purge(ended), is: Purge.Result(sessions: sessions, count: count), "the rows purged at \(limit)")
      }
    }
  }

  package static let simultaneousPurgesShareRows = Self(.maintenance, "simultaneous purges return each row once") { trial in
    let bob = try await trial.addUser("bob@me.com")
    for index in 0..<20 { try await trial.addSession(Samples.session("session \(index)", of: bob)) }
    let live = Samples.live(at: Samples.now + Samples.hour)
    @Sendable func scope(_ limit: Int) -> Purge.Scope {
      Purge.Scope(live: live, countersBefore: .distantPast, limit: limit)
    }
    let outcomes = try await trial.atOnce(20) { _, store throws(StoreError) in try await store.purge(scope(3)) }
    // What one is about to delete, another may leave out.
    let purged = try await outcomes.map { try $0.get() } + [trial.store.purge(scope(20))]
    try trial.expect(purged.map(\.count).reduce(0, +), is: 20, "the number of rows purged")
    try trial.expect(Set(purged.flatMap(\.sessions).map(\.id)).count, is: 20, "the number of sessions returned")
  }
}
