internal import AuthCore

extension StoreContract.Clause {
  package static let passwordChangeRenewsSession = Self(
    .accounts, "a password change renews its session and ends the others only when asked to"
  ) { trial in
    for endingOthers in [true, false] {
      let (bob, session, token) = try await trial.addFullUser("bob \(endingOthers)")
      let other = Samples.session("other of \(endingOthers)", of: bob)
      let new = Samples.session("new of \(endingOthers)", of: bob)
      try await trial.addSession(other)
      let isChanged = try await trial.store.changePassword(
        of: bob.id, bob.hashedPassword, to: Samples.newHash, renewing: session.id, as: new, endingOthers: endingOthers)
      try trial.expect(isChanged, is: true, "changing the password")
      let changed = User(id: bob.id, email: bob.email, hashedPassword: Samples.newHash, sessionID: new.id)
      try await trial.expect(trial.user(bob.id), is: changed, "the user, whose reset token was revoked")
      let owner = try await trial.store.findUser(withResetToken: token.id, now: Samples.now)
      try trial.expect(owner, is: nil, "the owner of the reset token")
      try await trial.expect(trial.isStored(session), is: false, "whether the renewed session is open under its former id")
      try await trial.expect(trial.isStored(new), is: true, "whether it is open under its new id")
      try await trial.expect(trial.isStored(other), is: !endingOthers, "whether the other session is open")
    }
  }

  package static let passwordChangeNeedsSession = Self(
    .accounts, "a password change needs the expected hash and a session of the user"
  ) { trial in
    let (bob, session, token) = try await trial.addFullUser("bob")
    let (alice, aliceSession, _) = try await trial.addFullUser("alice")
    let new = Samples.session("new", of: bob)
    for (hash, old) in [
      (Samples.newHash, session.id), (bob.hashedPassword, aliceSession.id), (bob.hashedPassword, Samples.digest("none")),
    ] {
      let isChanged = try await trial.store.changePassword(
        of: bob.id, hash, to: Samples.hash, renewing: old, as: new, endingOthers: true)
      try trial.expect(isChanged, is: false, "changing the password")
    }
    try await trial.expect(trial.user(bob.id), is: bob, "the user whose password was not changed")
    try await trial.expect(trial.user(alice.id), is: alice, "another user")
    let owner = try await trial.store.findUser(withResetToken: token.id, now: Samples.now)
    try trial.expect(owner, is: bob, "the owner of the reset token")
    for kept in [session, aliceSession] { try await trial.expect(trial.isStored(kept), is: true, "whether a session is open") }
    try await trial.expect(trial.isStored(new), is: false, "whether the new session is open")
  }

  package static let renewedSessionIsNewest = Self(
    .accounts, "a renewed session is found as it was saved and is the user's newest"
  ) { trial in
    let (bob, session, _) = try await trial.addFullUser("bob")
    let other = Samples.session("other", of: bob)
    try await trial.addSession(other)
    let new = Samples.session("new", of: bob, ipAddress: "203.0.113.7", userAgent: "an agent")
    try await trial.expect(trial.changePassword(of: bob, renewing: session, as: new), is: true, "changing the password")
    let found = try await trial.findSession(new.id, in: Samples.live(at: Samples.now))
    try trial.expect(found?.session, is: new, "the renewed session")
    try await trial.expect(found?.user, is: trial.user(bob.id), "its user")
    let listed = try await trial.store.findSessions(of: bob.id, in: Samples.live(at: Samples.now))
    try trial.expect(listed, is: [new, other], "the user's sessions, the newest first")
  }

  package static let endedSessionIsNotRenewed = Self(.accounts, "a session that has ended is not renewed") { trial in
    var (bob, ended, _) = try await trial.addFullUser("bob")
    try await trial.expect(trial.store.endSession(ended.id, in: Samples.everySession), is: bob.id, "ending the session")
    bob.sessionID = nil
    let new = Samples.session("new", of: bob)
    try await trial.expect(
      trial.changePassword(of: bob, renewing: ended, as: new, endingOthers: true), is: false,
      "changing the password with a session that was ended")
    try await trial.expect(trial.user(bob.id), is: bob, "the user")
    try await trial.expect(trial.isStored(new), is: false, "whether the new session is open")

    let open = Samples.session("open", of: bob)
    try await trial.addSession(open)
    try await trial.expect(
      trial.changePassword(of: bob, renewing: open, as: new), is: true, "changing the password with an open session")
  }

  package static let passwordChangeSparesOthers = Self(.accounts, "a password change leaves all other users as they were") {
    trial in
    let (alice, aliceSession, aliceToken) = try await trial.addFullUser("alice")
    let (bob, session, _) = try await trial.addFullUser("bob")
    let new = Samples.session("new", of: bob)
    try await trial.expect(
      trial.changePassword(of: bob, renewing: session, as: new, endingOthers: true), is: true, "changing the password")
    try await trial.expect(trial.user(alice.id), is: alice, "another user")
    try await trial.expect(trial.isStored(aliceSession), is: true, "whether another user's session is open")
    let owner = try await trial.store.findUser(withResetToken: aliceToken.id, now: Samples.now)
    try trial.expect(owner, is: alice, "the owner of another user's reset token")
  }

  package static let onePasswordChangeSucceeds = Self(
    .accounts, "exactly one of several simultaneous password changes of a user succeeds"
  ) { trial in
    let (bob, session, _) = try await trial.addFullUser("bob")
    let outcomes = try await trial.atOnce(30) { index, store throws(StoreError) in
      try await store.changePassword(
        of: bob.id, bob.hashedPassword, to: PasswordHash("hash \(index)"), renewing: session.id,
        as: Samples.session("new \(index)", of: bob), endingOthers: false)
    }
    let winner = try trial.expectOneTrue(outcomes, "changing one password")
    try await trial.expect(trial.user(bob.id).hashedPassword.text, is: "hash \(winner)", "the user's hash")
    let left = try await trial.store.findSessions(of: bob.id, in: Samples.everySession)
    try trial.expect(left, is: [Samples.session("new \(winner)", of: bob)], "the sessions left")
  }

  package static let noLoginSurvivesPasswordChange = Self(
    .accounts, "no simultaneous login survives a password change that ends all other sessions"
  ) { trial in
    for round in 0..<5 {
      let (bob, session, _) = try await trial.addFullUser("bob\(round)")
      let new = Samples.session("new of round \(round)", of: bob)
      let sessions = (0..<20).map { Samples.session("session \($0) of round \(round)", of: bob) }
      let outcomes = try await trial.atOnce(20) { index, store throws(StoreError) in
        guard index != 10 else {
          return try await store.changePassword(
            of: bob.id, bob.hashedPassword, to: Samples.newHash, renewing: session.id, as: new, endingOthers: true)
        }
        return try await store.addSession(
          sessions[index], limit: 100, live: Samples.live(at: Samples.now), ifPassword: bob.hashedPassword, replacing: nil)
      }
      for outcome in outcomes { _ = try outcome.get() }
      try trial.expect(try outcomes[10].get(), is: true, "changing the password")
      let left = try await trial.store.findSessions(of: bob.id, in: Samples.everySession)
      try trial.expect(left, is: [new], "the sessions left")
      try await trial.expect(trial.user(bob.id).sessionID, is: new.id, "the user's session id")
    }
  }
}
