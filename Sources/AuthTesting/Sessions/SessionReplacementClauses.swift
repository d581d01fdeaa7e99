internal import AuthCore

extension StoreContract.Clause {
  package static let newSessionEndsReplaced = Self(
    .sessions, "a new session ends the one that it replaces, even another user's, unless it is refused"
  ) { trial in
    let (alice, aliceSession, _) = try await trial.addFullUser("alice")
    let bob = try await trial.addUser("bob@me.com")
    let new = Samples.session("new", of: bob)
    let live = Samples.live(at: Samples.now)
    let isRefused = try await trial.store.addSession(
      new, limit: 20, live: live, ifPassword: Samples.newHash, replacing: aliceSession.id)
    try trial.expect(isRefused, is: false, "adding a session for another hash")
    try await trial.expect(trial.user(alice.id).sessionID, is: aliceSession.id, "the session that was to be replaced")
    _ = try await trial.store.addSession(new, limit: 20, live: live, ifPassword: nil, replacing: aliceSession.id)
    try await trial.expect(trial.isStored(new), is: true, "whether the new session is open")
    try await trial.expect(trial.isStored(aliceSession), is: false, "whether the replaced session is open")
    try await trial.expect(trial.user(alice.id).sessionID, is: nil, "the session id of its user")
  }

  package static let replacedSessionMakesRoom = Self(
    .sessions, "a session that is replaced makes room before the others are counted"
  ) { trial in
    let bob = try await trial.addUser("bob@me.com")
    let sessions = ["a", "b", "c", "d"].map { Samples.session($0, of: bob) }
    for session in sessions[..<2] { try await trial.addSession(session, limit: 2) }
    let live = Samples.live(at: Samples.now)
    let isAdded = try await trial.store.addSession(
      sessions[2], limit: 2, live: live, ifPassword: bob.hashedPassword, replacing: sessions[1].id)
    try trial.expect(isAdded, is: true, "adding a session that replaces another")
    let listed = try await trial.store.findSessions(of: bob.id, in: live)
    try trial.expect(listed, is: [sessions[2], sessions[0]], "the sessions")
    // An unknown session makes no room.
    _ = try await trial.store.addSession(
      sessions[3], limit: 2, live: live, ifPassword: nil, replacing: Samples.digest("unknown"))
    let after = try await trial.store.findSessions(of: bob.id, in: live)
    try trial.expect(after, is: [sessions[3], sessions[2]], "the sessions after one more")
  }

  package static let sessionWithoutUserReplacesNone = Self(.sessions, "a session whose user does not exist replaces none") {
    trial in
    let (alice, aliceSession, _) = try await trial.addFullUser("alice")
    try await trial.expectError(.noResultFound, "adding a session without a user") { () async throws(StoreError) in
      try await trial.store.addSession(
        Samples.session(Samples.digest("x"), of: alice.id + 1), limit: 20, live: Samples.live(at: Samples.now), ifPassword: nil,
        replacing: aliceSession.id)
    }
    try await trial.expect(trial.user(alice.id), is: alice, "the user whose session was to be replaced")
    try await trial.expect(trial.isStored(aliceSession), is: true, "whether that session is open")
  }
}
