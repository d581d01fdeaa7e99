import AuthCore
import AuthTesting
import Synchronization

extension FaultyStore: EventStore {
  func addEvents(
    _ events: [AuthEvent], keeping bounds: AuditLog.Bounds, deletingAtMost limit: Int
  ) async throws(StoreError) -> Int {
    let isAlone = memory.withLock { memory in
      memory.savingEvents += 1
      return memory.savingEvents == 1
    }
    defer { memory.withLock { $0.savingEvents -= 1 } }
    if fault == .losesSimultaneousEvents {
      await letOthersRun()
      if !isAlone { return 0 }
    }
    let kept = fault == .keepsAllEvents ? AuditLog.Bounds(since: .distantPast, count: .max) : bounds
    let limit = fault == .deletesManyEvents ? .max : limit
    return try await base.addEvents(events, keeping: kept, deletingAtMost: limit)
  }

  func findEvents(
    of userID: User.ID?, orEmailDigest digest: String?, from start: Int64?
  ) async throws(StoreError) -> RecordedEvent.Page {
    let digest = fault == .ignoresEmailsOfEvents ? nil : digest
    let page = try await base.findEvents(of: userID, orEmailDigest: digest, from: start)
    var entries = page.entries
    switch fault {
    case .returnsOldestEventsFirst: entries.reverse()
    case .losesAgentsOfEvents: entries = entries.map(\.withoutAgent)
    case .deletesNewestEvents: entries = Array(entries.dropFirst(page.entries.count / 2))
    case .deletesEventsWithAccount:
      if let userID, (try? await base.findUser(by: .id(userID))) == nil { entries = [] }
    default: break
    }
    return RecordedEvent.Page(entries: entries, next: page.next)
  }

  func countEvents() async throws(StoreError) -> Int { try await base.countEvents() }
}

extension RecordedEvent {
  fileprivate var withoutAgent: RecordedEvent {
    RecordedEvent(
      id: id, at: at, kind: kind, userID: userID, sessionID: sessionID, ipAddress: ipAddress, userAgent: nil,
      requestID: requestID)
  }
}
