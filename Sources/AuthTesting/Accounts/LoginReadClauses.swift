internal import AuthCore

extension StoreContract.Clause {
  package static let loginFindsUser = Self(.accounts, "the read of a login finds the user by email, in any letter case") {
    trial in
    _ = try await trial.addFullUser("alice")
    let (bob, _, _) = try await trial.addFullUser("bob")
    for text in ["bob@me.com", "BOB@Me.com"] {
      let found = try await trial.store.findUser(email: Samples.email(text), counters: [])
      try trial.expect(found.user, is: bob, "the user with the email \(text)")
      try trial.expect(found.counters, is: [], "the counters of no keys")
    }
    for email in [nil, Samples.email("bo@me.com"), Samples.email("%@me.com")] {
      let found = try await trial.store.findUser(email: email, counters: [])
      try trial.expect(found.user, is: nil, "the user with the email \(email?.text ?? "nil")")
    }
  }

  package static let loginFindsCounters = Self(
    .accounts, "the read of a login finds the counters in the order of the keys, whether it finds a user or not"
  ) { trial in
    let bob = try await trial.addUser("bob@me.com")
    let keys = ["b", "unknown", "a"].map(Samples.key)
    try await trial.count([Samples.count(2), Samples.count(0), Samples.count(1)], for: keys)
    for email in [bob.email, Samples.email("bo@me.com"), nil] {
      let counters = try await trial.store.findUser(email: email, counters: keys).counters
      try trial.expect(
        counters, is: [Samples.count(2), .none, Samples.count(1)], "the counters read with the email \(email?.text ?? "nil")")
    }
  }
}
