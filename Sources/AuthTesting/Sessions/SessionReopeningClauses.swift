internal import AuthCore

extension StoreContract.Clause {
  package static let sessionsOutliveReopening = Self(.sessions, "sessions survive reopening, with their last use") {
    trial in
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
  }

  package static let endsOutliveReopening = Self(.sessions, "what has been deleted stays deleted after reopening") { trial in
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
  }

  package static let clientsOutliveReopening = Self(.sessions, "the clients of sessions and their order survive reopening") {
    trial in
    let (bob, first, _) = try await trial.addFullUser("bob")
    let second = Samples.session("second", of: bob, ipAddress: "203.0.113.7", userAgent: "an agent")
    let new = Samples.session("new", of: bob, ipAddress: "2001:db8::7", userAgent: "another agent")
    try await trial.addSession(second)
    try await trial.expect(trial.changePassword(of: bob, renewing: first, as: new), is: true, "changing the password")
    let store = try await trial.reopened()
    let listed = try await store.findSessions(of: bob.id, in: Samples.live(at: Samples.now))
    try trial.expect(listed, is: [new, second], "the sessions")
    let ended = try await store.endSessions(.allBut(new.id), of: bob.id, in: Samples.live(at: Samples.now))
    try trial.expect(ended, is: [second.id], "the sessions ended")
    try await trial.expect(trial.isStored(second), is: false, "whether the session is open in the store opened first")
  }
}
