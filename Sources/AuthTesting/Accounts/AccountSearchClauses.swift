internal import AuthCore

extension StoreContract.Clause {
  package static let eachAttributeFindsUser = Self(.accounts, "a user is found by each attribute") { trial in
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
  }

  package static let allFiltersMustMatch = Self(.accounts, "a user is found only if all filters match") { trial in
    let (alice, _, _) = try await trial.addFullUser("alice")
    let (bob, session, token) = try await trial.addFullUser("bob")
    let all: [User.Filter] = [
      .id(bob.id), .email(bob.email), .hashedPassword(bob.hashedPassword), .sessionID(session.id), .resetToken(token.id),
    ]
    try await trial.expect(trial.store.findUser(by: all), is: bob, "the user found by all attributes")
    for filter in all {
      try await trial.expectNoUser("a user who is alice by email and bob by \(filter)", by: [.email(alice.email), filter])
      try await trial.expectNoUser("a user who is bob by \(filter) and alice by email", by: [filter, .email(alice.email)])
    }
    try await trial.expectNoUser("a user with two ids", by: [.id(alice.id), .id(bob.id)])
  }

  package static let nilFindsUsersWithout = Self(.accounts, "a nil filter finds users who have no session or no reset token") {
    trial in
    let (_, _, _) = try await trial.addFullUser("alice")
    let (bob, _, _) = try await trial.addFullUser("bob")
    try await trial.expectNoUser("a user without a session", by: [.sessionID(nil)])
    try await trial.expectNoUser("a user without a reset token", by: [.resetToken(nil)])
    try await trial.store.updateUser(bob.id, .revokeResetToken)
    var expected = bob
    expected.resetToken = nil
    try await trial.expect(trial.store.findUser(by: .resetToken(nil)), is: expected, "a user without a reset token")
    try await trial.expectNoUser("a user with neither session nor reset token", by: [.sessionID(nil), .resetToken(nil)])
    let carol = try await trial.addUser("carol@me.com")
    try await trial.expect(trial.store.findUser(by: .sessionID(nil)), is: carol, "a user without a session")
    let both = try await trial.store.findUser(by: .resetToken(nil), .sessionID(nil))
    try trial.expect(both, is: carol, "a user with neither session nor reset token")
  }

  package static let lowestIDIsFound = Self(.accounts, "the user with the lowest id is found among several that match") { trial in
    // The order of neither the emails nor the last changes is the order of the ids.
    var ids: [User.ID] = []
    for name in ["c", "b", "a"] { ids.append(try await trial.addUser("\(name)@me.com").id) }
    try await trial.store.updateUser(ids[0], .hashedPassword(Samples.newHash))
    try await trial.store.updateUser(ids[0], .hashedPassword(Samples.hash))
    for filters in [[], [.hashedPassword(Samples.hash)], [.sessionID(nil)], [.resetToken(nil)]] as [[User.Filter]] {
      try await trial.expect(trial.store.findUser(by: filters).id, is: ids[0], "the id of the user found by \(filters)")
    }
    try await trial.store.updateUser(ids[0], .hashedPassword(Samples.newHash))
    let second = try await trial.store.findUser(by: .hashedPassword(Samples.hash))
    try trial.expect(second.id, is: ids[1], "the id of the first user with a hash that the first no longer has")
  }

  package static let noMatchIsNoResult = Self(.accounts, "a search that matches no user throws noResultFound") { trial in
    try await trial.expectNoUser("a user in an empty store", by: [])
    let bob = try await trial.addUser("bob@me.com")
    let filters: [User.Filter] = [
      .id(bob.id - 1), .id(bob.id + 1), .id(-bob.id), .id(.max), .id(.min), .email(Samples.email("bo@me.com")),
      .email(Samples.email("bob@me.co")),
      .hashedPassword(PasswordHash("")), .hashedPassword(PasswordHash("A HASH")), .sessionID(Samples.digest("x")),
      .resetToken(Samples.digest("x")),
    ]
    for filter in filters { try await trial.expectNoUser("the user found by \(filter)", by: [filter]) }
  }
}
