internal import AuthCore

extension StoreContract.Clause {
  package static let tokenLeadsToUser = Self(.resetTokens, "a reset token leads to its user, who carries it") { trial in
    let alice = try await trial.addUser("alice@me.com")
    var bob = try await trial.addUser("bob@me.com")
    let token = Samples.resetToken("x")
    bob.resetToken = token.id
    let returned = try await trial.store.addResetToken(token, for: Samples.email("BOB@me.com"))
    try trial.expect(returned, is: bob, "the user for whom the token was saved")
    try await trial.expect(trial.user(bob.id), is: bob, "the user found by id")
    let found = try await trial.store.findUser(withResetToken: token.id, now: Samples.now)
    try trial.expect(found, is: bob, "the user found by the token")
    try await trial.expect(trial.user(alice.id), is: alice, "another user")
  }

  package static let newerTokenReplacesOlder = Self(.resetTokens, "a newer reset token replaces an older one") { trial in
    let (bob, _, older) = try await trial.addFullUser("bob")
    let newer = Samples.resetToken("newer")
    var expected = bob
    expected.resetToken = newer.id
    let returned = try await trial.store.addResetToken(newer, for: bob.email)
    try trial.expect(returned, is: expected, "the user for whom the newer token was saved")
    let owner = try await trial.store.findUser(withResetToken: older.id, now: Samples.now)
    try trial.expect(owner, is: nil, "the owner of the older token")
    try await trial.expect(trial.consume(older), is: false, "using the older token")
    try await trial.expect(trial.user(bob.id), is: expected, "the user after the older token was tried")
    try await trial.expect(trial.consume(newer), is: true, "using the newer token")
  }

  package static let tokenNeedsUser = Self(.resetTokens, "a reset token needs a user") { trial in
    let bob = try await trial.addUser("bob@me.com")
    let token = Samples.resetToken("x")
    try await trial.expectError(.noResultFound, "saving a token for an unknown email") { () async throws(StoreError) in
      try await trial.store.addResetToken(token, for: Samples.email("bo@me.com"))
    }
    let owner = try await trial.store.findUser(withResetToken: token.id, now: Samples.now)
    try trial.expect(owner, is: nil, "the owner of the token for an unknown email")
    try await trial.expect(trial.user(bob.id), is: bob, "the only user")
  }

  package static let revokedTokenIsVoid = Self(.resetTokens, "a revoked reset token is void") { trial in
    let (bob, _, token) = try await trial.addFullUser("bob")
    try await trial.store.updateUser(bob.id, .revokeResetToken)
    let owner = try await trial.store.findUser(withResetToken: token.id, now: Samples.now)
    try trial.expect(owner, is: nil, "the owner of the revoked token")
    try await trial.expect(trial.consume(token), is: false, "using the revoked token")
    try await trial.expect(trial.user(bob.id).hashedPassword.text, is: bob.hashedPassword.text, "the user's hash")
  }

  package static let sessionIsNoToken = Self(.resetTokens, "a session's digest is not a reset token") { trial in
    let (bob, session, _) = try await trial.addFullUser("bob")
    let owner = try await trial.store.findUser(withResetToken: session.id, now: Samples.now)
    try trial.expect(owner, is: nil, "the owner of a reset token with the session's digest")
    let isConsumed = try await trial.store.consumeResetToken(
      session.id, now: Samples.now, settingPassword: Samples.newHash, endingSessions: true)
    try trial.expect(isConsumed, is: false, "using the session's digest as a reset token")
    try await trial.expectNoUser("a user with the session's digest as reset token", by: [.resetToken(session.id)])
    try await trial.expect(trial.user(bob.id), is: bob, "the user")
    try await trial.expect(trial.isStored(session), is: true, "whether the session is open")
  }

  package static let madeUpDigestMatchesNothing = Self(
    .resetTokens, "an empty or made-up digest matches no session and no reset token"
  ) { trial in
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
      try await trial.expectNoUser("a user with the session \"\(text)\"", by: [.sessionID(digest)])
      try await trial.expectNoUser("a user with the reset token \"\(text)\"", by: [.resetToken(digest)])
    }
    try await trial.expect(trial.user(alice.id), is: alice, "a user with neither session nor reset token")
    try await trial.expect(trial.user(bob.id), is: bob, "a user with both")
  }

  package static let tokensOutliveReopening = Self(.resetTokens, "reset tokens survive reopening and work once") {
    trial in
    let (bob, _, token) = try await trial.addFullUser("bob")
    let store = try await trial.reopened()
    let owner = try await store.findUser(withResetToken: token.id, now: Samples.now)
    try trial.expect(owner, is: bob, "the owner of the reset token")
    let isConsumed = try await store.consumeResetToken(
      token.id, now: Samples.now, settingPassword: Samples.newHash, endingSessions: false)
    try trial.expect(isConsumed, is: true, "using the reset token")
    try await trial.expect(trial.consume(token), is: false, "using it again in the store opened first")
  }
}
