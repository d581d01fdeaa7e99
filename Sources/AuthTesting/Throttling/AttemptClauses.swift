internal import AuthCore

extension StoreContract.Clause {
  package static let successDeletesCounter = Self(
    .throttle, "a success deletes the counter of the email and leaves that of the network"
  ) { trial in
    let store = trial.store
    for _ in 1...2 { try await trial.expect(store.settle(Samples.login()), is: .counted, "a failure") }
    let later = Samples.now + .seconds(9)
    try await trial.expect(store.settle(Samples.login(isSuccess: true, at: later)), is: .counted, "a success")
    try await trial.expect(
      store.findCounters(of: Samples.loginKeys), is: [.none, Samples.count(2)], "the counters of email and network")
    let scope = Purge.Scope(live: Samples.everySession, countersBefore: later + Samples.hour, limit: 100)
    try await trial.expect(store.purge(scope), is: Purge.Result(sessions: [], count: 1), "the rows left to purge")
  }

  package static let knownNetworkIsRemembered = Self(
    .throttle, "a success is remembered for the email in its network, which is not refused there for the failures of others"
  ) { trial in
    let store = trial.store
    let known = Throttle.Key(.knownNetwork, digest: "an email in a network")
    func login(isSuccess: Bool) -> Throttle.Attempt {
      var attempt = Samples.login(isSuccess: isSuccess)
      attempt.knownNetwork = known
      return attempt
    }
    try await trial.expect(store.settle(login(isSuccess: true)), is: .counted, "a success")
    var others = Samples.login()
    others.limits.removeFirst()
    for _ in 1...10 { _ = try await store.settle(others) }
    try await trial.expect(
      store.settle(Samples.login(isSuccess: true)), is: .refused(retryAfter: .seconds(60)), "an attempt that is not known")
    try await trial.expect(store.settle(login(isSuccess: false)), is: .counted, "a failure that is known")
    try await trial.expect(
      store.findCounters(of: Samples.loginKeys + [known]), is: [Samples.count(1), Samples.count(10), Samples.count(1)],
      "the counters of email, network and both")
  }

  package static let delayRefuses = Self(
    .throttle, "during a delay an attempt is refused for the time that is left, and counts for the network alone"
  ) { trial in
    let store = trial.store
    for outcome in [.counted, .counted, .beginsDelay] as [Throttle.Outcome] {
      try await trial.expect(store.settle(Samples.login()), is: outcome, "one of three failures")
    }
    for (moment, isSuccess, network) in [(0, false, 4), (20, true, 5), (59, false, 6)] {
      let now = Samples.now + .seconds(moment)
      let outcome = try await store.settle(Samples.login(isSuccess: isSuccess, at: now))
      try trial.expect(outcome, is: .refused(retryAfter: .seconds(60 - moment)), "an attempt after \(moment) seconds of 60")
      try await trial.expect(
        store.findCounters(of: Samples.loginKeys), is: [Samples.count(3), Samples.count(network, at: now)],
        "the counters of email and network")
    }
    let end = Samples.now + .seconds(60)
    try await trial.expect(store.settle(Samples.login(at: end)), is: .beginsDelay, "a failure after the delay")
    try await trial.expect(
      store.settle(Samples.login(at: end)), is: .refused(retryAfter: .seconds(120)), "an attempt in the next delay")
  }

  package static let noAttemptIsLost = Self(.throttle, "no simultaneous attempt is lost") { trial in
    let key = Samples.key("a")
    let outcomes = try await trial.atOnce(30) { _, store throws(StoreError) in try await store.settle(Samples.attempt([key])) }
    for outcome in outcomes { try trial.expect(try outcome.get(), is: .counted, "one of 30 attempts") }
    try await trial.expect(trial.store.findCounters(of: [key]), is: [Samples.count(30)], "the counter of 30 attempts")
  }

  package static let oneAttemptBeginsDelay = Self(
    .throttle, "exactly one of several simultaneous attempts at two keys, in either order, begins the delay"
  ) { trial in
    let keys = ["a", "b"].map { Throttle.Key(.loginEmail, digest: $0) }
    let throttle = Throttle(threshold: 20, firstDelay: .seconds(60), longestDelay: .seconds(60))
    let outcomes = try await trial.atOnce(40) { index, store throws(StoreError) in
      // In either order: a store that locks single rows one by one would deadlock.
      try await store.settle(Samples.attempt(index.isMultiple(of: 2) ? keys : keys.reversed(), under: throttle))
    }
    let results = try outcomes.map { try $0.get() }
    for (outcome, count) in [(.counted, 19), (.beginsDelay, 1), (.refused(retryAfter: .seconds(60)), 20)]
      as [(Throttle.Outcome, Int)]
    {
      try trial.expect(results.count { $0 == outcome }, is: count, "the number of attempts with the outcome \(outcome)")
    }
    try await trial.expect(
      trial.store.findCounters(of: keys), is: [Samples.count(20), Samples.count(20)], "the counters in the end")
  }

  package static let noHalfAttemptIsSeen = Self(.throttle, "no reader sees half of an attempt") { trial in
    let keys = ["c", "a", "b"].map(Samples.key)
    let outcomes = try await trial.atOnce(6) { index, store throws(StoreError) in
      for _ in 0..<50 where index.isMultiple(of: 2) { _ = try await store.settle(Samples.attempt(keys)) }
      for round in 0..<2_000 where !index.isMultiple(of: 2) {
        let seen =
          round.isMultiple(of: 2)
          ? try await store.findCounters(of: keys) : try await store.findUser(email: nil, counters: keys).counters
        guard Set(seen.map(\.count)).count == 1 else { return false }
        await Task.yield()
      }
      return true
    }
    for outcome in outcomes {
      try trial.expect(try outcome.get(), is: true, "whether three counters that are always counted together agree")
    }
    try await trial.expect(
      trial.store.findCounters(of: keys), is: Array(repeating: Samples.count(150), count: 3), "the counters in the end")
  }
}
