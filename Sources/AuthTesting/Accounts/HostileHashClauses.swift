internal import AuthCore

extension StoreContract.Clause {
  package static let hashComesBack = Self(.accounts, "a hash is returned byte for byte") { trial in
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
  }

  package static let hashesAreComparedByteForByte = Self(.accounts, "hashes are compared byte for byte") { trial in
    let pairs = [("e\u{301}", "\u{E9}"), ("hash", "HASH"), ("x", "x "), ("1", "1.0")]
    for (index, (text, lookalike)) in pairs.enumerated() {
      let (hash, other) = (PasswordHash(text), PasswordHash(lookalike))
      let user = try await trial.addUser("\(index)@me.com", hash: hash)
      try await trial.expect(trial.store.findUser(by: .hashedPassword(hash)), is: user, "the user found by hash")
      try await trial.expectNoUser("the user with a hash that looks the same", by: [.id(user.id), .hashedPassword(other)])
      let isReplaced = try await trial.store.replaceHashedPassword(of: user.id, other, with: Samples.newHash)
      try trial.expect(isReplaced, is: false, "replacing a hash that looks the same")
      let isAdded = try await trial.store.addSession(
        Samples.session("\(index)", of: user), limit: 1, live: Samples.live(at: Samples.now), ifPassword: other, replacing: nil)
      try trial.expect(isAdded, is: false, "adding a session for a hash that looks the same")
    }
  }

  package static let lookalikeHashHasNoEffect = Self(
    .accounts, "a hash that only looks the same changes no password and deletes no user"
  ) { trial in
    let pairs = [("e\u{301}", "\u{E9}"), ("hash", "HASH"), ("x", "x "), ("1", "1.0")]
    for (index, (text, lookalike)) in pairs.enumerated() {
      let user = try await trial.addUser("\(index)@me.com", hash: PasswordHash(text))
      let session = Samples.session("\(index)", of: user)
      try await trial.addSession(session)
      let isChanged = try await trial.store.changePassword(
        of: user.id, PasswordHash(lookalike), to: Samples.newHash, renewing: session.id,
        as: Samples.session("new \(index)", of: user), endingOthers: true)
      try trial.expect(isChanged, is: false, "changing the password for a hash that looks the same")
      let store = trial.store
      let isDeleted = try await store.deleteUser(user.id, ifPassword: PasswordHash(lookalike))
      try trial.expect(isDeleted, is: false, "deleting the user for a hash that looks the same")
      try await trial.expect(store.deleteUser(user.id, ifPassword: PasswordHash(text)), is: true, "deleting the user")
    }
  }
}
