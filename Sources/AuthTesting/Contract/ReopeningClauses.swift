internal import AuthCore

extension StoreContract {
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
      try await trial.expectError(.emailTaken, "registering an address again") { () async throws(StoreError) in
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
      let found = try await trial.findSession(session.id, of: store, in: Samples.live(at: Samples.now))
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
        let found = try await trial.findSession(session.id, of: store, in: Samples.everySession)
        try trial.expect(found?.session, is: nil, "a session that was ended")
      }
      for token in [used, replaced, revoked] {
        let owner = try await store.findUser(withResetToken: token.id, now: Samples.now)
        try trial.expect(owner, is: nil, "the owner of a token that was used, replaced or revoked")
      }
      let expected = User(id: bob.id, email: bob.email, hashedPassword: Samples.newHash)
      try await trial.expect(store.findUser(by: .id(bob.id)), is: expected, "the user")
    },

    Clause(.reopening, "deleted users stay deleted, and their ids used") { trial in
      let (alice, _, _) = try await trial.addFullUser("alice")
      let (bob, session, token) = try await trial.addFullUser("bob")
      for user in [bob, alice] {
        try await trial.expect(trial.store.deleteUser(user.id, ifPassword: user.hashedPassword), is: true, "deleting a user")
      }
      let store = try await trial.reopened()
      try await trial.expectError(.noResultFound, "finding anybody") { () async throws(StoreError) in
        try await store.findUser(by: [])
      }
      let found = try await trial.findSession(session.id, of: store, in: Samples.everySession)
      try trial.expect(found?.session, is: nil, "a deleted user's session")
      let owner = try await store.findUser(withResetToken: token.id, now: Samples.now)
      try trial.expect(owner, is: nil, "the owner of a deleted user's reset token")
      let next = try await store.addUser(email: alice.email, hashedPassword: Samples.hash)
      try trial.expect(next, is: User(id: 3, email: alice.email, hashedPassword: Samples.hash), "the next user")
    },

    Clause(.reopening, "what sessions know of their clients is there again, and so is their order") { trial in
      let (bob, first, _) = try await trial.addFullUser("bob")
      let second = Samples.session("second", of: bob, address: "203.0.113.7", userAgent: "an agent")
      let new = Samples.session("new", of: bob, address: "2001:db8::7", userAgent: "another agent")
      try await trial.addSession(second)
      try await trial.expect(trial.changePassword(of: bob, renewing: first, as: new), is: true, "changing the password")
      let store = try await trial.reopened()
      let listed = try await store.findSessions(of: bob.id, in: Samples.live(at: Samples.now))
      try trial.expect(listed, is: [new, second], "the sessions")
      let ended = try await store.endSessions(.allBut(new.id), of: bob.id, in: Samples.live(at: Samples.now))
      try trial.expect(ended, is: [second.id], "the sessions ended")
      try await trial.expect(trial.isStored(second), is: false, "whether the session is open in the store opened first")
    },

    Clause(.reopening, "requests are there again, in hand, postponed or waiting, with their tries") { trial in
      let deadline = Samples.now + .seconds(60)
      for (name, age) in [("in hand", 30), ("postponed", 20), ("waiting", 10), ("removed", 5)] {
        let request = Samples.request(name, at: Samples.now - .seconds(age))
        try await trial.expect(trial.store.addMessage(request, limit: 4), is: true, "adding a request")
      }
      _ = try await trial.store.claimMessage(now: Samples.now, until: deadline)
      try await trial.store.postponeMessage("postponed", until: Samples.now + .seconds(90))
      try await trial.store.removeMessage("removed")
      let store = try await trial.reopened()
      for (moment, name, age, tries) in [(0, "waiting", 10, 1), (60, "in hand", 30, 2), (90, "postponed", 20, 1)] {
        let now = Samples.now + .seconds(moment)
        if moment > 0 {
          try await trial.expect(
            store.claimMessage(now: now - Samples.second, until: now), is: nil, "a request a second before its time")
        }
        var expected = Samples.request(name, at: Samples.now - .seconds(age))
        expected.tries = tries
        let due = try await store.claimMessage(now: now, until: Timestamp(secondsSince1970: .max))
        try trial.expect(due, is: expected, "the request")
      }
    },
  ]
}
