internal import AuthCore

extension StoreContract.Clause {
  package static let disablingQueuesNotice = Self(
    .disabling, "disabling a user queues its notice, once"
  ) { trial in
    let bob = try await trial.addUser("bob@me.com")
    for isFirst in [true, false] {
      let ended = try await trial.store.disableUser(
        bob.id, at: Samples.now, endingSessionsIn: Samples.everySession, notice: Samples.notice(to: bob))
      try trial.expect(ended != nil, is: isFirst, "whether the user was enabled before")
      try await trial.expect(
        trial.claim(), is: isFirst ? Samples.notice(to: bob, tries: 1) : nil, "the message that is due")
      try await trial.store.removeMessage(Samples.notice(to: bob).id)
    }
  }

  package static let enablingQueuesNotice = Self(.disabling, "enabling a user queues its notice, once") { trial in
    let bob = try await trial.addUser("bob@me.com")
    _ = try await trial.store.disableUser(bob.id, at: Samples.now, endingSessionsIn: Samples.everySession, notice: nil)
    for isFirst in [true, false] {
      try await trial.expect(
        trial.store.enableUser(bob.id, notice: Samples.notice(to: bob)), is: isFirst, "enabling the user")
      try await trial.expect(
        trial.claim(), is: isFirst ? Samples.notice(to: bob, tries: 1) : nil, "the message that is due")
      try await trial.store.removeMessage(Samples.notice(to: bob).id)
    }
  }
}
