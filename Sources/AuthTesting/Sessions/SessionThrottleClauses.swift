internal import AuthCore

extension StoreContract.Clause {
  package static let openingSettlesAttempt = Self(.sessions, "a session opens and settles its attempt in one step") { trial in
    let (alice, aliceSession, _) = try await trial.addFullUser("alice")
    for _ in 1...2 { _ = try await trial.store.settle(Samples.login()) }
    let session = Samples.session("new", of: alice)
    let opening = try await trial.open(session, replacing: aliceSession, settling: Samples.login(isSuccess: true))
    try trial.expect(opening, is: .opened, "adding a session")
    try await trial.expect(trial.isStored(session), is: true, "whether the new session is open")
    try await trial.expect(trial.isStored(aliceSession), is: false, "whether the replaced session is open")
    try await trial.expect(
      trial.store.findCounters(of: Samples.loginKeys), is: [.none, Samples.count(2)], "the counters of email and network")
  }

  package static let delayOpensNothing = Self(
    .sessions, "during a delay no session opens, none is replaced, and the time that is left is returned"
  ) { trial in
    let (alice, aliceSession, _) = try await trial.addFullUser("alice")
    for _ in 1...3 { _ = try await trial.store.settle(Samples.login()) }
    let session = Samples.session("new", of: alice)
    let now = Samples.now + .seconds(20)
    let opening = try await trial.open(
      session, replacing: aliceSession, settling: Samples.login(isSuccess: true, at: now), limit: 1)
    try trial.expect(opening, is: .throttled(retryAfter: .seconds(40)), "adding a session")
    try await trial.expect(trial.isStored(session), is: false, "whether the new session is open")
    try await trial.expect(trial.isStored(aliceSession), is: true, "whether the session that was to be replaced is open")
    try await trial.expect(trial.user(alice.id), is: alice, "the user")
    try await trial.expect(
      trial.store.findCounters(of: Samples.loginKeys), is: [Samples.count(3), Samples.count(4, at: now)],
      "the counters of email and network")
  }

  package static let changedPasswordCountsNothing = Self(
    .sessions, "a session that is refused for a replaced password counts no attempt"
  ) { trial in
    let alice = try await trial.addUser("alice@me.com", hash: Samples.newHash)
    let session = Samples.session("new", of: alice)
    // Without a delay, and during one.
    for count in 2...3 {
      for _ in 1...(count == 2 ? 2 : 1) { _ = try await trial.store.settle(Samples.login()) }
      for isSuccess in [true, false] {
        let opening = try await trial.open(
          session, ifPassword: Samples.hash, settling: Samples.login(isSuccess: isSuccess, at: Samples.now + .seconds(9)))
        try trial.expect(opening, is: .passwordChanged, "adding a session for a replaced password")
      }
      try await trial.expect(
        trial.store.findCounters(of: Samples.loginKeys), is: [Samples.count(count), Samples.count(count)],
        "the counters of email and network")
    }
    try await trial.expect(trial.isStored(session), is: false, "whether the session is open")
  }

  package static let noSessionOpensAfterDelayBegins = Self(
    .sessions, "no simultaneous login opens a session after a wrong password that begins a delay"
  ) { trial in
    for round in 0..<5 {
      let user = try await trial.addUser("bob\(round)@me.com")
      let keys = [Throttle.Key(.loginEmail, digest: "email \(round)"), Samples.key("network \(round)")]
      let throttle = Throttle(threshold: 5, firstDelay: .seconds(60), longestDelay: .seconds(60))
      let whenItBegan = Monitor<[Session]?>(nil)
      let outcomes = try await trial.atOnce(30) { index, store throws(StoreError) in
        var attempt = Samples.attempt(keys, under: throttle)
        guard index.isMultiple(of: 3) else {
          guard try await store.settle(attempt) == .beginsDelay else { return }
          let sessions = try await store.findSessions(of: user.id, in: Samples.everySession)
          whenItBegan.withLock { $0 = sessions }
          return
        }
        attempt.isSuccess = true
        _ = try await store.addSession(
          Samples.session("\(index) of round \(round)", of: user), limit: 100, live: Samples.everySession, ifPassword: nil,
          replacing: nil, settling: attempt)
      }
      for outcome in outcomes { try outcome.get() }
      let sessions = try await trial.store.findSessions(of: user.id, in: Samples.everySession)
      try trial.expect(sessions, is: whenItBegan.withLock { $0 } ?? [], "the sessions in the end and when the delay began")
    }
  }
}

extension Trial {
  fileprivate func open(
    _ session: Session, ifPassword: PasswordHash? = nil, replacing former: Session? = nil, settling attempt: Throttle.Attempt,
    limit: Int = 20
  ) async throws -> Session.Opening {
    try await store.addSession(
      session, limit: limit, live: Samples.live(at: Samples.now), ifPassword: ifPassword, replacing: former?.id,
      settling: attempt)
  }
}
