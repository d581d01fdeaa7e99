internal import AuthCore

extension StoreContract.Clause {
  package static let eachChangeIsMade = Self(.accounts, "each change is made and changes nothing else") { trial in
    let (alice, aliceSession, _) = try await trial.addFullUser("alice")
    var (bob, session, token) = try await trial.addFullUser("bob")

    bob.hashedPassword = Samples.newHash
    try await trial.store.updateUser(bob.id, .hashedPassword(Samples.newHash))
    try await trial.expect(trial.user(bob.id), is: bob, "the user after a change of hash")
    try await trial.expect(trial.isStored(session), is: true, "whether the session is open after a change of hash")

    bob.email = Samples.email("Robert@me.com")
    bob.resetToken = nil
    try await trial.store.updateUser(bob.id, .email(bob.email))
    try await trial.expect(trial.user(bob.id), is: bob, "the user after a change of email, which revokes the reset token")
    let former = try await trial.store.findUser(withResetToken: token.id, now: Samples.now)
    try trial.expect(former, is: nil, "the owner of a reset token issued for the former email")

    _ = try await trial.store.addResetToken(token, for: bob.email)
    try await trial.store.updateUser(bob.id, .revokeResetToken)
    try await trial.expect(trial.user(bob.id), is: bob, "the user after the reset token was revoked")
    let owner = try await trial.store.findUser(withResetToken: token.id, now: Samples.now)
    try trial.expect(owner, is: nil, "the owner of the revoked reset token")

    bob.sessionID = nil
    try await trial.store.updateUser(bob.id, .endSessions)
    try await trial.expect(trial.user(bob.id), is: bob, "the user after the sessions were ended")
    try await trial.expect(trial.isStored(session), is: false, "whether the session is open after all were ended")

    try await trial.expect(trial.user(alice.id), is: alice, "another user")
    try await trial.expect(trial.isStored(aliceSession), is: true, "whether another user's session is open")
  }

  package static let changesAreMadeTogether = Self(.accounts, "several changes are made together") { trial in
    let (bob, session, _) = try await trial.addFullUser("bob")
    let changed = User(id: bob.id, email: Samples.email("robert@me.com"), hashedPassword: Samples.newHash)
    try await trial.store.updateUser(
      bob.id, .email(changed.email), .hashedPassword(Samples.newHash), .endSessions, .revokeResetToken)
    try await trial.expect(trial.user(bob.id), is: changed, "the user after four changes")
    try await trial.expect(trial.isStored(session), is: false, "whether the session is open")
    try await trial.store.updateUser(bob.id, [])
    try await trial.expect(trial.user(bob.id), is: changed, "the user after no change")
  }

  package static let takenEmailRefusesAllChanges = Self(
    .accounts, "a change to another user's email is refused together with the other changes"
  ) { trial in
    let (alice, _, _) = try await trial.addFullUser("alice")
    let (bob, session, token) = try await trial.addFullUser("bob")
    let others: [User.Change] = [.hashedPassword(Samples.newHash), .endSessions, .revokeResetToken]
    for text in ["alice@me.com", "ALICE@me.com"] {
      let taken = User.Change.email(Samples.email(text))
      for changes in [[taken], [taken] + others, others + [taken]] {
        try await trial.expectError(.emailTaken, "changing to \(text)") { () async throws(StoreError) in
          try await trial.store.updateUser(bob.id, changes)
        }
        try await trial.expect(trial.user(bob.id), is: bob, "the user whose change was refused")
      }
    }
    try await trial.expect(trial.isStored(session), is: true, "whether the session is open")
    let owner = try await trial.store.findUser(withResetToken: token.id, now: Samples.now)
    try trial.expect(owner, is: bob, "the owner of the reset token")
    try await trial.expect(trial.user(alice.id), is: alice, "the user who has the email")
  }

  package static let ownEmailMayChangeCase = Self(.accounts, "users may change the letter case of their own email") { trial in
    let bob = try await trial.addUser("bob@me.com")
    for text in ["Bob@Me.com", "Bob@Me.com", "bob@me.com"] {
      try await trial.store.updateUser(bob.id, .email(Samples.email(text)))
      try await trial.expect(trial.user(bob.id).email.text, is: text, "the email")
    }
  }

  package static let unknownUserIsNotChanged = Self(.accounts, "changing a user who does not exist throws noResultFound") {
    trial in
    let user = try await trial.addUser("bob@me.com")
    let changes: [[User.Change]] = [
      [], [.email(Samples.email("x@me.com"))], [.hashedPassword(Samples.newHash)], [.endSessions], [.revokeResetToken],
    ]
    for id in [user.id - 1, user.id + 1, -user.id, .max] {
      for changes in changes {
        try await trial.expectError(.noResultFound, "changing user \(id)") { () async throws(StoreError) in
          try await trial.store.updateUser(id, changes)
        }
      }
    }
    try await trial.expect(trial.user(user.id), is: user, "the user who exists")
  }

  package static let hashIsReplacedIfExpected = Self(.accounts, "a hash is replaced only while it is the expected one") { trial in
    let (alice, _, _) = try await trial.addFullUser("alice")
    var (bob, session, _) = try await trial.addFullUser("bob")
    let store = trial.store
    let wrong = try await store.replaceHashedPassword(of: bob.id, alice.hashedPassword, with: Samples.newHash)
    try trial.expect(wrong, is: false, "replacing a hash that the user does not have")
    try await trial.expect(trial.user(bob.id), is: bob, "the user whose hash was not replaced")

    let right = try await store.replaceHashedPassword(of: bob.id, bob.hashedPassword, with: Samples.newHash)
    try trial.expect(right, is: true, "replacing the user's hash")
    let again = try await store.replaceHashedPassword(of: bob.id, bob.hashedPassword, with: Samples.hash)
    try trial.expect(again, is: false, "replacing the hash that was replaced")
    bob.hashedPassword = Samples.newHash
    try await trial.expect(trial.user(bob.id), is: bob, "the user whose hash was replaced")
    try await trial.expect(trial.isStored(session), is: true, "whether the session is open")

    let unknown = try await store.replaceHashedPassword(of: bob.id + 1, alice.hashedPassword, with: Samples.newHash)
    try trial.expect(unknown, is: false, "replacing the hash of a user who does not exist")
    try await trial.expect(trial.user(alice.id), is: alice, "another user")
  }

  package static let oneReplacementSucceeds = Self(
    .accounts, "exactly one of several simultaneous replacements of a hash succeeds"
  ) {
    trial in
    let bob = try await trial.addUser("bob@me.com")
    let outcomes = try await trial.atOnce(30) { index, store throws(StoreError) in
      try await store.replaceHashedPassword(of: bob.id, bob.hashedPassword, with: PasswordHash("hash \(index)"))
    }
    let winner = try trial.expectOneTrue(outcomes, "replacing one hash")
    try await trial.expect(trial.user(bob.id).hashedPassword.text, is: "hash \(winner)", "the user's hash")
  }
}
