internal import AuthCore

extension StoreContract {
  static let raceClauses: [Clause] = [
    Clause(.concurrency, "no login slips past a simultaneous change of password that ends all other sessions") { trial in
      for round in 0..<5 {
        let (bob, session, _) = try await trial.addFullUser("bob\(round)")
        let new = Samples.session("new of round \(round)", of: bob)
        let sessions = (0..<20).map { Samples.session("session \($0) of round \(round)", of: bob) }
        let outcomes = try await trial.atOnce(20) { index, store throws(StoreError) in
          guard index != 10 else {
            return try await store.changePassword(
              of: bob.id, bob.hashedPassword, to: Samples.newHash, renewing: session.id, as: new, endingOthers: true)
          }
          return try await store.addSession(
            sessions[index], limit: 100, live: Samples.live(at: Samples.now), ifPassword: bob.hashedPassword, replacing: nil)
        }
        for outcome in outcomes { _ = try outcome.get() }
        try trial.expect(try outcomes[10].get(), is: true, "changing the password")
        let left = try await trial.store.findSessions(of: bob.id, in: Samples.everySession)
        try trial.expect(left, is: [new], "the sessions left")
        try await trial.expect(trial.user(bob.id).sessionID, is: new.id, "the user's session id")
      }
    },

    Clause(.concurrency, "of many simultaneous changes of a password one succeeds") { trial in
      let (bob, session, _) = try await trial.addFullUser("bob")
      let outcomes = try await trial.atOnce(30) { index, store throws(StoreError) in
        try await store.changePassword(
          of: bob.id, bob.hashedPassword, to: PasswordHash("hash \(index)"), renewing: session.id,
          as: Samples.session("new \(index)", of: bob), endingOthers: false)
      }
      let winner = try trial.expectOneTrue(outcomes, "changing one password")
      try await trial.expect(trial.user(bob.id).hashedPassword.text, is: "hash \(winner)", "the user's hash")
      let left = try await trial.store.findSessions(of: bob.id, in: Samples.everySession)
      try trial.expect(left, is: [Samples.session("new \(winner)", of: bob)], "the sessions left")
    },

    Clause(.concurrency, "of many simultaneous deletions of a user one succeeds, and no login is left of them") { trial in
      let (bob, _, _) = try await trial.addFullUser("bob")
      let outcomes = try await trial.atOnce(30) { index, store throws(StoreError) in
        guard index.isMultiple(of: 3) else { return try await store.deleteUser(bob.id, ifPassword: bob.hashedPassword) }
        do throws(StoreError) {
          _ = try await store.addSession(
            Samples.session("session \(index)", of: bob), limit: 100, live: Samples.live(at: Samples.now), ifPassword: nil,
            replacing: nil)
        } catch .noResultFound {}
        return false
      }
      _ = try trial.expectOneTrue(outcomes, "deleting one user")
      try await trial.expectNobody("the deleted user", by: [.id(bob.id)])
      let left = try await trial.store.findSessions(of: bob.id, in: Samples.everySession)
      try trial.expect(left, is: [], "the sessions left")
    },

    Clause(.concurrency, "where all sessions are ended by many at once each is given once") { trial in
      let bob = try await trial.addUser("bob@me.com")
      let sessions = (0..<10).map { Samples.session("session \($0)", of: bob) }
      for session in sessions { try await trial.addSession(session) }
      let outcomes = try await trial.atOnce(20) { _, store throws(StoreError) in
        try await store.endSessions(.all, of: bob.id, in: Samples.live(at: Samples.now))
      }
      let ended = try outcomes.flatMap { try $0.get() }
      try trial.expect(ended.count, is: 10, "how many sessions were given")
      try trial.expect(Set(ended), is: Set(sessions.map(\.id)), "the sessions given")
    },

    Clause(.concurrency, "simultaneous requests keep to the limit") { trial in
      let outcomes = try await trial.atOnce(30) { index, store throws(StoreError) in
        try await store.addMessage(Samples.request("\(index)"), limit: 7)
      }
      let added = try outcomes.indices.filter { try outcomes[$0].get() }
      try trial.expect(added.count, is: 7, "how many requests were added")
      try await trial.expect(trial.claimAll().sorted(), is: added.map(String.init).sorted(), "the requests that wait")
    },

    Clause(.concurrency, "of many that take requests in hand at once each gets one of its own") { trial in
      for index in 0..<20 { _ = try await trial.store.addMessage(Samples.request("\(index)"), limit: 100) }
      let outcomes = try await trial.atOnce(40) { _, store throws(StoreError) in
        try await store.claimMessage(now: Samples.now, until: Samples.now + Samples.hour)
      }
      let claimed = try outcomes.compactMap { try $0.get() }
      try trial.expect(claimed.map(\.id).sorted(), is: (0..<20).map(String.init).sorted(), "the requests in hand")
      try trial.expect(claimed.filter { $0.tries != 1 }.count, is: 0, "how many requests were tried more than once")
    },

    Clause(.concurrency, "where many purge at once each row is given once") { trial in
      let bob = try await trial.addUser("bob@me.com")
      for index in 0..<20 { try await trial.addSession(Samples.session("session \(index)", of: bob)) }
      let live = Samples.live(at: Samples.now + Samples.hour)
      let outcomes = try await trial.atOnce(20) { _, store throws(StoreError) in
        try await store.purge(Purge.Scope(live: live, countersBefore: .distantPast, limit: 3))
      }
      let purged = try outcomes.map { try $0.get() }
      try trial.expect(purged.map(\.count).reduce(0, +), is: 20, "how many rows went")
      try trial.expect(Set(purged.flatMap(\.sessions).map(\.id)).count, is: 20, "how many sessions were given")
    },
  ]
}
