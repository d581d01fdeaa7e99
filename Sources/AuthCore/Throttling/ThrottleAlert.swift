extension Throttle.Key.Kind {
  /// When the owner of an email was last told of wrong passwords.
  public static let alertEmail = Self(rawValue: "alert-email")
}

extension Throttle {
  /// What tells the owner of an account that wrong passwords come with its email.
  ///
  /// One warning is queued with the failure that makes ``threshold`` in a row, and with a later one once ``interval`` is over, so
  /// that no one can fill a mailbox with it. The notice of a lock is queued with the failure that locks, whether a warning came
  /// before or not: it cannot be repeated without a reset by the owner.
  public struct Alert: Sendable, Equatable {
    /// The message that warns.
    public let warning: OutboxMessage
    /// The kind that the message has instead if the email is locked.
    public let lockNotice: OutboxMessage.Kind
    /// The counter that remembers when the last message was queued.
    public let key: Key
    /// The number of failures in a row with which a warning is queued.
    public let threshold: Int
    /// The shortest time between two warnings. Whole seconds.
    public let interval: Duration

    /// An alert with these values.
    public init(warning: OutboxMessage, lockNotice: OutboxMessage.Kind, key: Key, threshold: Int, interval: Duration) {
      self.warning = warning
      self.lockNotice = lockNotice
      self.key = key
      self.threshold = threshold
      self.interval = interval
    }

    /// The message to be queued after a failure that was counted for the email; nil if none is due.
    ///
    /// - Parameters:
    ///   - counter: the email's counter, with the failure.
    ///   - last: the counter of ``key``.
    func message(after counter: Counter, under throttle: Throttle, last: Counter, at now: Timestamp) -> OutboxMessage? {
      if throttle.isLocked(by: counter) { return warning.of(lockNotice) }
      guard counter.count >= threshold else { return nil }
      // A moment in the future was stored before a clock was set back.
      let isDue = last.count == 0 || last.lastAt + interval <= now || last.lastAt > now + Throttle.clockDifference
      return isDue ? warning : nil
    }
  }
}

extension OutboxMessage {
  fileprivate func of(_ kind: Kind) -> OutboxMessage {
    OutboxMessage(id: id, kind: kind, userID: userID, email: email, payload: payload, createdAt: createdAt, tries: tries)
  }
}
