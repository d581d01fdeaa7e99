internal import AuthCore

extension StoreContract.Clause {
  package static let longestDueIsClaimed = Self(
    .outbox, "the message that has been due longest is claimed, and by no one else until the deadline"
  ) { trial in
    let (store, now) = (trial.store, Samples.now)
    for (name, age) in [("b", 10), ("a", 20), ("c", 0)] {
      _ = try await store.addMessage(Samples.message(name, at: now - .seconds(age)), limit: 10)
    }
    let deadline = now + .seconds(60)
    let early = try await store.claimMessage(now: now - .seconds(21), until: deadline)
    try trial.expect(early, is: nil, "the message before any is due")
    for (name, age) in [("a", 20), ("b", 10), ("c", 0)] {
      var expected = Samples.message(name, at: now - .seconds(age))
      expected.tries = 1
      try await trial.expect(store.claimMessage(now: now, until: deadline), is: expected, "the claimed message")
    }
    try await trial.expect(
      store.claimMessage(now: now + .seconds(59), until: deadline), is: nil, "a message before the deadline")
    let again = try await store.claimMessage(now: deadline, until: deadline + .seconds(60))
    try trial.expect(again?.tries, is: 2, "the number of tries at the deadline")
  }

  package static let postponedMessageIsDueLater = Self(
    .outbox, "a postponed message is due at its new time, and a removed one never"
  ) { trial in
    let (store, now) = (trial.store, Samples.now)
    for name in ["a", "b"] { _ = try await store.addMessage(Samples.message(name), limit: 10) }
    for _ in 1...2 { _ = try await store.claimMessage(now: now, until: now + .seconds(60)) }
    try await store.postponeMessage("a", until: now + .seconds(5))
    try await store.removeMessage("b")
    try await store.removeMessage("b")
    try await store.postponeMessage("b", until: now)
    try await trial.expect(store.claimMessage(now: now + .seconds(4), until: now), is: nil, "the message before its time")
    let due = try await store.claimMessage(now: now + .seconds(5), until: now + Samples.hour)
    try trial.expect(due?.id, is: "a", "the message at its time")
    try await trial.expect(
      store.claimMessage(now: now + .seconds(3599), until: now), is: nil, "the message that was removed")
  }

  package static let eachMessageCounts = Self(
    .outbox, "each message counts, even for an unknown email or one that has a message already"
  ) { trial in
    let (store, user) = (trial.store, try await trial.addUser("bob@me.com"))
    for (id, text) in [("a", "nobody@me.com"), ("b", "bob@me.com"), ("c", "BOB@me.com"), ("d", "nobody@me.com")] {
      let message = OutboxMessage(id: id, kind: .passwordReset, email: Samples.email(text), createdAt: Samples.now, tries: 4)
      try await trial.expect(store.addMessage(message, limit: 10), is: true, "adding a message for \(text)")
    }
    var claimed: [OutboxMessage.ID: OutboxMessage] = [:]
    for _ in 1...4 {
      guard let message = try await store.claimMessage(now: Samples.now, until: Samples.now + Samples.hour) else { break }
      claimed[message.id] = message
      // Two of them go to one email, the second after the first.
      try await store.removeMessage(message.id)
    }
    for (id, text) in [("a", "nobody@me.com"), ("b", "bob@me.com"), ("c", "BOB@me.com"), ("d", "nobody@me.com")] {
      let expected = OutboxMessage(id: id, kind: .passwordReset, email: Samples.email(text), createdAt: Samples.now, tries: 5)
      try trial.expect(claimed[id], is: expected, "the message for \(text)")
    }
    try await trial.expect(trial.user(user.id), is: user, "the user with this email")
  }

  package static let messagesAreSeparate = Self(
    .outbox, "an operation on one message affects no other, and one on a removed message has no effect"
  ) { trial in
    let (store, later) = (trial.store, Samples.now + .seconds(60))
    for (name, age) in [("a", 30), ("b", 20), ("c", 10)] {
      _ = try await store.addMessage(Samples.message(name, at: Samples.now - .seconds(age)), limit: 10)
    }
    try await store.postponeMessage("a", until: later)
    try await store.postponeMessage("unknown", until: Samples.now)
    try await store.removeMessage("unknown")
    try await trial.expect(trial.claimAll(until: later + .seconds(1)), is: ["b", "c"], "the messages that are due")
    try await store.removeMessage("b")
    try await store.postponeMessage("b", until: Samples.now)
    try await trial.expect(
      trial.claimAll(at: later + .seconds(1), until: later + .seconds(9)), is: ["a", "c"], "the messages that are due later")
  }

  package static let distantDueTimesAreKept = Self(.outbox, "messages are due to the second, however distant") { trial in
    let store = trial.store
    _ = try await store.addMessage(Samples.message("a", at: .distantPast), limit: 10)
    try await trial.expect(trial.claimAll(at: .distantPast), is: ["a"], "the message from the beginning of time")
    for seconds in [-1, 0, 1 << 31, 1 << 32, (1 << 53) + 1, .max] as [Int64] {
      let moment = Timestamp(secondsSince1970: seconds)
      try await store.postponeMessage("a", until: moment)
      try await trial.expect(
        store.claimMessage(now: moment - Samples.second, until: moment), is: nil, "a message a second before \(seconds)")
      let due = try await store.claimMessage(now: moment, until: moment)
      try trial.expect(due?.id, is: "a", "the message at \(seconds)")
    }
  }

  package static let messageIDsAreComparedByteForByte = Self(
    .outbox, "ids of messages are compared byte for byte, and their emails are returned byte for byte"
  ) { trial in
    let store = trial.store
    for (index, id) in Samples.names.enumerated() {
      let email = Samples.email(HostileText.emails[index % HostileText.emails.count])
      // Each of a kind of its own, so that none waits for another.
      let kind = OutboxMessage.Kind(rawValue: "\(index)")
      let message = OutboxMessage(id: id, kind: kind, email: email, createdAt: Samples.now + .seconds(index))
      try await trial.expect(store.addMessage(message, limit: 1_000), is: true, "adding a message")
    }
    // The first of each two is removed, and the second is postponed to the end of time.
    let end = Timestamp(secondsSince1970: .max)
    for (index, id) in Samples.names.enumerated() {
      if index.isMultiple(of: 2) {
        try await store.removeMessage(id)
      } else {
        try await store.postponeMessage(id, until: end - .seconds(Samples.names.count - index))
      }
    }
    for (index, id) in Samples.names.enumerated() where !index.isMultiple(of: 2) {
      let email = Samples.email(HostileText.emails[index % HostileText.emails.count])
      let expected = OutboxMessage(
        id: id, kind: .init(rawValue: "\(index)"), email: email, createdAt: Samples.now + .seconds(index), tries: 1)
      try await trial.expect(store.claimMessage(now: end - Samples.second, until: end), is: expected, "the next message")
    }
    try await trial.expect(store.claimMessage(now: end - Samples.second, until: end), is: nil, "one more message")
  }

  package static let messagesOutliveReopening = Self(
    .outbox, "messages survive reopening with their tries, whether claimed, postponed or waiting"
  ) { trial in
    let deadline = Samples.now + .seconds(60)
    for (name, age) in [("claimed", 30), ("postponed", 20), ("waiting", 10), ("removed", 5)] {
      let message = Samples.message(name, at: Samples.now - .seconds(age))
      try await trial.expect(trial.store.addMessage(message, limit: 4), is: true, "adding a message")
    }
    _ = try await trial.store.claimMessage(now: Samples.now, until: deadline)
    try await trial.store.postponeMessage("postponed", until: Samples.now + .seconds(90))
    try await trial.store.removeMessage("removed")
    let store = try await trial.reopened()
    for (moment, name, age, tries) in [(0, "waiting", 10, 1), (60, "claimed", 30, 2), (90, "postponed", 20, 1)] {
      let now = Samples.now + .seconds(moment)
      if moment > 0 {
        try await trial.expect(
          store.claimMessage(now: now - Samples.second, until: now), is: nil, "a message a second before its time")
      }
      var expected = Samples.message(name, at: Samples.now - .seconds(age))
      expected.tries = tries
      let due = try await store.claimMessage(now: now, until: Timestamp(secondsSince1970: .max))
      try trial.expect(due, is: expected, "the message")
    }
  }

  package static let messageComesBack = Self(
    .outbox, "a message is returned as it was queued, with its kind, user, email and payload"
  ) { trial in
    let bob = try await trial.addUser("bob@me.com")
    let texts: [String?] = [nil, ""] + Samples.names
    for (index, text) in texts.enumerated() {
      var message = OutboxMessage(
        id: "\(index)", kind: OutboxMessage.Kind(rawValue: text ?? "a kind"), userID: index.isMultiple(of: 2) ? nil : bob.id,
        email: Samples.email(HostileText.emails[index % HostileText.emails.count]), payload: text, createdAt: Samples.now)
      try await trial.expect(trial.store.addMessage(message, limit: 1), is: true, "adding a message")
      message.tries = 1
      try await trial.expect(trial.claim(), is: message, "the message that is claimed")
      try await trial.store.removeMessage(message.id)
    }
    // A user need not exist: a message outlives its user.
    var orphan = OutboxMessage(id: "x", kind: .passwordChanged, userID: bob.id + 1, email: bob.email, createdAt: Samples.now)
    try await trial.expect(trial.store.addMessage(orphan, limit: 1), is: true, "adding a message to an unknown user")
    orphan.tries = 1
    try await trial.expect(trial.claim(), is: orphan, "the message to an unknown user")
  }
}
