internal import AuthCore

extension StoreContract {
  /// What may come as the name of something, all different byte for byte.
  private static let names =
    HostileText.addresses + ["", "\0", "a", "a\0", "a\0b", "a\0c", "\r\n", "\u{1B}[31m", String(repeating: "x", count: 5_000)]

  static let hostileRecordClauses: [Clause] = [
    Clause(.hostileText, "keys of failures are compared byte for byte, whatever is in them") { trial in
      let keys = names.map(Samples.key)
      for (index, key) in keys.enumerated() {
        try await trial.expect(trial.store.findCounters(of: [key]), is: [.none], "the failures of a key not yet counted")
        try await trial.count([Samples.count(index + 1)], for: [key])
      }
      try await trial.expect(
        trial.store.findCounters(of: keys), is: keys.indices.map { Samples.count($0 + 1) }, "the failures of all keys")
    },

    Clause(.hostileText, "ids of requests are compared byte for byte, and their addresses come back so") { trial in
      let store = trial.store
      for (index, id) in names.enumerated() {
        let email = Samples.email(HostileText.addresses[index % HostileText.addresses.count])
        let request = OutboxMessage(id: id, kind: .passwordReset, email: email, createdAt: Samples.now + .seconds(index))
        try await trial.expect(store.addMessage(request, limit: 1_000), is: true, "adding a request")
      }
      // The first of each two is removed, the second goes to the end of time.
      let end = Timestamp(secondsSince1970: .max)
      for (index, id) in names.enumerated() {
        if index.isMultiple(of: 2) {
          try await store.removeMessage(id)
        } else {
          try await store.postponeMessage(id, until: end - .seconds(names.count - index))
        }
      }
      for (index, id) in names.enumerated() where !index.isMultiple(of: 2) {
        let email = Samples.email(HostileText.addresses[index % HostileText.addresses.count])
        let expected = OutboxMessage(
          id: id, kind: .passwordReset, email: email, createdAt: Samples.now + .seconds(index), tries: 1)
        try await trial.expect(store.claimMessage(now: end - Samples.second, until: end), is: expected, "the next request")
      }
      try await trial.expect(store.claimMessage(now: end - Samples.second, until: end), is: nil, "one request more")
    },

    Clause(.hostileText, "what a session knows of its client comes back byte for byte") { trial in
      let bob = try await trial.addUser("bob@me.com")
      var clients: [(String?, String?)] = [(nil, nil), ("", nil), (nil, ""), ("fe80::1%'; --", "a"), ("203.0.113.7", "NULL")]
      clients += names.map { ("2001:db8::7", $0) }
      for (index, (address, userAgent)) in clients.enumerated() {
        let session = Samples.session("\(index)", of: bob, address: address, userAgent: userAgent)
        try await trial.addSession(session, limit: 1)
        let found = try await trial.findSession(session.id, in: Samples.live(at: Samples.now))
        try trial.expect(found?.session, is: session, "the session that is found")
        let listed = try await trial.store.findSessions(of: bob.id, in: Samples.live(at: Samples.now))
        try trial.expect(listed, is: [session], "the sessions that are listed")
      }
      let renewed = Samples.session("renewed", of: bob, address: "", userAgent: "e\u{301}\0'")
      let last = Samples.session("\(clients.count - 1)", of: bob)
      try await trial.expect(trial.changePassword(of: bob, renewing: last, as: renewed), is: true, "changing the password")
      let ended = Purge.Scope(live: Samples.live(at: renewed.expiresAt), countersBefore: .distantPast, limit: 10)
      try await trial.expect(trial.store.purge(ended).sessions, is: [renewed], "the session that is purged")
    },

    Clause(.hostileText, "a hash that looks the same changes no password and deletes nobody") { trial in
      let pairs = [("e\u{301}", "\u{E9}"), ("hash", "HASH"), ("x", "x "), ("1", "1.0")]
      for (index, (text, lookalike)) in pairs.enumerated() {
        let user = try await trial.addUser("\(index)@me.com", hash: PasswordHash(text))
        let session = Samples.session("\(index)", of: user)
        try await trial.addSession(session)
        let isChanged = try await trial.store.changePassword(
          of: user.id, PasswordHash(lookalike), to: Samples.newHash, renewing: session.id,
          as: Samples.session("new \(index)", of: user), endingOthers: true)
        try trial.expect(isChanged, is: false, "changing the password for a hash that looks the same")
        let store = trial.store
        let isDeleted = try await store.deleteUser(user.id, ifPassword: PasswordHash(lookalike))
        try trial.expect(isDeleted, is: false, "deleting the user for a hash that looks the same")
        try await trial.expect(store.deleteUser(user.id, ifPassword: PasswordHash(text)), is: true, "deleting the user")
      }
    },
  ]
}
