internal import AuthCore

extension StoreContract.Clause {
  package static let waitingMessagesAreLimited = Self(.outbox, "no more messages wait than the limit allows") { trial in
    for (name, isAdded) in [("a", true), ("b", true), ("c", false)] {
      try await trial.expect(trial.store.addMessage(Samples.message(name), limit: 2), is: isAdded, "adding message \(name) of 2")
    }
    try await trial.store.removeMessage("a")
    try await trial.expect(trial.store.addMessage(Samples.message("c"), limit: 2), is: true, "adding a message once one is gone")
  }

  package static let refusedMessageIsNotKept = Self(.outbox, "a refused message is not kept and removes no other") { trial in
    let store = trial.store
    try await trial.expect(
      store.addMessage(Samples.message("z"), limit: 0), is: false, "adding a message where none may wait")
    for (name, isAdded) in [("a", true), ("b", true), ("c", false)] {
      try await trial.expect(
        store.addMessage(Samples.message(name), limit: 2), is: isAdded, "adding message \(name) of 2")
    }
    try await trial.expect(trial.claimAll().sorted(), is: ["a", "b"], "the messages that wait")
  }

  package static let simultaneousMessagesKeepToLimit = Self(.outbox, "simultaneous messages keep to the limit") { trial in
    let outcomes = try await trial.atOnce(30) { index, store throws(StoreError) in
      try await store.addMessage(Samples.message("\(index)"), limit: 7)
    }
    let added = try outcomes.indices.filter { try outcomes[$0].get() }
    try trial.expect(added.count, is: 7, "the number of messages added")
    try await trial.expect(trial.claimAll().sorted(), is: added.map(String.init).sorted(), "the messages that wait")
  }

  package static let oneClaimSucceeds = Self(.outbox, "exactly one of several simultaneous claims of a message succeeds") {
    trial in
    _ = try await trial.store.addMessage(Samples.message("a"), limit: 10)
    let outcomes = try await trial.atOnce(30) { _, store throws(StoreError) in
      try await store.claimMessage(now: Samples.now, until: Samples.now + Samples.hour) != nil
    }
    _ = try trial.expectOneTrue(outcomes, "claiming one message")
  }

  package static let simultaneousClaimsDiffer = Self(.outbox, "simultaneous claims each get a message of their own") { trial in
    for index in 0..<20 { _ = try await trial.store.addMessage(Samples.message("\(index)"), limit: 100) }
    let outcomes = try await trial.atOnce(40) { _, store throws(StoreError) in
      try await store.claimMessage(now: Samples.now, until: Samples.now + Samples.hour)
    }
    let claimed = try outcomes.compactMap { try $0.get() }
    try trial.expect(claimed.map(\.id).sorted(), is: (0..<20).map(String.init).sorted(), "the claimed messages")
    try trial.expect(claimed.filter { $0.tries != 1 }.count, is: 0, "the number of messages tried more than once")
  }

  package static let limitIsPerKind = Self(.outbox, "the limit counts only messages of the same kind") { trial in
    let message = { (id: String, kind: OutboxMessage.Kind) in
      OutboxMessage(id: id, kind: kind, email: Samples.email("bob@me.com"), createdAt: Samples.now)
    }
    for (id, kind, isAdded) in [
      ("a", .passwordReset, true), ("b", .passwordChanged, true), ("c", .passwordReset, false), ("d", .passwordChanged, false),
      ("e", .init(rawValue: "PASSWORD_RESET"), true),
    ] as [(String, OutboxMessage.Kind, Bool)] {
      try await trial.expect(
        trial.store.addMessage(message(id, kind), limit: 1), is: isAdded, "adding message \(id) of the kind \(kind.rawValue)")
    }
    try await trial.expect(trial.claimAll().sorted(), is: ["a", "b", "e"], "the messages that wait")
  }
}
