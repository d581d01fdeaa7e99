internal import AuthCore

extension StoreContract {
  static let sessionClauses: [Clause] = [
    Clause(.sessions, "a session is found as it was saved, with its user") { trial in
      _ = try await trial.addFullUser("alice")
      let (bob, _, _) = try await trial.addFullUser("bob")
      let session = Session(
        id: Samples.digest("x"), userID: bob.id, createdAt: Samples.now, lastUsedAt: Samples.now + .seconds(7),
        expiresAt: Samples.now + .seconds(99))
      try await trial.addSession(session)
      let found = try await trial.findSession(session.id, in: Samples.live(at: Samples.now))
      try trial.expect(found?.session, is: session, "the session")
      try await trial.expect(found?.user, is: trial.user(bob.id), "the user of the session")
    },

    Clause(.sessions, "a user's session id is that of the newest session, and nil once it has ended") { trial in
      let bob = try await trial.addUser("bob@me.com")
      let sessions = ["a", "b", "c"].map { Samples.session($0, of: bob) }
      for session in sessions {
        try await trial.addSession(session)
        try await trial.expect(trial.user(bob.id).sessionID, is: session.id, "the user's session id after log in")
      }
      let live = Samples.live(at: Samples.now)
      _ = try await trial.store.endSession(sessions[0].id, in: live)
      try await trial.expect(trial.user(bob.id).sessionID, is: sessions[2].id, "the session id after an older session ended")
      _ = try await trial.store.endSession(sessions[2].id, in: live)
      try await trial.expect(trial.user(bob.id).sessionID, is: nil, "the user's session id after the newest session ended")
      let found = try await trial.findSession(sessions[1].id, in: live)
      try await trial.expect(found?.user, is: trial.user(bob.id), "the user of the session that is left")
    },

    Clause(.sessions, "no session opens once the password was replaced") { trial in
      let (bob, session, _) = try await trial.addFullUser("bob")
      let (store, live) = (trial.store, Samples.live(at: Samples.now))
      let late = Samples.session("late", of: bob)
      let isLateAdded = try await store.addSession(late, limit: 1, live: live, ifPassword: Samples.newHash, replacing: nil)
      try trial.expect(isLateAdded, is: false, "adding a session for another hash than the user's")
      try await trial.expect(trial.isStored(late), is: false, "whether that session is open")
      try await trial.expect(trial.isStored(session), is: true, "whether the former session is open")
      try await trial.expect(trial.user(bob.id), is: bob, "the user")
      let isAdded = try await store.addSession(late, limit: 1, live: live, ifPassword: bob.hashedPassword, replacing: nil)
      try trial.expect(isAdded, is: true, "adding a session for the user's hash")
      try await trial.expect(trial.isStored(late), is: true, "whether the session for the user's hash is open")
    },

    Clause(.sessions, "a session needs a user") { trial in
      let bob = try await trial.addUser("bob@me.com")
      let session = Samples.session(Samples.digest("x"), of: 2)
      for hash in [nil, bob.hashedPassword] {
        try await trial.expectError(.noResultFound, "adding a session of nobody") { () async throws(StoreError) in
          try await trial.store.addSession(
            session, limit: 1, live: Samples.live(at: Samples.now), ifPassword: hash, replacing: nil)
        }
      }
      try await trial.expect(trial.isStored(session), is: false, "whether the session of nobody is open")
      try await trial.expect(trial.user(1), is: bob, "the user there is")
    },

    Clause(.sessions, "the profile of a session has its user's address of the moment") { trial in
      let (alice, aliceSession, _) = try await trial.addFullUser("alice")
      var (bob, first, _) = try await trial.addFullUser("bob")
      let second = Samples.session("second", of: bob)
      let live = Samples.live(at: Samples.now)
      for (address, session) in [("robert@me.com", second), ("Robert@me.com", Samples.session("third", of: bob))] {
        try await trial.addSession(session)
        bob.email = Samples.email(address)
        try await trial.store.updateUser(bob.id, .email(bob.email), .hashedPassword(Samples.newHash))
        for open in [first, second, session] {
          let found = try await trial.store.findProfile(for: open.id, in: live)
          try trial.expect(found?.profile, is: bob.profile, "the profile of one of several sessions")
        }
      }
      let late = Samples.session("late", of: bob)
      try await trial.addSession(late)
      for (session, profile) in [(late, bob.profile), (aliceSession, alice.profile)] {
        let found = try await trial.store.findProfile(for: session.id, in: live)
        try trial.expect(found?.profile, is: profile, "the profile of a session")
      }
    },

    Clause(.sessions, "use is noted, and never moved back") { trial in
      let bob = try await trial.addUser("bob@me.com")
      var session = Samples.session("a", of: bob)
      let other = Samples.session("b", of: bob)
      try await trial.addSession(session)
      try await trial.addSession(other)
      for (moment, expected) in [(60, 60), (30, 60), (60, 60), (-1, 60), (61, 61)] {
        try await trial.store.touchSession(session.id, at: Samples.now + .seconds(moment))
        session.lastUsedAt = Samples.now + .seconds(expected)
        let found = try await trial.findSession(session.id, in: Samples.live(at: Samples.now))
        try trial.expect(found?.session, is: session, "the session used \(moment) seconds after log in")
      }
      let found = try await trial.findSession(other.id, in: Samples.live(at: Samples.now))
      try trial.expect(found?.session, is: other, "another session")
    },

    Clause(.sessions, "use of a session that is not there is nothing, and opens none") { trial in
      let (bob, session, _) = try await trial.addFullUser("bob")
      _ = try await trial.store.endSession(session.id, in: Samples.live(at: Samples.now))
      for id in [session.id, Samples.digest("unknown"), TokenDigest(hex: "")] {
        try await trial.store.touchSession(id, at: Samples.now + .seconds(1))
        let found = try await trial.findSession(id, in: Samples.everySession)
        try trial.expect(found?.session, is: nil, "the session that is not there")
      }
      try await trial.expect(trial.user(bob.id).sessionID, is: nil, "the user's session id")
    },

    Clause(.sessions, "a session ends once") { trial in
      let (bob, session, _) = try await trial.addFullUser("bob")
      let live = Samples.live(at: Samples.now)
      let isUnknownEnded = try await trial.store.endSession(Samples.digest("unknown"), in: live) != nil
      try trial.expect(isUnknownEnded, is: false, "ending a session that was never there")
      try await trial.expect(trial.store.endSession(session.id, in: live), is: bob.id, "ending an open session")
      try await trial.expect(trial.store.endSession(session.id, in: live), is: nil, "ending it again")
      try await trial.expect(trial.isStored(session), is: false, "whether the session is open")
      try await trial.expect(trial.user(bob.id).sessionID, is: nil, "the user's session id")
    },

    Clause(.sessions, "ending one session leaves all others") { trial in
      let (_, aliceSession, _) = try await trial.addFullUser("alice")
      let (bob, first, _) = try await trial.addFullUser("bob")
      let second = Samples.session("second", of: bob)
      try await trial.addSession(second)
      _ = try await trial.store.endSession(second.id, in: Samples.live(at: Samples.now))
      try await trial.expect(trial.isStored(second), is: false, "whether the session is open that was ended")
      try await trial.expect(trial.isStored(first), is: true, "whether the user's other session is open")
      try await trial.expect(trial.isStored(aliceSession), is: true, "whether another user's session is open")
    },

    Clause(.sessions, "ending all sessions of a user leaves those of others") { trial in
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
    },
  ]
}
