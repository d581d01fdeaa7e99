internal import AuthCore

extension StoreContract.Clause {
  package static let liveSessionsAreListed = Self(
    .sessions, "a user's live sessions are listed as they were saved, the newest first"
  ) { trial in
    let bob = try await trial.addUser("bob@me.com")
    let alice = try await trial.addUser("alice@me.com")
    let end = Samples.now + Samples.hour
    let sessions = [("f", end), ("over", Samples.now), ("a", end), ("e", end)].map { name, expiresAt in
      Session(
        id: Samples.digest(name), userID: bob.id, createdAt: Samples.now, lastUsedAt: Samples.now, expiresAt: expiresAt,
        ipAddress: "2001:db8::\(name.utf8.count)", userAgent: "agent of \(name), 'é' \u{1F600}")
    }
    for session in sessions {
      _ = try await trial.store.addSession(
        session, limit: 20, live: Samples.everySession, ifPassword: nil, replacing: nil)
    }
    try await trial.addSession(Samples.session("alice's", of: alice))
    let listed = try await trial.store.findSessions(of: bob.id, in: Samples.live(at: Samples.now))
    try trial.expect(listed, is: [sessions[3], sessions[2], sessions[0]], "the sessions listed")
    let ofUnknown = try await trial.store.findSessions(of: alice.id + 1, in: Samples.everySession)
    try trial.expect(ofUnknown, is: [], "the sessions of an unknown user")
  }

  package static let listIsInOrderOfOpening = Self(
    .sessions, "sessions are listed in the order of opening, not of use, and with their last use"
  ) { trial in
    let bob = try await trial.addUser("bob@me.com")
    var sessions = ["a", "b", "c"].map { Samples.session($0, of: bob) }
    for session in sessions { try await trial.addSession(session) }
    for (index, use) in [(0, 60), (2, 40), (1, 20)] {
      sessions[index].lastUsedAt = Samples.now + .seconds(use)
      try await trial.store.touchSession(sessions[index].id, at: sessions[index].lastUsedAt)
    }
    let all = try await trial.store.findSessions(of: bob.id, in: Samples.everySession)
    try trial.expect(all, is: sessions.reversed(), "the sessions listed")
    // The second was used 20 seconds after login.
    let live = Session.Cutoff(expiringAfter: Samples.now, usedAfter: Samples.now + .seconds(20))
    let used = try await trial.store.findSessions(of: bob.id, in: live)
    try trial.expect(used, is: [sessions[2], sessions[0]], "the sessions listed that were used later")
    try await trial.expect(trial.isStored(sessions[1]), is: true, "whether a session that was not listed is open")
  }

  package static let clientComesBack = Self(.sessions, "a session's IP address and user agent are returned byte for byte") {
    trial in
    let bob = try await trial.addUser("bob@me.com")
    var clients: [(String?, String?)] = [(nil, nil), ("", nil), (nil, ""), ("fe80::1%'; --", "a"), ("203.0.113.7", "NULL")]
    clients += Samples.names.map { ("2001:db8::7", $0) }
    for (index, (ipAddress, userAgent)) in clients.enumerated() {
      let session = Samples.session("\(index)", of: bob, ipAddress: ipAddress, userAgent: userAgent)
      try await trial.addSession(session, limit: 1)
      let found = try await trial.findSession(session.id, in: Samples.live(at: Samples.now))
      try trial.expect(found?.session, is: session, "the session that is found")
      let listed = try await trial.store.findSessions(of: bob.id, in: Samples.live(at: Samples.now))
      try trial.expect(listed, is: [session], "the sessions that are listed")
    }
    let renewed = Samples.session("renewed", of: bob, ipAddress: "", userAgent: "e\u{301}\0'")
    let last = Samples.session("\(clients.count - 1)", of: bob)
    try await trial.expect(trial.changePassword(of: bob, renewing: last, as: renewed), is: true, "changing the password")
    let ended = Purge.Scope(live: Samples.live(at: renewed.expiresAt), countersBefore: .distantPast, limit: 10)
    try await trial.expect(trial.store.purge(ended).sessions, is: [renewed], "the session that is purged")
  }
}
