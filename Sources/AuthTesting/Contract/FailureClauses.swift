internal import AuthCore

extension StoreContract {
  private static let keys = ["c", "a", "b"].map(Throttle.Key.init(stored:))

  static let failureClauses: [Clause] = [
    Clause(.failures, "failures come in the order of the keys, one for each, stored or not") { trial in
      let (store, unknown) = (trial.store, Throttle.Key(stored: "unknown"))
      try await trial.setFailures(of: keys, to: [Samples.count(3), Samples.count(1), Samples.count(2)])
      let found = try await store.findFailures(of: [keys[1], unknown, keys[0], keys[2], keys[1]])
      let expected = [Samples.count(1), .none, Samples.count(3), Samples.count(2), Samples.count(1)]
      try trial.expect(found, is: expected, "the failures found")
      let lent = try await store.updateFailures(of: [keys[2], keys[0], unknown]) { $0 }
      try trial.expect(lent, is: [Samples.count(2), Samples.count(3), .none], "the failures lent to an update")
      try await trial.expect(store.findFailures(of: []), is: [], "the failures of no keys")
      try await trial.expect(store.updateFailures(of: []) { $0.count }, is: 0, "how many are lent to an update of no keys")
    },

    Clause(.failures, "an update changes the failures of its own keys, and of these what it changes") { trial in
      let before = [Samples.count(3), Samples.count(1), Samples.count(2)]
      try await trial.setFailures(of: keys, to: before)
      try await trial.store.updateFailures(of: [keys[0], keys[1]]) { $0[1] = Samples.count(9, at: Samples.now + Samples.hour) }
      let after = [before[0], Samples.count(9, at: Samples.now + Samples.hour), before[2]]
      try await trial.expect(trial.store.findFailures(of: keys), is: after, "the failures after an update of one")
    },

    Clause(.failures, "a count of 0 is deleted with its moment") { trial in
      let store = trial.store
      try await trial.setFailures(of: keys, to: [Samples.count(3), Samples.count(0), Samples.count(2)])
      try await trial.setFailures(of: [keys[0]], to: [Samples.count(0)])
      try await trial.expect(store.findFailures(of: keys), is: [.none, .none, Samples.count(2)], "the failures")
      let ended = Purge.Scope(live: Samples.everySession, failuresBefore: Samples.now + Samples.second, limit: 100)
      try await trial.expect(store.purge(ended), is: Purge.Result(sessions: [], count: 1), "what is left to purge")
    },

    Clause(.expiry, "failures are counted however many, and their moments kept to the second") { trial in
      let moments = [.min, -1, 0, 1 << 31, 1 << 32, (1 << 53) + 1, .max] as [Int64]
      let counts = [1, 1 << 31, 1 << 32, (1 << 53) + 1, .max] as [Int]
      for moment in moments.map(Timestamp.init(secondsSince1970:)) {
        for count in counts {
          try await trial.setFailures(of: [keys[0]], to: [Throttle.Counter(count: count, lastAt: moment)])
          let found = try await trial.store.findFailures(of: [keys[0]])
          try trial.expect(found, is: [Throttle.Counter(count: count, lastAt: moment)], "the failures")
        }
      }
    },

    Clause(.concurrency, "of failures of two keys that are counted at once each sees the former") { trial in
      let outcomes = try await trial.atOnce(40) { index, store throws(StoreError) in
        // In either order, in which locks on single rows would wait for each other.
        let two = index.isMultiple(of: 2) ? [keys[0], keys[1]] : [keys[1], keys[0]]
        return try await store.updateFailures(of: two) { counts in
          for index in counts.indices { counts[index] = Samples.count(counts[index].count + 1) }
          return counts.map(\.count)
        }
      }
      let answers = try outcomes.map { try $0.get() }
      try trial.expect(answers.map(\.[0]).sorted(), is: Array(1...40), "the counts of one key")
      try trial.expect(answers.map(\.[1]), is: answers.map(\.[0]), "the counts of the other")
      try await trial.expect(
        trial.store.findFailures(of: keys), is: [Samples.count(40), Samples.count(40), .none], "the failures in the end")
    },

    Clause(.concurrency, "nobody sees half of an update of failures") { trial in
      let outcomes = try await trial.atOnce(6) { index, store throws(StoreError) in
        for _ in 0..<50 where index.isMultiple(of: 2) {
          try await store.updateFailures(of: keys) { counts in
            for index in counts.indices { counts[index] = Samples.count(counts[index].count + 1) }
          }
        }
        for _ in 0..<2_000 where !index.isMultiple(of: 2) {
          let seen = try await store.findFailures(of: keys)
          guard Set(seen.map(\.count)).count == 1 else { return false }
          await Task.yield()
        }
        return true
      }
      for outcome in outcomes {
        try trial.expect(try outcome.get(), is: true, "whether three counts agree that are always updated together")
      }
      try await trial.expect(
        trial.store.findFailures(of: keys), is: Array(repeating: Samples.count(150), count: 3), "the failures in the end")
    },
  ]
}
