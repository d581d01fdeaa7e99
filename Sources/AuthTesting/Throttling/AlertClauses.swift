internal import AuthCore

extension Samples {
  /// A failed login by an email that the seventh failure locks, without a delay before, whose third warns the user; the next
  /// warning may come an hour later.
  fileprivate static func guess(
    _ id: OutboxMessage.ID, at user: User, at moment: Timestamp = now
  ) -> Throttle.Attempt {
    let throttle = Throttle(threshold: 7, firstDelay: .seconds(60), longestDelay: hour, lockThreshold: 7)
    let warning = OutboxMessage(
      id: id, kind: .failedLogins, userID: user.id, email: user.email, payload: "192.0.2.7", createdAt: moment)
    return Throttle.Attempt(
      [
        Throttle.Attempt.Limit(key: key("a network"), throttle: .unlimited, isOfNetwork: true),
        Throttle.Attempt.Limit(key: loginKeys[0], throttle: throttle, isOfNetwork: false),
      ],
      knownNetwork: Throttle.Key(.knownNetwork, digest: "an email in a network"), memory: .seconds(1 << 40), at: moment,
      alert: Throttle.Alert(
        warning: warning, lockNotice: .accountLocked, key: Throttle.Key(.alertEmail, digest: "an email"), threshold: 3,
        interval: hour))
  }
}

extension Trial {
  /// The ids and kinds of the messages that wait, by their ids.
  fileprivate func waiting() async throws -> [String] {
    var found: [String] = []
    while let message = try await store.claimMessage(now: .distantFuture, until: .distantFuture), found.count < 100 {
      found.append("\(message.id) \(message.kind.rawValue)")
      try await store.removeMessage(message.id)
    }
    return found.sorted()
  }
}

extension StoreContract.Clause {
  package static let failuresQueueWarning = Self(
    .throttle, "the failure that makes enough in a row queues a warning, and another one after the interval"
  ) { trial in
    let bob = try await trial.addUser("bob@me.com")
    let later = Samples.now + Samples.hour
    for (id, moment, expected) in [
      ("1", Samples.now, []), ("2", Samples.now, []), ("3", Samples.now, ["3 failed_logins"]), ("4", Samples.now, []),
      ("5", later - Samples.second, []), ("6", later, ["6 failed_logins"]),
    ] {
      try await trial.expect(trial.store.settle(Samples.guess(id, at: bob, at: moment)), is: .counted, "failure \(id)")
      try await trial.expect(trial.waiting(), is: expected, "the messages after failure \(id)")
    }
    let success = Samples.guess("7", at: bob, at: later + Samples.hour).succeeding
    try await trial.expect(trial.store.settle(success), is: .counted, "a success")
    try await trial.expect(trial.waiting(), is: [], "the messages after a success")
  }

  package static let lockQueuesNotice = Self(
    .throttle, "the failure that locks queues the notice of it, soon after a warning, and once"
  ) { trial in
    let bob = try await trial.addUser("bob@me.com")
    for index in 1...6 { _ = try await trial.store.settle(Samples.guess("\(index)", at: bob)) }
    try await trial.expect(trial.waiting(), is: ["3 failed_logins"], "the messages before the lock")
    try await trial.expect(trial.store.settle(Samples.guess("7", at: bob)), is: .beginsDelay, "the failure that locks")
    try await trial.expect(trial.waiting(), is: ["7 account_locked"], "the messages after the lock")
    let later = Samples.now + .seconds(86_400)
    try await trial.expect(
      trial.store.settle(Samples.guess("8", at: bob, at: later)), is: .refused(retryAfter: Samples.hour), "a later attempt")
    try await trial.expect(trial.waiting(), is: [], "the messages after an attempt that is refused")
  }

  package static let warningNeedsUser = Self(.throttle, "failures of a user who does not exist queue nothing") { trial in
    let bob = try await trial.addUser("bob@me.com")
    try await trial.expect(trial.store.deleteUser(bob.id, ifPassword: bob.hashedPassword), is: true, "deleting the user")
    for index in 1...7 { _ = try await trial.store.settle(Samples.guess("\(index)", at: bob)) }
    try await trial.expect(trial.waiting(), is: [], "the messages")
    try await trial.expect(trial.store.findCounters(of: [Samples.loginKeys[0]]), is: [Samples.count(7)], "the failures")
  }

  package static let simultaneousFailuresWarnOnce = Self(
    .throttle, "simultaneous failures queue one warning and one notice of the lock"
  ) { trial in
    let bob = try await trial.addUser("bob@me.com")
    let outcomes = try await trial.atOnce(20) { index, store throws(StoreError) in
      try await store.settle(Samples.guess("\(index)", at: bob))
    }
    for outcome in outcomes { _ = try outcome.get() }
    let kinds = try await trial.waiting().map { $0.split(separator: " ").last.map(String.init) ?? "" }.sorted()
    try trial.expect(kinds, is: ["account_locked", "failed_logins"], "the kinds of the messages")
  }
}

extension Throttle.Attempt {
  fileprivate var succeeding: Self {
    var attempt = self
    attempt.isSuccess = true
    return attempt
  }
}
