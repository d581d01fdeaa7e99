internal import AuthCore

extension StoreContract.Clause {
  package static let confirmationSetsRecoveryEmail = Self(
    .recoveryEmail, "confirming a request sets the recovery email, which others may have, and revokes the reset token, no more"
  ) { trial in
    let (alice, aliceSession, _) = try await trial.addFullUser("alice")
    try await trial.setRecoveryEmail("first@me.com", of: alice, by: aliceSession.id)
    let (bob, session, _) = try await trial.addFullUser("bob")
    for (index, email) in ["First@me.com", "alice@me.com"].enumerated() {
      let token = Samples.resetToken("token \(index)")
      _ = try await trial.store.addResetToken(token, for: bob.email)
      let request = try await trial.addRecoveryRequest("bob \(index)", of: bob, to: email, by: session.id)
      let later = Samples.now + Samples.second * (index + 1)
      try await trial.expect(trial.confirmRecovery(request, of: bob, at: later), is: true, "confirming the request")
      let found = try await trial.store.findRecoveryEmail(of: bob.id)
      try trial.expect(found?.email.text, is: email, "the recovery email")
      try trial.expect(found?.verifiedAt, is: later, "when it was verified")
      let owner = try await trial.store.findUser(withResetToken: token.id, now: later)
      try trial.expect(owner, is: nil, "the owner of the reset token")
      try await trial.expect(trial.isStored(session), is: true, "whether the session is open")
      let expected = User(id: bob.id, email: bob.email, hashedPassword: bob.hashedPassword, sessionID: session.id)
      try await trial.expect(trial.user(bob.id), is: expected, "the user")
      try await trial.expect(
        trial.proveRecovery(.token(Samples.digest("bob \(index) token"))), is: nil, "the token of the request")
      try await trial.expect(trial.confirmRecovery(request, of: bob, at: later), is: false, "confirming it again")
    }
    try await trial.expect(trial.recoveryEmail(of: alice), is: "first@me.com", "the recovery email of another user")
    try await trial.expect(
      trial.store.findUser(by: .email(Samples.email("alice@me.com"))).id, is: alice.id, "the user who has the email")
  }

  package static let recoveryConfirmationNeedsSameUser = Self(
    .recoveryEmail, "a request is confirmed only while its user is enabled, and only by its own id and for its own user"
  ) { trial in
    let (bob, session, _) = try await trial.addFullUser("bob")
    let (alice, _, _) = try await trial.addFullUser("alice")
    let request = try await trial.addRecoveryRequest("bob", of: bob, to: "second@me.com", by: session.id)
    let other = Samples.recoveryRequest("other", of: bob, to: "other@me.com")
    try await trial.expect(trial.confirmRecovery(other, of: bob), is: false, "confirming a request that was not added")
    let stolen = Samples.recoveryRequest("bob", of: alice, to: "second@me.com")
    try await trial.expect(trial.confirmRecovery(stolen, of: alice), is: false, "confirming it for another user")
    _ = try await trial.store.disableUser(bob.id, at: Samples.now, endingSessionsIn: Samples.everySession)
    try await trial.expect(trial.confirmRecovery(request, of: bob), is: false, "confirming for a disabled user")
    for user in [bob, alice] { try await trial.expect(trial.recoveryEmail(of: user), is: "none", "the recovery email") }
    _ = try await trial.store.enableUser(bob.id)
    try await trial.expect(trial.confirmRecovery(request, of: bob), is: true, "confirming for the enabled user")
  }

  package static let oneRecoveryConfirmationSucceeds = Self(
    .recoveryEmail, "exactly one of several simultaneous confirmations of a request succeeds, and it queues one notice"
  ) { trial in
    let (bob, session, _) = try await trial.addFullUser("bob")
    let request = try await trial.addRecoveryRequest("bob", of: bob, to: "second@me.com", by: session.id)
    try await trial.emptyOutbox()
    let outcomes = try await trial.atOnce(30) { index, store throws(StoreError) in
      try await store.confirmRecoveryEmail(
        request, now: Samples.now, notice: Samples.recoveryNotice("\(index)", to: bob, .confirmed))
    }
    let winner = try trial.expectOneTrue(outcomes, "confirming one request")
    try await trial.expect(trial.claimAll(), is: ["\(winner)"], "the notices that wait")
  }

  package static let removalDeletesRecoveryEmail = Self(
    .recoveryEmail, "removing deletes the recovery email, the open request and the reset token, of the user alone"
  ) { trial in
    let (alice, aliceSession, aliceToken) = try await trial.addFullUser("alice")
    try await trial.setRecoveryEmail("second@me.com", of: alice, by: aliceSession.id)
    _ = try await trial.store.addResetToken(aliceToken, for: alice.email)
    let other = try await trial.addRecoveryRequest("other", of: alice, to: "third@me.com", by: aliceSession.id)
    let (bob, session, _) = try await trial.addFullUser("bob")
    try await trial.setRecoveryEmail("second@me.com", of: bob, by: session.id)
    let token = Samples.resetToken("token")
    _ = try await trial.store.addResetToken(token, for: bob.email)
    for (name, removal) in [("first", RecoveryEmail.Removal.removed), ("again", .none)] {
      let open = try await trial.addRecoveryRequest(name, of: bob, to: "third@me.com", by: session.id)
      let notice = Samples.recoveryNotice(name, to: bob, .removed)
      try await trial.expect(
        trial.store.removeRecoveryEmail(of: bob.id, by: session.id, notice: notice), is: removal, "removing it")
      try await trial.expect(trial.recoveryEmail(of: bob), is: "none", "the recovery email")
      try await trial.expect(trial.challengeRecovery(open, "late"), is: nil, "the open request")
    }
    let owner = try await trial.store.findUser(withResetToken: token.id, now: Samples.now)
    try trial.expect(owner, is: nil, "the owner of the reset token")
    try await trial.expect(trial.isStored(session), is: true, "whether the session is open")
    try await trial.expect(trial.recoveryEmail(of: alice), is: "second@me.com", "the recovery email of another user")
    try await trial.expect(trial.challengeRecovery(other, "other"), is: other, "the request of another user")
    let same = try await trial.store.findUser(withResetToken: aliceToken.id, now: Samples.now)
    try trial.expect(same?.id, is: alice.id, "the owner of the other user's reset token")
  }

  package static let removalNeedsSession = Self(
    .recoveryEmail, "removing a recovery email needs a session of its user"
  ) { trial in
    let (bob, session, _) = try await trial.addFullUser("bob")
    let (_, other, _) = try await trial.addFullUser("alice")
    try await trial.setRecoveryEmail("second@me.com", of: bob, by: session.id)
    let open = try await trial.addRecoveryRequest("open", of: bob, to: "third@me.com", by: session.id)
    try await trial.emptyOutbox()
    for id in [other.id, Samples.digest("none")] {
      let notice = Samples.recoveryNotice("notice", to: bob, .removed)
      try await trial.expect(
        trial.store.removeRecoveryEmail(of: bob.id, by: id, notice: notice), is: .outdated, "removing it")
    }
    try await trial.expect(trial.recoveryEmail(of: bob), is: "second@me.com", "the recovery email")
    try await trial.expect(trial.challengeRecovery(open, "open"), is: open, "the open request")
    try await trial.expect(trial.takeWaiting(), is: [], "the messages that wait")
  }

  package static let newPasswordVoidsRecoveryRequest = Self(
    .recoveryEmail, "a new password or email voids an open request, and the recovery email stays"
  ) { trial in
    for (index, way) in ["change", "reset", "update", "email"].enumerated() {
      let (user, session, _) = try await trial.addFullUser("bob\(index)")
      try await trial.setRecoveryEmail("second@me.com", of: user, by: session.id)
      let open = try await trial.addRecoveryRequest("open\(index)", of: user, to: "third@me.com", by: session.id)
      switch way {
      case "change":
        let renewed = Samples.session("renewed", of: user)
        try await trial.expect(trial.changePassword(of: user, renewing: session, as: renewed), is: true, "changing the password")
      case "reset":
        let token = Samples.resetToken("token")
        _ = try await trial.store.addResetToken(token, for: user.email)
        try await trial.expect(trial.consume(token), is: true, "using the reset token")
      case "update": try await trial.store.updateUser(user.id, .hashedPassword(Samples.newHash))
      default: try await trial.store.updateUser(user.id, .email(Samples.email("other@me.com")))
      }
      try await trial.expect(
        trial.proveRecovery(.token(Samples.digest("open\(index) token"))), is: nil, "the open request after \(way)")
      try await trial.expect(trial.confirmRecovery(open, of: user), is: false, "confirming it after \(way)")
      try await trial.expect(trial.recoveryEmail(of: user), is: "second@me.com", "the recovery email after \(way)")
    }
  }

  package static let takeBackDeletesYoungRecoveryEmail = Self(
    .recoveryEmail,
    "taking an email back voids an open request, and deletes a recovery email that is not older than the age given"
  ) { trial in
    let day = Duration.seconds(86_400)
    // The first right of each change is given at the time of the samples.
    for (index, isYoung) in [true, true, false].enumerated() {
      for token in ["stop", "undo"] {
        let name = "\(token)\(index)"
        let (bob, session, _) = try await trial.addFullUser(name)
        let verifiedAt = [Samples.now + Samples.second * 5, Samples.now - day, Samples.now - day - Samples.second][index]
        try await trial.setRecoveryEmail("\(name)@second.com", of: bob, by: session.id, at: verifiedAt)
        let present: Email
        if token == "undo" {
          let change = try await trial.addChange(name, of: bob, to: "\(name)@new.com", by: session.id)
          let later = Samples.now + Samples.second * 9
          present = try await trial.store.confirmEmailChange(Samples.confirmation(name, of: change, at: later)).user.email
          try await trial.issueToken("undo \(name)", "right after \(name)")
        } else {
          _ = try await trial.addChange(name, of: bob, to: "\(name)@new.com", by: session.id)
          present = bob.email
        }
        let open = try await trial.addRecoveryRequest("open \(name)", of: bob, to: "third@me.com", by: session.id)
        try await trial.emptyOutbox()
        let outcome = try await trial.store.takeBackEmail(
          EmailTakeBack.Use(
            Samples.digest("\(token) \(name)"), from: present, at: Samples.now + Samples.second * 10,
            settingPassword: Samples.newHash, keepingRecoveryEmailOlderThan: day,
            notices: [Samples.notice(.passwordChanged, to: bob, payload: "email_taken_back")]))
        guard case .takenBack = outcome else { return try trial.expect("refused", is: "taken back", "taking back") }
        try await trial.expect(
          trial.recoveryEmail(of: bob), is: isYoung ? "none" : "\(name)@second.com", "the recovery email after \(name)")
        try await trial.expect(trial.confirmRecovery(open, of: bob), is: false, "confirming the open request")
        let copies = try await trial.takeWaiting().filter { $0.hasPrefix("recovery_notice") }
        try trial.expect(
          copies,
          is: isYoung
            ? [] : ["recovery_notice to \(name)@second.com: password_changed\n\(name)@me.com\nemail_taken_back"],
          "the copies of the notice")
      }
    }
  }

  package static let recoveryEmailEndsWithUser = Self(
    .recoveryEmail, "a deleted user's recovery email and request are gone, however the user was deleted"
  ) { trial in
    let (alice, aliceSession, _) = try await trial.addFullUser("alice")
    try await trial.setRecoveryEmail("second@me.com", of: alice, by: aliceSession.id)
    for (index, isErased) in [true, false].enumerated() {
      let (user, session, _) = try await trial.addFullUser("bob\(index)")
      try await trial.setRecoveryEmail("second@me.com", of: user, by: session.id)
      let open = try await trial.addRecoveryRequest("open\(index)", of: user, to: "third@me.com", by: session.id)
      if isErased {
        _ = try await trial.store.eraseUser(user.id, clearing: [])
      } else {
        _ = try await trial.store.deleteUser(user.id, ifPassword: user.hashedPassword)
      }
      try await trial.expect(trial.recoveryEmail(of: user), is: "none", "the recovery email")
      try await trial.expect(trial.challengeRecovery(open, "late"), is: nil, "the request")
    }
    try await trial.expect(trial.recoveryEmail(of: alice), is: "second@me.com", "the recovery email of another user")
  }

  package static let endedRecoveryRequestsArePurged = Self(
    .recoveryEmail, "requests for recovery emails that have expired are purged, within the limit, and no recovery email is"
  ) { trial in
    for name in ["a", "b"] {
      let (user, session, _) = try await trial.addFullUser(name)
      try await trial.setRecoveryEmail("second@me.com", of: user, by: session.id)
      _ = try await trial.addRecoveryRequest(name, of: user, to: "\(name)@new.com", by: session.id)
    }
    let end = Samples.now + Samples.hour
    // Two sessions and two requests; the reset tokens went with the confirmations.
    for (moment, counts) in [(end - Samples.second, [0]), (end, [3, 1, 0])] {
      for count in counts {
        let purged = try await trial.store.purge(
          Purge.Scope(live: Samples.live(at: moment), countersBefore: .distantPast, limit: 3))
        try trial.expect(purged.count, is: count, "the number of rows purged")
      }
    }
    for name in ["a", "b"] {
      let user = try await trial.store.findUser(by: .email(Samples.email("\(name)@me.com")))
      try await trial.expect(trial.recoveryEmail(of: user), is: "second@me.com", "the recovery email")
    }
  }

  package static let recoveryEmailsOutliveReopening = Self(
    .recoveryEmail, "recovery emails, requests and their tries survive reopening"
  ) { trial in
    let (user, session, _) = try await trial.addFullUser("bob")
    try await trial.setRecoveryEmail("second@me.com", of: user, by: session.id)
    let open = try await trial.addRecoveryRequest("open", of: user, to: "third@me.com", by: session.id)
    let token = RecoveryEmailRequest.Proof.token(Samples.digest("open token"))
    _ = try await trial.proveRecovery(token)
    let store = try await trial.reopened()
    try await trial.expect(store.tryRecoveryEmailRequest(token, limit: 1, now: Samples.now), is: nil, "a second try of one")
    try await trial.expect(store.tryRecoveryEmailRequest(token, limit: 2, now: Samples.now), is: open, "a second try of two")
    let expected = RecoveryEmail(email: Samples.email("second@me.com"), verifiedAt: Samples.now)
    try await trial.expect(store.findRecoveryEmail(of: user.id), is: expected, "the recovery email")
  }
}
