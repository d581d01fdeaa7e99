/// The rows that a store no longer needs, and the ones it deleted.
public enum Purge {}

extension Purge {
  /// What a store need keep no longer.
  public struct Scope: Sendable, Equatable {
    /// Sessions other than these have ended, and so have reset tokens that expire by the moment after which these do.
    public let live: Session.Cutoff
    /// Failures that were counted last before this moment are forgotten, but for those that lock an address.
    public let failuresBefore: Timestamp
    /// How many failures of logins with an address (``Throttle.Key/isOfLoginWithEmail``) lock it.
    public let lockThreshold: Int
    /// How many rows may go at a time, so that nobody waits long for them.
    public let limit: Int

    public init(live: Session.Cutoff, failuresBefore: Timestamp, lockThreshold: Int = .max, limit: Int) {
      self.live = live
      self.failuresBefore = failuresBefore
      self.lockThreshold = lockThreshold
      self.limit = limit
    }
  }
}

extension Purge {
  /// What a store deleted of them.
  public struct Result: Sendable, Equatable {
    public let sessions: [Session]
    /// How many rows went altogether.
    public let count: Int

    public init(sessions: [Session], count: Int) {
      self.sessions = sessions
      self.count = count
    }
  }
}
