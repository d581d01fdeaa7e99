internal import AuthCore

extension StoreContract.Clause {
  package static let sessionExpires = Self(.sessions, "a session is over from the moment it expires") { trial in
    let (bob, session, _) = try await trial.addFullUser("bob")
    let (before, after) = (session.expiresAt - Samples.second, session.expiresAt + Samples.second)
    let last = try await trial.findSession(session.id, in: Samples.live(at: before))
    try trial.expect(last?.user, is: bob, "the user of the session a second before it expires")
    for moment in [session.expiresAt, after] {
      let found = try await trial.findSession(session.id, in: Samples.live(at: moment))
      try trial.expect(found?.session, is: nil, "the session from the moment it expires")
    }
  }

  package static let liveSessionEnds = Self(.sessions, "ending a session succeeds until the second before it expires") { trial in
    let bob = try await trial.addUser("bob@me.com")
    for (name, distance, isLive) in [("a", -1, true), ("b", 0, false), ("c", 1, false)] {
      let session = Samples.session(name, of: bob)
      try await trial.addSession(session)
      let moment = session.expiresAt + .seconds(distance)
      let wasLive = try await trial.store.endSession(session.id, in: Samples.live(at: moment)) != nil
      try trial.expect(wasLive, is: isLive, "ending a session \(distance) seconds after it expires")
    }
  }

  package static let idleSessionIsOver = Self(.sessions, "a session is over once its last use is not after the cutoff") { trial in
    let bob = try await trial.addUser("bob@me.com")
    let session = Samples.session("a", of: bob)
    try await trial.addSession(session)
    let used = Samples.now + .seconds(60)
    try await trial.store.touchSession(session.id, at: used)
    for (distance, isLive) in [(-1, true), (0, false), (1, false)] {
      let live = Session.Cutoff(expiringAfter: used, usedAfter: used + .seconds(distance))
      let found = try await trial.findSession(session.id, in: live)
      try trial.expect(found != nil, is: isLive, "whether a session last used at 0 is live after \(distance)")
    }
    let wasLive = try await trial.store.endSession(session.id, in: Session.Cutoff(expiringAfter: used, usedAfter: used)) != nil
    try trial.expect(wasLive, is: false, "ending a session that was last used too long ago")
  }

  package static let expiredSessionIsDeleted = Self(.sessions, "ending an expired session returns nil and deletes it") { trial in
    let (bob, session, _) = try await trial.addFullUser("bob")
    let wasLive = try await trial.store.endSession(session.id, in: Samples.live(at: session.expiresAt)) != nil
    try trial.expect(wasLive, is: false, "ending a session that is over")
    try await trial.expect(trial.isStored(session), is: false, "whether the session is still stored")
    try await trial.expect(trial.user(bob.id).sessionID, is: nil, "the user's session id")
  }

  package static let distantTimesAreKept = Self(.sessions, "times are kept to the second, however distant") { trial in
    let bob = try await trial.addUser("bob@me.com")
    // Beyond 31, 32 and 53 bits, and the last moment of all, to which sums are clamped.
    for (index, seconds) in ([-1, 0, 1 << 31, 1 << 32, (1 << 53) + 1, .max] as [Int64]).enumerated() {
      let session = Session(
        id: Samples.digest("session \(index)"), userID: bob.id, createdAt: Timestamp(secondsSince1970: seconds - 3),
        lastUsedAt: Timestamp(secondsSince1970: seconds - 2), expiresAt: Timestamp(secondsSince1970: seconds))
      _ = try await trial.store.addSession(session, limit: 20, live: Samples.everySession, ifPassword: nil, replacing: nil)
      let found = try await trial.findSession(session.id, in: Samples.live(at: session.expiresAt - Samples.second))
      try trial.expect(found?.session, is: session, "the session")

      let token = ResetToken.Record(
        id: Samples.digest("token \(index)"), createdAt: session.createdAt, expiresAt: session.expiresAt)
      _ = try await trial.store.addResetToken(token, for: bob.email)
      let owner = try await trial.store.findUser(withResetToken: token.id, now: token.expiresAt - Samples.second)
      try trial.expect(owner?.id, is: bob.id, "the owner of the token that expires at \(seconds)")
    }
  }
}
