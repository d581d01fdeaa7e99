/// The store's port for security events that are kept: ``AuditLog``.
public protocol EventStore: Sendable {
  /// Saves events in their order. Then it deletes the oldest of those that are not to be kept, at most `limit`, and returns how
  /// many it deleted.
  func addEvents(
    _ events: [AuthEvent], keeping bounds: AuditLog.Bounds, deletingAtMost limit: Int
  ) async throws(StoreError) -> Int

  /// Reads a page of the events of an account, or of an email by its digest, the newest first.
  ///
  /// - Parameters:
  ///   - digest: the digest of an email that had no account.
  ///   - userID: the user, or nil.
  ///   - start: ``RecordedEvent/Page/next`` of the page before; nil for the newest.
  func findEvents(
    of userID: User.ID?, orEmailDigest digest: String?, from start: Int64?
  ) async throws(StoreError) -> RecordedEvent.Page

  /// The number of events that are kept.
  func countEvents() async throws(StoreError) -> Int
}

/// A security event as a store keeps it.
public struct RecordedEvent: Sendable, Equatable, Identifiable {
  /// Grows with time.
  public let id: Int64
  /// When it happened.
  public let at: Timestamp
  /// What happened: ``AuthEvent/Kind``, or the name of one that only a newer release knows.
  public let kind: String
  /// The account; nil where there is none.
  public let userID: User.ID?
  /// The digest of the session that it concerns.
  public let sessionID: String?
  /// The client whose request caused it.
  public let ipAddress: String?
  /// The client's `User-Agent`.
  public let userAgent: String?
  /// The id of the request in logs.
  public let requestID: String?

  /// An event with these values.
  public init(
    id: Int64, at: Timestamp, kind: String, userID: User.ID?, sessionID: String?, ipAddress: String?, userAgent: String?,
    requestID: String?
  ) {
    self.id = id
    self.at = at
    self.kind = kind
    self.userID = userID
    self.sessionID = sessionID
    self.ipAddress = ipAddress
    self.userAgent = userAgent
    self.requestID = requestID
  }

  /// Some of the recorded events, the newest first.
  public struct Page: Sendable {
    /// The events of the page; it can be empty although older pages are not.
    public let entries: [RecordedEvent]
    /// Where the next page, with older events, begins; nil after the last.
    public let next: Int64?

    /// A page with these values.
    public init(entries: [RecordedEvent], next: Int64?) {
      self.entries = entries
      self.next = next
    }
  }
}
