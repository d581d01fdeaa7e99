public import AuthCore
internal import Synchronization

/// Keeps security events in the table `audit_events` of a store's database, as many and as long as it is told to.
///
/// Events are written by the store's writer, all that wait in one transaction, a moment after they happened: nobody waits for
/// it, and the end of the process may lose the last of them. While the database cannot be written they wait, the newest
/// ``maximumWaiting`` of them.
public final class SQLiteAuditLog: AuthEventSink {
  public static let maximumWaiting = 10_000

  /// How many are written at once: others wait for the same transaction.
  private static let batch = 500

  private struct Waiting: Sendable {
    var events = FIFO<AuthEvent>()
    /// How many have left the line, written or given up.
    var gone = 0
    /// Whether the writer will come for them.
    var isAnnounced = false

    mutating func dropFirst() {
      _ = events.popFirst()
      gone += 1
    }
  }

  private let store: SQLiteStore
  private let maximumAge: Duration
  private let maximumCount: Int
  private let waiting = Mutex(Waiting())

  /// - Parameters:
  ///   - maximumAge: older events are deleted. 90 days by default.
  ///   - maximumCount: beyond so many the oldest are deleted.
  public init(
    _ store: SQLiteStore, maximumAge: Duration = .seconds(90 * 86_400), maximumCount: Int = 1_000_000
  ) {
    self.store = store
    self.maximumAge = maximumAge
    self.maximumCount = maximumCount
  }

  public func record(_ event: AuthEvent) {
    let isToBeAnnounced = waiting.withLock { waiting in
      waiting.events.append(event)
      if waiting.events.count > Self.maximumWaiting { waiting.dropFirst() }
      defer { waiting.isAnnounced = true }
      return !waiting.isAnnounced
    }
    if isToBeAnnounced { announce() }
  }

  /// Deletes some of the events that are too old or too many, and says how many. Every write of events does the same; this is for
  /// quiet times.
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

  /// Writes the first that wait, and gives how many will have left the line with them.
  private func write(on connection: SQLiteConnection) throws -> Int {
    let (events, gone) = waiting.withLock { ($0.events.prefix(Self.batch), $0.gone) }
    for event in events { try connection.insert(event) }
    // More than were added: so the table comes back to its bounds when these were lowered.
    if let newest = events.last { _ = try trim(connection, at: newest.at, limit: 2 * events.count) }
    return gone + events.count
  }

  private func settle(_ written: Result<Int, any Error>) {
    let isToBeAnnounced = waiting.withLock { waiting in
      // Some of those that were written may have given way to newer ones meanwhile.
      if case .success(let end) = written { while waiting.gone < end { waiting.dropFirst() } }
      // After a failure the next event announces them again.
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
      INSERT INTO audit_events (at, kind, user_id, session_id, address, user_agent, request_id)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
      """,
      [
        SQLiteValue(event.at), .text(event.kind.rawValue), event.userID.map(SQLiteValue.integer) ?? .null,
        SQLiteValue(event.sessionID?.hex), SQLiteValue(event.client.address?.description),
        SQLiteValue(event.client.userAgent), SQLiteValue(event.client.requestID),
      ])
  }
}
