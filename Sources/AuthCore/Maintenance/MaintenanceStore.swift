/// The store's port for maintenance.
public protocol MaintenanceStore: Sendable {
  /// Deletes some of the rows that are no longer needed, at most ``Purge/Scope/limit``, and returns what it deleted.
  func purge(_ scope: Purge.Scope) async throws(StoreError) -> Purge.Result

  /// Counts the sessions that are in `live`, and the messages in the outbox. It may look through whole tables, but nothing waits
  /// for it.
  func gauges(live: Session.Cutoff) async throws(StoreError) -> StoreGauges
}

/// The rows that a store no longer needs, and those it deleted.
public enum Purge {
  /// Which rows a store no longer needs.
  public struct Scope: Sendable, Equatable {
    /// Sessions other than these are over, and so are reset tokens, registrations, unverified accounts, changes of emails, the
    /// rights to undo them and requests for recovery emails that expire by ``Session/Cutoff/expiringAfter``.
    public let live: Session.Cutoff
    /// Counters whose last attempt was before this moment are forgotten, unless they lock.
    public let countersBefore: Timestamp
    /// Clients from which the last login was before this moment are forgotten.
    public let clientsBefore: Timestamp
    /// The count from which a counter of the kind ``Throttle/Key/Kind/loginEmail`` locks. Such a counter is kept.
    public let lockThreshold: Int
    /// The maximum number of rows that go at a time, so that no other writer waits long.
    public let limit: Int

    /// A scope with these values.
    public init(
      live: Session.Cutoff, countersBefore: Timestamp, lockThreshold: Int = .max, clientsBefore: Timestamp = .distantPast,
      limit: Int
    ) {
      self.live = live
      self.countersBefore = countersBefore
      self.lockThreshold = lockThreshold
      self.clientsBefore = clientsBefore
      self.limit = limit
    }
  }

  /// What a purge deleted.
  public struct Result: Sendable, Equatable {
    /// The sessions among the deleted rows.
    public let sessions: [Session]
    /// The users whose unverified accounts were deleted, with everything that belonged to them.
    public let users: [User.ID]
    /// The number of deleted rows of all kinds, each user with what belonged to them counted as one.
    public let count: Int

    /// A result with these values.
    public init(sessions: [Session], users: [User.ID] = [], count: Int) {
      self.sessions = sessions
      self.users = users
      self.count = count
    }
  }
}
