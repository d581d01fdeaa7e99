internal import AuthCore

extension StoreContract.Clause {
  package static let everyTakeBackMessageHasToken = Self(
    .emailChange, "each right has a token of its own, the newest, and those of a request last as long as that of the change"
  ) { trial in
    let (bob, session, _) = try await trial.addFullUser("bob")
    let change = try await trial.addChange("bob", of: bob, to: "new@me.com", by: session.id)
    for text in ["", "x"] { try await trial.expect(trial.works(text), is: false, "whether a made-up token works") }
    _ = try await trial.store.confirmEmailChange(Samples.confirmation("bob", of: change))
    try await trial.issueToken("undo older", "right after bob")
    try await trial.issueToken("undo newer", "right after bob")
    for (token, isValid) in [("stop bob", true), ("undo older", false), ("undo newer", true)] {
      try await trial.expect(trial.works(token), is: isValid, "whether the token \(token) works")
    }
    for token in ["stop bob", "undo newer"] {
      let found = try await trial.store.findTakeBack(withToken: Samples.digest(token), now: Samples.now)
      try trial.expect(found?.takeBack.email.text, is: "bob@me.com", "the email of the token \(token)")
      try trial.expect(found?.takeBack.expiresAt, is: Samples.now + Samples.week, "the end of the token \(token)")
      try trial.expect(found?.user.id, is: bob.id, "the user of the token \(token)")
    }
    let unknown = try await trial.store.issueTakeBackToken(Samples.digest("t"), for: Samples.digest("x"), now: Samples.now)
    try trial.expect(unknown, is: nil, "a right that does not exist")
  }

  package static let takeBackExpires = Self(.emailChange, "a right is void at its end, with its token") { trial in
    let (user, _) = try await trial.addChangedUser("bob", to: "new@me.com")
    let end = Samples.now + Samples.week
    try await trial.expect(trial.works("undo bob", now: end - Samples.second), is: true, "whether the token works before the end")
    try await trial.expect(trial.works("undo bob", now: end), is: false, "whether it works at the end")
    let issued = try await trial.store.issueTakeBackToken(Samples.digest("t"), for: Samples.digest("right after bob"), now: end)
    try trial.expect(issued, is: nil, "the right that gets a token at the end")
    try await trial.expect(trial.takeBack("undo bob", from: user.email, now: end), is: .refused, "taking back at the end")
    try await trial.expect(trial.user(user.id), is: user, "the user")

    let (alice, session, _) = try await trial.addFullUser("alice")
    let change = try await trial.addChange("alice", of: alice, to: "alices@me.com", by: session.id)
    try await trial.expect(trial.works("stop alice", now: change.expiresAt), is: false, "whether it works after an open change")
  }

  package static let takeBackStopsChange = Self(
    .emailChange, "taking back before the change voids it, sets the hash, ends the sessions and revokes the reset token"
  ) { trial in
    let (alice, aliceSession, _) = try await trial.addFullUser("alice")
    let (bob, session, token) = try await trial.addFullUser("bob")
    let older = try await trial.addChange("older", of: bob, to: "older@me.com", by: session.id)
    _ = try await trial.addChange("bob", of: bob, to: "new@me.com", by: session.id)
    let later = Samples.now + Samples.second
    let expected = User(id: bob.id, email: bob.email, hashedPassword: Samples.newHash)
    guard case .takenBack(let user) = try await trial.takeBack("stop older", from: bob.email, now: later) else {
      return try trial.expect("refused", is: "taken back", "taking back")
    }
    try trial.expect(user, is: expected, "the user who is returned")
    try await trial.expect(trial.user(bob.id), is: expected, "the user")
    try await trial.expect(trial.store.emailVerifiedAt(bob.id), is: later, "when the email was verified")
    try await trial.expect(trial.isStored(session), is: false, "whether the session is open")
    let owner = try await trial.store.findUser(withResetToken: token.id, now: later)
    try trial.expect(owner, is: nil, "the owner of the reset token")
    try await trial.expect(trial.proveChange(.token(Samples.digest("bob token"))), is: nil, "the token of the change")
    try await trial.expect(trial.challengeChange(older, "again"), is: nil, "the older change")
    for token in ["stop older", "stop bob"] {
      try await trial.expect(trial.works(token), is: false, "whether the token \(token) works")
    }
    try await trial.expect(trial.user(alice.id), is: alice, "another user")
    try await trial.expect(trial.isStored(aliceSession), is: true, "whether that user's session is open")
  }

  package static let takeBackRestoresEmail = Self(
    .emailChange, "taking back after the change restores the email, verified, sets the hash and ends everything else"
  ) { trial in
    for token in ["stop bob", "undo bob"] {
      let (bob, session) = try await trial.addChangedUser("bob", to: "new@me.com")
      _ = try await trial.addChange("open", of: bob, to: "third@me.com", by: session.id)
      let reset = Samples.resetToken("reset")
      _ = try await trial.store.addResetToken(reset, for: bob.email)
      let later = Samples.now + Samples.second
      let expected = User(id: bob.id, email: Samples.email("bob@me.com"), hashedPassword: Samples.newHash)
      guard case .takenBack(let user) = try await trial.takeBack(token, from: bob.email, now: later) else {
        return try trial.expect("refused", is: "taken back", "taking back")
      }
      try trial.expect(user, is: expected, "the user who is returned")
      try await trial.expect(trial.user(bob.id), is: expected, "the user")
      try await trial.expect(trial.store.emailVerifiedAt(bob.id), is: later, "when the email was verified")
      try await trial.expect(trial.isStored(session), is: false, "whether the session is open")
      let owner = try await trial.store.findUser(withResetToken: reset.id, now: later)
      try trial.expect(owner, is: nil, "the owner of the reset token")
      try await trial.expect(trial.proveChange(.token(Samples.digest("open token"))), is: nil, "the open change")
      for token in ["stop bob", "undo bob", "stop open"] {
        try await trial.expect(trial.works(token), is: false, "whether the token \(token) works")
      }
      // The email of the change is free again.
      let next = try await trial.addUser("new@me.com")
      try await trial.emptyOutbox()
      for user in [next, user] { _ = try await trial.store.deleteUser(user.id, ifPassword: user.hashedPassword) }
    }
  }

  package static let takeBackQueuesNotices = Self(
    .emailChange, "taking back queues its notices and clears the named counters alone, and a refusal does neither"
  ) { trial in
    let (bob, _) = try await trial.addChangedUser("bob", to: "new@me.com")
    try await trial.emptyOutbox()
    let keys = ["a", "b", "c"].map { Throttle.Key(.loginEmail, digest: $0) }
    let counters = [Samples.count(1), Samples.count(2), Samples.count(3)]
    try await trial.count(counters, for: keys)
    let notices = [Samples.message("a", to: "bob@me.com"), Samples.message("b", to: "new@me.com")]
    let refused = try await trial.takeBack("x", from: bob.email, clearing: [keys[0], keys[1]], notices: notices)
    try trial.expect(refused, is: .refused, "taking back with a made-up token")
    try await trial.expect(trial.store.findCounters(of: keys), is: counters, "the counters after the refusal")
    try await trial.expect(trial.claim(), is: nil, "a message after the refusal")
    _ = try await trial.takeBack("undo bob", from: bob.email, clearing: [keys[0], keys[1]], notices: notices)
    try await trial.expect(trial.store.findCounters(of: keys), is: [.none, .none, counters[2]], "the counters")
    try await trial.expect(trial.claimAll().sorted(), is: ["a", "b"], "the messages that wait")
  }

  package static let takeBackWorksOnce = Self(.emailChange, "a right is used once, by any of its change's tokens") { trial in
    let (bob, _) = try await trial.addChangedUser("bob", to: "new@me.com")
    let former = Samples.email("bob@me.com")
    _ = try await trial.takeBack("undo bob", from: bob.email)
    try await trial.store.updateUser(bob.id, .hashedPassword(PasswordHash("the owner's")))
    for token in ["undo bob", "stop bob"] {
      try await trial.expect(trial.takeBack(token, from: former), is: .refused, "taking back again")
    }
    try await trial.expect(trial.user(bob.id).hashedPassword.text, is: "the owner's", "the hash of the user")
  }

  package static let oneTakeBackSucceeds = Self(
    .emailChange, "exactly one of several simultaneous uses of a change's tokens succeeds"
  ) { trial in
    let (bob, _) = try await trial.addChangedUser("bob", to: "new@me.com")
    let outcomes = try await trial.atOnce(30) { index, store throws(StoreError) -> Bool in
      let outcome = try await store.takeBackEmail(
        EmailTakeBack.Use(
          Samples.digest(index % 2 == 0 ? "undo bob" : "stop bob"), from: bob.email, at: Samples.now,
          settingPassword: PasswordHash("hash \(index)"), keepingRecoveryEmailOlderThan: Samples.week))
      if case .takenBack = outcome { return true }
      return false
    }
    let winner = try trial.expectOneTrue(outcomes, "taking back one email")
    try await trial.expect(trial.user(bob.id).hashedPassword.text, is: "hash \(winner)", "the hash of the user")
  }

  package static let takeBackVoidsLaterChanges = Self(
    .emailChange, "taking back voids the rights of later changes, and leaves those of earlier ones"
  ) { trial in
    // A thief changes twice, and takes back what the owner of the account has not.
    let (second, session) = try await trial.addChangedUser("first", to: "second@me.com")
    let third = try await trial.changeEmail("second", of: second, to: "third@me.com", by: session.id)
    guard case .takenBack(let thief) = try await trial.takeBack("undo second", from: third.email) else {
      return try trial.expect("refused", is: "taken back", "taking the second email back")
    }
    try trial.expect(thief.email.text, is: "second@me.com", "the email that was taken back first")
    guard case .takenBack(let owner) = try await trial.takeBack("undo first", from: thief.email) else {
      return try trial.expect("refused", is: "taken back", "taking the first email back after it")
    }
    try trial.expect(owner.email.text, is: "first@me.com", "the email that was taken back then")

    let (another, other) = try await trial.addChangedUser("one", to: "two@me.com")
    let last = try await trial.changeEmail("two", of: another, to: "three@me.com", by: other.id)
    _ = try await trial.takeBack("undo one", from: last.email)
    for token in ["undo two", "stop two"] {
      try await trial.expect(
        trial.takeBack(token, from: Samples.email("one@me.com")), is: .refused, "taking back a later change")
    }
    _ = try await trial.addUser("two@me.com")
  }

  package static let takeBackNeedsPresentEmail = Self(
    .emailChange, "taking back from another email than the user has changes nothing, and its token stays valid"
  ) { trial in
    let (bob, session) = try await trial.addChangedUser("bob", to: "new@me.com")
    for email in ["bob@me.com", "NEW@me.com", "x@me.com"] {
      try await trial.expect(trial.takeBack("undo bob", from: Samples.email(email)), is: .outdated, "taking back from \(email)")
    }
    try await trial.expect(trial.user(bob.id), is: bob, "the user")
    try await trial.expect(trial.isStored(session), is: true, "whether the session is open")
    try await trial.expect(trial.works("undo bob"), is: true, "whether the token works")
  }

  package static let takeBackEnablesNoOne = Self(
    .emailChange, "a disabled user who takes an email back stays disabled"
  ) { trial in
    let (bob, _) = try await trial.addChangedUser("bob", to: "new@me.com")
    _ = try await trial.store.disableUser(bob.id, at: Samples.now, endingSessionsIn: Samples.everySession)
    guard case .takenBack = try await trial.takeBack("undo bob", from: bob.email) else {
      return try trial.expect("refused", is: "taken back", "taking back")
    }
    try await trial.expect(trial.store.disabledAt(bob.id), is: Samples.now, "when the user was disabled")
  }
}
