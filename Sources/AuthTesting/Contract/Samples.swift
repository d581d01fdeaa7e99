internal import AuthCore

/// What clauses put into a store.
enum Samples {
  /// An arbitrary moment, at which trials take place: 2023-11-14 22:13:20 UTC.
  static let now = Timestamp(secondsSince1970: 1_700_000_000)
  static let hash = PasswordHash("a hash")
  static let newHash = PasswordHash("a new hash")
  static let hour = Duration.seconds(3600)
  static let second = Duration.seconds(1)

  static func email(_ text: String) -> Email {
    do { return try Email(text) } catch { preconditionFailure("a sample must be an address: \(error)") }
  }

  static func digest(_ name: String) -> TokenDigest { SessionID(name).digest }

  /// A session that lasts an hour.
  static func session(_ name: String, of user: User, at moment: Timestamp = now) -> Session {
    session(digest(name), of: user.id, at: moment)
  }

  static func session(_ id: TokenDigest, of userID: User.ID, at moment: Timestamp = now) -> Session {
    Session(id: id, userID: userID, createdAt: moment, lastUsedAt: moment, expiresAt: moment + hour)
  }

  /// A reset token that lasts an hour.
  static func resetToken(_ name: String) -> ResetToken.Record {
    ResetToken.Record(id: digest(name), createdAt: now, expiresAt: now + hour)
  }

  /// A session of an hour that knows its client.
  static func session(_ name: String, of user: User, address: String?, userAgent: String?) -> Session {
    Session(
      id: digest(name), userID: user.id, createdAt: now, lastUsedAt: now, expiresAt: now + hour, ipAddress: address,
      userAgent: userAgent)
  }

  /// A request for an address that is nobody's.
  static func request(_ id: OutboxMessage.ID, at moment: Timestamp = now) -> OutboxMessage {
    OutboxMessage(id: id, kind: .passwordReset, email: email("\(id)@me.com"), createdAt: moment)
  }

  static func key(_ digest: String) -> Throttle.Key { Throttle.Key(.loginNetwork, digest: digest) }

  static func count(_ count: Int, at moment: Timestamp = now) -> Throttle.Counter {
    Throttle.Counter(count: count, lastAt: moment)
  }

  /// The sessions that have not expired at `moment`, however long unused.
  static func live(at moment: Timestamp) -> Session.Cutoff {
    Session.Cutoff(expiringAfter: moment, usedAfter: .distantPast)
  }

  static let everySession = Session.Cutoff(expiringAfter: .distantPast, usedAfter: .distantPast)
}
