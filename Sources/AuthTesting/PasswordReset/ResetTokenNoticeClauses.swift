internal import AuthCore

extension StoreContract.Clause {
  package static let useQueuesNotice = Self(
    .resetTokens, "using a reset token queues its notice, and a refused use queues nothing"
  ) { trial in
    let (bob, _, token) = try await trial.addFullUser("bob")
    for (now, isUsed) in [(token.expiresAt, false), (Samples.now, true), (Samples.now, false)] {
      let use = ResetToken.Use(
        token.id, at: now, settingPassword: Samples.newHash, endingSessions: true, notice: Samples.notice(to: bob))
      try await trial.expect(trial.store.consumeResetToken(use), is: isUsed, "using the token")
      try await trial.expect(trial.claim(), is: isUsed ? Samples.notice(to: bob, tries: 1) : nil, "the message that is due")
    }
  }

  package static let useClearsCounter = Self(
    .resetTokens, "using a reset token deletes the named counter and no other, and a refused use deletes none"
  ) { trial in
    let (_, _, token) = try await trial.addFullUser("bob")
    let keys = [
      Throttle.Key(.loginEmail, digest: "a"), Throttle.Key(.resetEmail, digest: "a"), Throttle.Key(.loginEmail, digest: "b"),
    ]
    let counters = [Samples.count(1), Samples.count(2), Samples.count(3)]
    try await trial.count(counters, for: keys)
    for (now, isUsed) in [(token.expiresAt, false), (Samples.now, true)] {
      let use = ResetToken.Use(
        token.id, at: now, settingPassword: Samples.newHash, endingSessions: false, clearing: keys[0])
      try await trial.expect(trial.store.consumeResetToken(use), is: isUsed, "using the token")
      try await trial.expect(
        trial.store.findCounters(of: keys), is: [isUsed ? .none : counters[0]] + counters[1...], "the counters")
    }
  }
}
