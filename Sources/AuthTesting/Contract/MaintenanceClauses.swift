internal import AuthCore

extension StoreContract {
  private static func count(_ count: Int, at moment: Timestamp = Samples.now) -> Throttle.Counter {
    Throttle.Counter(count: count, lastAt: moment)
  }

  static let maintenanceClauses: [Clause] = [
    Clause(.purge, "what has ended is purged, to the second, and nothing else") { trial in
      let (bob, session, token) = try await trial.addFullUser("bob")
      let unused = Session(
        id: Samples.digest("unused"), userID: bob.id, createdAt: Samples.now, lastUsedAt: Samples.now + .seconds(9),
        expiresAt: Samples.now + .seconds(86_400))
      try await trial.addSession(unused)
      let keys = [Throttle.Key(.loginEmail, digest: "a"), Throttle.Key(.loginEmail, digest: "b"), Samples.key("c")]
      try await trial.count([count(99), count(100), count(100)], for: keys)
      // Session and token end an hour from now; the other session was used after 9 seconds, the failures are of now.
      let early = Purge.Scope(
        live: Session.Cutoff(expiringAfter: session.expiresAt - Samples.second, usedAfter: Samples.now - Samples.second),
        countersBefore: Samples.now, lockThreshold: 100, limit: 100)
      try await trial.expect(trial.store.purge(early), is: Purge.Result(sessions: [], count: 0), "what went a second early")
      let due = Purge.Scope(
        live: Session.Cutoff(expiringAfter: session.expiresAt, usedAfter: Samples.now - Samples.second),
        countersBefore: Samples.now + Samples.second, lockThreshold: 100, limit: 100)
      try await trial.expect(trial.store.purge(due), is: Purge.Result(sessions: [session], count: 4), "what went in time")
      let owner = try await trial.store.findUser(withResetToken: token.id, now: .distantPast)
      try trial.expect(owner, is: nil, "the owner of the purged reset token")
      try await trial.expect(
        trial.store.findCounters(of: keys), is: [.none, count(100), .none], "the failures that lock an address")
      let idle = Purge.Scope(
        live: Session.Cutoff(expiringAfter: session.expiresAt, usedAfter: unused.lastUsedAt), countersBefore: Samples.now,
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
        live: Samples.live(at: Samples.now + Samples.hour), countersBefore: Samples.now, limit: 2)
      for count in [2, 2, 1, 0] {
        try await trial.expect(trial.store.purge(ended).count, is: count, "how many of five went at a time of two")
      }
    },
  ]
}
