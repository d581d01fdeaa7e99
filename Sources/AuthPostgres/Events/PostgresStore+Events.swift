#if Postgres
public import AuthCore

extension PostgresStore: EventStore {
  /// How many rows a page looks through: the table has no index by user, because that would make every event more expensive.
  private static let rowsPerPage: Int64 = 20_000

  /// Saves events: ``AuthCore/EventStore/addEvents(_:keeping:deletingAtMost:)``.
  public func addEvents(
    _ events: [AuthEvent], keeping bounds: AuditLog.Bounds, deletingAtMost limit: Int
  ) async throws(StoreError) -> Int {
    // Written a second time, they would be there twice.
    try await write(statements.addEvents, repeating: .none) { query in
      query.add(events.map { Optional($0.at.secondsSince1970) })
      query.add(events.map { Optional($0.kind.rawValue) })
      query.add(events.map(\.userID))
      query.add(events.map { $0.sessionID?.hex })
      query.add(events.map { $0.client.ipAddress?.description })
      query.add(events.map(\.client.userAgent))
      query.add(events.map(\.client.requestID))
      query.add(events.map(\.emailDigest))
      query.add(bounds.since.secondsSince1970)
      query.add(bounds.count)
      query.add(limit)
    } _: {
      Int($0.integer(0, 0))
    }
  }

  /// Reads events: ``AuthCore/EventStore/findEvents(of:orEmailDigest:from:)``.
  public func findEvents(
    of userID: User.ID?, orEmailDigest digest: String?, from start: Int64?
  ) async throws(StoreError) -> RecordedEvent.Page {
    let newest: Int64 = if let start { start } else { try await read(statements.newestEvent) { $0.integer(0, 0) } }
    let oldest = newest - Self.rowsPerPage
    let hasOlder = try await read(statements.olderEvent) {
      $0.add(oldest)
    } _: {
      $0.count > 0
    }
    return try await read(statements.events, isScan: true) { query in
      query.add(userID)
      query.add(digest)
      query.add(oldest)
      query.add(newest)
    } _: { result in
      RecordedEvent.Page(entries: (0..<result.count).map(result.event), next: hasOlder ? oldest : nil)
    }
  }

  /// Counts events: ``AuthCore/EventStore/countEvents()``.
  public func countEvents() async throws(StoreError) -> Int {
    try await read(statements.countEvents, isScan: true) { Int($0.integer(0, 0)) }
  }
}

extension PostgresResult {
  fileprivate func event(_ row: Int) -> RecordedEvent {
    RecordedEvent(
      id: integer(row, 0), at: timestamp(row, 1), kind: text(row, 2), userID: integerIfAny(row, 3),
      sessionID: textIfAny(row, 4), ipAddress: textIfAny(row, 5), userAgent: textIfAny(row, 6), requestID: textIfAny(row, 7))
  }
}
#endif
