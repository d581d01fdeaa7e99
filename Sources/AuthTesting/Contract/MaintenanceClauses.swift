internal import AuthCore

extension StoreContract {
  private static let keys = ["a", "b'; --", "é"].map(Throttle.Key.init(stored:))

  private static func count(_ count: Int, at moment: Timestamp = Samples.now) -> Throttle.Counter {
    Throttle.Counter(count: count, lastAt: moment)
  }

  static let maintenanceClauses: [Clause] = [
    Clause(.failures, "failures are kept for each key as they were counted, and none is as good as none stored") { trial in
      let store = trial.store
      try await trial.expect(store.findFailures(of: keys), is: [.none, .none, .none], "failures that nobody counted")
      let answer = try await store.updateFailures(of: [keys[0], keys[2]]) { counts in
        counts = [count(3), count(7, at: Samples.now - .seconds(5))]
        return "an answer"
      }
      try trial.expect(answer, is: "an answer", "what the update returned")
      let reopened = try await trial.reopened()
      let kept = [count(3), .none, count(7, at: Samples.now - .seconds(5))]
      try await trial.expect(reopened.findFailures(of: keys), is: kept, "the failures")
      let seen = try await store.updateFailures(of: keys) { counts in
        defer { counts[0] = .none }
        return counts
      }
      try trial.expect(seen, is: kept, "the failures that the update saw")
      try await trial.expect(store.findFailures(of: keys), is: [.none, .none, kept[2]], "the failures after one row ended")
    },

    Clause(.concurrency, "of failures that are counted at once none is lost") { trial in
      _ = try await trial.atOnce(30) { _, store throws(StoreError) in
        try await store.updateFailures(of: [keys[0]]) { $0[0] = count($0[0].count + 1) }
      }
      try await trial.expect(trial.store.findFailures(of: [keys[0]]), is: [count(30)], "30 failures")
    },

    Clause(.purge, "what has ended is purged, to the second, and nothing else") { trial in
      let (bob, session, token) = try await trial.addFullUser("bob")
      let unused = Session(
        id: Samples.digest("unused"), userID: bob.id, createdAt: Samples.now, lastUsedAt: Samples.now + .seconds(9),
        expiresAt: Samples.now + .seconds(86_400))
      try await trial.addSession(unused)
      let keys = ["login-address:a", "login-address:b", "login-network:c"].map(Throttle.Key.init(stored:))
      try await trial.store.updateFailures(of: keys) { $0 = [count(99), count(100), count(100)] }
      // Session and token end an hour from now; the other session was used after 9 seconds, the failures are of now.
      let early = Purge.Scope(
        live: Session.Cutoff(expiringAfter: session.expiresAt - Samples.second, usedAfter: Samples.now - Samples.second),
        failuresBefore: Samples.now, lockThreshold: 100, limit: 100)
      try await trial.expect(trial.store.purge(early), is: Purge.Result(sessions: [], count: 0), "what went a second early")
      let due = Purge.Scope(
        live: Session.Cutoff(expiringAfter: session.expiresAt, usedAfter: Samples.now - Samples.second),
        failuresBefore: Samples.now + Samples.second, lockThreshold: 100, limit: 100)
      try await trial.expect(trial.store.purge(due), is: Purge.Result(sessions: [session], count: 4), "what went in time")
      let owner = try await trial.store.findUser(withResetToken: token.id, now: .distantPast)
      try trial.expect(owner, is: nil, "the owner of the purged reset token")
      try await trial.expect(
        trial.store.findFailures(of: keys), is: [.none, count(100), .none], "the failures that lock an address")
      let idle = Purge.Scope(
        live: Session.Cutoff(expiringAfter: session.expiresAt, usedAfter: unused.lastUsedAt), failuresBefore: Samples.now,
        limit: 100)
      try await trial.expect(
        trial.store.purge(idle), is: Purge.Result(sessions: [unused], count: 1), "the session that was not used")
      let left = User(id: bob.id, email: bob.email, hashedPassword: bob.hashedPassword)
      try await trial.expect(trial.user(bob.id), is: left, "the user")
    },

    Clause(.purge, "no more goes at a time than the limit, and all of it in the end") { trial in
      let bob = try await trial.addUser("bob@me.com")
      for name in ["a", "b", "c", "d", "e"] { try await trial.addSession(Samples.session(name, of: bob)) }
      let ended = Purge.Scope(
        live: Samples.live(at: Samples.now + Samples.hour), failuresBefore: Samples.now, limit: 2)
      for count in [2, 2, 1, 0] {
        try await trial.expect(trial.store.purge(ended).count, is: count, "how many of five went at a time of two")
      }
    },
  ]
}
