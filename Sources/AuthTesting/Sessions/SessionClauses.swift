internal import AuthCore

extension StoreContract.Clause {
  package static let sessionIsFoundAsSaved = Self(.sessions, "a session is found as it was saved, with its user") { trial in
    _ = try await trial.addFullUser("alice")
    let (bob, _, _) = try await trial.addFullUser("bob")
    let session = Session(
      id: Samples.digest("x"), userID: bob.id, createdAt: Samples.now, lastUsedAt: Samples.now + .seconds(7),
      expiresAt: Samples.now + .seconds(99))
    try await trial.addSession(session)
    let found = try await trial.findSession(session.id, in: Samples.live(at: Samples.now))
    try trial.expect(found?.session, is: session, "the session")
    try await trial.expect(found?.user, is: trial.user(bob.id), "the user of the session")
  }

  package static let sessionIDIsOfNewest = Self(
    .sessions, "a user's session id is that of the newest session, and nil once that has ended"
  ) { trial in
    let bob = try await trial.addUser("bob@me.com")
    let sessions = ["a", "b", "c"].map { Samples.session($0, of: bob) }
    for session in sessions {
      try await trial.addSession(session)
      try await trial.expect(trial.user(bob.id).sessionID, is: session.id, "the user's session id after login")
    }
    let live = Samples.live(at: Samples.now)
    _ = try await trial.store.endSession(sessions[0].id, in: live)
    try await trial.expect(trial.user(bob.id).sessionID, is: sessions[2].id, "the session id after an older session ended")
    _ = try await trial.store.endSession(sessions[2].id, in: live)
    try await trial.expect(trial.user(bob.id).sessionID, is: nil, "the user's session id after the newest session ended")
    let found = try await trial.findSession(sessions[1].id, in: live)
    try await trial.expect(found?.user, is: trial.user(bob.id), "the user of the session that is left")
  }

  package static let formerPasswordOpensNothing = Self(.sessions, "no session opens for a password that has been replaced") {
    trial in
    let (bob, session, _) = try await trial.addFullUser("bob")
    let (store, live) = (trial.store, Samples.live(at: Samples.now))
    let late = Samples.session("late", of: bob)
    let isLateAdded = try await store.addSession(late, limit: 1, live: live, ifPassword: Samples.newHash, replacing: nil)
    try trial.expect(isLateAdded, is: false, "adding a session for a hash that the user does not have")
    try await trial.expect(trial.isStored(late), is: false, "whether that session is open")
    try await trial.expect(trial.isStored(session), is: true, "whether the former session is open")
    try await trial.expect(trial.user(bob.id), is: bob, "the user")
    let isAdded = try await store.addSession(late, limit: 1, live: live, ifPassword: bob.hashedPassword, replacing: nil)
    try trial.expect(isAdded, is: true, "adding a session for the user's hash")
    try await trial.expect(trial.isStored(late), is: true, "whether the session for the user's hash is open")
  }

  package static let sessionNeedsUser = Self(.sessions, "a session needs a user") { trial in
    let bob = try await trial.addUser("bob@me.com")
    let session = Samples.session(Samples.digest("x"), of: bob.id + 1)
    for hash in [nil, bob.hashedPassword] {
      try await trial.expectError(.noResultFound, "adding a session without a user") { () async throws(StoreError) in
        try await trial.store.addSession(
          session, limit: 1, live: Samples.live(at: Samples.now), ifPassword: hash, replacing: nil)
      }
    }
    try await trial.expect(trial.isStored(session), is: false, "whether the session without a user is open")
    try await trial.expect(trial.user(bob.id), is: bob, "the only user")
  }

  package static let profileHasCurrentEmail = Self(.sessions, "the profile of a session has its user's current email") { trial in
    let (alice, aliceSession, _) = try await trial.addFullUser("alice")
    var (bob, first, _) = try await trial.addFullUser("bob")
    let second = Samples.session("second", of: bob)
    let live = Samples.live(at: Samples.now)
    for (email, session) in [("robert@me.com", second), ("Robert@me.com", Samples.session("third", of: bob))] {
      try await trial.addSession(session)
      bob.email = Samples.email(email)
      try await trial.store.updateUser(bob.id, .email(bob.email), .hashedPassword(Samples.newHash))
      for open in [first, second, session] {
        let found = try await trial.store.findProfile(for: open.id, in: live)
        try trial.expect(found?.profile, is: bob.profile, "the profile of one of several sessions")
      }
    }
    let late = Samples.session("late", of: bob)
    try await trial.addSession(late)
    for (session, profile) in [(late, bob.profile), (aliceSession, alice.profile)] {
      let found = try await trial.store.findProfile(for: session.id, in: live)
      try trial.expect(found?.profile, is: profile, "the profile of a session")
    }
  }

  package static let useIsRecorded = Self(.sessions, "the last use is recorded and never moves back") { trial in
    let bob = try await trial.addUser("bob@me.com")
    var session = Samples.session("a", of: bob)
    let other = Samples.session("b", of: bob)
    try await trial.addSession(session)
    try await trial.addSession(other)
    for (moment, expected) in [(60, 60), (30, 60), (60, 60), (-1, 60), (61, 61)] {
      try await trial.store.touchSession(session.id, at: Samples.now + .seconds(moment))
      session.lastUsedAt = Samples.now + .seconds(expected)
      let found = try await trial.findSession(session.id, in: Samples.live(at: Samples.now))
      try trial.expect(found?.session, is: session, "the session used \(moment) seconds after login")
    }
    let found = try await trial.findSession(other.id, in: Samples.live(at: Samples.now))
    try trial.expect(found?.session, is: other, "another session")
  }

  package static let unknownSessionIsNotUsed = Self(.sessions, "using an unknown session does nothing") { trial in
    let (bob, session, _) = try await trial.addFullUser("bob")
    _ = try await trial.store.endSession(session.id, in: Samples.live(at: Samples.now))
    for id in [session.id, Samples.digest("unknown"), TokenDigest(hex: "")] {
      try await trial.store.touchSession(id, at: Samples.now + .seconds(1))
      let found = try await trial.findSession(id, in: Samples.everySession)
      try trial.expect(found?.session, is: nil, "the unknown session")
    }
    try await trial.expect(trial.user(bob.id).sessionID, is: nil, "the user's session id")
  }

  package static let tokenIsNoSession = Self(.sessions, "a reset token's digest is not a session id") { trial in
    let (bob, _, token) = try await trial.addFullUser("bob")
    let found = try await trial.findSession(token.id, in: Samples.everySession)
    try trial.expect(found?.session, is: nil, "the session with the reset token's digest")
    let isEnded = try await trial.store.endSession(token.id, in: Samples.everySession) != nil
    try trial.expect(isEnded, is: false, "ending a session with the reset token's digest")
    try await trial.store.touchSession(token.id, at: Samples.now + .seconds(9))
    try await trial.expectNoUser("a user with the reset token's digest as session", by: [.sessionID(token.id)])
    try await trial.expect(trial.user(bob.id), is: bob, "the user")
    let owner = try await trial.store.findUser(withResetToken: token.id, now: Samples.now)
    try trial.expect(owner, is: bob, "the owner of the reset token")
  }

  package static let authenticationComesBack = Self(
    .sessions, "when and how a user authenticated is returned with the session, even if renewed, and after reopening"
  ) { trial in
    let bob = try await trial.addUser("bob@me.com")
    let now = Samples.now
    // Either both or neither: a session without a login has no time of it and no methods.
    let logins: [(Timestamp?, [AuthenticationMethod])] = [
      (nil, []), (now, [.password]), (Timestamp(secondsSince1970: 0), [.password]),
      (now - .seconds(9), ["otp", "pwd", "hwk"].map(AuthenticationMethod.init(rawValue:))),
    ]
    var sessions: [Session] = []
    for (index, (authenticatedAt, methods)) in logins.enumerated() {
      let session = { (name: String) in
        Session(
          id: Samples.digest("\(name) \(index)"), userID: bob.id, createdAt: now, lastUsedAt: now,
          expiresAt: now + Samples.hour, authenticatedAt: authenticatedAt, methods: methods)
      }
      let (saved, renewed) = (session("saved"), session("renewed"))
      try await trial.addSession(saved)
      let former = Samples.session("former", of: bob)
      try await trial.addSession(former)
      let isChanged = try await trial.store.changePassword(
        of: bob.id, bob.hashedPassword, to: bob.hashedPassword, renewing: former.id, as: renewed, endingOthers: false)
      try trial.expect(isChanged, is: true, "renewing a session")
      sessions += [saved, renewed]
    }
    let store = try await trial.reopened()
    for session in sessions {
      let found = try await trial.findSession(session.id, of: store, in: Samples.live(at: now))
      try trial.expect(found?.session, is: session, "the session")
    }
    try await trial.expect(
      store.findSessions(of: bob.id, in: Samples.live(at: now)), is: sessions.reversed(), "the sessions listed")
  }
}
