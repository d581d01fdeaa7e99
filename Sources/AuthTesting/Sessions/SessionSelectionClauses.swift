internal import AuthCore

extension StoreContract.Clause {
  package static let selectedSessionsEnd = Self(.sessions, "the selected sessions end, and those that were live are returned") {
    trial in
    let (_, aliceSession, _) = try await trial.addFullUser("alice")
    let bob = try await trial.addUser("bob@me.com")
    let live = Samples.live(at: Samples.now)
    let store = trial.store
    let sessions = ["a", "b", "c", "d"].map { Samples.session($0, of: bob) }
    let over = Session(
      id: Samples.digest("over"), userID: bob.id, createdAt: Samples.now, lastUsedAt: Samples.now, expiresAt: Samples.now)
    for session in sessions + [over] {
      _ = try await store.addSession(session, limit: 20, live: Samples.everySession, ifPassword: nil, replacing: nil)
    }
    let ofOthers = try await store.endSessions(.only(aliceSession.id), of: bob.id, in: live)
    try trial.expect(ofOthers, is: [], "ending another user's session")
    let one = try await store.endSessions(.only(sessions[0].id), of: bob.id, in: live)
    try trial.expect(one, is: [sessions[0].id], "ending one session")
    let ended = try await store.endSessions(.only(over.id), of: bob.id, in: live)
    try trial.expect(ended, is: [], "ending a session that is over")
    let others = try await store.endSessions(.allBut(sessions[3].id), of: bob.id, in: live)
    try trial.expect(Set(others), is: [sessions[1].id, sessions[2].id], "ending all sessions but one")
    try await trial.expect(trial.user(bob.id).sessionID, is: nil, "the newest session's id, which was over")
    let left = try await store.findSessions(of: bob.id, in: Samples.everySession)
    try trial.expect(left, is: [sessions[3]], "the session that is left")
    let all = try await store.endSessions(.all, of: bob.id, in: live)
    try trial.expect(all, is: [sessions[3].id], "ending all sessions")
    try await trial.expect(trial.isStored(aliceSession), is: true, "whether another user's session is open")
  }

  package static let selectionIsOfOneUser = Self(.sessions, "a selection ends sessions of its user only and returns each once") {
    trial in
    let (alice, aliceSession, _) = try await trial.addFullUser("alice")
    let bob = try await trial.addUser("bob@me.com")
    let carol = try await trial.addUser("carol@me.com")
    let (store, live) = (trial.store, Samples.live(at: Samples.now))
    for selection in [.all, .only(aliceSession.id), .allBut(aliceSession.id)] as [Session.Selection] {
      let sessions = ["a", "b"].map { Samples.session("\($0) of \(selection)", of: bob) }
      for session in sessions { try await trial.addSession(session) }
      let ofCarol = try await store.endSessions(selection, of: carol.id, in: live)
      try trial.expect(ofCarol, is: [], "ending \(selection) of a user without sessions")
      let ended = try await store.endSessions(selection, of: bob.id, in: live)
      let isNone = selection == .only(aliceSession.id)
      try trial.expect(ended.count, is: isNone ? 0 : 2, "the number of sessions ended by \(selection)")
      try trial.expect(Set(ended), is: isNone ? [] : Set(sessions.map(\.id)), "the sessions ended by \(selection)")
      try await trial.expect(trial.user(alice.id), is: alice, "another user")
      try await trial.expect(trial.isStored(aliceSession), is: true, "whether another user's session is open")
      _ = try await store.endSessions(.all, of: bob.id, in: live)
    }
  }

  package static let sessionIDStaysWithNewest = Self(
    .sessions, "a user's session id stays while the newest session does, whichever others end"
  ) { trial in
    let bob = try await trial.addUser("bob@me.com")
    let sessions = ["a", "b", "c"].map { Samples.session($0, of: bob) }
    for session in sessions { try await trial.addSession(session) }
    let (store, live) = (trial.store, Samples.live(at: Samples.now))
    for selection in [.only(sessions[0].id), .allBut(sessions[2].id)] as [Session.Selection] {
      _ = try await store.endSessions(selection, of: bob.id, in: live)
      try await trial.expect(trial.user(bob.id).sessionID, is: sessions[2].id, "the user's session id")
    }
    _ = try await store.endSessions(.only(sessions[2].id), of: bob.id, in: live)
    try await trial.expect(trial.user(bob.id).sessionID, is: nil, "the user's session id after the newest session ended")
  }

  package static let eachEndIsReturnedOnce = Self(
    .sessions, "when all sessions are ended several times at once, each is returned once"
  ) { trial in
    let bob = try await trial.addUser("bob@me.com")
    let sessions = (0..<10).map { Samples.session("session \($0)", of: bob) }
    for session in sessions { try await trial.addSession(session) }
    let outcomes = try await trial.atOnce(20) { _, store throws(StoreError) in
      try await store.endSessions(.all, of: bob.id, in: Samples.live(at: Samples.now))
    }
    let ended = try outcomes.flatMap { try $0.get() }
    try trial.expect(ended.count, is: 10, "the number of sessions returned")
    try trial.expect(Set(ended), is: Set(sessions.map(\.id)), "the sessions returned")
  }
}
