public import AuthCore
internal import Synchronization

/// Records security events in the table `audit_events` of the accounts' database, and deletes old ones.
///
/// The store's writer writes them a moment later, many in one transaction. No operation waits for that, so the last events may be
/// lost if the process ends abruptly. While the database cannot be written, the newest ``maximumWaiting`` events wait in memory.
public final class SQLiteAuditLog: AuthEventSink {
  /// The maximum number of events waiting to be written: 10,000. Beyond that, the oldest are dropped.
  public static let maximumWaiting = 10_000

  /// The maximum number of events written at once, because other writes wait for the same transaction.
  private static let batch = 500

  private struct Waiting: Sendable {
    var events = FIFO<AuthEvent>()
    /// How many events have left the queue, written or dropped.
    var gone = 0
    /// Whether the writer has been asked to write the waiting events.
    var isAnnounced = false

    mutating func dropFirst() {
      _ = events.popFirst()
      gone += 1
    }
  }

  let store: SQLiteStore
  private let maximumAge: Duration
  private let maximumCount: Int
  private let waiting = Mutex(Waiting())

  /// Makes an event sink that writes to the database of the given store.
  ///
  /// - Parameters:
  ///   - maximumAge: the age beyond which events are deleted, by default 90 days.
  ///   - maximumCount: the number of events beyond which the oldest are deleted, by default a million.
  public init(
    _ store: SQLiteStore, maximumAge: Duration = .seconds(90 * 86_400), maximumCount: Int = 1_000_000
  ) {
    self.store = store
    self.maximumAge = maximumAge
    self.maximumCount = maximumCount
  }

  /// Queues the event, which is written a moment later, and returns at once.
  public func record(_ event: AuthEvent) {
    let isToBeAnnounced = waiting.withLock { waiting in
      waiting.events.append(event)
      if waiting.events.count > Self.maximumWaiting { waiting.dropFirst() }
      defer { waiting.isAnnounced = true }
      return !waiting.isAnnounced
    }
    if isToBeAnnounced { announce() }
  }

  /// Deletes events that are too old or too many, at most `limit` of them, and returns how many it deleted.
  ///
  /// Every write of events does this, too; call it so that it also happens while no events are written.
  public func purge(at now: Timestamp, limit: Int = 100) async throws(StoreError) -> Int {
    try await store.write { [self] connection in try trim(connection, at: now, limit: limit) }
  }

  private func announce() {
    store.post { [self] connection in
      try write(on: connection)
    } report: { [self] in
      settle($0)
    }
  }

  /// Writes the first events of the queue and returns how many events have left it once they are removed.
  private func write(on connection: SQLiteConnection) throws -> Int {
    let (events, gone) = waiting.withLock { ($0.events.prefix(Self.batch), $0.gone) }
    for event in events { try connection.insert(event) }
    // This deletes more than was added, so that the table shrinks to its bounds after they were lowered.
    if let newest = events.last { _ = try trim(connection, at: newest.at, limit: 2 * events.count) }
    return gone + events.count
  }

  private func settle(_ written: Result<Int, any Error>) {
    let isToBeAnnounced = waiting.withLock { waiting in
      // Some of the written events may have been dropped meanwhile to make room for newer ones.
      if case .success(let end) = written { while waiting.gone < end { waiting.dropFirst() } }
      // After a failure, the next event makes the writer try again.
      waiting.isAnnounced = (try? written.get()) != nil && !waiting.events.isEmpty
      return waiting.isAnnounced
    }
    if isToBeAnnounced { announce() }
  }

  private func trim(_ connection: SQLiteConnection, at now: Timestamp, limit: Int) throws -> Int {
    try connection.run(
      """
      DELETE FROM audit_events WHERE id IN (SELECT id FROM audit_events ORDER BY id LIMIT ?1)
      AND (at < ?2 OR id <= (SELECT max(id) FROM audit_events) - ?3)
      """, [.integer(Int64(limit)), SQLiteValue(now - maximumAge), .integer(Int64(maximumCount))])
  }
}

extension SQLiteConnection {
  fileprivate func insert(_ event: AuthEvent) throws {
    try run(
      """
      INSERT INTO audit_events (at, kind, user_id, session_id, ip_address, user_agent, request_id, email_digest)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
      """,
      [
        SQLiteValue(event.at), .text(event.kind.rawValue), event.userID.map(SQLiteValue.integer) ?? .null,
        SQLiteValue(event.sessionID?.hex), SQLiteValue(event.client.ipAddress?.description),
        SQLiteValue(event.client.userAgent), SQLiteValue(event.client.requestID), SQLiteValue(event.emailDigest),
      ])
  }
}
