internal import AuthCore

extension StoreContract.Clause {
  package static let changesOfAccountsAreTold = Self(
    .accountEvents, "what becomes of an account is told, with the email that it has then"
  ) { trial in
    let feed = try await trial.keepingAccountEvents()
    let store = trial.store
    let bob = try await trial.addUser("Bob@me.com")
    try await store.updateUser(bob.id, [.email(Samples.email("bob@me.com"))])
    try await store.updateUser(bob.id, [.email(Samples.email("bob@me.org"))])
    _ = try await store.disableUser(bob.id, at: Samples.now, endingSessionsIn: Samples.live(at: Samples.now), notice: nil)
    _ = try await store.enableUser(bob.id, notice: nil)
    let isDeleted = try await store.deleteUser(bob.id, ifPassword: bob.hashedPassword, notice: nil)
    try trial.expect(isDeleted, is: true, "whether the account was deleted")
    let told = try await trial.takeAll(from: feed)
    try trial.expect(Set(told.map(\.userID)), is: [bob.id], "the accounts that the events are about")
    try trial.expect(Set(told.map(\.id)).count, is: told.count, "the number of different ids of events")
    try trial.expect(
      told.map(\.told),
      is: [
        "user_created Bob@me.com", "user_email_changed bob@me.com", "user_email_changed bob@me.org",
        "user_disabled bob@me.org", "user_enabled bob@me.org", "user_deleted bob@me.org",
      ], "the events")
  }

  package static let everyNewAccountIsTold = Self(
    .accountEvents, "every new account is told, no matter how it came, and so is a deletion by an operator"
  ) { trial in
    let feed = try await trial.keepingAccountEvents()
    let store = trial.store
    let disabled = Account.Import(email: Samples.email("c@me.com"), hash: Samples.hash, disabledAt: Samples.now)
    _ = try await store.addUser(
      email: Samples.email("a@me.com"), hashedPassword: Samples.hash, queueing: Samples.message("a message"), limit: 1)
    _ = try await store.importUsers([
      Account.Import(email: Samples.email("b@me.com"), hash: Samples.hash, disabledAt: nil), disabled, disabled,
    ])
    let registration = Registration(
      id: Samples.digest("r"), email: Samples.email("d@me.com"), hashedPassword: Samples.hash, createdAt: Samples.now,
      expiresAt: Samples.now + Samples.hour)
    _ = try await store.addRegistration(registration, queueing: Samples.message("another"), limit: 10)
    let user = try await store.completeRegistration(registration, now: Samples.now)
    // It is disabled, too: that it is not any more is not told.
    _ = try await store.disableUser(user.id, at: Samples.now, endingSessionsIn: Samples.live(at: Samples.now), notice: nil)
    _ = try await store.eraseUser(user.id, clearing: [], notice: nil)
    try await trial.expect(
      trial.takeAll(from: feed).map(\.told).sorted(),
      is: [
        "user_created a@me.com", "user_created b@me.com", "user_created c@me.com", "user_created d@me.com",
        "user_deleted d@me.com", "user_disabled c@me.com", "user_disabled d@me.com",
      ], "the events")
  }

  package static let changedEmailsAreTold = Self(
    .accountEvents, "an email that is confirmed or taken back is told, one that is only asked for is not"
  ) { trial in
    let (bob, session, _) = try await trial.addFullUser("bob")
    let feed = try await trial.keepingAccountEvents()
    let change = try await trial.addChange("a", of: bob, to: "new@me.com", by: session.id)
    try await trial.expect(trial.takeAll(from: feed).map(\.told), is: [], "the events of a request")
    let changed = try await trial.store.confirmEmailChange(Samples.confirmation("a", of: change)).user
    try await trial.issueToken("undo a", "right after a")
    try await trial.expect(
      trial.takeAll(from: feed).map(\.told), is: ["user_email_changed new@me.com"], "those of a confirmation")
    _ = try await trial.takeBack("undo a", from: changed.email)
    try await trial.expect(
      trial.takeAll(from: feed).map(\.told), is: ["user_email_changed \(bob.email.text)"], "those of taking it back")
  }

  package static let whatDidNotHappenIsNotTold = Self(
    .accountEvents, "what was refused, or changed nothing, is not told"
  ) { trial in
    let bob = try await trial.addUser("bob@me.com")
    let ann = try await trial.addUser("ann@me.com")
    let feed = try await trial.keepingAccountEvents()
    let store = trial.store
    _ = try? await store.addUser(email: Samples.email("BOB@me.com"), hashedPassword: Samples.hash)
    _ = try? await store.updateUser(ann.id, [.email(bob.email)])
    try await store.updateUser(ann.id, [.email(ann.email), .hashedPassword(Samples.otherHash)])
    _ = try await store.deleteUser(bob.id, ifPassword: Samples.otherHash, notice: nil)
    _ = try await store.eraseUser(ann.id + 1, clearing: [], notice: nil)
    _ = try await store.enableUser(bob.id, notice: nil)
    _ = try await store.importUsers([Account.Import(email: bob.email, hash: Samples.hash, disabledAt: Samples.now)])
    try await trial.expect(trial.takeAll(from: feed).map(\.told), is: [], "the events")
  }

  package static let accountEventsAreKeptWhileAskedFor = Self(
    .accountEvents, "account events are kept only while they are to be"
  ) { trial in
    let user = try await trial.addUser("a@me.com")
    let feed = try await trial.keepingAccountEvents()
    _ = try await trial.addUser("b@me.com")
    try await feed.keepAccountEvents(for: Samples.hour)
    _ = try await trial.addUser("c@me.com")
    try await feed.keepAccountEvents(for: .zero)
    _ = try await trial.addUser("d@me.com")
    try await trial.store.updateUser(user.id, [.email(Samples.email("e@me.com"))])
    _ = try await trial.store.disableUser(
      user.id, at: Samples.now, endingSessionsIn: Samples.live(at: Samples.now), notice: nil)
    _ = try await trial.store.enableUser(user.id, notice: nil)
    _ = try await trial.store.eraseUser(user.id, clearing: [], notice: nil)
    try await trial.expect(
      trial.takeAll(from: feed).map(\.told), is: ["user_created b@me.com", "user_created c@me.com"], "the events")
  }

  package static let accountEventsComeInOrder = Self(
    .accountEvents, "an event waits until those of its account before it are gone, and holds up no other account"
  ) { trial in
    let feed = try await trial.keepingAccountEvents()
    let bob = try await trial.addUser("bob@me.com")
    try await trial.store.updateUser(bob.id, [.email(Samples.email("bob@me.org"))])
    let first = try await trial.claim(from: feed)
    try trial.expect(first?.told, is: "user_created bob@me.com", "the first event")
    try await trial.expect(trial.claim(from: feed)?.told, is: nil, "an event of the same account while it is claimed")
    _ = try await trial.addUser("ann@me.com")
    try await trial.expect(trial.claim(from: feed)?.told, is: "user_created ann@me.com", "the event of another account")
    try await feed.postponeAccountEvent(first?.id ?? "", until: Samples.end)
    try await trial.expect(trial.claim(from: feed)?.told, is: nil, "an event of the same account while it is postponed")
    try await feed.postponeAccountEvent(first?.id ?? "", until: Samples.now)
    let again = try await trial.claim(from: feed)
    try trial.expect(again?.id, is: first?.id, "the event that is due again")
    try trial.expect(again?.tries, is: 2, "how many times it was claimed")
    try await feed.removeAccountEvent(first?.id ?? "")
    try await feed.removeAccountEvent("no event")
    try await trial.expect(trial.claim(from: feed)?.told, is: "user_email_changed bob@me.org", "the event after it")
    try await trial.expect(trial.claim(from: feed)?.told, is: nil, "the event of the other account, which is still claimed")
  }

  package static let accountEventIsClaimedOnce = Self(
    .accountEvents, "simultaneous claims each get an event of their own, and never two of one account"
  ) { trial in
    _ = try await trial.keepingAccountEvents()
    for index in 0..<10 {
      let user = try await trial.addUser("\(index)@me.com")
      try await trial.store.updateUser(user.id, [.email(Samples.email("\(index)@me.org"))])
    }
    let outcomes = try await trial.atOnce(40) { _, store throws(StoreError) in
      // It was one a moment ago.
      try await (store as? any AccountEventStore)?.claimAccountEvent(now: Samples.late, until: Samples.end)
    }
    let claimed = try outcomes.compactMap { try $0.get() }
    try trial.expect(
      claimed.map(\.told).sorted(), is: (0..<10).map { "user_created \($0)@me.com" }, "the events that were claimed")
  }

  package static let accountEventsOutliveReopening = Self(
    .accountEvents, "account events survive reopening, with their ids and tries, and so does that they are kept"
  ) { trial in
    let feed = try await trial.keepingAccountEvents()
    _ = try await trial.addUser("bob@me.com")
    let event = try await trial.claim(from: feed)
    try await feed.postponeAccountEvent(event?.id ?? "", until: Samples.now)
    let store = try await trial.reopened()
    _ = try await store.addUser(email: Samples.email("ann@me.com"), hashedPassword: Samples.hash)
    let told = try await trial.takeAll(from: trial.accountEvents(in: store))
    try trial.expect(told.map(\.told), is: ["user_created bob@me.com", "user_created ann@me.com"], "the events")
    try trial.expect(told.first?.id, is: event?.id, "the id of the event that was claimed before")
    try trial.expect(told.map(\.tries), is: [2, 1], "how many times they were claimed")
  }
}

extension Trial {
  /// The store as one that keeps account events.
  fileprivate func accountEvents(in store: any AuthStore) throws -> any AccountEventStore {
    guard let events = store as? any AccountEventStore else {
      throw ContractViolation(
        clause: clause, matter: "the store", expected: "an AccountEventStore", found: "a store that does not conform")
    }
    return events
  }

  fileprivate func keepingAccountEvents() async throws -> any AccountEventStore {
    let events = try accountEvents(in: store)
    try await events.keepAccountEvents(for: Samples.hour)
    return events
  }

  fileprivate func claim(from feed: any AccountEventStore) async throws -> AccountEvent? {
    try await feed.claimAccountEvent(now: Samples.late, until: Samples.end)
  }

  /// Claims and removes events until none is left.
  fileprivate func takeAll(from feed: any AccountEventStore) async throws -> [AccountEvent] {
    var events: [AccountEvent] = []
    while let event = try await claim(from: feed) {
      events.append(event)
      try await feed.removeAccountEvent(event.id)
    }
    return events
  }
}

extension Samples {
  fileprivate static let otherHash = PasswordHash("$2b$04$another")
  /// Later than anything that the store's own clock has shown.
  fileprivate static let late = Timestamp(secondsSince1970: 100_000_000_000)
  fileprivate static let end = Timestamp(secondsSince1970: 200_000_000_000)
}

extension AccountEvent {
  fileprivate var told: String { "\(kind.rawValue) \(email.text)" }
}
