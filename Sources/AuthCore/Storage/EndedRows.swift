/// What a store need keep no longer.
public struct EndedRows: Sendable, Equatable {
  /// Sessions other than these have ended, and so have reset tokens that expire by the moment after which these do.
  public let live: LiveSessions
  /// Failures that were counted last before this moment are forgotten, but for those that lock an address.
  public let failuresBefore: Timestamp
  /// How many failures of log ins with an address (``FailureKey/isOfLogInWithAddress``) lock it.
  public let lockThreshold: Int
  /// How many rows may go at a time, so that nobody waits long for them.
  public let limit: Int

  public init(live: LiveSessions, failuresBefore: Timestamp, lockThreshold: Int = .max, limit: Int) {
    self.live = live
    self.failuresBefore = failuresBefore
    self.lockThreshold = lockThreshold
    self.limit = limit
  }
}

/// What a store deleted of them.
public struct PurgedRows: Sendable, Equatable {
  public let sessions: [Session]
  /// How many rows went altogether.
  public let count: Int

  public init(sessions: [Session], count: Int) {
    self.sessions = sessions
    self.count = count
  }
}
