internal import AuthCore

extension StoreContract {
  static let changeByUserClauses: [Clause] = [
    Clause(.accounts, "a renewed session is found as it was saved, and is the user's newest") { trial in
      let (bob, session, _) = try await trial.addFullUser("bob")
      let other = Samples.session("other", of: bob)
      try await trial.addSession(other)
      let new = Samples.session("new", of: bob, address: "203.0.113.7", userAgent: "an agent")
      try await trial.expect(trial.changePassword(of: bob, renewing: session, as: new), is: true, "changing the password")
      let found = try await trial.findSession(new.id, in: Samples.live(at: Samples.now))
      try trial.expect(found?.session, is: new, "the renewed session")
      try await trial.expect(found?.user, is: trial.user(bob.id), "its user")
      let listed = try await trial.store.findSessions(of: bob.id, in: Samples.live(at: Samples.now))
      try trial.expect(listed, is: [new, other], "the user's sessions, the newest first")
    },

    Clause(.accounts, "a session that was ended is not renewed") { trial in
      let (_, ended, _) = try await trial.addFullUser("bob")
      try await trial.expect(trial.store.endSession(ended.id, in: Samples.everySession), is: 1, "ending the session")
      let bob = try await trial.user(1)
      let new = Samples.session("new", of: bob)
      try await trial.expect(
        trial.changePassword(of: bob, renewing: ended, as: new, endingOthers: true), is: false,
        "changing the password with a session that was ended")
      try await trial.expect(trial.user(bob.id), is: bob, "the user")
      try await trial.expect(trial.isStored(new), is: false, "whether the new session is open")

      let open = Samples.session("open", of: bob)
      try await trial.addSession(open)
      try await trial.expect(
        trial.changePassword(of: bob, renewing: open, as: new), is: true, "changing the password with an open session")
    },

    Clause(.accounts, "a changed password ends the sessions of nobody else") { trial in
      let (alice, aliceSession, aliceToken) = try await trial.addFullUser("alice")
      let (bob, session, _) = try await trial.addFullUser("bob")
      let new = Samples.session("new", of: bob)
      try await trial.expect(
        trial.changePassword(of: bob, renewing: session, as: new, endingOthers: true), is: true, "changing the password")
      try await trial.expect(trial.user(alice.id), is: alice, "another user")
      try await trial.expect(trial.isStored(aliceSession), is: true, "whether another user's session is open")
      let owner = try await trial.store.findUser(withResetToken: aliceToken.id, now: Samples.now)
      try trial.expect(owner, is: alice, "the owner of another user's reset token")
    },

    Clause(.accounts, "nothing is opened, issued or changed for a user who was deleted") { trial in
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
        try await trial.expect(store.endSession(ended.id, in: Samples.everySession), is: nil, "whose the ended session was")
      }
    },
  ]
}
