internal import AuthCore

extension StoreContract {
  static let expiryClauses: [Clause] = [
    Clause(.expiry, "a session is over from the moment it expires") { trial in
      let (bob, session, _) = try await trial.addFullUser("bob")
      let (before, after) = (session.expiresAt - Samples.second, session.expiresAt + Samples.second)
      let last = try await trial.findSession(session.id, in: Samples.live(at: before))
      try trial.expect(last?.user, is: bob, "the user of the session a second before it expires")
      for moment in [session.expiresAt, after] {
        let found = try await trial.findSession(session.id, in: Samples.live(at: moment))
        try trial.expect(found?.session, is: nil, "the session from the moment it expires")
      }
    },

    Clause(.expiry, "a session ends with success until the second before it expires") { trial in
      let bob = try await trial.addUser("bob@me.com")
      for (name, distance, isLive) in [("a", -1, true), ("b", 0, false), ("c", 1, false)] {
        let session = Samples.session(name, of: bob)
        try await trial.addSession(session)
        let moment = session.expiresAt + .seconds(distance)
        let wasLive = try await trial.store.endSession(session.id, in: Samples.live(at: moment)) != nil
        try trial.expect(wasLive, is: isLive, "ending a session \(distance) seconds after it expires")
      }
    },

    Clause(.expiry, "a session is over when it was last used no later than the limit") { trial in
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
    },

    Clause(.expiry, "ending a session that is over says false, and deletes it") { trial in
      let (bob, session, _) = try await trial.addFullUser("bob")
      let wasLive = try await trial.store.endSession(session.id, in: Samples.live(at: session.expiresAt)) != nil
      try trial.expect(wasLive, is: false, "ending a session that is over")
      try await trial.expect(trial.isStored(session), is: false, "whether the session is kept")
      try await trial.expect(trial.user(bob.id).sessionID, is: nil, "the user's session id")
    },

    Clause(.expiry, "a reset token is void from the moment it expires") { trial in
      let (bob, _, token) = try await trial.addFullUser("bob")
      let last = try await trial.store.findUser(withResetToken: token.id, now: token.expiresAt - Samples.second)
      try trial.expect(last, is: bob, "the owner of the token a second before it expires")
      for moment in [token.expiresAt, token.expiresAt + Samples.second] {
        let owner = try await trial.store.findUser(withResetToken: token.id, now: moment)
        try trial.expect(owner, is: nil, "the owner of the token from the moment it expires")
      }
    },

    Clause(.expiry, "a reset token can be used until the second before it expires") { trial in
      for (name, distance, isValid) in [("alice", -1, true), ("bob", 0, false), ("carol", 1, false)] {
        let (_, _, token) = try await trial.addFullUser(name)
        let isConsumed = try await trial.consume(token, at: token.expiresAt + .seconds(distance))
        try trial.expect(isConsumed, is: isValid, "using a token \(distance) seconds after it expires")
      }
    },

    Clause(.expiry, "using an expired reset token changes nothing") { trial in
      let (bob, session, token) = try await trial.addFullUser("bob")
      try await trial.expect(
        trial.consume(token, at: token.expiresAt, endingSessions: true), is: false, "using the expired token")
      try await trial.expect(trial.user(bob.id), is: bob, "the user")
      try await trial.expect(trial.isStored(session), is: true, "whether the session is open")
    },

    Clause(.expiry, "times are kept to the second, however far they are") { trial in
      let bob = try await trial.addUser("bob@me.com")
      // Past the ends of 31, 32 and 53 bits, and the last of all, in which sums of moments end up.
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
    },
  ]
}
