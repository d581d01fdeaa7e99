internal import AuthCore

extension StoreContract {
  static let sessionChoiceClauses: [Clause] = [
    Clause(.sessions, "sessions are listed in the order in which they were opened, not used, and with their last use") { trial in
      let bob = try await trial.addUser("bob@me.com")
      var sessions = ["a", "b", "c"].map { Samples.session($0, of: bob) }
      for session in sessions { try await trial.addSession(session) }
      for (index, use) in [(0, 60), (2, 40), (1, 20)] {
        sessions[index].lastUsedAt = Samples.now + .seconds(use)
        try await trial.store.touchSession(sessions[index].id, at: sessions[index].lastUsedAt)
      }
      let all = try await trial.store.findSessions(of: bob.id, in: Samples.everySession)
      try trial.expect(all, is: sessions.reversed(), "the sessions listed")
      // The second was used 20 seconds after log in.
      let live = Session.Cutoff(expiringAfter: Samples.now, usedAfter: Samples.now + .seconds(20))
      let used = try await trial.store.findSessions(of: bob.id, in: live)
      try trial.expect(used, is: [sessions[2], sessions[0]], "the sessions listed that were used later")
      try await trial.expect(trial.isStored(sessions[1]), is: true, "whether a session is kept that was not listed")
    },

    Clause(.sessions, "a selection ends the sessions of its user alone, and gives each once") { trial in
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
        try trial.expect(ended.count, is: isNone ? 0 : 2, "how many sessions ended by \(selection)")
        try trial.expect(Set(ended), is: isNone ? [] : Set(sessions.map(\.id)), "the sessions ended by \(selection)")
        try await trial.expect(trial.user(alice.id), is: alice, "another user")
        try await trial.expect(trial.isStored(aliceSession), is: true, "whether another user's session is open")
        _ = try await store.endSessions(.all, of: bob.id, in: live)
      }
    },

    Clause(.sessions, "a user's session id stays while the newest session does, whatever else is ended") { trial in
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
    },

    Clause(.sessions, "the end of a session says whose it was") { trial in
      let (alice, aliceSession, _) = try await trial.addFullUser("alice")
      let (bob, session, _) = try await trial.addFullUser("bob")
      let live = Samples.live(at: Samples.now)
      try await trial.expect(trial.store.endSession(session.id, in: live), is: bob.id, "whose the second session was")
      try await trial.expect(trial.store.endSession(aliceSession.id, in: live), is: alice.id, "whose the first session was")
    },

    Clause(.sessions, "a session that is replaced makes room before the others are counted") { trial in
      let bob = try await trial.addUser("bob@me.com")
      let sessions = ["a", "b", "c", "d"].map { Samples.session($0, of: bob) }
      for session in sessions[..<2] { try await trial.addSession(session, limit: 2) }
      let live = Samples.live(at: Samples.now)
      let isAdded = try await trial.store.addSession(
        sessions[2], limit: 2, live: live, ifPassword: bob.hashedPassword, replacing: sessions[1].id)
      try trial.expect(isAdded, is: true, "adding a session in the place of another")
      let listed = try await trial.store.findSessions(of: bob.id, in: live)
      try trial.expect(listed, is: [sessions[2], sessions[0]], "the sessions")
      // One that is not there makes none.
      _ = try await trial.store.addSession(
        sessions[3], limit: 2, live: live, ifPassword: nil, replacing: Samples.digest("unknown"))
      let after = try await trial.store.findSessions(of: bob.id, in: live)
      try trial.expect(after, is: [sessions[3], sessions[2]], "the sessions after one more")
    },

    Clause(.sessions, "a session of nobody replaces none") { trial in
      let (alice, aliceSession, _) = try await trial.addFullUser("alice")
      try await trial.expectError(.noResultFound, "adding a session of nobody") { () async throws(StoreError) in
        try await trial.store.addSession(
          Samples.session(Samples.digest("x"), of: 2), limit: 20, live: Samples.live(at: Samples.now), ifPassword: nil,
          replacing: aliceSession.id)
      }
      try await trial.expect(trial.user(alice.id), is: alice, "the user whose session was to be replaced")
      try await trial.expect(trial.isStored(aliceSession), is: true, "whether that session is open")
    },
  ]
}
