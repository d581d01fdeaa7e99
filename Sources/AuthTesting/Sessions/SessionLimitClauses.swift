internal import AuthCore

extension StoreContract.Clause {
  package static let newSessionTakesTheOnlyPlace = Self(.sessions, "with a limit of one a new session replaces the old one") {
    trial in
    let bob = try await trial.addUser("bob@me.com")
    var former: Session?
    for name in ["a", "b", "c"] {
      let session = Samples.session(name, of: bob)
      try await trial.addSession(session, limit: 1)
      try await trial.expect(trial.isStored(session), is: true, "whether the new session is open")
      if let former { try await trial.expect(trial.isStored(former), is: false, "whether the former session is open") }
      former = session
    }
  }

  package static let oldestSessionGivesWay = Self(.sessions, "the oldest session gives way, even among those of one second") {
    trial in
    // Ids in rising and in falling order, so that neither can be taken for the order in which the sessions were added.
    for (name, digits) in [("alice", ["1", "2", "3", "4", "5"]), ("bob", ["f", "e", "d", "c", "b"])] {
      let user = try await trial.addUser("\(name)@me.com")
      let sessions = digits.map { digit in
        Samples.session(TokenDigest(hex: String(repeating: digit, count: 64)), of: user.id)
      }
      for (index, session) in sessions.enumerated() {
        try await trial.addSession(session, limit: 3)
        for (age, earlier) in sessions[...index].reversed().enumerated() {
          let isOpen = try await trial.isStored(earlier)
          try trial.expect(isOpen, is: age < 3, "whether the session is open, newest but \(age), of \(index + 1)")
        }
      }
    }
  }

  package static let useMakesNoSessionNewer = Self(.sessions, "recent use does not make a session newer") { trial in
    let bob = try await trial.addUser("bob@me.com")
    let sessions = ["a", "b", "c"].enumerated().map { Samples.session($1, of: bob, at: Samples.now + .seconds($0)) }
    try await trial.addSession(sessions[0], limit: 2)
    try await trial.addSession(sessions[1], limit: 2)
    try await trial.store.touchSession(sessions[0].id, at: Samples.now + .seconds(60))
    try await trial.addSession(sessions[2], limit: 2)
    try await trial.expect(trial.isStored(sessions[0]), is: false, "whether the oldest session, which was used last, is open")
    try await trial.expect(trial.isStored(sessions[1]), is: true, "whether the newer session is open")
  }

  package static let deadSessionsGiveWayFirst = Self(.sessions, "sessions that are over give way before live ones") { trial in
    let bob = try await trial.addUser("bob@me.com")
    let oldest = Samples.session("oldest", of: bob)
    let brief = Session(
      id: Samples.digest("brief"), userID: bob.id, createdAt: Samples.now, lastUsedAt: Samples.now,
      expiresAt: Samples.now + .seconds(10))
    try await trial.addSession(oldest, limit: 2)
    try await trial.addSession(brief, limit: 2)
    let later = Samples.now + .seconds(10)
    let newest = Samples.session("newest", of: bob, at: later)
    try await trial.addSession(newest, limit: 2, at: later)
    try await trial.expect(trial.isStored(oldest), is: true, "whether the oldest session, which is live, is open")
    try await trial.expect(trial.isStored(newest), is: true, "whether the newest session is open")
  }

  package static let newSessionDeletesDeadOnes = Self(.sessions, "a new session deletes its user's sessions that are over") {
    trial in
    let (_, aliceSession, _) = try await trial.addFullUser("alice")
    let (bob, expired, _) = try await trial.addFullUser("bob")
    let unused = Session(
      id: Samples.digest("unused"), userID: bob.id, createdAt: Samples.now, lastUsedAt: Samples.now,
      expiresAt: Samples.now + .seconds(86_400))
    try await trial.addSession(unused)
    let later = Samples.now + Samples.hour
    let live = Session.Cutoff(expiringAfter: later, usedAfter: Samples.now)
    _ = try await trial.store.addSession(
      Samples.session("new", of: bob, at: later), limit: 20, live: live, ifPassword: nil, replacing: nil)
    try await trial.expect(trial.isStored(expired), is: false, "whether the expired session is open")
    try await trial.expect(trial.isStored(unused), is: false, "whether the session that went unused for too long is open")
    try await trial.expect(trial.isStored(aliceSession), is: true, "whether another user's session is open")
  }

  package static let lowerLimitEndsMany = Self(.sessions, "a lower limit ends as many sessions as it must") { trial in
    let bob = try await trial.addUser("bob@me.com")
    let sessions = ["a", "b", "c", "d", "e"].map { Samples.session($0, of: bob) }
    for session in sessions[..<4] { try await trial.addSession(session, limit: 4) }
    try await trial.addSession(sessions[4], limit: 2)
    for (index, session) in sessions.enumerated() {
      try await trial.expect(trial.isStored(session), is: index >= 3, "whether session \(index + 1) of 5 is open")
    }
  }

  package static let limitIsPerUser = Self(.sessions, "the sessions of one user do not count for another") { trial in
    let (alice, aliceSession, _) = try await trial.addFullUser("alice")
    let bob = try await trial.addUser("bob@me.com")
    for name in ["a", "b"] { try await trial.addSession(Samples.session(name, of: bob), limit: 1) }
    try await trial.expect(trial.isStored(aliceSession), is: true, "whether the other user's session is open")
    try await trial.expect(trial.user(alice.id), is: alice, "the other user")
  }

  package static let simultaneousLoginsKeepToLimit = Self(.sessions, "simultaneous logins keep to the limit") { trial in
    for (name, limit) in [("alice", 1), ("bob", 3)] {
      let user = try await trial.addUser("\(name)@me.com")
      let sessions = (0..<30).map { Samples.session("\(name) \($0)", of: user) }
      let outcomes = try await trial.atOnce(30) { index, store throws(StoreError) in
        try await store.addSession(
          sessions[index], limit: limit, live: Samples.live(at: Samples.now), ifPassword: user.hashedPassword, replacing: nil)
      }
      let opened = try outcomes.map { try $0.get() }
      try trial.expect(opened, is: Array(repeating: true, count: 30), "adding sessions")
      var open: [TokenDigest?] = []
      for session in sessions where try await trial.isStored(session) { open.append(session.id) }
      try trial.expect(open.count, is: limit, "the number of open sessions")
      let newest = try await trial.user(user.id).sessionID
      try trial.expect(open.contains(newest), is: true, "whether the user's session id is that of an open session")
    }
  }
}
