internal import AuthCore

extension StoreContract.Clause {
  package static let tokenExpires = Self(.resetTokens, "a reset token is void from the moment it expires") { trial in
    let (bob, _, token) = try await trial.addFullUser("bob")
    let last = try await trial.store.findUser(withResetToken: token.id, now: token.expiresAt - Samples.second)
    try trial.expect(last, is: bob, "the owner of the token a second before it expires")
    for moment in [token.expiresAt, token.expiresAt + Samples.second] {
      let owner = try await trial.store.findUser(withResetToken: token.id, now: moment)
      try trial.expect(owner, is: nil, "the owner of the token from the moment it expires")
    }
  }

  package static let unexpiredTokenWorks = Self(.resetTokens, "a reset token can be used until the second before it expires") {
    trial in
    for (name, distance, isValid) in [("alice", -1, true), ("bob", 0, false), ("carol", 1, false)] {
      let (_, _, token) = try await trial.addFullUser(name)
      let isConsumed = try await trial.consume(token, at: token.expiresAt + .seconds(distance))
      try trial.expect(isConsumed, is: isValid, "using a token \(distance) seconds after it expires")
    }
  }

  package static let expiredTokenChangesNothing = Self(.resetTokens, "using an expired reset token changes nothing") { trial in
    let (bob, session, token) = try await trial.addFullUser("bob")
    try await trial.expect(
      trial.consume(token, at: token.expiresAt, endingSessions: true), is: false, "using the expired token")
    try await trial.expect(trial.user(bob.id), is: bob, "the user")
    try await trial.expect(trial.isStored(session), is: true, "whether the session is open")
  }
}
