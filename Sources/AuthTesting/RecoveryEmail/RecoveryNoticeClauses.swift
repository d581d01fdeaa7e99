internal import AuthCore

extension StoreContract.Clause {
  package static let recoveryNoticesReachBoth = Self(
    .recoveryEmail, "setting, replacing and removing a recovery email queues a notice, whose copy goes to the earlier one"
  ) { trial in
    let (bob, session, _) = try await trial.addFullUser("bob")
    try await trial.setRecoveryEmail("first@me.com", of: bob, by: session.id)
    let told = "recovery_email_changed to bob@me.com: confirmed"
    var waiting = try await trial.takeWaiting().filter { !$0.hasPrefix("recovery_email to ") }
    try trial.expect(waiting, is: [told], "what waits after the first")
    try await trial.setRecoveryEmail("second@me.com", of: bob, by: session.id)
    waiting = try await trial.takeWaiting().filter { !$0.hasPrefix("recovery_email to ") }
    let copied = "recovery_notice to first@me.com: recovery_email_changed\nbob@me.com\nconfirmed"
    try trial.expect(waiting, is: [told, copied], "what waits after the second")
    for isFirst in [true, false] {
      let notice = Samples.recoveryNotice("removed", to: bob, .removed)
      _ = try await trial.store.removeRecoveryEmail(of: bob.id, by: session.id, notice: notice)
      let expected = [
        "recovery_email_changed to bob@me.com: removed",
        "recovery_notice to second@me.com: recovery_email_changed\nbob@me.com\nremoved",
      ]
      try await trial.expect(trial.takeWaiting(), is: isFirst ? expected : [], "what waits after it was removed")
    }
    let request = Samples.recoveryRequest("none", of: bob, to: "third@me.com")
    try await trial.expect(trial.confirmRecovery(request, of: bob), is: false, "confirming a request that is not there")
    try await trial.expect(trial.takeWaiting(), is: [], "what waits after a refusal")
  }

  package static let noticesAreCopied = Self(
    .recoveryEmail, "every notice of a change goes to the recovery email, too, whichever operation queues it"
  ) { trial in
    let (bob, session, _) = try await trial.addFullUser("bob")
    try await trial.setRecoveryEmail("second@me.com", of: bob, by: session.id)
    try await trial.emptyOutbox()
    func expect(
      _ kind: OutboxMessage.Kind, _ payload: String? = nil, _ matter: String, _ account: String = "bob@me.com"
    ) async throws {
      let expected = [
        "\(kind.rawValue) to bob@me.com: \(payload ?? "none")",
        "recovery_notice to second@me.com: \(kind.rawValue)\n\(account)\n\(payload ?? "")",
      ]
      try await trial.expect(trial.takeWaiting(), is: expected, "what waits after \(matter)")
    }
    let renewed = Samples.session("renewed", of: bob)
    try await trial.addSession(renewed)
    _ = try await trial.store.changePassword(
      of: bob.id, bob.hashedPassword, to: Samples.hash, renewing: session.id, as: Samples.session("next", of: bob),
      endingOthers: false, notice: Samples.notice(.passwordChanged, to: bob, payload: "change"))
    try await expect(.passwordChanged, "change", "a change of the password")
    let token = Samples.resetToken("token")
    _ = try await trial.store.addResetToken(token, for: bob.email)
    _ = try await trial.store.consumeResetToken(
      ResetToken.Use(
        token.id, at: Samples.now, settingPassword: Samples.newHash, endingSessions: false,
        notice: Samples.notice(.passwordChanged, to: bob, payload: "reset")))
    try await expect(.passwordChanged, "reset", "a reset")
    _ = try await trial.store.disableUser(
      bob.id, at: Samples.now, endingSessionsIn: Samples.everySession, notice: Samples.notice(.accountDisabled, to: bob))
    try await expect(.accountDisabled, nil, "disabling")
    _ = try await trial.store.enableUser(bob.id, notice: Samples.notice(.accountEnabled, to: bob))
    try await expect(.accountEnabled, nil, "enabling")
    let throttle = Throttle(threshold: 1, firstDelay: .seconds(60), longestDelay: Samples.hour, lockThreshold: 1)
    let warning = Samples.notice(.failedLogins, to: bob, payload: "192.0.2.7")
    let attempt = Throttle.Attempt(
      [Throttle.Attempt.Limit(key: Samples.loginKeys[0], throttle: throttle, isOfNetwork: false)], memory: .seconds(1 << 40),
      at: Samples.now,
      alert: Throttle.Alert(
        warning: warning, lockNotice: .accountLocked, key: Throttle.Key(.alertEmail, digest: "an email"), threshold: 1,
        interval: Samples.hour))
    _ = try await trial.store.settle(attempt)
    try await expect(.accountLocked, "192.0.2.7", "a lock")
    _ = try await trial.store.clearCounters(of: [Samples.loginKeys[0]], notice: Samples.notice(.accountUnlocked, to: bob))
    try await expect(.accountUnlocked, nil, "unlocking")
    let last = Samples.session("last", of: bob)
    try await trial.addSession(last)
    let change = try await trial.addChange("bob", of: trial.user(bob.id), to: "new@me.com", by: last.id)
    let asked = try await trial.takeWaiting()
    try trial.expect(asked.filter { $0.hasPrefix("recovery_notice") }, is: [], "the copies after a request for a change")
    let confirmation = Samples.confirmation("bob", of: change)
    _ = try await trial.store.confirmEmailChange(confirmation)
    // The account has the new email already.
    try await expect(.emailChanged, confirmation.notice.payload, "a change of the email", "new@me.com")
  }

  package static let noticesOfDeletionAreCopied = Self(
    .recoveryEmail, "the notice of a deletion goes to the recovery email that the user had, too"
  ) { trial in
    for isErased in [true, false] {
      let (bob, session, _) = try await trial.addFullUser("bob")
      try await trial.setRecoveryEmail("second@me.com", of: bob, by: session.id)
      try await trial.emptyOutbox()
      let notice = Samples.notice(.accountDeleted, to: bob, payload: "owner")
      if isErased {
        _ = try await trial.store.eraseUser(bob.id, clearing: [], notice: notice)
      } else {
        try await trial.expect(
          trial.store.deleteUser(bob.id, ifPassword: PasswordHash("x"), notice: notice), is: false, "deleting with a wrong hash")
        try await trial.expect(trial.takeWaiting(), is: [], "what waits after the refusal")
        _ = try await trial.store.deleteUser(bob.id, ifPassword: bob.hashedPassword, notice: notice)
      }
      let expected = [
        "account_deleted to bob@me.com: owner", "recovery_notice to second@me.com: account_deleted\nbob@me.com\nowner",
      ]
      try await trial.expect(trial.takeWaiting(), is: expected, "what waits after the deletion")
    }
  }

  package static let onlyNoticesAreCopied = Self(
    .recoveryEmail, "no other message has a copy, and none has one for an email that is the account's, or its recipient's"
  ) { trial in
    let (bob, session, _) = try await trial.addFullUser("bob")
    try await trial.setRecoveryEmail("second@me.com", of: bob, by: session.id)
    let alice = try await trial.addUser("alice@me.com")
    try await trial.emptyOutbox()
    let kinds: [OutboxMessage.Kind] = [
      .passwordReset, .emailChange, .emailChangeRequested, .emailTakenBack, .failedLogins, .newLogin, .recoveryEmail,
      .recoveryNotice, OutboxMessage.Kind(rawValue: "of a later release"),
    ]
    var expected: [String] = []
    for kind in kinds {
      _ = try await trial.store.addMessage(Samples.notice(kind, to: bob), limit: 100)
      if kind != .recoveryNotice { expected.append("\(kind.rawValue) to bob@me.com: none") }
    }
    try await trial.store.removeMessage("notice recovery_notice")
    try await trial.expect(trial.takeWaiting(), is: expected.sorted(), "the messages that wait")
    _ = try await trial.store.disableUser(
      alice.id, at: Samples.now, endingSessionsIn: Samples.everySession, notice: Samples.notice(.accountDisabled, to: alice))
    try await trial.expect(
      trial.takeWaiting(), is: ["account_disabled to alice@me.com: none"], "what waits for a user without a recovery email")
    let toSecond = OutboxMessage(
      id: "to second", kind: .accountEnabled, userID: bob.id, email: Samples.email("SECOND@me.com"), createdAt: Samples.now)
    _ = try await trial.store.addMessage(toSecond, limit: 100)
    try await trial.expect(trial.takeWaiting(), is: ["account_enabled to SECOND@me.com: none"], "a message to that very email")

    let change = try await trial.addChange("bob", of: trial.user(bob.id), to: "Second@me.com", by: session.id)
    try await trial.emptyOutbox()
    let changed = try await trial.store.confirmEmailChange(Samples.confirmation("bob", of: change)).user
    let waiting = try await trial.takeWaiting()
    try trial.expect(waiting.count, is: 1, "the number of messages after the change to that email")
    _ = try await trial.store.disableUser(
      bob.id, at: Samples.now, endingSessionsIn: Samples.everySession, notice: Samples.notice(.accountDisabled, to: changed))
    try await trial.expect(
      trial.takeWaiting(), is: ["account_disabled to Second@me.com: none"], "what waits where both emails are the same")
  }
}
