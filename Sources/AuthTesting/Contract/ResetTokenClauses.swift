internal import AuthCore

extension StoreContract {
  static let resetTokenClauses: [Clause] = [
    Clause(.resetTokens, "a reset token leads to its user, who carries it") { trial in
      let alice = try await trial.addUser("alice@me.com")
      var bob = try await trial.addUser("bob@me.com")
      let token = Samples.resetToken("x")
      bob.resetToken = token.id
      let answered = try await trial.store.addResetToken(token, for: Samples.email("BOB@me.com"))
      try trial.expect(answered, is: bob, "the user for whom the token was saved")
      try await trial.expect(trial.user(bob.id), is: bob, "the user found by id")
      let found = try await trial.store.findUser(withResetToken: token.id, now: Samples.now)
      try trial.expect(found, is: bob, "the user found by the token")
      try await trial.expect(trial.user(alice.id), is: alice, "another user")
    },

    Clause(.resetTokens, "the newest reset token replaces an older one") { trial in
      let (bob, _, older) = try await trial.addFullUser("bob")
      let newer = Samples.resetToken("newer")
      var expected = bob
      expected.resetToken = newer.id
      let answered = try await trial.store.addResetToken(newer, for: bob.email)
      try trial.expect(answered, is: expected, "the user for whom the newer token was saved")
      let owner = try await trial.store.findUser(withResetToken: older.id, now: Samples.now)
      try trial.expect(owner, is: nil, "the owner of the older token")
      try await trial.expect(trial.consume(older), is: false, "using the older token")
      try await trial.expect(trial.user(bob.id), is: expected, "the user after the older token was tried")
      try await trial.expect(trial.consume(newer), is: true, "using the newer token")
    },

    Clause(.resetTokens, "a reset token needs a user") { trial in
      let bob = try await trial.addUser("bob@me.com")
      let token = Samples.resetToken("x")
      try await trial.expectError(.noResultFound, "saving a token for an unknown address") { () async throws(StoreError) in
        try await trial.store.addResetToken(token, for: Samples.email("bo@me.com"))
      }
      let owner = try await trial.store.findUser(withResetToken: token.id, now: Samples.now)
      try trial.expect(owner, is: nil, "the owner of the token for an unknown address")
      try await trial.expect(trial.user(1), is: bob, "the user there is")
    },

    Clause(.resetTokens, "using a reset token sets the hash and takes the token away") { trial in
      let (bob, _, token) = try await trial.addFullUser("bob")
      try await trial.expect(trial.consume(token), is: true, "using the token")
      var expected = bob
      expected.hashedPassword = Samples.newHash
      expected.resetToken = nil
      try await trial.expect(trial.user(bob.id), is: expected, "the user after the token was used")
      let owner = try await trial.store.findUser(withResetToken: token.id, now: Samples.now)
      try trial.expect(owner, is: nil, "the owner of the used token")
    },

    Clause(.resetTokens, "a reset token works once") { trial in
      let (bob, session, token) = try await trial.addFullUser("bob")
      try await trial.expect(trial.consume(token), is: true, "using the token")
      let again = try await trial.store.consumeResetToken(
        token.id, now: Samples.now, settingPassword: PasswordHash("the hash of a thief"), endingSessions: true)
      try trial.expect(again, is: false, "using the token again")
      try await trial.expect(trial.user(bob.id).hashedPassword.text, is: Samples.newHash.text, "the user's hash")
      try await trial.expect(trial.isStored(session), is: true, "whether the session is open")
    },

    Clause(.resetTokens, "using a reset token leaves the sessions when they are to stay") { trial in
      let (bob, session, token) = try await trial.addFullUser("bob")
      try await trial.expect(trial.consume(token, endingSessions: false), is: true, "using the token")
      try await trial.expect(trial.isStored(session), is: true, "whether the session is open")
      try await trial.expect(trial.user(bob.id).sessionID, is: session.id, "the user's session id")
    },

    Clause(.resetTokens, "using a reset token ends the user's sessions when they are to end") { trial in
      let (_, aliceSession, _) = try await trial.addFullUser("alice")
      let (bob, first, token) = try await trial.addFullUser("bob")
      let second = Samples.session("second", of: bob)
      try await trial.addSession(second)
      try await trial.expect(trial.consume(token, endingSessions: true), is: true, "using the token")
      for session in [first, second] {
        try await trial.expect(trial.isStored(session), is: false, "whether a session of the user is open")
      }
      try await trial.expect(trial.user(bob.id).sessionID, is: nil, "the user's session id")
      try await trial.expect(trial.isStored(aliceSession), is: true, "whether another user's session is open")
    },

    Clause(.resetTokens, "using a reset token touches no other account") { trial in
      let (alice, _, aliceToken) = try await trial.addFullUser("alice")
      let (_, _, token) = try await trial.addFullUser("bob")
      try await trial.expect(trial.consume(token), is: true, "using the token")
      try await trial.expect(trial.user(alice.id), is: alice, "another user")
      let owner = try await trial.store.findUser(withResetToken: aliceToken.id, now: Samples.now)
      try trial.expect(owner, is: alice, "the owner of another token")
    },

    Clause(.resetTokens, "a revoked reset token is void") { trial in
      let (bob, _, token) = try await trial.addFullUser("bob")
      try await trial.store.updateUser(bob.id, .revokeResetToken)
      let owner = try await trial.store.findUser(withResetToken: token.id, now: Samples.now)
      try trial.expect(owner, is: nil, "the owner of the revoked token")
      try await trial.expect(trial.consume(token), is: false, "using the revoked token")
      try await trial.expect(trial.user(bob.id).hashedPassword.text, is: bob.hashedPassword.text, "the user's hash")
    },
  ]
}

extension Trial {
  /// Uses the token up, setting ``Samples/newHash``.
  func consume(
    _ token: ResetToken.Record, at now: Timestamp = Samples.now, endingSessions: Bool = false
  ) async throws -> Bool {
    try await store.consumeResetToken(
      token.id, now: now, settingPassword: Samples.newHash, endingSessions: endingSessions)
  }
}
