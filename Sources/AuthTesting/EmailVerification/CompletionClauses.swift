internal import AuthCore

extension StoreContract.Clause {
  package static let completionCreatesVerifiedUser = Self(
    .verification, "completing a registration creates its user, whose email is verified"
  ) { trial in
    let alice = try await trial.addUser("alice@me.com")
    let registration = try await trial.addRegistration("Bob@me.com")
    let later = Samples.now + .seconds(60)
    let bob = try await trial.store.completeRegistration(registration, now: later)
    try trial.expect(bob.hashedPassword.text, is: "hash of Bob@me.com", "the hash of the user")
    try await trial.expect(trial.user(bob.id), is: bob, "the user found by id")
    try await trial.expect(trial.store.emailVerifiedAt(bob.id), is: later, "when the email was verified")
    try await trial.expect(trial.store.emailVerifiedAt(alice.id), is: nil, "when that of another user was")
    try await trial.expect(trial.store.emailVerifiedAt(bob.id + 1), is: nil, "when that of no user was")
    try await trial.expectError(.noResultFound, "completing it again") { () async throws(StoreError) in
      try await trial.store.completeRegistration(registration, now: later)
    }
  }

  package static let completionVoidsOthers = Self(
    .verification, "completing a registration voids all others of its email, in any letter case, and no more"
  ) { trial in
    let first = try await trial.addRegistration("bob@me.com", "first")
    let second = try await trial.addRegistration("BOB@me.com", "second")
    let other = try await trial.addRegistration("bo@me.com")
    _ = try await trial.challenge(first, "first")
    let bob = try await trial.store.completeRegistration(second, now: Samples.now)
    try trial.expect(bob.hashedPassword.text, is: "hash of second", "the hash of the user")
    try await trial.expect(trial.prove(.token(Samples.digest("first token"))), is: nil, "the token of the first")
    try await trial.expect(trial.challenge(first), is: nil, "the first registration")
    try await trial.expect(trial.challenge(other, "other"), is: other, "the registration of another email")
    // Not only because the email is taken.
    _ = try await trial.store.deleteUser(bob.id, ifPassword: bob.hashedPassword)
    try await trial.expectError(.noResultFound, "completing the first") { () async throws(StoreError) in
      try await trial.store.completeRegistration(first, now: Samples.now)
    }
  }

  package static let completionNeedsFreeEmail = Self(
    .verification, "a registration whose email is taken creates no one and changes no one"
  ) { trial in
    let bob = try await trial.addUser("bob@me.com")
    let registration = try await trial.addRegistration("BOB@me.com")
    try await trial.expectError(.emailTaken, "completing a registration of a taken email") { () async throws(StoreError) in
      try await trial.store.completeRegistration(registration, now: Samples.now)
    }
    try await trial.expect(trial.user(bob.id), is: bob, "the user who has it")
    try await trial.expect(trial.store.emailVerifiedAt(bob.id), is: nil, "when the email was verified")
    let carol = try await trial.addUser("carol@me.com")
    try trial.expect(carol.id > bob.id, is: true, "whether ids count upwards")
  }

  package static let oneCompletionSucceeds = Self(
    .verification, "of simultaneous completions for one email exactly one succeeds"
  ) { trial in
    let registrations = [
      try await trial.addRegistration("bob@me.com", "one"), try await trial.addRegistration("BOB@me.com", "other"),
    ]
    let outcomes = try await trial.atOnce(30) { index, store throws(StoreError) -> User.ID? in
      do throws(StoreError) {
        return try await store.completeRegistration(registrations[index % 4 / 2], now: Samples.now).id
      } catch {
        guard error == .noResultFound || error == .emailTaken else { throw error }
        return nil
      }
    }
    let users = try outcomes.compactMap { try $0.get() }
    try trial.expect(users.count, is: 1, "the number of users created")
    try await trial.expect(trial.store.emailVerifiedAt(users[0]), is: Samples.now, "when the email was verified")
  }

  package static let verificationIsOfOneEmail = Self(
    .verification, "a verification counts for the email that was verified, and goes with its user"
  ) { trial in
    let bob = try await trial.store.completeRegistration(trial.addRegistration("bob@me.com"), now: Samples.now)
    for (email, moment) in [("bo@me.com", nil), ("BOB@me.com", nil), ("bob@me.com", Samples.now)] as [(String, Timestamp?)] {
      try await trial.store.updateUser(bob.id, .email(Samples.email(email)))
      try await trial.expect(trial.store.emailVerifiedAt(bob.id), is: moment, "when \(email) was verified")
    }
    _ = try await trial.store.deleteUser(bob.id, ifPassword: bob.hashedPassword)
    try await trial.expect(trial.store.emailVerifiedAt(bob.id), is: nil, "when the email of a deleted user was")
    let another = try await trial.addUser("bob@me.com")
    try await trial.expect(trial.store.emailVerifiedAt(another.id), is: nil, "when that of a new user was")
  }

  package static let expiredRegistrationsArePurged = Self(
    .verification, "registrations that have expired are purged, within the limit, and no others"
  ) { trial in
    for name in ["a", "b", "c"] { _ = try await trial.addRegistration("\(name)@me.com") }
    let later = Registration(
      id: Samples.digest("later"), email: Samples.email("d@me.com"), hashedPassword: Samples.hash, createdAt: Samples.now,
      expiresAt: Samples.now + Samples.hour + Samples.second)
    _ = try await trial.store.addRegistration(later, queueing: Samples.verification(of: later), limit: 100)
    let end = Samples.now + Samples.hour
    for (moment, counts) in [(end - Samples.second, [0]), (end, [2, 1, 0])] {
      for count in counts {
        let purged = try await trial.store.purge(
          Purge.Scope(live: Samples.live(at: moment), countersBefore: .distantPast, limit: 2))
        try trial.expect(purged.count, is: count, "the number of rows purged")
      }
    }
    try await trial.expect(trial.challenge(later), is: later, "the registration that has not expired")
  }

  package static let registrationsOutliveReopening = Self(
    .verification, "registrations, their tries and verified emails survive reopening"
  ) { trial in
    let registration = try await trial.addRegistration("bob@me.com")
    _ = try await trial.challenge(registration, "bob")
    _ = try await trial.prove(.token(Samples.digest("bob token")))
    let store = try await trial.reopened()
    let proof = Registration.Proof.token(Samples.digest("bob token"))
    try await trial.expect(
      store.tryRegistration(proof, limit: 1, now: Samples.now), is: nil, "a second try of one, after reopening")
    try await trial.expect(
      store.tryRegistration(proof, limit: 2, now: Samples.now), is: registration, "a second try of two, after reopening")
    let bob = try await store.completeRegistration(registration, now: Samples.now)
    let again = try await trial.reopened()
    try await trial.expect(again.emailVerifiedAt(bob.id), is: Samples.now, "when the email was verified")
  }
}
