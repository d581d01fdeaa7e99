internal import AuthCore

extension StoreContract {
  static let searchClauses: [Clause] = [
    Clause(.accounts, "a user is found by each attribute") { trial in
      _ = try await trial.addFullUser("alice")
      let (bob, session, token) = try await trial.addFullUser("bob")
      _ = try await trial.addFullUser("carol")
      let filters: [User.Filter] = [
        .id(bob.id), .email(bob.email), .email(Samples.email("BOB@ME.com")), .hashedPassword(bob.hashedPassword),
        .sessionID(session.id), .resetToken(token.id),
      ]
      for filter in filters {
        try await trial.expect(trial.store.findUser(by: filter), is: bob, "the user found by \(filter)")
      }
    },

    Clause(.accounts, "several filters must all match") { trial in
      let (alice, _, _) = try await trial.addFullUser("alice")
      let (bob, session, token) = try await trial.addFullUser("bob")
      let all: [User.Filter] = [
        .id(bob.id), .email(bob.email), .hashedPassword(bob.hashedPassword), .sessionID(session.id), .resetToken(token.id),
      ]
      try await trial.expect(trial.store.findUser(by: all), is: bob, "the user found by all attributes")
      for filter in all {
        try await trial.expectNobody("who is alice by address and bob by \(filter)", by: [.email(alice.email), filter])
        try await trial.expectNobody("who is bob by \(filter) and alice by address", by: [filter, .email(alice.email)])
      }
      try await trial.expectNobody("who has two ids", by: [.id(alice.id), .id(bob.id)])
    },

    Clause(.accounts, "a nil filter finds users who have no session, or no reset token") { trial in
      let (_, _, _) = try await trial.addFullUser("alice")
      let (bob, _, _) = try await trial.addFullUser("bob")
      try await trial.expectNobody("who has no session", by: [.sessionID(nil)])
      try await trial.expectNobody("who has no reset token", by: [.resetToken(nil)])
      try await trial.store.updateUser(bob.id, .revokeResetToken)
      var expected = bob
      expected.resetToken = nil
      try await trial.expect(trial.store.findUser(by: .resetToken(nil)), is: expected, "who has no reset token")
      try await trial.expectNobody("who has neither session nor reset token", by: [.sessionID(nil), .resetToken(nil)])
      let carol = try await trial.addUser("carol@me.com")
      try await trial.expect(trial.store.findUser(by: .sessionID(nil)), is: carol, "who has no session")
      let both = try await trial.store.findUser(by: .resetToken(nil), .sessionID(nil))
      try trial.expect(both, is: carol, "who has neither session nor reset token")
    },

    Clause(.accounts, "of several users that match the first by id is found") { trial in
      // Neither the order of the addresses nor that of the last changes is the order of the ids.
      for name in ["c", "b", "a"] { _ = try await trial.addUser("\(name)@me.com") }
      try await trial.store.updateUser(1, .hashedPassword(Samples.newHash))
      try await trial.store.updateUser(1, .hashedPassword(Samples.hash))
      for filters in [[], [.hashedPassword(Samples.hash)], [.sessionID(nil)], [.resetToken(nil)]] as [[User.Filter]] {
        try await trial.expect(trial.store.findUser(by: filters).id, is: 1, "the id of the user found by \(filters)")
      }
      try await trial.store.updateUser(1, .hashedPassword(Samples.newHash))
      let second = try await trial.store.findUser(by: .hashedPassword(Samples.hash))
      try trial.expect(second.id, is: 2, "the id of the first user with a hash that the first has no more")
    },

    Clause(.accounts, "where nobody matches the search finds no result") { trial in
      try await trial.expectNobody("anybody in an empty storage", by: [])
      _ = try await trial.addUser("bob@me.com")
      let filters: [User.Filter] = [
        .id(0), .id(2), .id(-1), .id(.max), .id(.min), .email(Samples.email("bo@me.com")), .email(Samples.email("bob@me.co")),
        .hashedPassword(PasswordHash("")), .hashedPassword(PasswordHash("A HASH")), .sessionID(Samples.digest("x")),
        .resetToken(Samples.digest("x")),
      ]
      for filter in filters { try await trial.expectNobody("the user found by \(filter)", by: [filter]) }
    },
  ]
}
