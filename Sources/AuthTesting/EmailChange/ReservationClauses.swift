internal import AuthCore

extension StoreContract.Clause {
  package static let formerEmailIsReserved = Self(
    .emailChange, "an email that can be taken back is taken for every other user, in any letter case"
  ) { trial in
    let (bob, _) = try await trial.addChangedUser("bob", to: "new@me.com")
    let (alice, session, _) = try await trial.addFullUser("alice")
    let (former, hash) = (Samples.email("BOB@me.com"), Samples.hash)
    try await trial.expectError(.emailTaken, "adding a user") { () async throws(StoreError) in
      try await trial.store.addUser(email: former, hashedPassword: hash)
    }
    try await trial.emptyOutbox()
    try await trial.expectError(.emailTaken, "adding a user with a message") { () async throws(StoreError) in
      try await trial.store.addUser(email: former, hashedPassword: hash, queueing: Samples.message("a"), limit: 100)
    }
    try await trial.expect(trial.claim(), is: nil, "the message to the user who was not added")
    let registration = try await trial.addRegistration("BOB@me.com")
    try await trial.expectError(.emailTaken, "completing a registration") { () async throws(StoreError) in
      try await trial.store.completeRegistration(registration, now: Samples.now)
    }
    try await trial.expectError(.emailTaken, "updating a user") { () async throws(StoreError) in
      try await trial.store.updateUser(alice.id, .email(former))
    }
    let change = try await trial.addChange("alice", of: alice, to: "BOB@me.com", by: session.id)
    try await trial.expectError(.emailTaken, "confirming a change") { () async throws(StoreError) in
      try await trial.store.confirmEmailChange(Samples.confirmation("alice", of: change))
    }
    let imports = [former, Samples.email("carol@me.com")].map { Account.Import(email: $0, hash: hash, disabledAt: nil) }
    try await trial.expect(trial.store.importUsers(imports), is: [.differs, .added], "what became of the imported users")
    try await trial.expectNoUser("a user with the former email", by: [.email(former)])
    try await trial.expect(trial.user(bob.id), is: bob, "the user who can take it back")
    try await trial.expect(trial.user(alice.id), is: alice, "another user")
  }

  package static let reservationEndsWithRight = Self(
    .emailChange, "an email is free again when the right to take it back is purged, and when its user is deleted"
  ) { trial in
    let (bob, session, _) = try await trial.addFullUser("bob")
    _ = try await trial.addChange("bob", of: bob, to: "new@me.com", by: session.id)
    try await trial.expectError(.emailTaken, "adding a user with the present email") { () async throws(StoreError) in
      try await trial.store.addUser(email: Samples.email("bob@me.com"), hashedPassword: Samples.hash)
    }
    // Until it has happened, a change reserves nothing.
    let early = try await trial.addUser("new@me.com")
    _ = try await trial.store.deleteUser(early.id, ifPassword: early.hashedPassword)
    _ = try await trial.changeEmail("again", of: bob, to: "new@me.com", by: session.id)
    let end = Samples.now + Samples.week
    let scope = { (moment: Timestamp) in
      Purge.Scope(live: Samples.live(at: moment), countersBefore: .distantPast, limit: 1_000)
    }
    _ = try await trial.store.purge(scope(end - Samples.second))
    try await trial.expectError(.emailTaken, "adding a user before the end") { () async throws(StoreError) in
      try await trial.store.addUser(email: Samples.email("bob@me.com"), hashedPassword: Samples.hash)
    }
    _ = try await trial.store.purge(scope(end))
    let next = try await trial.addUser("bob@me.com")
    try trial.expect(next.email.text, is: "bob@me.com", "the email of the user who was added after the end")

    let (other, _) = try await trial.addChangedUser("carol", to: "carols@me.com")
    _ = try await trial.store.deleteUser(other.id, ifPassword: other.hashedPassword)
    _ = try await trial.addUser("carol@me.com")
  }

  package static let ownerMayReturn = Self(
    .emailChange, "a user may return to an email that they can take back, and one who has another right can take that back"
  ) { trial in
    let (bob, session) = try await trial.addChangedUser("bob", to: "new@me.com")
    let returned = try await trial.changeEmail("return", of: bob, to: "bob@me.com", by: session.id)
    try trial.expect(returned.email.text, is: "bob@me.com", "the email of the user who returned")
    for token in ["undo bob", "undo return"] {
      try await trial.expect(trial.works(token), is: true, "whether the token \(token) works")
    }
    try await trial.expectError(.emailTaken, "adding a user with the email in between") { () async throws(StoreError) in
      try await trial.store.addUser(email: Samples.email("NEW@me.com"), hashedPassword: Samples.hash)
    }
  }

  package static let newPasswordVoidsChange = Self(
    .emailChange, "a new password voids an open change and the right to stop it, and no right to undo one that has happened"
  ) { trial in
    for (index, way) in ["change", "reset", "update"].enumerated() {
      let (user, session) = try await trial.addChangedUser("bob\(index)", to: "new\(index)@me.com")
      let change = try await trial.addChange("open\(index)", of: user, to: "third\(index)@me.com", by: session.id)
      switch way {
      case "change":
        let renewed = Samples.session("renewed", of: user)
        try await trial.expect(trial.changePassword(of: user, renewing: session, as: renewed), is: true, "changing the password")
      case "reset":
        let token = Samples.resetToken("token")
        _ = try await trial.store.addResetToken(token, for: user.email)
        try await trial.expect(trial.consume(token), is: true, "using the reset token")
      default: try await trial.store.updateUser(user.id, .hashedPassword(Samples.newHash))
      }
      try await trial.expect(
        trial.proveChange(.token(Samples.digest("open\(index) token"))), is: nil, "the open change after a \(way)")
      try await trial.expectError(.noResultFound, "confirming it after a \(way)") { () async throws(StoreError) in
        try await trial.store.confirmEmailChange(Samples.confirmation("open\(index)", of: change))
      }
      try await trial.expect(trial.works("stop open\(index)"), is: false, "whether it can be stopped after a \(way)")
      for token in ["stop bob\(index)", "undo bob\(index)"] {
        try await trial.expect(trial.works(token), is: true, "whether the token \(token) works after a \(way)")
      }
    }
  }

  package static let newEmailVoidsRights = Self(
    .emailChange, "a user who is given another email has no open change, and nothing can be taken back"
  ) { trial in
    let (user, session) = try await trial.addChangedUser("bob", to: "new@me.com")
    _ = try await trial.addChange("open", of: user, to: "third@me.com", by: session.id)
    let (alice, _) = try await trial.addChangedUser("alice", to: "alices@me.com")
    try await trial.store.updateUser(user.id, .email(Samples.email("fourth@me.com")))
    try await trial.expect(trial.proveChange(.token(Samples.digest("open token"))), is: nil, "the open change")
    for token in ["stop bob", "undo bob", "stop open"] {
      try await trial.expect(trial.works(token), is: false, "whether the token \(token) works")
    }
    try await trial.expect(trial.works("undo alice"), is: true, "whether the token of another user works")
    _ = try await trial.addUser("bob@me.com")
    try await trial.expect(trial.user(alice.id), is: alice, "the other user")
  }

  package static let changesEndWithUser = Self(
    .emailChange, "a deleted user's change and rights are gone, however the user was deleted"
  ) { trial in
    for (index, isErased) in [true, false].enumerated() {
      let (user, session) = try await trial.addChangedUser("bob\(index)", to: "new\(index)@me.com")
      let change = try await trial.addChange("open\(index)", of: user, to: "third@me.com", by: session.id)
      if isErased {
        _ = try await trial.store.eraseUser(user.id, clearing: [])
      } else {
        _ = try await trial.store.deleteUser(user.id, ifPassword: user.hashedPassword)
      }
      try await trial.expect(trial.challengeChange(change, "late"), is: nil, "the change")
      try await trial.expect(trial.works("undo bob\(index)"), is: false, "whether the email can be taken back")
      try await trial.expect(
        trial.takeBack("undo bob\(index)", from: user.email), is: .refused, "taking the email back")
    }
  }

  package static let endedChangesArePurged = Self(
    .emailChange, "changes and rights that have expired are purged, within the limit, and no others"
  ) { trial in
    for name in ["a", "b"] {
      let (user, session, _) = try await trial.addFullUser(name)
      try await trial.store.updateUser(user.id, .revokeResetToken)
      _ = try await trial.addChange(name, of: user, to: "\(name)@new.com", by: session.id)
    }
    let (last, session) = try await trial.addChangedUser("last", to: "last@new.com")
    _ = try await trial.store.endSessions(.all, of: last.id, in: Samples.everySession)
    _ = session
    let end = Samples.now + Samples.hour
    // Two sessions, two changes and their rights.
    for (moment, counts) in [(end - Samples.second, [0]), (end, [3, 3, 0])] {
      for count in counts {
        let purged = try await trial.store.purge(
          Purge.Scope(live: Samples.live(at: moment), countersBefore: .distantPast, limit: 3))
        try trial.expect(purged.count, is: count, "the number of rows purged")
      }
    }
    try await trial.expect(trial.works("undo last", now: end), is: true, "whether the email of the last can be taken back")
  }

  package static let changesOutliveReopening = Self(
    .emailChange, "changes, their tries, and rights with their tokens survive reopening"
  ) { trial in
    let (user, session) = try await trial.addChangedUser("bob", to: "new@me.com")
    let change = try await trial.addChange("open", of: user, to: "third@me.com", by: session.id)
    let token = EmailChange.Proof.token(Samples.digest("open token"))
    _ = try await trial.proveChange(token)
    let store = try await trial.reopened()
    try await trial.expect(store.tryEmailChange(token, limit: 1, now: Samples.now), is: nil, "a second try of one")
    try await trial.expect(store.tryEmailChange(token, limit: 2, now: Samples.now), is: change, "a second try of two")
    let found = try await store.findTakeBack(withToken: Samples.digest("undo bob"), now: Samples.now)
    let expected = EmailTakeBack(
      id: Samples.digest("right after bob"), userID: user.id, email: Samples.email("bob@me.com"), createdAt: Samples.now,
      expiresAt: Samples.now + Samples.week)
    try trial.expect(found?.takeBack, is: expected, "the right to take the email back")
    try trial.expect(found?.user, is: user, "its user")
  }
}
