internal import AuthCore

extension StoreContract {
  static let hostileTextClauses: [Clause] = [
    Clause(.hostileText, "SQL in an address is text like any other") { trial in
      try await trial.expectAccountsOfTheirOwn(HostileText.sql)
    },

    Clause(.hostileText, "wild cards in an address are text like any other") { trial in
      try await trial.expectAccountsOfTheirOwn(HostileText.patterns)
    },

    Clause(.hostileText, "an address is not searched for as a pattern") { trial in
      let bob = try await trial.addUser("bob@me.com")
      for text in ["%", "bob%", "_ob@me.com", "*", "b?b@me.com", "[b]ob@me.com", ".*", "' OR '1'='1", "bob@me.com' --"] {
        try await trial.expectNobody("the user with the address \(text)", by: [.email(Samples.email(text))])
        try await trial.expectError(.noResultFound, "saving a reset token for \(text)") { () async throws(StoreError) in
          try await trial.store.addResetToken(Samples.resetToken(text), for: Samples.email(text))
        }
      }
      try await trial.expect(trial.user(bob.id), is: bob, "the user there is")
    },

    Clause(.hostileText, "only the case of ASCII letters is folded") { trial in
      try await trial.expectAccountsOfTheirOwn(HostileText.lookalikes)
    },

    Clause(.hostileText, "addresses are kept as they were written, not normalised") { trial in
      try await trial.expectAccountsOfTheirOwn(HostileText.unnormalized)
    },

    Clause(.hostileText, "addresses are compared as text, with every blank") { trial in
      try await trial.expectAccountsOfTheirOwn(HostileText.nearlyEqual)
    },

    Clause(.hostileText, "characters that show nothing count, and emoji are kept") { trial in
      try await trial.expectAccountsOfTheirOwn(HostileText.invisible)
    },

    Clause(.hostileText, "addresses of 250 bytes count to the last") { trial in
      try await trial.expectAccountsOfTheirOwn(HostileText.longest)
    },

    Clause(.hostileText, "a hash comes back byte for byte") { trial in
      let texts = [
        "", " ", "a hash ", "A HASH", "a hash", "e\u{301}", "\u{E9}", "\r\n\t\u{1B}", "'; DROP TABLE users; --",
        "12345678901234567890", "\u{1F600}\u{200F}", String(repeating: "x", count: 250),
      ]
      for (index, text) in texts.enumerated() {
        let added = try await trial.addUser("\(index)@me.com", hash: PasswordHash(text))
        try trial.expect(added.hashedPassword.text, is: text, "the hash of the user that was added")
        try await trial.expect(trial.user(added.id).hashedPassword.text, is: text, "the hash of the user that was found")
        try await trial.store.updateUser(added.id, .hashedPassword(Samples.hash))
        try await trial.store.updateUser(added.id, .hashedPassword(PasswordHash(text)))
        try await trial.expect(trial.user(added.id).hashedPassword.text, is: text, "the hash that was changed")
      }
    },

    Clause(.hostileText, "hashes are compared byte for byte") { trial in
      let pairs = [("e\u{301}", "\u{E9}"), ("hash", "HASH"), ("x", "x "), ("1", "1.0")]
      for (index, (text, lookalike)) in pairs.enumerated() {
        let (hash, other) = (PasswordHash(text), PasswordHash(lookalike))
        let user = try await trial.addUser("\(index)@me.com", hash: hash)
        try await trial.expect(trial.store.findUser(by: .hashedPassword(hash)), is: user, "the user found by hash")
        try await trial.expectNobody("the user with a hash that looks the same", by: [.id(user.id), .hashedPassword(other)])
        let isReplaced = try await trial.store.replaceHashedPassword(of: user.id, other, with: Samples.newHash)
        try trial.expect(isReplaced, is: false, "replacing a hash that looks the same")
        let isAdded = try await trial.store.addSession(
          Samples.session("\(index)", of: user), limit: 1, live: Samples.live(at: Samples.now), ifPassword: other, replacing: nil)
        try trial.expect(isAdded, is: false, "adding a session for a hash that looks the same")
      }
    },
  ]
}

extension Trial {
  /// Registers all of them, changes an account's address to each of them, and expects every account to be found, as written, by
  /// its address alone.
  func expectAccountsOfTheirOwn(_ addresses: [String]) async throws {
    var users: [User] = []
    for (index, text) in addresses.enumerated() {
      let email = Samples.email(text)
      try await expectNobody("a user with an address not yet registered", by: [.email(email)])
      if index.isMultiple(of: 2) {
        users.append(try await addUser(text, hash: PasswordHash("hash \(index)")))
      } else {
        let user = try await addUser("before change \(index)", hash: PasswordHash("hash \(index)"))
        try await store.updateUser(user.id, .email(email))
        users.append(User(id: user.id, email: email, hashedPassword: user.hashedPassword))
      }
    }
    for (text, user) in zip(addresses, users) {
      let email = Samples.email(text)
      try expect(user.email.text, is: text, "the address as it was returned")
      try await expect(store.findUser(by: .email(email)), is: user, "the user with this address")
      let owner = try await store.addResetToken(Samples.resetToken("\(user.id)"), for: email)
      try expect(owner.id, is: user.id, "the id of the user for whom a reset token was saved")
    }
  }
}
