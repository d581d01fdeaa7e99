internal import AuthCore

extension StoreContract.Clause {
  package static let deletedUserIsGone = Self(
    .accounts, "a deleted user is gone with all sessions and tokens, and no one else is"
  ) { trial in
    let (alice, aliceSession, aliceToken) = try await trial.addFullUser("alice")
    let (bob, session, token) = try await trial.addFullUser("bob")
    let isWronglyDeleted = try await trial.store.deleteUser(bob.id, ifPassword: alice.hashedPassword)
    try trial.expect(isWronglyDeleted, is: false, "deleting a user for another hash")
    try await trial.expect(trial.user(bob.id), is: bob, "the user who was not deleted")

    let isDeleted = try await trial.store.deleteUser(bob.id, ifPassword: bob.hashedPassword)
    try trial.expect(isDeleted, is: true, "deleting a user")
    try await trial.expectNoUser("with the id of the deleted user", by: [.id(bob.id)])
    try await trial.expect(trial.isStored(session), is: false, "whether the deleted user's session is open")
    let owner = try await trial.store.findUser(withResetToken: token.id, now: Samples.now)
    try trial.expect(owner, is: nil, "the owner of the deleted user's reset token")
    let isDeletedAgain = try await trial.store.deleteUser(bob.id, ifPassword: bob.hashedPassword)
    try trial.expect(isDeletedAgain, is: false, "deleting a user again")

    try await trial.expect(trial.user(alice.id), is: alice, "another user")
    try await trial.expect(trial.isStored(aliceSession), is: true, "whether another user's session is open")
    let aliceOwner = try await trial.store.findUser(withResetToken: aliceToken.id, now: Samples.now)
    try trial.expect(aliceOwner, is: alice, "the owner of another user's reset token")
  }

  package static let deletedUserStaysUnchanged = Self(.accounts, "nothing is opened, issued or changed for a deleted user") {
    trial in
    let (bob, session, token) = try await trial.addFullUser("bob")
    let second = Samples.session("second", of: bob)
    try await trial.addSession(second)
    let (store, live) = (trial.store, Samples.live(at: Samples.now))
    try await trial.expect(store.deleteUser(bob.id, ifPassword: bob.hashedPassword), is: true, "deleting the user")

    for hash in [nil, bob.hashedPassword] {
      try await trial.expectError(.noResultFound, "adding a session") { () async throws(StoreError) in
        try await store.addSession(
          Samples.session("late", of: bob), limit: 1, live: live, ifPassword: hash, replacing: nil)
      }
    }
    try await trial.expectError(.noResultFound, "saving a reset token") { () async throws(StoreError) in
      try await store.addResetToken(Samples.resetToken("late"), for: bob.email)
    }
    try await trial.expectError(.noResultFound, "changing the user") { () async throws(StoreError) in
      try await store.updateUser(bob.id, .hashedPassword(Samples.newHash))
    }
    try await trial.expect(
      store.replaceHashedPassword(of: bob.id, bob.hashedPassword, with: Samples.newHash), is: false, "replacing the hash")
    try await trial.expect(
      trial.changePassword(of: bob, renewing: session, as: Samples.session("late", of: bob)), is: false,
      "changing the password")
    try await trial.expect(trial.consume(token), is: false, "using the reset token")
    try await trial.expect(store.findSessions(of: bob.id, in: Samples.everySession), is: [], "the sessions")
    for ended in [session, second] {
      try await trial.expect(store.endSession(ended.id, in: Samples.everySession), is: nil, "the user of the ended session")
    }
  }

  package static let oneDeletionSucceeds = Self(
    .accounts, "exactly one of several simultaneous deletions of a user succeeds, and no login survives it"
  ) { trial in
    let (bob, _, _) = try await trial.addFullUser("bob")
    let outcomes = try await trial.atOnce(30) { index, store throws(StoreError) in
      guard index.isMultiple(of: 3) else { return try await store.deleteUser(bob.id, ifPassword: bob.hashedPassword) }
      do throws(StoreError) {
        _ = try await store.addSession(
          Samples.session("session \(index)", of: bob), limit: 100, live: Samples.live(at: Samples.now), ifPassword: nil,
          replacing: nil)
      } catch .noResultFound {}
      return false
    }
    _ = try trial.expectOneTrue(outcomes, "deleting one user")
    try await trial.expectNoUser("the deleted user", by: [.id(bob.id)])
    let left = try await trial.store.findSessions(of: bob.id, in: Samples.everySession)
    try trial.expect(left, is: [], "the sessions left")
  }

  package static let deletedIDIsNotReused = Self(.accounts, "the id of a deleted user is never used again") { trial in
    var last = User.ID.min
    for _ in 1...3 {
      let user = try await trial.addUser("bob@me.com")
      try trial.expect(user.id > last, is: true, "whether the id \(user.id) is above \(last), that of a deleted user")
      last = user.id
      try await trial.expect(trial.store.deleteUser(user.id, ifPassword: user.hashedPassword), is: true, "deleting the user")
    }
  }
}
