internal import AuthCore

/// The values that clauses store.
enum Samples {
  /// The time at which trials take place, chosen arbitrarily: 2023-11-14 22:13:20 UTC.
  static let now = Timestamp(secondsSince1970: 1_700_000_000)
  static let hash = PasswordHash("a hash")
  static let newHash = PasswordHash("a new hash")
  static let hour = Duration.seconds(3600)
  static let second = Duration.seconds(1)

  static func email(_ text: String) -> Email {
    do { return try Email(text) } catch { preconditionFailure("a sample must be an email: \(error)") }
  }

  static func digest(_ name: String) -> TokenDigest { SessionID(name).digest }

  /// A session that lasts an hour.
  static func session(_ name: String, of user: User, at moment: Timestamp = now) -> Session {
    session(digest(name), of: user.id, at: moment)
  }

  static func session(_ id: TokenDigest, of userID: User.ID, at moment: Timestamp = now) -> Session {
    Session(id: id, userID: userID, createdAt: moment, lastUsedAt: moment, expiresAt: moment + hour)
  }

  /// A session that was last used at ``now`` and `used`, and expires `expiring` after ``now``.
  static func session(_ name: String, of user: User, used: Duration = .zero, expiring: Duration) -> Session {
    Session(
      id: digest(name), userID: user.id, createdAt: now, lastUsedAt: now + used, expiresAt: now + expiring,
      ipAddress: "2001:db8::7", userAgent: "agent of \(name)")
  }

  /// A reset token that lasts an hour.
  static func resetToken(_ name: String) -> ResetToken.Record {
    ResetToken.Record(id: digest(name), createdAt: now, expiresAt: now + hour)
  }

  /// A session that lasts an hour, with a client.
  static func session(_ name: String, of user: User, ipAddress: String?, userAgent: String?) -> Session {
    Session(
      id: digest(name), userID: user.id, createdAt: now, lastUsedAt: now, expiresAt: now + hour, authenticatedAt: now - second,
      methods: [.password], ipAddress: ipAddress, userAgent: userAgent)
  }

  /// A message to an email that no account has.
  static func message(_ id: OutboxMessage.ID, at moment: Timestamp = now) -> OutboxMessage {
    OutboxMessage(id: id, kind: .passwordReset, email: email("\(id)@me.com"), createdAt: moment)
  }

  /// A message to an email.
  static func message(_ id: OutboxMessage.ID, to text: String) -> OutboxMessage {
    OutboxMessage(id: id, kind: .passwordReset, email: email(text), createdAt: now)
  }

  /// A notice to a user that their password has changed.
  static func notice(to user: User, tries: Int = 0) -> OutboxMessage {
    OutboxMessage(
      id: "a notice", kind: .passwordChanged, userID: user.id, email: user.email, payload: "change", createdAt: now, tries: tries)
  }

  /// What a store may meet as the name of something; all differ byte for byte.
  static let names =
    HostileText.emails + ["", "\0", "a", "a\0", "a\0b", "a\0c", "\r\n", "\u{1B}[31m", String(repeating: "x", count: 5_000)]

  static func key(_ digest: String) -> Throttle.Key { Throttle.Key(.loginNetwork, digest: digest) }

  /// One failed attempt at these keys, which have one throttle.
  static func attempt(
    _ keys: [Throttle.Key], under throttle: Throttle = .unlimited, at moment: Timestamp = now
  ) -> Throttle.Attempt {
    Throttle.Attempt(
      keys.map { Throttle.Attempt.Limit(key: $0, throttle: throttle, isOfNetwork: $0.kind == .loginNetwork) },
      memory: .seconds(1 << 40), at: moment)
  }

  /// A login by an email, whose third failure begins a delay of a minute, from a network, whose tenth does.
  static func login(isSuccess: Bool = false, at moment: Timestamp = now) -> Throttle.Attempt {
    let limit = { (key: Throttle.Key, threshold: Int) in
      Throttle.Attempt.Limit(
        key: key, throttle: Throttle(threshold: threshold, firstDelay: .seconds(60), longestDelay: hour),
        isOfNetwork: key.kind == .loginNetwork)
    }
    return Throttle.Attempt(
      [limit(loginKeys[0], 3), limit(loginKeys[1], 10)], memory: .seconds(86_400), isSuccess: isSuccess, at: moment)
  }

  /// The keys of ``login(isSuccess:at:)``: those of the email and of the network.
  static let loginKeys = [Throttle.Key(.loginEmail, digest: "an email"), key("a network")]

  static func count(_ count: Int, at moment: Timestamp = now) -> Throttle.Counter {
    Throttle.Counter(count: count, lastAt: moment)
  }

  /// The sessions that have not expired at `moment`, however long they have not been used.
  static func live(at moment: Timestamp) -> Session.Cutoff {
    Session.Cutoff(expiringAfter: moment, usedAfter: .distantPast)
  }

  static let everySession = Session.Cutoff(expiringAfter: .distantPast, usedAfter: .distantPast)
}
