internal import AuthCore

extension Samples {
  static let day = Duration.seconds(86_400)

  static func newLogin(_ id: OutboxMessage.ID, of user: User, at moment: Timestamp = now) -> OutboxMessage {
    OutboxMessage(
      id: id, kind: .newLogin, userID: user.id, email: user.email, payload: "192.0.2.7\nagent", createdAt: moment)
  }
}

extension Trial {
  /// Logs the user in from a client that is remembered for ten days, and returns whether that queued the notice.
  func isTold(
    _ user: User, of client: String, at moment: Timestamp = Samples.now, ifPassword: PasswordHash? = nil
  ) async throws -> Bool {
    let name = "\(client) of \(user.id) at \(moment.secondsSince1970)"
    _ = try await store.addSession(
      Samples.session(name, of: user, at: moment), limit: 20, live: Samples.live(at: moment), ifPassword: ifPassword,
      replacing: nil, settling: nil,
      recognizing: KnownClient.Sighting(
        digest: Samples.digest(client), at: moment, memory: Samples.day * 10,
        notice: Samples.newLogin(name, of: user, at: moment)))
    let message = try await store.claimMessage(now: .distantFuture, until: .distantFuture)
    guard let message else { return false }
    try expect(
      message, is: Samples.newLogin(name, of: user, at: moment).tried, "the message that the login queued")
    try await store.removeMessage(message.id)
    return true
  }
}

extension OutboxMessage {
  fileprivate var tried: OutboxMessage {
    var message = self
    message.tries = 1
    return message
  }
}

extension StoreContract.Clause {
  package static let newClientQueuesNotice = Self(
    .sessions, "a login from a new client queues the notice, except for the first of a user"
  ) { trial in
    let users = [try await trial.addUser("bob@me.com"), try await trial.addUser("alice@me.com")]
    for user in users {
      try await trial.expect(trial.isTold(user, of: "laptop"), is: false, "a notice of the first login of user \(user.id)")
      try await trial.expect(
        trial.isTold(user, of: "laptop", at: Samples.now + Samples.second), is: false, "a notice of the same client")
      try await trial.expect(trial.isTold(user, of: "phone"), is: true, "a notice of another client")
    }
  }

  package static let clientIsForgotten = Self(
    .sessions, "a client is known as long as it is remembered since its last login, and new after that, purged or not"
  ) { trial in
    let bob = try await trial.addUser("bob@me.com")
    for (days, isNew) in [(0, false), (9, false), (18, false), (28, false)] {
      let moment = Samples.now + Samples.day * days
      try await trial.expect(trial.isTold(bob, of: "laptop", at: moment), is: isNew, "a notice after \(days) days")
    }
    let forgotten = Samples.now + Samples.day * 38 + Samples.second
    try await trial.expect(trial.isTold(bob, of: "laptop", at: forgotten), is: true, "a notice after the memory ended")
    let purge = Purge.Scope(
      live: Samples.everySession, countersBefore: .distantPast, clientsBefore: forgotten + Samples.second, limit: 100)
    try await trial.expect(trial.store.purge(purge), is: Purge.Result(sessions: [], count: 1), "the client that is purged")
    try await trial.expect(
      trial.isTold(bob, of: "laptop", at: forgotten + Samples.second), is: true,
      "a notice of the first login after all clients were purged")
  }

  package static let refusedLoginRemembersNothing = Self(
    .sessions, "a login that opens no session remembers no client and queues nothing"
  ) { trial in
    let bob = try await trial.addUser("bob@me.com")
    try await trial.expect(trial.isTold(bob, of: "laptop"), is: false, "a notice of the first login")
    try await trial.expect(
      trial.isTold(bob, of: "phone", ifPassword: Samples.newHash), is: false, "a notice of a login that is refused")
    try await trial.expect(
      trial.isTold(bob, of: "phone", at: Samples.now + Samples.second), is: true, "a notice of the login after it")
  }

  package static let newClientIsToldOnce = Self(
    .sessions, "simultaneous logins from one new client queue one notice"
  ) { trial in
    let bob = try await trial.addUser("bob@me.com")
    try await trial.expect(trial.isTold(bob, of: "laptop"), is: false, "a notice of the first login")
    let outcomes = try await trial.atOnce(10) { index, store throws(StoreError) in
      try await store.addSession(
        Samples.session("phone \(index)", of: bob), limit: 20, live: Samples.everySession, ifPassword: nil, replacing: nil,
        settling: nil,
        recognizing: KnownClient.Sighting(
          digest: Samples.digest("phone"), at: Samples.now, memory: Samples.day * 10,
          notice: Samples.newLogin("\(index)", of: bob)))
    }
    for outcome in outcomes { try trial.expect(try outcome.get(), is: .opened, "one of the logins") }
    try await trial.expect(
      trial.store.findWaitingMessages(.init(), after: nil, limit: 100).count, is: 1, "the number of messages")
  }
}
