internal import AuthCore

extension StoreContract {
  private static func request(_ name: String, at moment: Timestamp = Samples.now) -> OutboxMessage {
    OutboxMessage(id: name, kind: .passwordReset, email: Samples.email("\(name)'s @me.com"), createdAt: moment)
  }

  static let outboxClauses: [Clause] = [
    Clause(.resetRequests, "the request that has been due the longest is taken in hand, and is nobody else's until the deadline")
    { trial in
      let (store, now) = (trial.store, Samples.now)
      for (name, age) in [("b", 10), ("a", 20), ("c", 0)] {
        _ = try await store.addMessage(request(name, at: now - .seconds(age)), limit: 10)
      }
      let deadline = now + .seconds(60)
      let early = try await store.claimMessage(now: now - .seconds(21), until: deadline)
      try trial.expect(early, is: nil, "the request before any is due")
      for (name, age) in [("a", 20), ("b", 10), ("c", 0)] {
        var expected = request(name, at: now - .seconds(age))
        expected.tries = 1
        try await trial.expect(store.claimMessage(now: now, until: deadline), is: expected, "the request in hand")
      }
      try await trial.expect(
        store.claimMessage(now: now + .seconds(59), until: deadline), is: nil, "a request before the deadline")
      let again = try await store.claimMessage(now: deadline, until: deadline + .seconds(60))
      try trial.expect(again?.tries, is: 2, "how often the request was tried at the deadline")
    },

    Clause(.resetRequests, "a postponed request is due when it says, and a removed one never") { trial in
      let (store, now) = (trial.store, Samples.now)
      for name in ["a", "b"] { _ = try await store.addMessage(request(name), limit: 10) }
      for _ in 1...2 { _ = try await store.claimMessage(now: now, until: now + .seconds(60)) }
      try await store.postponeMessage("a", until: now + .seconds(5))
      try await store.removeMessage("b")
      try await store.removeMessage("b")
      try await store.postponeMessage("b", until: now)
      try await trial.expect(store.claimMessage(now: now + .seconds(4), until: now), is: nil, "the request before its time")
      let due = try await store.claimMessage(now: now + .seconds(5), until: now + Samples.hour)
      try trial.expect(due?.id, is: "a", "the request at its time")
      try await trial.expect(
        store.claimMessage(now: now + .seconds(3599), until: now), is: nil, "the request that was removed")
    },

    Clause(.resetRequests, "no more requests wait than may") { trial in
      for (name, isAdded) in [("a", true), ("b", true), ("c", false)] {
        try await trial.expect(trial.store.addMessage(request(name), limit: 2), is: isAdded, "adding request \(name) of 2")
      }
      try await trial.store.removeMessage("a")
      try await trial.expect(trial.store.addMessage(request("c"), limit: 2), is: true, "adding a request once one is gone")
    },

    Clause(.resetRequests, "a request that is refused is not kept, and takes none away") { trial in
      let store = trial.store
      try await trial.expect(
        store.addMessage(Samples.request("z"), limit: 0), is: false, "adding a request where none may wait")
      for (name, isAdded) in [("a", true), ("b", true), ("c", false)] {
        try await trial.expect(
          store.addMessage(Samples.request(name), limit: 2), is: isAdded, "adding request \(name) of 2")
      }
      try await trial.expect(trial.claimAll().sorted(), is: ["a", "b"], "the requests that wait")
    },

    Clause(.resetRequests, "each request counts, also for an address that is nobody's or was asked for before") { trial in
      let (store, user) = (trial.store, try await trial.addUser("bob@me.com"))
      for (id, text) in [("a", "nobody@me.com"), ("b", "bob@me.com"), ("c", "BOB@me.com"), ("d", "nobody@me.com")] {
        let request = OutboxMessage(id: id, kind: .passwordReset, email: Samples.email(text), createdAt: Samples.now, tries: 4)
        try await trial.expect(store.addMessage(request, limit: 10), is: true, "adding a request for \(text)")
      }
      var claimed: [OutboxMessage.ID: OutboxMessage] = [:]
      for _ in 1...4 {
        guard let request = try await store.claimMessage(now: Samples.now, until: Samples.now + Samples.hour) else { break }
        claimed[request.id] = request
      }
      for (id, text) in [("a", "nobody@me.com"), ("b", "bob@me.com"), ("c", "BOB@me.com"), ("d", "nobody@me.com")] {
        let expected = OutboxMessage(id: id, kind: .passwordReset, email: Samples.email(text), createdAt: Samples.now, tries: 5)
        try trial.expect(claimed[id], is: expected, "the request for \(text)")
      }
      try await trial.expect(trial.user(user.id), is: user, "the user whose address it is")
    },

    Clause(.resetRequests, "what is done to one request is done to no other, and nothing to one that is gone") { trial in
      let (store, later) = (trial.store, Samples.now + .seconds(60))
      for (name, age) in [("a", 30), ("b", 20), ("c", 10)] {
        _ = try await store.addMessage(Samples.request(name, at: Samples.now - .seconds(age)), limit: 10)
      }
      try await store.postponeMessage("a", until: later)
      try await store.postponeMessage("unknown", until: Samples.now)
      try await store.removeMessage("unknown")
      try await trial.expect(trial.claimAll(until: later + .seconds(1)), is: ["b", "c"], "the requests that are due")
      try await store.removeMessage("b")
      try await store.postponeMessage("b", until: Samples.now)
      try await trial.expect(
        trial.claimAll(at: later + .seconds(1), until: later + .seconds(9)), is: ["a", "c"], "the requests that are due later")
    },

    Clause(.expiry, "requests are due to the second, however far the moment") { trial in
      let store = trial.store
      _ = try await store.addMessage(Samples.request("a", at: .distantPast), limit: 10)
      try await trial.expect(trial.claimAll(at: .distantPast), is: ["a"], "the request from the beginning of time")
      for seconds in [-1, 0, 1 << 31, 1 << 32, (1 << 53) + 1, .max] as [Int64] {
        let moment = Timestamp(secondsSince1970: seconds)
        try await store.postponeMessage("a", until: moment)
        try await trial.expect(
          store.claimMessage(now: moment - Samples.second, until: moment), is: nil, "a request a second before \(seconds)")
        let due = try await store.claimMessage(now: moment, until: moment)
        try trial.expect(due?.id, is: "a", "the request at \(seconds)")
      }
    },

    Clause(.concurrency, "of many that take a request in hand at once one gets it") { trial in
      _ = try await trial.store.addMessage(request("a"), limit: 10)
      let outcomes = try await trial.atOnce(30) { _, store throws(StoreError) in
        try await store.claimMessage(now: Samples.now, until: Samples.now + Samples.hour) != nil
      }
      _ = try trial.expectOneTrue(outcomes, "taking one request in hand")
    },
  ]
}
