internal import AuthCore

extension StoreContract.Clause {
  package static let useSetsHash = Self(.resetTokens, "using a reset token sets the hash and deletes the token") { trial in
    let (bob, _, token) = try await trial.addFullUser("bob")
    try await trial.expect(trial.consume(token), is: true, "using the token")
    var expected = bob
    expected.hashedPassword = Samples.newHash
    expected.resetToken = nil
    try await trial.expect(trial.user(bob.id), is: expected, "the user after the token was used")
    let owner = try await trial.store.findUser(withResetToken: token.id, now: Samples.now)
    try trial.expect(owner, is: nil, "the owner of the used token")
  }

  package static let tokenWorksOnce = Self(.resetTokens, "a reset token works once") { trial in
    let (bob, session, token) = try await trial.addFullUser("bob")
    try await trial.expect(trial.consume(token), is: true, "using the token")
    let again = try await trial.store.consumeResetToken(
      token.id, now: Samples.now, settingPassword: PasswordHash("the hash of a thief"), endingSessions: true)
    try trial.expect(again, is: false, "using the token again")
    try await trial.expect(trial.user(bob.id).hashedPassword.text, is: Samples.newHash.text, "the user's hash")
    try await trial.expect(trial.isStored(session), is: true, "whether the session is open")
  }

  package static let useLeavesSessions = Self(
    .resetTokens, "using a reset token leaves the sessions open unless asked to end them"
  ) { trial in
    let (bob, session, token) = try await trial.addFullUser("bob")
    try await trial.expect(trial.consume(token, endingSessions: false), is: true, "using the token")
    try await trial.expect(trial.isStored(session), is: true, "whether the session is open")
    try await trial.expect(trial.user(bob.id).sessionID, is: session.id, "the user's session id")
  }

  package static let useEndsSessions = Self(.resetTokens, "using a reset token ends all the user's sessions when asked to") {
    trial in
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
  }

  package static let useSparesOthers = Self(.resetTokens, "using a reset token leaves all other users as they were") { trial in
    let (alice, _, aliceToken) = try await trial.addFullUser("alice")
    let (_, _, token) = try await trial.addFullUser("bob")
    try await trial.expect(trial.consume(token), is: true, "using the token")
    try await trial.expect(trial.user(alice.id), is: alice, "another user")
    let owner = try await trial.store.findUser(withResetToken: aliceToken.id, now: Samples.now)
    try trial.expect(owner, is: alice, "the owner of another token")
  }

  package static let oneUseSucceeds = Self(.resetTokens, "exactly one of several simultaneous uses of a reset token succeeds") {
    trial in
    let (bob, _, token) = try await trial.addFullUser("bob")
    let outcomes = try await trial.atOnce(30) { index, store throws(StoreError) in
      try await store.consumeResetToken(
        token.id, now: Samples.now, settingPassword: PasswordHash("hash \(index)"), endingSessions: false)
    }
    let winner = try trial.expectOneTrue(outcomes, "using one token")
    try await trial.expect(trial.user(bob.id).hashedPassword.text, is: "hash \(winner)", "the user's hash")
  }

  package static let noLoginSurvivesReset = Self(.resetTokens, "no simultaneous login survives a reset that ends all sessions") {
    trial in
    // A reset among logins with the old password: before it they are ended, after it they are refused.
    for round in 0..<5 {
      let (bob, _, token) = try await trial.addFullUser("bob\(round)")
      let sessions = (0..<20).map { Samples.session("session \($0) of round \(round)", of: bob) }
      let outcomes = try await trial.atOnce(20) { index, store throws(StoreError) in
        guard index != 10 else {
          return try await store.consumeResetToken(
            token.id, now: Samples.now, settingPassword: Samples.newHash, endingSessions: true)
        }
        return try await store.addSession(
          sessions[index], limit: 20, live: Samples.live(at: Samples.now), ifPassword: bob.hashedPassword, replacing: nil)
      }
      for outcome in outcomes { _ = try outcome.get() }
      try trial.expect(try outcomes[10].get(), is: true, "using the token")
      for session in sessions {
        try await trial.expect(trial.isStored(session), is: false, "whether a session of the old password is open")
      }
      try await trial.expect(trial.user(bob.id).sessionID, is: nil, "the user's session id")
    }
  }
}
