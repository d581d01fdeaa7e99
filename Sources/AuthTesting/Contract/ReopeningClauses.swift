internal import AuthCore

extension UserRepositoryContract {
  static let reopeningClauses: [Clause] = [
    Clause(.reopening, "users are there again, and ids go on") { trial in
      let (alice, _, _) = try await trial.addFullUser("Alice")
      var (bob, _, _) = try await trial.addFullUser("bob")
      bob.email = Samples.email("Robert@me.com")
      bob.hashedPassword = Samples.newHash
      bob.resetToken = nil
      try await trial.store.updateUser(bob.id, .email(bob.email), .hashedPassword(bob.hashedPassword))
      let store = try await trial.reopened()
      for user in [alice, bob] {
        try await trial.expect(store.findUser(by: .id(user.id)), is: user, "the user found by id")
        try await trial.expect(store.findUser(by: .email(user.email)), is: user, "the user found by address")
      }
      try await trial.expectError(.emailTaken, "registering an address again") { () async throws(RepositoryError) in
        try await store.addUser(email: Samples.email("ALICE@me.com"), hashedPassword: Samples.hash)
      }
      let carol = try await store.addUser(email: Samples.email("carol@me.com"), hashedPassword: Samples.hash)
      try trial.expect(carol.id, is: 3, "the id of the next user")
    },

    Clause(.reopening, "sessions are there again, with their last use") { trial in
      var (bob, session, _) = try await trial.addFullUser("bob")
      session.lastUsedAt = Samples.now + .seconds(60)
      try await trial.store.touchSession(session.id, at: session.lastUsedAt)
      let store = try await trial.reopened()
      let found = try await store.findSession(session.id, in: Samples.live(at: Samples.now))
      try trial.expect(found?.session, is: session, "the session")
      try trial.expect(found?.user, is: bob, "the user of the session")
      let wasLive = try await store.endSession(session.id, in: Samples.live(at: Samples.now)) != nil
      try trial.expect(wasLive, is: true, "ending the session")
      try await trial.expect(trial.isStored(session), is: false, "whether the session is open in the store opened first")
      bob.sessionID = nil
      try await trial.expect(trial.user(bob.id), is: bob, "the user in the store opened first")
    },

    Clause(.reopening, "reset tokens are there again, and work once") { trial in
      let (bob, _, token) = try await trial.addFullUser("bob")
      let store = try await trial.reopened()
      let owner = try await store.findUser(withResetToken: token.id, now: Samples.now)
      try trial.expect(owner, is: bob, "the owner of the reset token")
      let isConsumed = try await store.consumeResetToken(
        token.id, now: Samples.now, settingPassword: Samples.newHash, endingSessions: false)
      try trial.expect(isConsumed, is: true, "using the reset token")
      try await trial.expect(trial.consume(token), is: false, "using it again in the store opened first")
    },

    Clause(.reopening, "what was deleted stays deleted") { trial in
      let (bob, first, used) = try await trial.addFullUser("bob")
      let second = Samples.session("second", of: bob)
      try await trial.addSession(second, limit: 1)
      _ = try await trial.store.endSession(second.id, in: Samples.live(at: Samples.now))
      _ = try await trial.consume(used)
      let replaced = Samples.resetToken("replaced")
      let revoked = Samples.resetToken("revoked")
      for token in [replaced, revoked] { _ = try await trial.store.addResetToken(token, for: bob.email) }
      try await trial.store.updateUser(bob.id, .revokeResetToken)

      let store = try await trial.reopened()
      for session in [first, second] {
        let found = try await store.findSession(session.id, in: Samples.everySession)
        try trial.expect(found?.session, is: nil, "a session that was ended")
      }
      for token in [used, replaced, revoked] {
        let owner = try await store.findUser(withResetToken: token.id, now: Samples.now)
        try trial.expect(owner, is: nil, "the owner of a token that was used, replaced or revoked")
      }
      let expected = User(id: bob.id, email: bob.email, hashedPassword: Samples.newHash)
      try await trial.expect(store.findUser(by: .id(bob.id)), is: expected, "the user")
    },
  ]
}
