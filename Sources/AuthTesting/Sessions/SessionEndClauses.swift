internal import AuthCore

extension StoreContract.Clause {
  package static let sessionEndsOnce = Self(.sessions, "a session ends once") { trial in
    let (bob, session, _) = try await trial.addFullUser("bob")
    let live = Samples.live(at: Samples.now)
    let isUnknownEnded = try await trial.store.endSession(Samples.digest("unknown"), in: live) != nil
    try trial.expect(isUnknownEnded, is: false, "ending a session that was never there")
    try await trial.expect(trial.store.endSession(session.id, in: live), is: bob.id, "ending an open session")
    try await trial.expect(trial.store.endSession(session.id, in: live), is: nil, "ending it again")
    try await trial.expect(trial.isStored(session), is: false, "whether the session is open")
    try await trial.expect(trial.user(bob.id).sessionID, is: nil, "the user's session id")
  }

  package static let endLeavesOtherSessions = Self(.sessions, "ending one session leaves all others open") { trial in
    let (_, aliceSession, _) = try await trial.addFullUser("alice")
    let (bob, first, _) = try await trial.addFullUser("bob")
    let second = Samples.session("second", of: bob)
    try await trial.addSession(second)
    _ = try await trial.store.endSession(second.id, in: Samples.live(at: Samples.now))
    try await trial.expect(trial.isStored(second), is: false, "whether the ended session is open")
    try await trial.expect(trial.isStored(first), is: true, "whether the user's other session is open")
    try await trial.expect(trial.isStored(aliceSession), is: true, "whether another user's session is open")
  }

  package static let endOfAllLeavesOtherUsers = Self(.sessions, "ending all sessions of a user leaves those of other users open")
  { trial in
    let (alice, aliceSession, _) = try await trial.addFullUser("alice")
    let (bob, first, _) = try await trial.addFullUser("bob")
    let second = Samples.session("second", of: bob)
    try await trial.addSession(second)
    try await trial.store.updateUser(bob.id, .endSessions)
    for session in [first, second] {
      try await trial.expect(trial.isStored(session), is: false, "whether a session of the user is open")
    }
    try await trial.expect(trial.isStored(aliceSession), is: true, "whether another user's session is open")
    try await trial.expect(trial.user(alice.id), is: alice, "another user")
  }

  package static let endReturnsUser = Self(.sessions, "ending a session returns its user") { trial in
    let (alice, aliceSession, _) = try await trial.addFullUser("alice")
    let (bob, session, _) = try await trial.addFullUser("bob")
    let live = Samples.live(at: Samples.now)
    try await trial.expect(trial.store.endSession(session.id, in: live), is: bob.id, "the user of the second session")
    try await trial.expect(trial.store.endSession(aliceSession.id, in: live), is: alice.id, "the user of the first session")
  }

  package static let oneEndSucceeds = Self(.sessions, "exactly one of several simultaneous attempts to end a session succeeds") {
    trial in
    let (_, session, _) = try await trial.addFullUser("bob")
    let outcomes = try await trial.atOnce(30) { _, store throws(StoreError) in
      try await store.endSession(session.id, in: Samples.live(at: Samples.now)) != nil
    }
    _ = try trial.expectOneTrue(outcomes, "ending one session")
    try await trial.expect(trial.isStored(session), is: false, "whether the session is open")
  }
}
