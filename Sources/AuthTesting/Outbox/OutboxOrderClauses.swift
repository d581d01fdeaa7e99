internal import AuthCore

extension Samples {
  /// A message that was queued so many seconds before ``now``.
  fileprivate static func message(
    _ id: OutboxMessage.ID, to text: String, _ kind: OutboxMessage.Kind = .passwordReset, age: Int
  ) -> OutboxMessage {
    OutboxMessage(id: id, kind: kind, email: email(text), createdAt: now - .seconds(age))
  }
}

extension Trial {
  fileprivate func add(_ messages: OutboxMessage...) async throws {
    for message in messages {
      try await expect(store.addMessage(message, limit: 1_000), is: true, "adding message \(message.id)")
    }
  }
}

extension StoreContract.Clause {
  package static let messagesToOneEmailKeepTheirOrder = Self(
    .outbox, "a message waits for older ones of its kind to its email, in any ASCII letter case, and for no others"
  ) { trial in
    let store = trial.store
    // In the order neither of their ages nor of their ids, as by two servers.
    try await trial.add(
      Samples.message("middle", to: "BOB@me.com", age: 20), Samples.message("oldest", to: "bob@me.com", age: 30),
      Samples.message("newest", to: "bob@ME.com", age: 10),
      Samples.message("of another kind", to: "bob@me.com", .passwordChanged, age: 5),
      Samples.message("of a kind like it", to: "bob@me.com", .init(rawValue: "PASSWORD_RESET"), age: 4),
      Samples.message("to another", to: "bob@me.co", age: 3), Samples.message("to no letter of ASCII", to: "bøb@me.com", age: 2),
      Samples.message("to its other case", to: "bØb@me.com", age: 1))
    let others = ["of another kind", "of a kind like it", "to another", "to no letter of ASCII", "to its other case"]
    try await trial.expect(trial.claimAll(), is: ["oldest"] + others, "the messages that wait for no other")
    try await store.removeMessage("oldest")
    try await trial.expect(
      trial.claimAll(until: Samples.now + .seconds(60)), is: ["middle"], "the messages once the first is gone")
    // While it waits to be tried again, it is still before the third.
    try await store.postponeMessage("middle", until: Samples.now + .seconds(90))
    try await trial.expect(trial.claimAll(at: Samples.now + .seconds(89)), is: [], "the messages while the second is postponed")
    // One that is older still comes late, and goes: the second keeps its time.
    try await trial.add(Samples.message("late", to: "bob@me.com", age: 40))
    try await trial.expect(trial.claimAll(at: Samples.now + .seconds(80)), is: ["late"], "the messages with an older one")
    try await store.removeMessage("late")
    try await trial.expect(trial.claimAll(at: Samples.now + .seconds(89)), is: [], "the messages once that one is gone")
    let again = try await store.claimMessage(now: Samples.now + .seconds(90), until: Samples.now + .seconds(150))
    try trial.expect(again?.id, is: "middle", "the message once the second is due again")
    try trial.expect(again?.tries, is: 2, "its number of tries")
    // Its worker dies, and it is claimed again.
    try await trial.expect(
      trial.claimAll(at: Samples.now + .seconds(150), until: Samples.now + Samples.hour), is: ["middle"],
      "the messages once the worker of the second has died")
    try await store.removeMessage("middle")
    try await trial.expect(trial.claimAll(at: Samples.now + .seconds(150)), is: ["newest"], "the last message")
  }

  package static let nextMessageIsDueAtOnce = Self(
    .outbox, "a message that waited for an older one is due as soon as that is gone, however often it was passed over"
  ) { trial in
    let store = trial.store
    try await trial.add(
      Samples.message("first", to: "bob@me.com", age: 30), Samples.message("second", to: "bob@me.com", age: 20),
      Samples.message("third", to: "bob@me.com", age: 10))
    try await trial.expect(trial.claim()?.id, is: "first", "the first message")
    for _ in 1...3 { try await trial.expect(trial.claim(), is: nil, "a message behind the first") }
    try await store.postponeMessage("first", until: Samples.now + Samples.hour)
    for _ in 1...3 { try await trial.expect(trial.claim(), is: nil, "a message behind the first, which is postponed") }
    try await store.removeMessage("first")
    try await trial.expect(trial.claim()?.id, is: "second", "the message behind the one that is gone")
    try await trial.expect(trial.claim(), is: nil, "a message behind the second")
    // One that is not the first is removed.
    try await store.removeMessage("third")
    try await trial.expect(trial.claim(), is: nil, "a message when the second alone is left")
    try await store.removeMessage("second")
    try await trial.expect(store.claimMessage(now: .distantFuture, until: .distantFuture), is: nil, "a message in the end")
  }

  package static let simultaneousClaimsKeepOrder = Self(
    .outbox, "simultaneous claims get the first message of each kind to each email, and no other"
  ) { trial in
    for number in 0..<5 {
      for name in ["a", "b", "c", "d"] {
        try await trial.add(Samples.message("\(name)\(number)", to: "\(name)@me.com", age: 5 - number))
      }
    }
    let outcomes = try await trial.atOnce(40) { _, store throws(StoreError) in
      try await store.claimMessage(now: Samples.now, until: Samples.now + Samples.hour)
    }
    let claimed = try outcomes.compactMap { try $0.get()?.id }
    try trial.expect(claimed.sorted(), is: ["a0", "b0", "c0", "d0"], "the claimed messages")
  }

  package static let simultaneousWorkersKeepOrder = Self(
    .outbox, "workers that deliver at the same time take the messages of a kind to an email one after the other, and leave none"
  ) { trial in
    let names = ["a", "b", "c"]
    for number in 0..<10 {
      for name in names { try await trial.add(Samples.message("\(name)\(number)", to: "\(name)@me.com", age: 10 - number)) }
    }
    let claimed = Monitor<[OutboxMessage.ID]>([])
    let outcomes = try await trial.atOnce(8) { _, store throws(StoreError) in
      // Nothing is due while the others have claimed a message of each.
      for _ in 0..<100_000 where claimed.withLock({ $0.count < 30 }) {
        guard let message = try await store.claimMessage(now: Samples.now, until: Samples.now + Samples.hour) else {
          await Task.yield()
          continue
        }
        // Some take long, so that those behind them would overtake them.
        if message.createdAt.secondsSince1970.isMultiple(of: 2) { for _ in 1...100 { await Task.yield() } }
        claimed.withLock { $0.append(message.id) }
        try await store.removeMessage(message.id)
      }
    }
    for outcome in outcomes { try outcome.get() }
    let order = claimed.withLock { $0 }
    for name in names {
      try trial.expect(
        order.filter { $0.hasPrefix(name) }, is: (0..<10).map { "\(name)\($0)" }, "the messages to \(name), in their order")
    }
    try await trial.expect(trial.store.claimMessage(now: .distantFuture, until: .distantFuture), is: nil, "one more message")
  }

}
