internal import AuthCore

extension Trial {
  /// Five messages, of which the ids are in no order: to Bob, by user or email, and to others.
  fileprivate func addMessages(bob: User) async throws -> [OutboxMessage] {
    let texts = ["bob@me.com", "old@me.com", "eve@me.com", "BOB@me.com", "eve@me.com"]
    let messages = ["e", "a", "d", "b", "c"].enumerated().map { index, id in
      OutboxMessage(
        id: id, kind: index < 3 ? .passwordReset : .passwordChanged, userID: index == 1 || index == 3 ? bob.id : nil,
        email: Samples.email(texts[index]), payload: index == 0 ? nil : "a payload",
        createdAt: Samples.now - .seconds(50 - index * 10))
    }
    for message in messages.reversed() { _ = try await store.addMessage(message, limit: 10) }
    return messages
  }

  /// The ids of selected messages, in their order, read in pages of this size.
  fileprivate func list(
    _ selection: OutboxMessage.Selection = .init(), pageSize: Int = 100
  ) async throws -> [OutboxMessage.ID] {
    var (ids, last) = ([OutboxMessage.ID](), OutboxMessage?.none)
    while true {
      let page = try await store.findWaitingMessages(selection, after: last, limit: pageSize)
      try expect(page.count <= pageSize, is: true, "whether a page has at most \(pageSize) messages")
      ids += page.map(\.message.id)
      last = page.last?.message
      // A store that begins again and again must fail the check, not hang it.
      guard page.count == pageSize, ids.count < 1_000 else { return ids }
    }
  }
}

extension StoreContract.Clause {
  package static let waitingMessagesAreListed = Self(
    .outbox, "waiting messages are listed as they are, in the order in which they were queued, a page at a time"
  ) { trial in
    let store = trial.store
    try await trial.expect(trial.list(), is: [], "the messages of an empty store")
    var messages = try await trial.addMessages(bob: trial.addUser("bob@me.com"))
    // The order of two of one second is that of their ids.
    for id in ["z", "y\0", "y"] { _ = try await store.addMessage(Samples.message(id, to: "\(messages.count)@me.com"), limit: 10) }
    let ids = ["e", "a", "d", "b", "c", "y", "y\0", "z"]
    for size in [1, 2, 7, 8, 100] {
      try await trial.expect(trial.list(pageSize: size), is: ids, "the messages in pages of \(size)")
    }
    for (index, message) in messages.enumerated() {
      let listed = try await store.findWaitingMessages(.init(id: message.id), after: nil, limit: 9)
      try trial.expect(listed.count, is: 1, "the number of messages with one id")
      try trial.expect(listed.first?.message, is: message, "message \(index)")
      try trial.expect(listed.first?.dueAt, is: message.createdAt, "when message \(index) is due")
    }
    // Those that are claimed or postponed are listed, too.
    let claimed = try await store.claimMessage(now: Samples.now, until: Samples.now + .seconds(60))
    messages[0].tries = 1
    try trial.expect(claimed, is: messages[0], "the claimed message")
    try await store.postponeMessage("d", until: Samples.now + .seconds(90))
    for (index, seconds) in [(0, 60), (2, 90)] {
      let listed = try await store.findWaitingMessages(.init(id: messages[index].id), after: nil, limit: 1)
      try trial.expect(listed.first?.message, is: messages[index], "message \(index), later")
      try trial.expect(listed.first?.dueAt, is: Samples.now + .seconds(seconds), "when message \(index) is due, later")
    }
    try await store.removeMessage("b")
    try await trial.expect(trial.list(), is: ids.filter { $0 != "b" }, "the messages once one is gone")
  }

  package static let messagesAreSelected = Self(
    .outbox, "messages are selected by id, kind and recipient, and must satisfy all that is given"
  ) { trial in
    let bob = try await trial.addUser("bob@me.com")
    _ = try await trial.addMessages(bob: bob)
    let email = Samples.email("Bob@ME.com")
    for (selection, ids) in [
      (.init(), ["e", "a", "d", "b", "c"]), (.init(id: "b"), ["b"]), (.init(id: "B"), []), (.init(id: ""), []),
      (.init(kind: .passwordReset), ["e", "a", "d"]), (.init(kind: .init(rawValue: "PASSWORD_RESET")), []),
      (.init(id: "a", kind: .passwordReset), ["a"]), (.init(id: "a", kind: .passwordChanged), []),
      (.init(recipient: .init(userID: bob.id, email: nil)), ["a", "b"]),
      (.init(recipient: .init(userID: nil, email: email)), ["e", "b"]),
      (.init(recipient: .init(userID: bob.id, email: email)), ["e", "a", "b"]),
      (.init(kind: .passwordChanged, recipient: .init(userID: bob.id, email: email)), ["b"]),
      (.init(recipient: .init(userID: bob.id + 1, email: nil)), []),
    ] as [(OutboxMessage.Selection, [OutboxMessage.ID])] {
      try await trial.expect(trial.list(selection), is: ids, "the messages selected by \(selection)")
    }
  }

  package static let messagesAreCountedByKind = Self(
    .outbox, "messages are counted by their kinds, byte for byte, with the time of the oldest"
  ) { trial in
    try await trial.expect(trial.store.countMessages(), is: [:], "the counts of an empty store")
    _ = try await trial.addMessages(bob: trial.addUser("bob@me.com"))
    let upper = OutboxMessage.Kind(rawValue: "PASSWORD_RESET")
    _ = try await trial.store.addMessage(
      OutboxMessage(id: "x", kind: upper, email: Samples.email("bob@me.com"), createdAt: .distantPast), limit: 1)
    // One that is being delivered counts.
    _ = try await trial.claim()
    try await trial.expect(
      trial.store.countMessages(),
      is: [
        .passwordReset: .init(count: 3, oldest: Samples.now - .seconds(50)),
        .passwordChanged: .init(count: 2, oldest: Samples.now - .seconds(20)), upper: .init(count: 1, oldest: .distantPast),
      ], "the counts")
  }

  package static let hastenedMessagesAreDue = Self(
    .outbox, "messages that are made due can be claimed at once, as many as the limit allows, and others keep their time"
  ) { trial in
    let store = trial.store
    _ = try await trial.addMessages(bob: trial.addUser("bob@me.com"))
    for id in ["a", "b", "c", "d"] { try await store.postponeMessage(id, until: Samples.now + Samples.hour) }
    try await trial.expect(trial.claimAll(), is: ["e"], "the messages that are due")
    try await trial.expect(
      store.hastenMessages(.init(kind: .passwordChanged), to: Samples.now, limit: 1), is: 1, "the number of one of two")
    try await trial.expect(
      store.hastenMessages(.init(kind: .passwordChanged), to: Samples.now, limit: 9), is: 1, "the number of the other")
    try await trial.expect(
      store.hastenMessages(.init(kind: .passwordChanged), to: Samples.now, limit: 9), is: 0, "the number of none")
    try await trial.expect(
      trial.claimAll(until: Samples.now + .seconds(9)).sorted(), is: ["b", "c"], "the messages that were made due")
    try await trial.expect(store.hastenMessages(.init(id: "a"), to: Samples.now, limit: 9), is: 1, "the number by id")
    let claimed = try await trial.claim()
    try trial.expect(claimed?.id, is: "a", "the message that was made due by its id")
    try trial.expect(claimed?.createdAt, is: Samples.now - .seconds(40), "when it was queued")
    try await trial.expect(
      trial.claimAll(at: Samples.now + .seconds(3_599)).sorted(), is: ["b", "c"], "the messages before the others are due")
    try await trial.expect(
      trial.claimAll(at: Samples.now + Samples.hour, until: Samples.now + Samples.hour * 2).sorted(),
      is: ["a", "b", "c", "d", "e"], "all messages")
  }

  package static let droppedMessagesAreGone = Self(
    .outbox, "dropped messages are returned and gone, as many as the limit allows, and others stay"
  ) { trial in
    let store = trial.store
    let messages = try await trial.addMessages(bob: trial.addUser("bob@me.com"))
    // Behind another, and passed over.
    let next = OutboxMessage(id: "next", kind: .passwordReset, email: Samples.email("bob@me.com"), createdAt: Samples.now)
    _ = try await store.addMessage(next, limit: 9)
    try await trial.expect(trial.claimAll(), is: ["e", "a", "d", "b", "c"], "the messages that are due")
    let dropped = try await store.dropMessages(.init(id: "e"), limit: 9)
    try trial.expect(dropped.count, is: 1, "the number of messages dropped by id")
    var first = messages[0]
    first.tries = 1
    try trial.expect(dropped.first, is: first, "the dropped message")
    try await trial.expect(trial.claimAll(), is: ["next"], "the messages that are due once the first is dropped")
    try await trial.expect(store.dropMessages(.init(id: "e"), limit: 9).count, is: 0, "dropping it again")
    var ids: [OutboxMessage.ID] = []
    for count in [2, 1, 0] {
      let dropped = try await store.dropMessages(.init(kind: .passwordReset), limit: 2)
      try trial.expect(dropped.count, is: count, "the number of messages dropped with a limit of two")
      ids += dropped.map(\.id)
    }
    try trial.expect(ids.sorted(), is: ["a", "d", "next"], "the messages dropped by kind")
    try await trial.expect(trial.list(), is: ["b", "c"], "the messages that are left")
    try await trial.expect(store.dropMessages(.init(), limit: 9).map(\.id).sorted(), is: ["b", "c"], "all messages")
    try await trial.expect(trial.list(), is: [], "the messages in the end")
  }
}
