internal import AuthCore

extension StoreContract.Clause {
  package static let sqlIsText = Self(.accounts, "SQL in an email is plain text") { trial in
    try await trial.expectAccountsOfTheirOwn(HostileText.sql)
  }

  package static let wildcardsAreText = Self(.accounts, "wildcards in an email are plain text") { trial in
    try await trial.expectAccountsOfTheirOwn(HostileText.patterns)
  }

  package static let emailIsNoPattern = Self(.accounts, "an email is never used as a search pattern") { trial in
    let bob = try await trial.addUser("bob@me.com")
    for text in ["%", "bob%", "_ob@me.com", "*", "b?b@me.com", "[b]ob@me.com", ".*", "' OR '1'='1", "bob@me.com' --"] {
      try await trial.expectNoUser("the user with the email \(text)", by: [.email(Samples.email(text))])
      try await trial.expectError(.noResultFound, "saving a reset token for \(text)") { () async throws(StoreError) in
        try await trial.store.addResetToken(Samples.resetToken(text), for: Samples.email(text))
      }
    }
    try await trial.expect(trial.user(bob.id), is: bob, "the only user")
  }

  package static let onlyASCIICaseIsIgnored = Self(.accounts, "only the case of ASCII letters is ignored") { trial in
    try await trial.expectAccountsOfTheirOwn(HostileText.lookalikes)
  }

  package static let emailsAreNotNormalized = Self(
    .accounts, "emails are kept as they were written, without Unicode normalization"
  ) { trial in
    try await trial.expectAccountsOfTheirOwn(HostileText.unnormalized)
  }

  package static let blanksCount = Self(.accounts, "emails are compared as text, and every space counts") { trial in
    try await trial.expectAccountsOfTheirOwn(HostileText.nearlyEqual)
  }

  package static let invisibleCharactersCount = Self(.accounts, "invisible characters count, and emoji are kept") { trial in
    try await trial.expectAccountsOfTheirOwn(HostileText.invisible)
  }

  package static let everyByteOfEmailCounts = Self(.accounts, "emails of 250 bytes are compared to the last byte") { trial in
    try await trial.expectAccountsOfTheirOwn(HostileText.longest)
  }
}

extension Trial {
  /// Registers all of these emails, some by a change of email, and expects each to lead to its own account, as it was written.
  fileprivate func expectAccountsOfTheirOwn(_ emails: [String]) async throws {
    var users: [User] = []
    for (index, text) in emails.enumerated() {
      let email = Samples.email(text)
      try await expectNoUser("a user with an email not yet registered", by: [.email(email)])
      if index.isMultiple(of: 2) {
        users.append(try await addUser(text, hash: PasswordHash("hash \(index)")))
      } else {
        let user = try await addUser("before change \(index)", hash: PasswordHash("hash \(index)"))
        try await store.updateUser(user.id, .email(email))
        users.append(User(id: user.id, email: email, hashedPassword: user.hashedPassword))
      }
    }
    for (text, user) in zip(emails, users) {
      let email = Samples.email(text)
      try expect(user.email.text, is: text, "the email as it was returned")
      try await expect(store.findUser(by: .email(email)), is: user, "the user with this email")
      let owner = try await store.addResetToken(Samples.resetToken("\(user.id)"), for: email)
      try expect(owner.id, is: user.id, "the id of the user for whom a reset token was saved")
    }
  }
}
