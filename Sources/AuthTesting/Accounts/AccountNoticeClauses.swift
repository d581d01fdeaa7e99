internal import AuthCore

extension StoreContract.Clause {
  package static let passwordChangeQueuesNotice = Self(
    .accounts, "a password change queues its notice, and a refused one queues nothing"
  ) { trial in
    let (bob, session, _) = try await trial.addFullUser("bob")
    for (hash, isChanged) in [(Samples.newHash, false), (bob.hashedPassword, true)] {
      let result = try await trial.store.changePassword(
        of: bob.id, hash, to: Samples.newHash, renewing: session.id, as: Samples.session("new", of: bob), endingOthers: true,
        notice: Samples.notice(to: bob))
      try trial.expect(result, is: isChanged, "changing the password")
      try await trial.expect(
        trial.claim(), is: isChanged ? Samples.notice(to: bob, tries: 1) : nil, "the message that is due")
    }
    try await trial.expect(trial.claim(), is: nil, "a second message")
  }

  package static let deletionKeepsMessages = Self(.accounts, "messages stay in the outbox when their user is deleted") { trial in
    let (bob, _, _) = try await trial.addFullUser("bob")
    try await trial.expect(trial.store.addMessage(Samples.notice(to: bob), limit: 1), is: true, "adding a message")
    try await trial.expect(trial.store.deleteUser(bob.id, ifPassword: bob.hashedPassword), is: true, "deleting the user")
    try await trial.expect(trial.claim(), is: Samples.notice(to: bob, tries: 1), "the message to the deleted user")
  }
}

extension StoreContract.Clause {
  package static let deletionQueuesNotice = Self(
    .accounts, "a deletion queues its notice, and a refused one queues nothing"
  ) { trial in
    let bob = try await trial.addUser("bob@me.com")
    for (hash, isDeleted) in [(Samples.newHash, false), (bob.hashedPassword, true)] {
      try await trial.expect(
        trial.store.deleteUser(bob.id, ifPassword: hash, notice: Samples.notice(to: bob)), is: isDeleted, "deleting the user")
      try await trial.expect(
        trial.claim(), is: isDeleted ? Samples.notice(to: bob, tries: 1) : nil, "the message that is due")
    }
  }
}
