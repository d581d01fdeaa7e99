internal import AuthCore

extension StoreContract {
  static let concurrencyClauses: [Clause] = [
    Clause(.concurrency, "of many simultaneous registrations of one address one succeeds") { trial in
      let outcomes = try await trial.atOnce(50) { index, store throws(StoreError) in
        let text = index.isMultiple(of: 3) ? "BOB@me.com" : "bob@me.com"
        return try await store.addUser(email: Samples.email(text), hashedPassword: PasswordHash("hash \(index)"))
      }
      var winners: [User] = []
      for outcome in outcomes {
        switch outcome {
        case .success(let user): winners.append(user)
        case .failure(.unavailable(let reason)): throw StoreError.unavailable(reason)
        case .failure(let error): try trial.expect(error, is: .emailTaken, "the error of a registration that came too late")
        }
      }
      try trial.expect(winners.count, is: 1, "how many registrations succeeded")
      try await trial.expect(trial.user(1), is: winners[0], "the user who has the address")
      try await trial.expectNobody("a second user", by: [.id(2)])
    },

    Clause(.concurrency, "simultaneous registrations of different addresses all succeed, with ids of their own") { trial in
      let outcomes = try await trial.atOnce(40) { index, store throws(StoreError) in
        try await store.addUser(email: Samples.email("\(index)@me.com"), hashedPassword: PasswordHash("hash \(index)"))
      }
      let users = try outcomes.map { try $0.get() }
      try trial.expect(users.map(\.id).sorted(), is: Array(1...40), "the ids")
      for user in users { try await trial.expect(trial.user(user.id), is: user, "the user with this id") }
    },

    Clause(.concurrency, "of many simultaneous uses of a reset token one succeeds") { trial in
      let (bob, _, token) = try await trial.addFullUser("bob")
      let outcomes = try await trial.atOnce(30) { index, store throws(StoreError) in
        try await store.consumeResetToken(
          token.id, now: Samples.now, settingPassword: PasswordHash("hash \(index)"), endingSessions: false)
      }
      let winner = try trial.expectOneTrue(outcomes, "using one token")
      try await trial.expect(trial.user(bob.id).hashedPassword.text, is: "hash \(winner)", "the user's hash")
    },

    Clause(.concurrency, "simultaneous logins keep to the limit") { trial in
      for (name, limit) in [("alice", 1), ("bob", 3)] {
        let user = try await trial.addUser("\(name)@me.com")
        let sessions = (0..<30).map { Samples.session("\(name) \($0)", of: user) }
        let outcomes = try await trial.atOnce(30) { index, store throws(StoreError) in
          try await store.addSession(
            sessions[index], limit: limit, live: Samples.live(at: Samples.now), ifPassword: user.hashedPassword, replacing: nil)
        }
        let answers = try outcomes.map { try $0.get() }
        try trial.expect(answers, is: Array(repeating: true, count: 30), "adding sessions")
        var open: [TokenDigest?] = []
        for session in sessions where try await trial.isStored(session) { open.append(session.id) }
        try trial.expect(open.count, is: limit, "how many sessions are open")
        let newest = try await trial.user(user.id).sessionID
        try trial.expect(open.contains(newest), is: true, "whether the user's session id is that of an open session")
      }
    },

    Clause(.concurrency, "of many simultaneous replacements of a hash one succeeds") { trial in
      let bob = try await trial.addUser("bob@me.com")
      let outcomes = try await trial.atOnce(30) { index, store throws(StoreError) in
        try await store.replaceHashedPassword(of: bob.id, bob.hashedPassword, with: PasswordHash("hash \(index)"))
      }
      let winner = try trial.expectOneTrue(outcomes, "replacing one hash")
      try await trial.expect(trial.user(bob.id).hashedPassword.text, is: "hash \(winner)", "the user's hash")
    },

    Clause(.concurrency, "of many simultaneous ends of a session one succeeds") { trial in
      let (_, session, _) = try await trial.addFullUser("bob")
      let outcomes = try await trial.atOnce(30) { _, store throws(StoreError) in
        try await store.endSession(session.id, in: Samples.live(at: Samples.now)) != nil
      }
      _ = try trial.expectOneTrue(outcomes, "ending one session")
      try await trial.expect(trial.isStored(session), is: false, "whether the session is open")
    },

    Clause(.concurrency, "no login slips past a simultaneous reset that ends all sessions") { trial in
      // A reset among logins with the old password: before it they are ended, after it they are refused.
      for round in 0..<5 {
        let (bob, _, token) = try await trial.addFullUser("bob\(round)")
        let sessions = (0..<20).map { Samples.session("session \($0) of round \(round)", of: bob) }
        let outcomes = try await trial.atOnce(20) { index, store throws(StoreError) in
          guard index != 10 else {
            return try await store.consumeResetToken(
              token.id, now: Samples.now, settingPassword: Samples.newHash, endingSessions: true)
          }
          return try await store.addSession(
            sessions[index], limit: 20, live: Samples.live(at: Samples.now), ifPassword: bob.hashedPassword, replacing: nil)
        }
        for outcome in outcomes { _ = try outcome.get() }
        try trial.expect(try outcomes[10].get(), is: true, "using the token")
        for session in sessions {
          try await trial.expect(trial.isStored(session), is: false, "whether a session of the old password is open")
        }
        try await trial.expect(trial.user(bob.id).sessionID, is: nil, "the user's session id")
      }
    },
  ]
}
