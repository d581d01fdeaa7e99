internal import AuthCore

extension StoreContract.Clause {
  package static let unverifiedUserGetsNoResetToken = Self(
    .verification, "an unverified user gets no reset token, however close to their verification it is asked for"
  ) { trial in
    let (bob, registration) = try await trial.openUnverified("bob@me.com")
    try await trial.expectError(.emailNotVerified, "adding a reset token") { () async throws(StoreError) in
      try await trial.store.addResetToken(Samples.resetToken("a token"), for: Samples.email("BOB@me.com"))
    }
    try await trial.expect(trial.user(bob.id), is: bob, "the user")
    let owner = try await trial.store.findUser(withResetToken: Samples.resetToken("a token").id, now: Samples.now)
    try trial.expect(owner, is: nil, "the owner of the token")
    let outcomes = try await trial.atOnce(12) { index, store throws(StoreError) -> Bool in
      guard index != 5 else {
        _ = try await store.completeRegistration(registration, now: Samples.now)
        return true
      }
      do throws(StoreError) {
        return try await store.addResetToken(Samples.resetToken("token \(index)"), for: bob.email).resetToken != nil
      } catch {
        guard error == .emailNotVerified else { throw error }
        return true
      }
    }
    try trial.expect(try outcomes.filter { try $0.get() }.count, is: 12, "the number of calls that keep to it")
    let user = try await trial.store.addResetToken(Samples.resetToken("a token"), for: bob.email)
    try trial.expect(user.resetToken, is: Samples.resetToken("a token").id, "the token of the verified user")
  }

  package static let readerOfUnverifiedEmailGetsNoRight = Self(
    .verification, "a change of an unverified email gives its reader nothing, and verifies the account"
  ) { trial in
    let (bob, registration) = try await trial.openUnverified("bob@me.com")
    let session = Samples.session("a session", of: bob)
    try await trial.addSession(session)
    try await trial.emptyOutbox()
    let change = try await trial.requestUnverifiedChange("bob", of: bob, to: "new@me.com", by: session.id)
    let later = Samples.now + Samples.second
    try await trial.expect(
      trial.claimAll(at: later, until: .distantFuture), is: ["message bob"], "the messages of a request")
    let confirmation = Samples.confirmation("bob", of: change)
    let (changed, replaced) = try await trial.store.confirmEmailChange(confirmation)
    try trial.expect(changed.email.text, is: "new@me.com", "the email of the user")
    try trial.expect(replaced, is: nil, "a user who was deleted")
    try await trial.expect(trial.store.unverifiedAccount(bob.id), is: nil, "what is known of the user")
    try await trial.expect(trial.store.emailVerifiedAt(bob.id), is: Samples.now, "when the email was verified")
    for right in ["right bob", "right after bob"] {
      let issued = try await trial.store.issueTakeBackToken(
        Samples.digest("a token"), for: Samples.digest(right), now: Samples.now)
      try trial.expect(issued, is: nil, "the \(right)")
    }
    try await trial.expect(trial.claimAll(at: later), is: [], "the messages of a confirmation")
    try await trial.expect(trial.challenge(registration), is: nil, "the registration of the account")
    let another = try await trial.addUser("bob@me.com")
    try trial.expect(another.email.text, is: "bob@me.com", "the email of another user")
  }

  package static let confirmationReplacesUnverifiedAccount = Self(
    .verification, "a change to the email of an unverified account deletes that account with everything that belongs to it"
  ) { trial in
    let (squatter, _) = try await trial.openUnverified("NEW@me.com")
    let theirs = Samples.session("theirs", of: squatter)
    try await trial.addSession(theirs)
    let (bob, session, _) = try await trial.addFullUser("bob")
    let change = try await trial.addChange("bob", of: bob, to: "new@me.com", by: session.id)
    let (changed, replaced) = try await trial.store.confirmEmailChange(Samples.confirmation("bob", of: change))
    try trial.expect(changed.id, is: bob.id, "the user who has the email")
    try trial.expect(replaced, is: squatter.id, "the user who was deleted")
    try await trial.expectNoUser("the former user", by: [.id(squatter.id)])
    try await trial.expect(trial.isStored(theirs), is: false, "whether the former session is open")
    try await trial.expect(trial.isStored(session), is: true, "whether the session of the user is open")
  }

  package static let endedAccountConfirmsNothing = Self(
    .verification, "an unverified account that has ended confirms no change of its email"
  ) { trial in
    let (bob, registration) = try await trial.openUnverified("bob@me.com")
    let session = Samples.session("a session", of: bob)
    try await trial.addSession(session)
    let end = registration.expiresAt
    let change = EmailChange(
      id: Samples.digest("change"), userID: bob.id, from: bob.email, to: Samples.email("new@me.com"), createdAt: Samples.now,
      expiresAt: end + Samples.hour)
    let right = EmailTakeBack(
      id: Samples.digest("right"), userID: bob.id, email: bob.email, createdAt: Samples.now, expiresAt: end)
    let request = EmailChange.Request(
      change, takeBack: right, by: session.id, queueing: Samples.message("a message"), notice: Samples.message("a notice"))
    try await trial.expect(trial.store.addEmailChange(request, limit: 100), is: .added, "adding a change")
    try await trial.expectError(.noResultFound, "confirming it when the account ends") { () async throws(StoreError) in
      try await trial.store.confirmEmailChange(Samples.confirmation("late", of: change, at: end))
    }
    let (user, _) = try await trial.store.confirmEmailChange(
      Samples.confirmation("early", of: change, at: end - Samples.second))
    try trial.expect(user.email.text, is: "new@me.com", "the email after confirming it a second before")
  }

  package static let vouchingEndsProbation = Self(
    .verification, "vouching makes an unverified account one like any other, once, and voids the registrations of its email"
  ) { trial in
    let (bob, registration) = try await trial.openUnverified("bob@me.com")
    let second = try await trial.addRegistration("BOB@me.com", "second")
    let other = try await trial.addRegistration("bo@me.com")
    try await trial.expect(trial.store.vouchForEmail(of: bob.id), is: true, "vouching for the user")
    try await trial.expect(trial.store.vouchForEmail(of: bob.id), is: false, "vouching again")
    try await trial.expect(trial.store.unverifiedAccount(bob.id), is: nil, "what is known of the user")
    try await trial.expect(trial.store.emailVerifiedAt(bob.id), is: nil, "when the email was verified")
    try await trial.expect(trial.user(bob.id), is: bob, "the user")
    for ended in [registration, second] {
      try await trial.expect(trial.challenge(ended), is: nil, "a registration of the email")
    }
    try await trial.expect(trial.challenge(other), is: other, "a registration of another email")
    try await trial.expectError(.noResultFound, "vouching for no one") { () async throws(StoreError) in
      try await trial.store.vouchForEmail(of: bob.id + 1)
    }
  }

  package static let endedAccountsArePurged = Self(
    .verification, "unverified accounts that have ended are purged with everything that belongs to them, and no others"
  ) { trial in
    var users: [User] = []
    for name in ["a", "b", "c"] { users.append(try await trial.openUnverified("\(name)@me.com").user) }
    let (verified, registration) = try await trial.openUnverified("d@me.com")
    _ = try await trial.store.completeRegistration(registration, now: Samples.now)
    let session = Samples.session("a session", of: users[0], expiring: Samples.hour * 2)
    try await trial.addSession(session)
    let end = Samples.now + Samples.hour
    var purged: [User.ID] = []
    // Of the registrations and the users, two at a time.
    for (moment, counts) in [(end - Samples.second, [0]), (end, [2, 2, 2, 0])] {
      for count in counts {
        let result = try await trial.store.purge(
          Purge.Scope(live: Samples.live(at: moment), countersBefore: .distantPast, limit: 2))
        try trial.expect(result.count, is: count, "the number of rows purged")
        purged += result.users
      }
    }
    try trial.expect(purged.sorted(), is: users.map(\.id), "the users who were purged")
    for user in users { try await trial.expectNoUser("a user who has ended", by: [.id(user.id)]) }
    try await trial.expect(trial.isStored(session), is: false, "whether the session is open")
    try await trial.expect(trial.user(verified.id), is: verified, "the user who was verified")
  }

  package static let unverifiedAccountsOutliveReopening = Self(
    .verification, "what is known of unverified accounts survives reopening"
  ) { trial in
    let (bob, registration) = try await trial.openUnverified("bob@me.com")
    let store = try await trial.reopened()
    try await trial.expect(
      store.unverifiedAccount(bob.id),
      is: UnverifiedAccount(registration: registration.id, expiresAt: registration.expiresAt), "what is known, after reopening")
  }
}
