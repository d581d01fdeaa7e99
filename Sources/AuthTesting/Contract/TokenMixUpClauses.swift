internal import AuthCore

extension StoreContract {
  static let tokenMixUpClauses: [Clause] = [
    Clause(.resetTokens, "a session's digest is no reset token") { trial in
      let (bob, session, _) = try await trial.addFullUser("bob")
      let owner = try await trial.store.findUser(withResetToken: session.id, now: Samples.now)
      try trial.expect(owner, is: nil, "the owner of a reset token with the session's digest")
      let isConsumed = try await trial.store.consumeResetToken(
        session.id, now: Samples.now, settingPassword: Samples.newHash, endingSessions: true)
      try trial.expect(isConsumed, is: false, "using the session's digest as a reset token")
      try await trial.expectNobody("who has the session's digest as reset token", by: [.resetToken(session.id)])
      try await trial.expect(trial.user(bob.id), is: bob, "the user")
      try await trial.expect(trial.isStored(session), is: true, "whether the session is open")
    },

    Clause(.sessions, "a reset token's digest is no session") { trial in
      let (bob, _, token) = try await trial.addFullUser("bob")
      let found = try await trial.findSession(token.id, in: Samples.everySession)
      try trial.expect(found?.session, is: nil, "the session with the reset token's digest")
      let isEnded = try await trial.store.endSession(token.id, in: Samples.everySession) != nil
      try trial.expect(isEnded, is: false, "ending a session with the reset token's digest")
      try await trial.store.touchSession(token.id, at: Samples.now + .seconds(9))
      try await trial.expectNobody("who has the reset token's digest as session", by: [.sessionID(token.id)])
      try await trial.expect(trial.user(bob.id), is: bob, "the user")
      let owner = try await trial.store.findUser(withResetToken: token.id, now: Samples.now)
      try trial.expect(owner, is: bob, "the owner of the reset token")
    },

    Clause(.hostileText, "an empty or made-up digest belongs to nobody") { trial in
      // The first has neither session nor reset token, the second both.
      let alice = try await trial.addUser("alice@me.com")
      let (bob, _, _) = try await trial.addFullUser("bob")
      for text in ["", " ", "NULL", "nil", "0", "1", "%", "_", "' OR '1'='1", String(repeating: "_", count: 64), "\0"] {
        let (store, digest) = (trial.store, TokenDigest(hex: text))
        let session = try await trial.findSession(digest, of: store, in: Samples.everySession)
        try trial.expect(session?.session, is: nil, "the session with the digest \"\(text)\"")
        let isEnded = try await store.endSession(digest, in: Samples.everySession) != nil
        try trial.expect(isEnded, is: false, "ending the session with the digest \"\(text)\"")
        let owner = try await store.findUser(withResetToken: digest, now: Samples.now)
        try trial.expect(owner, is: nil, "the owner of the reset token with the digest \"\(text)\"")
        let isConsumed = try await store.consumeResetToken(
          digest, now: Samples.now, settingPassword: Samples.newHash, endingSessions: true)
        try trial.expect(isConsumed, is: false, "using the reset token with the digest \"\(text)\"")
        try await trial.expectNobody("who has the session \"\(text)\"", by: [.sessionID(digest)])
        try await trial.expectNobody("who has the reset token \"\(text)\"", by: [.resetToken(digest)])
      }
      try await trial.expect(trial.user(alice.id), is: alice, "a user with neither session nor reset token")
      try await trial.expect(trial.user(bob.id), is: bob, "a user with both")
    },
  ]
}
