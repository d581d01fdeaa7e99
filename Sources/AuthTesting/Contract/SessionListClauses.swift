internal import AuthCore

extension StoreContract {
  static let sessionListClauses: [Clause] = [
    Clause(.sessions, "a user's live sessions are listed as they were saved, the newest first") { trial in
      let bob = try await trial.addUser("bob@me.com")
      let alice = try await trial.addUser("alice@me.com")
      let end = Samples.now + Samples.hour
      let sessions = [("f", end), ("over", Samples.now), ("a", end), ("e", end)].map { name, expiresAt in
        Session(
          id: Samples.digest(name), userID: bob.id, createdAt: Samples.now, lastUsedAt: Samples.now, expiresAt: expiresAt,
          ipAddress: "2001:db8::\(name.utf8.count)", userAgent: "agent of \(name), 'é' \u{1F600}")
      }
      for session in sessions {
        _ = try await trial.store.addSession(
          session, limit: 20, live: Samples.everySession, ifPassword: nil, replacing: nil)
      }
      try await trial.addSession(Samples.session("alice's", of: alice))
      let listed = try await trial.store.findSessions(of: bob.id, in: Samples.live(at: Samples.now))
      try trial.expect(listed, is: [sessions[3], sessions[2], sessions[0]], "the sessions listed")
      let nobodys = try await trial.store.findSessions(of: 99, in: Samples.everySession)
      try trial.expect(nobodys, is: [], "the sessions of nobody")
    },

    Clause(.sessions, "those of a user's sessions end that are selected, and those that were live are named") { trial in
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
    },

    Clause(.sessions, "a new session ends the one that it replaces, whoever's that is, but not when it is refused") { trial in
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
    },
  ]
}
