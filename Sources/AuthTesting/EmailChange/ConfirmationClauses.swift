internal import AuthCore

extension StoreContract.Clause {
  package static let confirmationChangesEmail = Self(
    .emailChange, "confirming a change sets the email, which is verified, revokes the reset token, and ends the change alone"
  ) { trial in
    let (alice, _, _) = try await trial.addFullUser("alice")
    let (bob, session, token) = try await trial.addFullUser("bob")
    let change = try await trial.addChange("bob", of: bob, to: "New@me.com", by: session.id)
    let later = Samples.now + Samples.second
    let changed = try await trial.store.confirmEmailChange(Samples.confirmation("bob", of: change, at: later)).user
    let expected = User(
      id: bob.id, email: Samples.email("New@me.com"), hashedPassword: bob.hashedPassword, sessionID: session.id)
    try trial.expect(changed, is: expected, "the user who is returned")
    try await trial.expect(trial.user(bob.id), is: expected, "the user")
    try await trial.expect(trial.store.emailVerifiedAt(bob.id), is: later, "when the email was verified")
    let owner = try await trial.store.findUser(withResetToken: token.id, now: later)
    try trial.expect(owner, is: nil, "the owner of the reset token")
    let found = try await trial.findSession(session.id, in: Samples.live(at: later))
    try trial.expect(found?.user, is: expected, "the user of the session")
    try await trial.expect(trial.proveChange(.token(Samples.digest("bob token"))), is: nil, "the token of the change")
    try await trial.expectError(.noResultFound, "confirming it again") { () async throws(StoreError) in
      try await trial.store.confirmEmailChange(Samples.confirmation("again", of: change, at: later))
    }
    try await trial.expect(trial.user(alice.id), is: alice, "another user")
  }

  package static let confirmationVoidsRegistrations = Self(
    .emailChange, "confirming a change voids the registrations of the new email, in any letter case, and no others"
  ) { trial in
    let (bob, session, _) = try await trial.addFullUser("bob")
    let mine = try await trial.addRegistration("NEW@me.com")
    let other = try await trial.addRegistration("bob@me.com")
    _ = try await trial.changeEmail("bob", of: bob, to: "new@me.com", by: session.id)
    try await trial.expect(trial.challenge(mine), is: nil, "a registration of the new email")
    try await trial.expect(trial.challenge(other, "other"), is: other, "a registration of the former email")
  }

  package static let confirmationQueuesNotice = Self(
    .emailChange, "confirming a change queues its notice, and a refused confirmation queues nothing"
  ) { trial in
    let (bob, session, _) = try await trial.addFullUser("bob")
    let change = try await trial.addChange("bob", of: bob, to: "new@me.com", by: session.id)
    try await trial.emptyOutbox()
    let taken = try await trial.addUser("new@me.com")
    try await trial.expectError(.emailTaken, "confirming a change to a taken email") { () async throws(StoreError) in
      try await trial.store.confirmEmailChange(Samples.confirmation("refused", of: change))
    }
    try await trial.expect(trial.claim(), is: nil, "a message after the refusal")
    _ = try await trial.store.deleteUser(taken.id, ifPassword: taken.hashedPassword)
    let confirmation = Samples.confirmation("bob", of: change)
    _ = try await trial.store.confirmEmailChange(confirmation)
    var expected = confirmation.notice
    expected.tries = 1
    try await trial.expect(trial.claim(), is: expected, "the message that is due")
    try await trial.expect(trial.claim(), is: nil, "a second message")
  }

  package static let confirmationMovesCounters = Self(
    .emailChange, "confirming a change gives a counter to another key, in place of its own, and leaves the others"
  ) { trial in
    let (bob, session, _) = try await trial.addFullUser("bob")
    let change = try await trial.addChange("bob", of: bob, to: "new@me.com", by: session.id)
    let keys = ["a", "b", "c", "d", "e"].map { Throttle.Key(.loginEmail, digest: $0) }
    try await trial.count([.none, Samples.count(2), Samples.count(3), .none, Samples.count(5)], for: keys)
    let moves = [Throttle.Move(from: keys[0], to: keys[1]), Throttle.Move(from: keys[2], to: keys[3])]
    _ = try await trial.store.confirmEmailChange(Samples.confirmation("bob", of: change, moving: moves))
    try await trial.expect(
      trial.store.findCounters(of: keys), is: [.none, .none, .none, Samples.count(3), Samples.count(5)], "the counters")
  }

  package static let confirmationNeedsFreeEmail = Self(
    .emailChange, "a change to an email that another user has, in any letter case, changes no one"
  ) { trial in
    let alice = try await trial.addUser("ALICE@me.com")
    let (bob, session, _) = try await trial.addFullUser("bob")
    let change = try await trial.addChange("bob", of: bob, to: "alice@me.com", by: session.id)
    try await trial.expectError(.emailTaken, "confirming a change to a taken email") { () async throws(StoreError) in
      try await trial.store.confirmEmailChange(Samples.confirmation("bob", of: change))
    }
    try await trial.expect(trial.user(bob.id), is: bob, "the user who asked")
    try await trial.expect(trial.store.emailVerifiedAt(bob.id), is: nil, "when that user's email was verified")
    try await trial.expect(trial.user(alice.id), is: alice, "the user who has it")
    try await trial.expect(trial.isStored(session), is: true, "whether the session is open")
    try await trial.expect(trial.works("stop bob"), is: true, "whether the change can be stopped")
  }

  package static let confirmationNeedsSameUser = Self(
    .emailChange, "a change is confirmed only while its user is enabled, and only by its own id"
  ) { trial in
    let (bob, session, _) = try await trial.addFullUser("bob")
    let change = try await trial.addChange("bob", of: bob, to: "new@me.com", by: session.id)
    let other = EmailChange(
      id: Samples.digest("other"), userID: bob.id, from: bob.email, to: Samples.email("other@me.com"), createdAt: Samples.now,
      expiresAt: change.expiresAt)
    try await trial.expectError(.noResultFound, "confirming a change that was not added") { () async throws(StoreError) in
      try await trial.store.confirmEmailChange(Samples.confirmation("other", of: other))
    }
    _ = try await trial.store.disableUser(bob.id, at: Samples.now, endingSessionsIn: Samples.everySession)
    try await trial.expectError(.noResultFound, "confirming a change of a disabled user") { () async throws(StoreError) in
      try await trial.store.confirmEmailChange(Samples.confirmation("bob", of: change))
    }
    try await trial.expect(trial.user(bob.id).email.text, is: "bob@me.com", "the email of the disabled user")
    _ = try await trial.store.enableUser(bob.id)
    let changed = try await trial.store.confirmEmailChange(Samples.confirmation("bob", of: change)).user
    try trial.expect(changed.email.text, is: "new@me.com", "the email of the enabled user")
  }

  package static let oneConfirmationSucceeds = Self(
    .emailChange, "of simultaneous changes, registrations and additions of one email exactly one succeeds"
  ) { trial in
    for round in 0..<5 {
      let email = "new\(round)@me.com"
      var changes: [EmailChange] = []
      for name in ["one\(round)", "other\(round)"] {
        let (user, session, _) = try await trial.addFullUser(name)
        changes.append(try await trial.addChange(name, of: user, to: email, by: session.id))
      }
      let registration = try await trial.addRegistration(email.uppercased(), "\(round)")
      let outcomes = try await trial.atOnce(16) { [changes] index, store throws(StoreError) -> User.ID? in
        do throws(StoreError) {
          // Every other time among themselves alone.
          switch round % 2 == 0 ? index % 2 : index % 4 {
          case 2: return try await store.completeRegistration(registration, now: Samples.now).id
          case 3: return try await store.addUser(email: Samples.email(email), hashedPassword: Samples.hash).id
          case let change:
            return try await store.confirmEmailChange(
              Samples.confirmation("\(round) \(index)", of: changes[change])
            ).user.id
          }
        } catch {
          guard error == .noResultFound || error == .emailTaken else { throw error }
          return nil
        }
      }
      let users = try outcomes.compactMap { try $0.get() }
      try trial.expect(users.count, is: 1, "the number of users who got the email")
      let owner = try await trial.store.findUser(by: .email(Samples.email(email)))
      try trial.expect(owner.id, is: users[0], "the user who has it")
    }
  }

  package static let confirmationRacesOthers = Self(
    .emailChange, "of a confirmation and a reset, a newer request, or a take-back at once, exactly one succeeds"
  ) { trial in
    for round in 0..<12 {
      let name = "bob\(round)"
      let (bob, session, token) = try await trial.addFullUser(name)
      let change = try await trial.addChange(name, of: bob, to: "new\(round)@me.com", by: session.id)
      let outcomes = try await trial.atOnce(8) { index, store throws(StoreError) -> Bool in
        // Neither is always the first.
        guard (index + round).isMultiple(of: 2) else {
          do throws(StoreError) {
            _ = try await store.confirmEmailChange(Samples.confirmation("\(round) \(index)", of: change))
            return true
          } catch {
            guard error == .noResultFound else { throw error }
            return false
          }
        }
        switch round % 3 {
        case 0:
          return try await store.consumeResetToken(
            token.id, now: Samples.now, settingPassword: Samples.newHash, endingSessions: true)
        case 1:
          guard index < 2 else { return false }
          let request = Samples.change("newer\(round)", of: bob, to: "newer\(round)@me.com", by: session.id)
          return try await store.addEmailChange(request, limit: 100) == .added
        default:
          let outcome = try await store.takeBackEmail(
            EmailTakeBack.Use(
              Samples.digest("stop \(name)"), from: bob.email, at: Samples.now, settingPassword: Samples.newHash,
              keepingRecoveryEmailOlderThan: Samples.week))
          if case .takenBack = outcome { return true }
          return false
        }
      }
      _ = try trial.expectOneTrue(outcomes, "changing \(name)")
    }
  }
}
