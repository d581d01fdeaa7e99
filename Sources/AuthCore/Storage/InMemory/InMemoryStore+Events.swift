extension InMemoryStore: EventStore {
  /// Saves events: ``EventStore/addEvents(_:keeping:deletingAtMost:)``.
  public func addEvents(
    _ events: [AuthEvent], keeping bounds: AuditLog.Bounds, deletingAtMost limit: Int
  ) async throws(StoreError) -> Int {
    tables.withLock { tables in
      for event in events {
        tables.newestEventID += 1
        tables.events.append((tables.newestEventID, event))
      }
      let newest = tables.newestEventID
      let old = tables.events.prefix(limit).filter { $0.event.at < bounds.since || $0.id <= newest - Int64(bounds.count) }
      tables.events.removeAll { candidate in old.contains { $0.id == candidate.id } }
      return old.count
    }
  }

  /// Reads events: ``EventStore/findEvents(of:orEmailDigest:from:)``.
  public func findEvents(
    of userID: User.ID?, orEmailDigest digest: String?, from start: Int64?
  ) async throws(StoreError) -> RecordedEvent.Page {
    let found = tables.withLock(\.events).reversed().filter { id, event in
      id <= start ?? .max && (userID.map { event.userID == $0 } == true || digest.map { event.emailDigest == $0 } == true)
    }
    return RecordedEvent.Page(entries: found.map { RecordedEvent(id: $0.id, $0.event) }, next: nil)
  }

  /// Counts events: ``EventStore/countEvents()``.
  public func countEvents() async throws(StoreError) -> Int {
    tables.withLock(\.events.count)
  }
}

extension RecordedEvent {
  fileprivate init(id: Int64, _ event: AuthEvent) {
    self.init(
      id: id, at: event.at, kind: event.kind.rawValue, userID: event.userID, sessionID: event.sessionID?.hex,
      ipAddress: event.client.ipAddress?.description, userAgent: event.client.userAgent, requestID: event.client.requestID)
  }
}
