internal import AuthCore

extension StoreContract.Clause {
  package static let accountsAreInOrderOfEmails = Self(
    .administration, "accounts are listed byte by byte in the order of their emails in lower case"
  ) { trial in
    // `_` is between the capital and the small letters.
    let emails = ["b@me.com", "A@me.com", "_@me.com", "É@me.com", "a_b@me.com", "aBc@me.com", "a@me.com.", "1@me.com"]
    for email in emails { _ = try await trial.addUser(email) }
    let listed = try await trial.store.findAccounts(withPrefix: "", after: nil, limit: 100).map(\.user.email.text)
    let expected = ["1@me.com", "_@me.com", "A@me.com", "a@me.com.", "a_b@me.com", "aBc@me.com", "b@me.com", "É@me.com"]
    try trial.expect(listed.joined(separator: " "), is: expected.joined(separator: " "), "the emails")
  }

  package static let pageBeginsAfterTheLast = Self(
    .administration, "a page has the accounts that come after an email, which need not be stored, and no more than asked for"
  ) { trial in
    for email in ["c@me.com", "A@me.com", "B@me.com", "d@me.com"] { _ = try await trial.addUser(email) }
    let pages = [
      (nil, 2, ["A@me.com", "B@me.com"]), ("b@me.com", 1, ["c@me.com"]), ("bb@me.com", 9, ["c@me.com", "d@me.com"]),
      ("D@me.com", 9, []),
    ]
    for (last, limit, expected) in pages {
      let listed = try await trial.store.findAccounts(withPrefix: "", after: last.map(Samples.email), limit: limit)
      try trial.expect(listed.map(\.user.email.text), is: expected, "the page after \(last ?? "nothing")")
    }
  }

  package static let prefixSelectsAccounts = Self(
    .administration, "a prefix selects the accounts whose email begins with it, in any ASCII letter case and to the letter"
  ) { trial in
    for email in ["bo", "BOB@me.com", "bo%b@me.com", "bob@me.com.", "cbo@me.com", "b_b@me.com"] {
      _ = try await trial.addUser(email)
    }
    let pages = [
      ("Bo", nil, ["bo", "bo%b@me.com", "BOB@me.com", "bob@me.com."]), ("bob", "bob@me.com", ["bob@me.com."]),
      ("b_", nil, ["b_b@me.com"]), ("bo%", nil, ["bo%b@me.com"]), ("d", nil, []), ("a", nil, []),
    ]
    for (prefix, last, expected) in pages {
      let listed = try await trial.store.findAccounts(withPrefix: prefix, after: last.map(Samples.email), limit: 9)
      try trial.expect(listed.map(\.user.email.text), is: expected, "the accounts with the prefix \(prefix)")
    }
  }

  package static let listHasState = Self(.administration, "a listed account is the user as stored, disabled or not") { trial in
    let (alice, _, _) = try await trial.addFullUser("alice")
    let bob = try await trial.addUser("bob@me.com")
    try await trial.disable(bob)
    let listed = try await trial.store.findAccounts(withPrefix: "", after: nil, limit: 9)
    try trial.expect(listed.map(\.disabledAt), is: [nil, Samples.now], "the moments of disabling")
    try trial.expect(listed.first?.user, is: alice, "the first user")
    try trial.expect(listed.last?.user, is: bob, "the last user")
  }

  package static let everythingIsCounted = Self(.administration, "the statistics count what is stored") { trial in
    try await trial.expect(
      trial.store.statistics(live: Samples.everySession), is: StoreStatistics(), "the statistics of an empty store")
    let (alice, _, _) = try await trial.addFullUser("alice")
    try await trial.addSession(Samples.session("over", of: alice, expiring: .zero), at: .distantPast)
    for name in ["bob", "eve"] { try await trial.disable(trial.addUser("\(name)@me.com")) }
    try await trial.count([Samples.count(1), Samples.count(2)], for: ["a", "b"].map(Samples.key))
    for (id, moment) in [("2", Samples.now), ("1", Samples.now - .seconds(5))] {
      let message = OutboxMessage(id: id, kind: .passwordReset, email: alice.email, createdAt: moment)
      _ = try await trial.store.addMessage(message, limit: 9)
    }
    var expected = StoreStatistics()
    (expected.users, expected.disabledUsers, expected.liveSessions, expected.storedSessions) = (3, 2, 1, 2)
    (expected.resetTokens, expected.messages, expected.counters) = (1, 2, 2)
    expected.oldestMessageAt = Samples.now - .seconds(5)
    try await trial.expect(
      trial.store.statistics(live: Samples.live(at: Samples.now)), is: expected, "the statistics")
  }
}
