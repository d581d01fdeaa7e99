internal import AuthCore

extension StoreContract.Clause {
  package static let erasedUserLeavesNothing = Self(
    .administration, "of an erased user no session, token, message or counter is left, and the email is free"
  ) { trial in
    let (bob, session, token) = try await trial.addFullUser("bob")
    let counted = Samples.loginKeys[0]
    try await trial.count([Samples.count(3)], for: [counted])
    let messages = [
      OutboxMessage(
        id: "by id", kind: .passwordChanged, userID: bob.id, email: Samples.email("old@me.com"), createdAt: Samples.now),
      Samples.message("by email", to: "BOB@me.com"),
    ]
    for message in messages { _ = try await trial.store.addMessage(message, limit: 9) }
    try await trial.expect(trial.store.eraseUser(bob.id, clearing: [counted]), is: true, "erasing a user")
    try await trial.expectNoUser("the erased user", by: [.id(bob.id)])
    try await trial.expect(trial.isStored(session), is: false, "whether the session is stored")
    let owner = try await trial.store.findUser(withResetToken: token.id, now: Samples.now)
    try trial.expect(owner, is: nil, "the user of the reset token")
    try await trial.expect(trial.claim(), is: nil, "a message")
    try await trial.expect(trial.store.findCounters(of: [counted]), is: [.none], "the counter")
    try await trial.expect(trial.store.eraseUser(bob.id, clearing: []), is: false, "erasing a user again")
    let next = try await trial.addUser("bob@me.com")
    try trial.expect(next.id > bob.id, is: true, "whether the next user has a greater id")
  }

  package static let erasureIsOfOneUser = Self(.administration, "erasing a user leaves everything of others") { trial in
    let (alice, session, token) = try await trial.addFullUser("alice")
    let bob = try await trial.addUser("bob@me.com")
    try await trial.disable(bob)
    let hers = Samples.key("hers")
    try await trial.count([Samples.count(2)], for: [hers])
    let message = OutboxMessage(id: "m", kind: .passwordReset, userID: alice.id, email: alice.email, createdAt: Samples.now)
    _ = try await trial.store.addMessage(message, limit: 9)
    _ = try await trial.store.eraseUser(bob.id, clearing: [Samples.key("his")])
    try await trial.expect(trial.user(alice.id), is: alice, "another user")
    try await trial.expect(trial.isStored(session), is: true, "whether the session of another user is stored")
    let owner = try await trial.store.findUser(withResetToken: token.id, now: Samples.now)
    try trial.expect(owner, is: alice, "the user of another's reset token")
    try await trial.expect(trial.claimAll(), is: ["m"], "the messages to others")
    try await trial.expect(trial.store.findCounters(of: [hers]), is: [Samples.count(2)], "the counter of another")
  }

  package static let clearingIsOfTheseCounters = Self(
    .administration, "clearing deletes these counters, and tells whether there were any"
  ) { trial in
    let keys = ["a", "b", "c"].map(Samples.key)
    try await trial.count([Samples.count(1), Samples.count(2)], for: Array(keys[..<2]))
    try await trial.expect(trial.store.clearCounters(of: [keys[0], keys[2]]), is: true, "clearing a counter")
    try await trial.expect(
      trial.store.findCounters(of: keys), is: [.none, Samples.count(2), .none], "the counters")
    try await trial.expect(trial.store.clearCounters(of: [keys[0], keys[2]]), is: false, "clearing what is not counted")
  }

  package static let messagesAreOfOneUser = Self(
    .administration, "the messages to a user are those for them or their email, the oldest first"
  ) { trial in
    let (alice, bob) = (try await trial.addUser("alice@me.com"), try await trial.addUser("bob@me.com"))
    let messages = [
      OutboxMessage(id: "2", kind: .passwordReset, email: Samples.email("BOB@me.com"), createdAt: Samples.now),
      OutboxMessage(
        id: "1", kind: .passwordChanged, userID: bob.id, email: Samples.email("old@me.com"), payload: "change",
        createdAt: Samples.now - .seconds(5)),
      OutboxMessage(id: "3", kind: .passwordReset, userID: alice.id, email: alice.email, createdAt: Samples.now),
    ]
    for message in messages { _ = try await trial.store.addMessage(message, limit: 9) }
    let found = try await trial.store.findMessages(to: bob.id)
    try trial.expect(found, is: [messages[1], messages[0]], "the messages to the user")
    try await trial.expect(trial.store.findMessages(to: 99), is: [], "the messages to a user who does not exist")
  }
}
