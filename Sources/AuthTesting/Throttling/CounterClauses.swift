internal import AuthCore

extension StoreContract.Clause {
  private static let keys = ["c", "a", "b"].map(Samples.key)

  package static let countersComeInOrder = Self(.throttle, "counters come in the order of the keys, one for each, stored or not")
  { trial in
    let (store, unknown) = (trial.store, Samples.key("unknown"))
    try await trial.expect(store.findCounters(of: keys), is: [.none, .none, .none], "the counters of an empty store")
    try await trial.count([Samples.count(3), Samples.count(1), Samples.count(2)], for: keys)
    let found = try await store.findCounters(of: [keys[1], unknown, keys[0], keys[2], keys[1]])
    let expected = [Samples.count(1), .none, Samples.count(3), Samples.count(2), Samples.count(1)]
    try trial.expect(found, is: expected, "the counters found")
    try await trial.expect(store.findCounters(of: []), is: [], "the counters of no keys")
    try await trial.expect(store.settle(Samples.attempt([])), is: .counted, "an attempt at no keys")
  }

  package static let attemptCountsItsOwnKeys = Self(.throttle, "an attempt changes only the counters of its own keys") { trial in
    try await trial.count([Samples.count(3), Samples.count(1), Samples.count(2)], for: keys)
    let later = Samples.now + Samples.hour
    let outcome = try await trial.store.settle(Samples.attempt([keys[1], keys[2]], at: later))
    try trial.expect(outcome, is: .counted, "the attempt")
    let after = [Samples.count(3), Samples.count(2, at: later), Samples.count(3, at: later)]
    try await trial.expect(trial.store.findCounters(of: keys), is: after, "the counters after an attempt at two of three keys")
  }

  package static let kindsSeparateCounters = Self(
    .throttle, "keys of different kinds have separate counters, even with one digest"
  ) { trial in
    let kinds: [Throttle.Key.Kind] = [.loginEmail, .loginNetwork, .resetEmail, .resetNetwork]
    let keys = kinds.map { Throttle.Key($0, digest: "one digest") }
    for (index, key) in keys.enumerated() {
      try await trial.expect(trial.store.findCounters(of: [key]), is: [.none], "the counter of the kind \(key.kind.rawValue)")
      try await trial.count([Samples.count(index + 1)], for: [key])
    }
    try await trial.expect(
      trial.store.findCounters(of: keys), is: (1...4).map { Samples.count($0) }, "the counters of four kinds")
  }

  package static let keysAreComparedByteForByte = Self(
    .throttle, "keys of counters are compared byte for byte, whatever their text"
  ) { trial in
    let keys = Samples.names.map(Samples.key)
    for key in keys {
      try await trial.expect(trial.store.findCounters(of: [key]), is: [.none], "the counter of a key not yet counted")
      try await trial.count([Samples.count(1)], for: [key])
    }
    try await trial.expect(trial.store.findCounters(of: keys), is: keys.map { _ in Samples.count(1) }, "the counters of all keys")
  }

  package static let countersOutliveReopening = Self(.throttle, "counters survive reopening and keep counting") {
    trial in
    let before = [Samples.count(3), Samples.count(1, at: Samples.now - .seconds(5)), Samples.count(2)]
    try await trial.count(before, for: keys)
    let store = try await trial.reopened()
    try await trial.expect(store.findCounters(of: keys), is: before, "the counters after reopening")
    _ = try await store.settle(Samples.attempt([keys[1]]))
    try await trial.expect(
      trial.store.findCounters(of: keys), is: [before[0], Samples.count(2), before[2]], "the counters in the store opened first")
  }

  package static let distantCounterTimesAreKept = Self(.throttle, "times of counters are kept to the second, however distant") {
    trial in
    let moments = [.min, -1, 0, 1 << 31, 1 << 32, (1 << 53) + 1, .max] as [Int64]
    for moment in moments.map(Timestamp.init(secondsSince1970:)) {
      let key = Samples.key("\(moment.secondsSince1970)")
      try await trial.count([Samples.count(2, at: moment)], for: [key])
      try await trial.expect(trial.store.findCounters(of: [key]), is: [Samples.count(2, at: moment)], "the counter")
    }
  }
}
