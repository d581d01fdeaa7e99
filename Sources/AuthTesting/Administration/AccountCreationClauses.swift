internal import AuthCore

extension StoreContract.Clause {
  package static let userComesWithMessage = Self(.administration, "a user and a message are saved together") { trial in
    let message = Samples.message("m", to: "bob@me.com")
    let bob = try await trial.store.addUser(
      email: Samples.email("bob@me.com"), hashedPassword: Samples.hash, queueing: message, limit: 1)
    try trial.expect(bob?.hashedPassword, is: Samples.hash, "the hash of the new user")
    try await trial.expect(trial.store.findUser(by: .email(message.email)), is: bob, "the stored user")
    var claimed = message
    claimed.tries = 1
    try await trial.expect(trial.claim(), is: claimed, "the message")
  }

  package static let takenEmailQueuesNothing = Self(
    .administration, "for an email that is taken, no message is queued, whether the outbox is full or not"
  ) { trial in
    let bob = try await trial.addUser("bob@me.com")
    for limit in [0, 1] {
      try await trial.expectError(.emailTaken, "adding a user whose email is taken") { () async throws(StoreError) in
        try await trial.store.addUser(
          email: Samples.email("BOB@me.com"), hashedPassword: Samples.newHash,
          queueing: Samples.message("m", to: "BOB@me.com"), limit: limit)
      }
    }
    try await trial.expect(trial.claim(), is: nil, "the message")
    try await trial.expect(trial.user(bob.id), is: bob, "the user")
  }

  package static let fullOutboxAddsNoUser = Self(
    .administration, "when as many messages of the kind wait as may, neither user nor message is saved"
  ) { trial in
    let first = Samples.message("1", to: "alice@me.com")
    _ = try await trial.store.addMessage(first, limit: 1)
    let bob = try await trial.store.addUser(
      email: Samples.email("bob@me.com"), hashedPassword: Samples.hash, queueing: Samples.message("2", to: "bob@me.com"),
      limit: 1)
    try trial.expect(bob, is: nil, "the new user")
    try await trial.expectNoUser("the user with the email", by: [.email(Samples.email("bob@me.com"))])
    try await trial.expect(trial.claimAll(), is: ["1"], "the waiting messages")
  }

  package static let importAddsUsers = Self(
    .administration, "imported users are saved, disabled or not, with ids that count up"
  ) { trial in
    let imported = [
      Account.Import(email: Samples.email("Bob@me.com"), hash: Samples.hash, disabledAt: nil),
      Account.Import(email: Samples.email("alice@me.com"), hash: Samples.newHash, disabledAt: Samples.now),
    ]
    let outcomes = try await trial.store.importUsers(imported)
    try trial.expect(outcomes, is: [.added, .added], "the outcomes")
    let users = try await imported.asyncMap { try await trial.store.findUser(by: .email($0.email)) }
    try trial.expect(users[0].id < users[1].id, is: true, "whether the ids count upwards")
    for (user, account) in zip(users, imported) {
      try trial.expect(
        user, is: User(id: user.id, email: account.email, hashedPassword: account.hash), "the imported user")
      try await trial.expectDisabled(user, at: account.disabledAt, "the imported user")
    }
  }

  package static let importLeavesUsers = Self(
    .administration, "an import leaves the users that exist, and tells whether their hash differs"
  ) { trial in
    let (bob, session, _) = try await trial.addFullUser("bob")
    let outcomes = try await trial.store.importUsers([
      Account.Import(email: Samples.email("BOB@me.com"), hash: bob.hashedPassword, disabledAt: Samples.now),
      Account.Import(email: Samples.email("eve@me.com"), hash: Samples.hash, disabledAt: nil),
      Account.Import(email: bob.email, hash: Samples.newHash, disabledAt: nil),
    ])
    try trial.expect(outcomes, is: [.exists, .added, .differs], "the outcomes")
    try await trial.expect(trial.user(bob.id), is: bob, "the user who existed")
    try await trial.expectDisabled(bob, at: nil, "the user who existed")
    try await trial.expect(trial.isStored(session), is: true, "whether the session of the user is stored")
  }

  package static let importComesOnce = Self(.administration, "of an email that comes twice in an import, the first is saved") {
    trial in
    let outcomes = try await trial.store.importUsers(
      [("bob@me.com", Samples.hash), ("Bob@me.com", Samples.hash), ("BOB@me.com", Samples.newHash)].map {
        Account.Import(email: Samples.email($0.0), hash: $0.1, disabledAt: nil)
      })
    try trial.expect(outcomes, is: [.added, .exists, .differs], "the outcomes")
    let stored = try await trial.store.findAccounts(withPrefix: "", after: nil, limit: 9)
    try trial.expect(stored.map(\.user.email.text), is: ["bob@me.com"], "the stored emails")
    try trial.expect(stored.map(\.user.hashedPassword), is: [Samples.hash], "the stored hashes")
  }
}

extension Sequence {
  fileprivate func asyncMap<Result>(_ transform: (Element) async throws -> Result) async rethrows -> [Result] {
    var results: [Result] = []
    for element in self { results.append(try await transform(element)) }
    return results
  }
}
