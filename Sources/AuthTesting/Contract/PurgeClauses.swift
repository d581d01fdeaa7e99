internal import AuthCore

extension StoreContract {
  private static func session(
    _ name: String, of user: User, used: Duration = .zero, expiring: Duration = .seconds(86_400)
  ) -> Session {
    Session(
      id: Samples.digest(name), userID: user.id, createdAt: Samples.now, lastUsedAt: Samples.now + used,
      expiresAt: Samples.now + expiring, ipAddress: "2001:db8::7", userAgent: "agent of \(name)")
  }

  static let purgeClauses: [Clause] = [
    Clause(.purge, "a session is purged from the second in which it is no longer live, by either limit") { trial in
      let bob = try await trial.addUser("bob@me.com")
      // At 100 seconds, for sessions that were used after 50.
      let over = [
        session("expired", of: bob, used: .seconds(60), expiring: .seconds(99)),
        session("expires", of: bob, used: .seconds(60), expiring: .seconds(100)),
        session("idle", of: bob, used: .seconds(49)), session("becomes idle", of: bob, used: .seconds(50)),
        session("both", of: bob, used: .seconds(50), expiring: .seconds(100)),
      ]
      let live = [
        session("expires next", of: bob, used: .seconds(60), expiring: .seconds(101)),
        session("idle next", of: bob, used: .seconds(51)),
      ]
      for session in over + live {
        _ = try await trial.store.addSession(session, limit: 20, live: Samples.everySession, ifPassword: nil, replacing: nil)
      }
      let limits = Session.Cutoff(expiringAfter: Samples.now + .seconds(100), usedAfter: Samples.now + .seconds(50))
      let purged = try await trial.store.purge(Purge.Scope(live: limits, countersBefore: .distantPast, limit: 100))
      let ids = { (sessions: [Session]) in sessions.sorted { $0.id.hex < $1.id.hex } }
      try trial.expect(ids(purged.sessions), is: ids(over), "the sessions purged")
      try trial.expect(purged.count, is: over.count, "how many rows went")
      let left = try await trial.store.findSessions(of: bob.id, in: Samples.everySession)
      try trial.expect(left, is: live.reversed(), "the sessions left")
    },

    Clause(.purge, "a reset token is purged from the second in which it is void") { trial in
      for (name, distance) in [("alice", -1), ("bob", 0), ("carol", 1)] {
        let user = try await trial.addUser("\(name)@me.com")
        let token = ResetToken.Record(
          id: Samples.digest(name), createdAt: Samples.now, expiresAt: Samples.now + .seconds(100 + distance))
        _ = try await trial.store.addResetToken(token, for: user.email)
      }
      let live = Samples.live(at: Samples.now + .seconds(100))
      let purged = try await trial.store.purge(Purge.Scope(live: live, countersBefore: .distantPast, limit: 100))
      try trial.expect(purged, is: Purge.Result(sessions: [], count: 2), "what was purged")
      for (id, name, isLeft) in [(1, "alice", false), (2, "bob", false), (3, "carol", true)] as [(User.ID, String, Bool)] {
        let owner = try await trial.store.findUser(withResetToken: Samples.digest(name), now: Samples.now)
        try trial.expect(owner?.id, is: isLeft ? id : nil, "the owner of \(name)'s token")
        try await trial.expect(
          trial.user(id).resetToken, is: isLeft ? Samples.digest(name) : nil, "the reset token that \(name) carries")
      }
    },

    Clause(.purge, "rows of all kinds go under one limit, and every session is given once, as it was saved") { trial in
      let bob = try await trial.addUser("bob@me.com")
      let expired = ["a", "b", "c"].map { session($0, of: bob, expiring: .seconds(9)) }
      let idle = ["d", "e"].map { session($0, of: bob, used: .seconds(-9)) }
      let live = session("live", of: bob)
      for session in expired + idle + [live] {
        _ = try await trial.store.addSession(session, limit: 20, live: Samples.everySession, ifPassword: nil, replacing: nil)
      }
      for name in ["alice", "carol"] { _ = try await trial.addFullUser(name) }
      let keys = ["a", "b", "c", "d"].map(Samples.key)
      try await trial.count((1...4).map { Samples.count(1, at: Samples.now + .seconds($0)) }, for: keys)

      // The sessions and reset tokens of the other two last an hour.
      let limits = Session.Cutoff(expiringAfter: Samples.now + Samples.hour, usedAfter: Samples.now - Samples.second)
      let ended = Purge.Scope(live: limits, countersBefore: Samples.now + .seconds(4), limit: 4)
      var (sessions, counts) = ([Session](), [Int]())
      // Four full calls would be enough for all users and rows there are.
      for _ in 1...5 {
        let purged = try await trial.store.purge(ended)
        try trial.expect(purged.sessions.count <= purged.count, is: true, "whether sessions are among what is counted")
        sessions += purged.sessions
        counts.append(purged.count)
      }
      try trial.expect(counts, is: [4, 4, 4, 0, 0], "how many of twelve rows went at a time of four")
      let ofBob = sessions.filter { $0.userID == bob.id }.sorted { $0.id.hex < $1.id.hex }
      try trial.expect(ofBob, is: (expired + idle).sorted { $0.id.hex < $1.id.hex }, "the sessions given")
      try trial.expect(sessions.count, is: 7, "how many sessions were given")
      try await trial.expect(trial.isStored(live), is: true, "whether a live session is open")
      try await trial.expect(
        trial.store.findCounters(of: keys), is: [.none, .none, .none, Samples.count(1, at: Samples.now + .seconds(4))],
        "the failures left")
    },

    Clause(.purge, "users whose newest session is purged have none as theirs, and others keep it") { trial in
      let (alice, bob) = (try await trial.addUser("alice@me.com"), try await trial.addUser("bob@me.com"))
      let (brief, long) = (Duration.seconds(9), Duration.seconds(86_400))
      for (user, lengths) in [(alice, [long, brief]), (bob, [brief, long])] {
        for (index, length) in lengths.enumerated() {
          try await trial.addSession(session("\(index) of \(user.id)", of: user, expiring: length))
        }
      }
      let ended = Purge.Scope(live: Samples.live(at: Samples.now + .seconds(9)), countersBefore: .distantPast, limit: 100)
      try await trial.expect(trial.store.purge(ended).count, is: 2, "how many sessions were purged")
      try await trial.expect(trial.user(alice.id).sessionID, is: nil, "the session id of a user whose newest session is gone")
      try await trial.expect(
        trial.user(bob.id).sessionID, is: Samples.digest("1 of \(bob.id)"),
        "the session id of a user whose oldest session is gone")
    },

    Clause(.purge, "users, and requests that wait, are never purged") { trial in
      let bob = try await trial.addUser("bob@me.com")
      for name in ["a", "b"] { _ = try await trial.store.addMessage(Samples.request(name), limit: 10) }
      let last = Timestamp(secondsSince1970: .max)
      let ended = Purge.Scope(
        live: Session.Cutoff(expiringAfter: last, usedAfter: last), countersBefore: last, limit: 100)
      try await trial.expect(trial.store.purge(ended), is: Purge.Result(sessions: [], count: 0), "what was purged")
      try await trial.expect(trial.user(bob.id), is: bob, "the user")
      try await trial.expect(trial.claimAll().sorted(), is: ["a", "b"], "the requests")
    },

    Clause(.expiry, "a purge goes by moments however far") { trial in
      let bob = try await trial.addUser("bob@me.com")
      let key = Samples.key("a")
      for (index, seconds) in ([.min + 1, -1, 1 << 31, (1 << 53) + 1, .max] as [Int64]).enumerated() {
        let moment = Timestamp(secondsSince1970: seconds)
        let session = Session(
          id: Samples.digest("\(index)"), userID: bob.id, createdAt: moment, lastUsedAt: moment, expiresAt: moment)
        _ = try await trial.store.addSession(session, limit: 20, live: Samples.everySession, ifPassword: nil, replacing: nil)
        try await trial.count([Samples.count(1, at: moment - Samples.second)], for: [key])
        let before = moment - Samples.second
        for (limit, sessions, count) in [(before, [], 0), (moment, [session], 2)] as [(Timestamp, [Session], Int)] {
          let ended = Purge.Scope(live: Samples.live(at: limit), countersBefore: limit, limit: 100)
          try await trial.expect(
            trial.store.purge(ended), is: Purge.Result(sessions: sessions, count: count), "what was purged at \(limit)")
        }
      }
    },
  ]
}
