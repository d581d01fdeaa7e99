internal import AuthCore

extension StoreContract.Clause {
  package static let unverifiedAccountOpens = Self(
    .verification, "an unverified account opens together with its registration and message, and both go with its user"
  ) { trial in
    let alice = try await trial.addUser("alice@me.com")
    let (bob, registration) = try await trial.openUnverified("Bob@me.com")
    try trial.expect(bob.hashedPassword.text, is: "hash of Bob@me.com", "the hash of the user")
    try await trial.expect(trial.user(bob.id), is: bob, "the user found by id")
    let message = try await trial.claim()
    try trial.expect(message?.id, is: "message of Bob@me.com", "the message that waits")
    try await trial.expect(trial.challenge(registration), is: registration, "the registration that waits")
    try await trial.expect(trial.store.emailVerifiedAt(bob.id), is: nil, "when the email was verified")
    for (user, unverified) in [
      (bob, UnverifiedAccount(registration: registration.id, expiresAt: registration.expiresAt)), (alice, nil),
    ] {
      let found = try await trial.store.unverifiedAccount(user.id)
      try trial.expect(found, is: unverified, "what is known of \(user.email)")
      let login = try await trial.store.findUser(email: user.email, counters: [])
      try trial.expect(login.unverifiedUntil, is: unverified?.expiresAt, "the end that a login of \(user.email) finds")
    }
    let listed = try await trial.store.findAccounts(withPrefix: "", after: nil, limit: 9)
    try trial.expect(listed.map(\.unverifiedUntil), is: [nil, registration.expiresAt], "the ends in a list")
    _ = try await trial.store.deleteUser(bob.id, ifPassword: bob.hashedPassword)
    try await trial.expect(trial.store.unverifiedAccount(bob.id), is: nil, "what is known of a deleted user")
    try await trial.expect(trial.challenge(registration), is: nil, "the registration of a deleted user")
  }

  package static let unverifiedEmailIsNotTaken = Self(
    .verification, "a registration of an email with an unverified account waits beside it and changes nothing"
  ) { trial in
    let (bob, first) = try await trial.openUnverified("bob@me.com")
    let second = Samples.registration("BOB@me.com", "second")
    let opening = try await trial.store.openUnverifiedAccount(
      second, queueing: Samples.verification(of: second, "second"), limit: 100)
    try trial.expect(opening, is: .waits, "opening a second account")
    try await trial.expect(trial.user(bob.id), is: bob, "the user")
    let unverified = try await trial.store.unverifiedAccount(bob.id)
    try trial.expect(unverified?.registration, is: first.id, "the registration of the account")
    for registration in [first, second] {
      try await trial.expect(
        trial.challenge(registration, registration.id.hex), is: registration, "a registration that waits")
    }
    try await trial.expect(
      trial.takeAll().map(\.id).sorted(), is: ["message of bob@me.com", "message of second"], "the messages")
  }

  package static let openingNeedsFreeEmail = Self(
    .verification, "no account opens for the email of any other user, or if its message is one too many, and nothing is kept"
  ) { trial in
    let (alice, session, _) = try await trial.addFullUser("alice")
    _ = try await trial.changeEmail("alice", of: alice, to: "new@me.com", by: session.id)
    try await trial.emptyOutbox()
    for email in ["NEW@me.com", "alice@me.com"] {
      let registration = Samples.registration(email)
      try await trial.expectError(.emailTaken, "opening an account for \(email)") { () async throws(StoreError) in
        try await trial.store.openUnverifiedAccount(
          registration, queueing: Samples.verification(of: registration), limit: 100)
      }
      try await trial.expect(trial.challenge(registration), is: nil, "the registration of \(email)")
    }
    let registration = Samples.registration("bob@me.com")
    let opening = try await trial.store.openUnverifiedAccount(
      registration, queueing: Samples.verification(of: registration), limit: 0)
    try trial.expect(opening, is: .outboxFull, "opening an account whose message is one too many")
    try await trial.expect(trial.challenge(registration), is: nil, "the refused registration")
    try await trial.expectNoUser("a user with the refused email", by: [.email(registration.email)])
    try await trial.expect(trial.claim(), is: nil, "a message that waits")
  }

  package static let oneOpeningSucceeds = Self(
    .verification, "of simultaneous openings for one email exactly one opens an account, and the others wait"
  ) { trial in
    let outcomes = try await trial.atOnce(20) { index, store throws(StoreError) -> Registration.Opening in
      let registration = Samples.registration(index % 2 == 0 ? "bob@me.com" : "BOB@me.com", "\(index)")
      return try await store.openUnverifiedAccount(
        registration, queueing: Samples.verification(of: registration, "\(index)"), limit: 100)
    }
    let waiting = try outcomes.filter { try $0.get() == .waits }
    try trial.expect(waiting.count, is: 19, "the number of registrations that wait")
    try await trial.expect(trial.takeAll().count, is: 20, "the number of messages")
  }

  package static let ownVerificationKeepsAccount = Self(
    .verification, "verifying the registration of an unverified account makes it one like any other, and leaves it as it is"
  ) { trial in
    let (other, otherRegistration) = try await trial.openUnverified("bo@me.com")
    let (opened, registration) = try await trial.openUnverified("bob@me.com")
    let second = try await trial.addRegistration("BOB@me.com", "second")
    try await trial.addSession(Samples.session("a session", of: opened))
    let bob = try await trial.user(opened.id)
    let completion = try await trial.store.completeRegistration(
      registration, ifPassword: bob.hashedPassword, now: Samples.now + Samples.second)
    try trial.expect(completion, is: .verified(bob), "verifying the registration")
    try await trial.expect(trial.user(bob.id), is: bob, "the user")
    try await trial.expect(trial.isStored(Samples.session("a session", of: bob)), is: true, "whether the session is open")
    try await trial.expect(trial.store.unverifiedAccount(bob.id), is: nil, "what is known of the user")
    try await trial.expect(
      trial.store.emailVerifiedAt(bob.id), is: Samples.now + Samples.second, "when the email was verified")
    for ended in [registration, second] {
      try await trial.expectError(.noResultFound, "completing a registration") { () async throws(StoreError) in
        try await trial.store.completeRegistration(ended, now: Samples.now)
      }
    }
    let unverified = try await trial.store.unverifiedAccount(other.id)
    try trial.expect(unverified?.registration, is: otherRegistration.id, "the registration of another user")
  }

  package static let verificationNeedsExpectedPassword = Self(
    .verification, "a registration is completed only while the account has, or is to have, the expected password"
  ) { trial in
    let (bob, registration) = try await trial.openUnverified("bob@me.com")
    try await trial.store.updateUser(bob.id, .hashedPassword(Samples.newHash))
    let free = try await trial.addRegistration("alice@me.com")
    for (registration, wrong) in [(registration, registration.hashedPassword), (free, Samples.newHash)] {
      let completion = try await trial.store.completeRegistration(registration, ifPassword: wrong, now: Samples.now)
      try trial.expect(completion, is: .passwordChanged, "completing it with another password")
    }
    try await trial.expect(trial.store.unverifiedAccount(bob.id) != nil, is: true, "whether the account is unverified")
    try await trial.expectNoUser("a user with the other email", by: [.email(free.email)])
    let expected = try await trial.user(bob.id)
    let completion = try await trial.store.completeRegistration(
      registration, ifPassword: Samples.newHash, now: Samples.now)
    try trial.expect(completion, is: .verified(expected), "completing it with the present password")
    let created = try await trial.store.completeRegistration(free, ifPassword: free.hashedPassword, now: Samples.now)
    guard case .created = created else { return try trial.expect("\(created)", is: "created", "completing the other") }
  }

  package static let otherVerificationReplacesAccount = Self(
    .verification, "verifying another registration deletes the unverified account with everything that belongs to it"
  ) { trial in
    let (attacker, first) = try await trial.openUnverified("bob@me.com")
    let session = Samples.session("a session", of: attacker)
    try await trial.addSession(session)
    _ = try await trial.requestUnverifiedChange("theirs", of: attacker, to: "theirs@me.com", by: session.id)
    let second = try await trial.addRegistration("BOB@me.com", "second")
    let completion = try await trial.store.completeRegistration(
      second, ifPassword: second.hashedPassword, now: Samples.now)
    guard case .replaced(let former, by: let bob) = completion else {
      return try trial.expect("\(completion)", is: "replaced", "verifying the other registration")
    }
    try trial.expect(former, is: attacker.id, "the user who was deleted")
    try trial.expect(bob.id > attacker.id, is: true, "whether the id is a new one")
    try await trial.expect(
      trial.user(bob.id), is: User(id: bob.id, email: second.email, hashedPassword: second.hashedPassword), "the user")
    try await trial.expect(trial.store.emailVerifiedAt(bob.id), is: Samples.now, "when the email was verified")
    try await trial.expect(trial.store.unverifiedAccount(bob.id), is: nil, "what is known of the user")
    try await trial.expect(trial.isStored(session), is: false, "whether the former session is open")
    try await trial.expect(
      trial.proveChange(.token(Samples.digest("theirs token"))), is: nil, "the change of email that was open")
    try await trial.expectNoUser("the former user", by: [.id(attacker.id)])
    try await trial.expectError(.noResultFound, "verifying the first registration") { () async throws(StoreError) in
      try await trial.store.completeRegistration(first, now: Samples.now)
    }
  }

  package static let oneVerificationSucceeds = Self(
    .verification, "of simultaneous verifications and openings for an email with an unverified account exactly one gets it"
  ) { trial in
    for round in 0..<5 {
      let (bob, own) = try await trial.openUnverified("bob\(round)@me.com")
      let other = try await trial.addRegistration("BOB\(round)@me.com", "other \(round)")
      let outcomes = try await trial.atOnce(18) { index, store throws(StoreError) -> User.ID? in
        do throws(StoreError) {
          switch (index + round) % 3 {
          case 0: return try await store.completeRegistration(own, now: Samples.now).id
          case 1: return try await store.completeRegistration(other, now: Samples.now).id
          default:
            let third = Samples.registration("bob\(round)@me.com", "third \(round) \(index)")
            _ = try await store.openUnverifiedAccount(
              third, queueing: Samples.verification(of: third, "third \(round) \(index)"), limit: 1_000)
            return nil
          }
        } catch {
          guard error == .noResultFound || error == .emailTaken else { throw error }
          return nil
        }
      }
      let users = try outcomes.compactMap { try $0.get() }
      try trial.expect(users.count, is: 1, "the number of users who got the email")
      let owner = try await trial.store.findUser(by: .email(bob.email))
      try trial.expect(owner.id, is: users[0], "the user who has it")
      try await trial.expect(trial.store.unverifiedAccount(owner.id), is: nil, "what is known of that user")
    }
  }
}

extension Trial {
  func openUnverified(_ email: String, _ name: String? = nil) async throws -> (user: User, registration: Registration) {
    let registration = Samples.registration(email, name)
    let opening = try await store.openUnverifiedAccount(
      registration, queueing: Samples.verification(of: registration, name), limit: 1_000)
    guard case .opened(let user) = opening else {
      try expect("\(opening)", is: "opened", "opening an account for a free email")
      throw StoreError.noResultFound
    }
    return (user, registration)
  }

  /// Asks for a change of the email of an unverified account, with its challenge.
  func requestUnverifiedChange(
    _ name: String, of user: User, to email: String, by session: TokenDigest
  ) async throws -> EmailChange {
    let request = Samples.change(name, of: user, to: email, by: session)
    try await expect(store.addEmailChange(request, limit: 100), is: .added, "adding a change")
    _ = try await challengeChange(request.change, name)
    return request.change
  }
}
