internal import AuthCore

extension StoreContract.Clause {
  package static let eventsAreFoundNewestFirst = Self(
    .events, "the events of an account are found, the newest first, and no others"
  ) { trial in
    let events = try trial.events(in: trial.store)
    try await trial.add([.loginFailed, .loginSucceeded, .sessionCreated].map { Samples.event($0, of: 1) }, to: events)
    try await trial.add([Samples.event(.loginFailed, of: 2), Samples.event(.loginFailed, of: nil)], to: events)
    try await trial.add([Samples.event(.passwordChanged, of: 1)], to: events)
    let found = try await trial.allEvents(of: 1, in: events).map(\.kind)
    let expected = ["authn_password_change", "session_created", "authn_login_success", "authn_login_fail"]
    try trial.expect(found, is: expected, "the kinds of the account's events")
    try await trial.expect(trial.allEvents(of: nil, in: events).count, is: 0, "the number of events of no account and no email")
    try await trial.expect(events.countEvents(), is: 6, "the number of all events")
  }

  package static let eventsAreFoundByEmail = Self(
    .events, "events of an account that is not known are found by the digest of the email"
  ) { trial in
    let events = try trial.events(in: trial.store)
    let (digest, other) = (AuthEvent.digest(ofEmail: "eve@me.com"), AuthEvent.digest(ofEmail: "eve@me.org"))
    try await trial.add([Samples.event(.loginFailed, of: nil, digest: digest), Samples.event(.throttled, of: 1)], to: events)
    try await trial.add([Samples.event(.resetRefused, of: nil, digest: other)], to: events)
    let byEmail = try await trial.allEvents(of: nil, email: digest, in: events).map(\.kind)
    try trial.expect(byEmail, is: ["authn_login_fail"], "the kinds of the email's events")
    let both = try await trial.allEvents(of: 1, email: digest, in: events).map(\.kind)
    try trial.expect(both, is: ["excess_rate_limit_exceeded", "authn_login_fail"], "those of the account or the email")
  }

  package static let eventIsReturnedWhole = Self(
    .events, "an event is returned as it was saved, also after reopening"
  ) { trial in
    let client = Client(ipAddress: IPAddress("2001:db8::7"), userAgent: "'; DROP -- \u{1F600}\u{301}", requestID: "\"r%\"")
    let session = SessionID("x").digest
    let event = AuthEvent(.sessionCreated, at: Samples.now, userID: 7, sessionID: session, client: client)
    try await trial.add([event], to: trial.events(in: trial.store))
    let found = try await trial.allEvents(of: 7, in: trial.events(in: trial.reopened()))
    let expected = RecordedEvent(
      id: found.first?.id ?? 0, at: Samples.now, kind: "session_created", userID: 7, sessionID: session.hex,
      ipAddress: "2001:db8::7", userAgent: client.userAgent, requestID: client.requestID)
    try trial.expect(found, is: [expected], "the event")
    try trial.expect(found.first?.userAgent ?? "", is: client.userAgent ?? "", "the user agent, byte for byte")
  }

  package static let eventsOutliveTheirAccount = Self(
    .events, "what happened to an account stays when the account goes"
  ) { trial in
    let user = try await trial.addUser("bob@me.com")
    let events = try trial.events(in: trial.store)
    try await trial.add([Samples.event(.userCreated, of: user.id)], to: events)
    _ = try await trial.store.eraseUser(user.id, clearing: [])
    try await trial.expect(trial.allEvents(of: user.id, in: events).count, is: 1, "the number of the account's events")
  }

  package static let eventsKeepToBounds = Self(
    .events, "events that are too old or too many are deleted, the oldest first, and counted"
  ) { trial in
    let events = try trial.events(in: trial.store)
    let times = (0..<10).map { Samples.now + Duration.seconds($0) }
    try await trial.add(times.map { Samples.event(.loginFailed, of: 1, at: $0) }, to: events)
    let byAge = AuditLog.Bounds(since: times[3], count: 100)
    try await trial.expect(
      events.addEvents([], keeping: byAge, deletingAtMost: 100), is: 3, "the number of events that were too old")
    let byCount = AuditLog.Bounds(since: .distantPast, count: 4)
    try await trial.expect(
      events.addEvents([], keeping: byCount, deletingAtMost: 100), is: 3, "the number of events that were too many")
    let kept = try await trial.allEvents(of: 1, in: events).map(\.at)
    try trial.expect(kept, is: times[6...].reversed(), "the times of those that are kept")
  }

  package static let eventsAreDeletedAFewAtATime = Self(.events, "no more events are deleted at once than may be") { trial in
    let events = try trial.events(in: trial.store)
    try await trial.add((1...10).map { Samples.event(.loginFailed, of: $0) }, to: events)
    let nothing = AuditLog.Bounds(since: Timestamp(secondsSince1970: .max), count: 100)
    try await trial.expect(events.addEvents([], keeping: nothing, deletingAtMost: 4), is: 4, "the number of deleted events")
    try await trial.expect(events.countEvents(), is: 6, "the number of events that are left")
    try await trial.expect(trial.allEvents(of: 4, in: events).count, is: 0, "whether the fourth event is there")
    try await trial.expect(trial.allEvents(of: 5, in: events).count, is: 1, "whether the fifth event is there")
  }

  package static let simultaneousEventsAreAllKept = Self(
    .events, "of events that are saved at the same time each is kept once, and those of one call stay in order"
  ) { trial in
    _ = try trial.events(in: trial.store)
    let saved = try await trial.atOnce(20) { index, store throws(StoreError) in
      let steps = (0..<5).map { Samples.event(.loginFailed, of: Int64(index), at: Samples.now + .seconds($0)) }
      // It was one a moment ago.
      _ = try await (store as? any EventStore)?.addEvents(steps, keeping: Samples.everyEvent, deletingAtMost: 10)
    }
    for outcome in saved { try outcome.get() }
    let events = try trial.events(in: trial.store)
    try await trial.expect(events.countEvents(), is: 100, "the number of events")
    for index in 0..<20 {
      let times = try await trial.allEvents(of: Int64(index), in: events).map(\.at)
      try trial.expect(times, is: (0..<5).reversed().map { Samples.now + .seconds($0) }, "the times of the events of one call")
    }
  }
}

extension Trial {
  /// The store as one that keeps events.
  fileprivate func events(in store: any AuthStore) throws -> any EventStore {
    guard let events = store as? any EventStore else {
      throw ContractViolation(
        clause: clause, matter: "the store", expected: "an EventStore", found: "a store that does not conform")
    }
    return events
  }

  fileprivate func add(_ added: [AuthEvent], to events: any EventStore) async throws {
    _ = try await events.addEvents(added, keeping: Samples.everyEvent, deletingAtMost: 10)
  }

  /// The events of all pages.
  fileprivate func allEvents(
    of userID: User.ID?, email digest: String? = nil, in events: any EventStore
  ) async throws -> [RecordedEvent] {
    var page = try await events.findEvents(of: userID, orEmailDigest: digest, from: nil)
    var found = page.entries
    while let next = page.next {
      page = try await events.findEvents(of: userID, orEmailDigest: digest, from: next)
      found += page.entries
    }
    return found
  }
}

extension Samples {
  fileprivate static let everyEvent = AuditLog.Bounds(since: .distantPast, count: .max)

  fileprivate static func event(
    _ kind: AuthEvent.Kind, of userID: User.ID?, digest: String? = nil, at moment: Timestamp = now
  ) -> AuthEvent {
    AuthEvent(kind, at: moment, userID: userID, emailDigest: digest, client: .unknown)
  }
}
