internal import AuthCore

extension StoreContract.Clause {
  package static let usersOutliveReopening = Self(.accounts, "users survive reopening, and ids keep counting upwards") { trial in
    let (alice, _, _) = try await trial.addFullUser("Alice")
    var (bob, _, _) = try await trial.addFullUser("bob")
    bob.email = Samples.email("Robert@me.com")
    bob.hashedPassword = Samples.newHash
    bob.resetToken = nil
    try await trial.store.updateUser(bob.id, .email(bob.email), .hashedPassword(bob.hashedPassword))
    let store = try await trial.reopened()
    for user in [alice, bob] {
      try await trial.expect(store.findUser(by: .id(user.id)), is: user, "the user found by id")
      try await trial.expect(store.findUser(by: .email(user.email)), is: user, "the user found by email")
    }
    try await trial.expectError(.emailTaken, "registering an email again") { () async throws(StoreError) in
      try await store.addUser(email: Samples.email("ALICE@me.com"), hashedPassword: Samples.hash)
    }
    let carol = try await store.addUser(email: Samples.email("carol@me.com"), hashedPassword: Samples.hash)
    try trial.expect(carol.id > bob.id, is: true, "whether the id of the next user, \(carol.id), is above \(bob.id)")
  }

  package static let deletionsOutliveReopening = Self(
    .accounts, "deleted users stay deleted after reopening, and their ids are not used again"
  ) { trial in
    let (alice, _, _) = try await trial.addFullUser("alice")
    let (bob, session, token) = try await trial.addFullUser("bob")
    for user in [bob, alice] {
      try await trial.expect(trial.store.deleteUser(user.id, ifPassword: user.hashedPassword), is: true, "deleting a user")
    }
    let store = try await trial.reopened()
    try await trial.expectError(.noResultFound, "finding any user") { () async throws(StoreError) in
      try await store.findUser(by: [])
    }
    let found = try await trial.findSession(session.id, of: store, in: Samples.everySession)
    try trial.expect(found?.session, is: nil, "a deleted user's session")
    let owner = try await store.findUser(withResetToken: token.id, now: Samples.now)
    try trial.expect(owner, is: nil, "the owner of a deleted user's reset token")
    let next = try await store.addUser(email: alice.email, hashedPassword: Samples.hash)
    try trial.expect(next.id > bob.id, is: true, "whether the id of the next user, \(next.id), is above \(bob.id)")
    try trial.expect(next, is: User(id: next.id, email: alice.email, hashedPassword: Samples.hash), "the next user")
  }
}
