internal import AuthCore

extension StoreContract.Clause {
  package static let erasureQueuesNotice = Self(
    .administration, "erasing a user deletes their messages and queues its notice, once"
  ) { trial in
    let bob = try await trial.addUser("bob@me.com")
    let older = Samples.message("older", to: "bob@me.com")
    try await trial.expect(trial.store.addMessage(older, limit: 9), is: true, "adding a message")
    for isFirst in [true, false] {
      try await trial.expect(
        trial.store.eraseUser(bob.id, clearing: [], notice: Samples.notice(to: bob)), is: isFirst, "erasing the user")
      try await trial.expect(
        trial.claim(), is: isFirst ? Samples.notice(to: bob, tries: 1) : nil, "the message that is due")
      try await trial.expect(trial.claim(), is: nil, "a second message")
      try await trial.store.removeMessage(Samples.notice(to: bob).id)
    }
  }

  package static let clearingQueuesNotice = Self(
    .administration, "clearing counters queues its notice if there were any"
  ) { trial in
    let bob = try await trial.addUser("bob@me.com")
    let key = Throttle.Key(.loginEmail, digest: "bob's")
    try await trial.store.count(3, for: key, at: Samples.now)
    for isFirst in [true, false] {
      try await trial.expect(
        trial.store.clearCounters(of: [key], notice: Samples.notice(to: bob)), is: isFirst, "clearing the counter")
      try await trial.expect(
        trial.claim(), is: isFirst ? Samples.notice(to: bob, tries: 1) : nil, "the message that is due")
      try await trial.store.removeMessage(Samples.notice(to: bob).id)
    }
  }
}
