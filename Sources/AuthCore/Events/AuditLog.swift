internal import Synchronization

/// Keeps security events in a store, and deletes old ones.
///
/// They are written a moment later, many together. No operation waits for that, so the last events may be lost if the process
/// ends abruptly. While the store does not respond, the newest ``maximumWaiting`` events wait in memory. After a failure whose
/// outcome is not known they are written again, and may be there twice.
public final class AuditLog: AuthEventSink {
  /// Which events are kept.
  public struct Bounds: Sendable, Equatable {
    /// Older events are deleted.
    public let since: Timestamp
    /// The number of events beyond which the oldest are deleted.
    public let count: Int

    /// Bounds with these values.
    public init(since: Timestamp, count: Int) {
      self.since = since
      self.count = count
    }
  }

  /// The maximum number of events waiting to be written: 10,000. Beyond that, the oldest are dropped.
  public static let maximumWaiting = 10_000

  /// The maximum number of events written at once, because other writes wait for the same transaction.
  private static let batch = 500

  fileprivate struct Waiting: Sendable {
    var events = FIFO<AuthEvent>()
    /// How many events have left the queue, written or dropped.
    var gone = 0
    var isBeingWritten = false
    /// The callers of ``flush()``, resumed when nothing is being written any more.
    var flushing: [CheckedContinuation<Void, Never>] = []

    mutating func dropFirst() {
      _ = events.popFirst()
      gone += 1
    }
  }

  private let store: any EventStore
  private let maximumAge: Duration
  private let maximumCount: Int
  private let waiting = Mutex(Waiting())

  /// Makes an event sink that writes to a store.
  ///
  /// - Parameters:
  ///   - store: keeps the events.
  ///   - maximumAge: the age beyond which events are deleted, by default 90 days.
  ///   - maximumCount: the number of events beyond which the oldest are deleted, by default a million.
  public init(
    _ store: some EventStore, maximumAge: Duration = .seconds(90 * 86_400), maximumCount: Int = 1_000_000
  ) {
    self.store = store
    self.maximumAge = maximumAge
    self.maximumCount = maximumCount
  }

  /// Queues the event, which is written a moment later, and returns at once.
  public func record(_ event: AuthEvent) {
    let isFirst = waiting.withLock { waiting in
      waiting.events.append(event)
      if waiting.events.count > Self.maximumWaiting { waiting.dropFirst() }
      defer { waiting.isBeingWritten = true }
      return !waiting.isBeingWritten
    }
    if isFirst { Task.detached { await self.write() } }
  }

  /// Waits until the recorded events are written, or cannot be. Call it before the store is closed.
  public func flush() async {
    let isToBeWritten = waiting.withLock { waiting in
      guard !waiting.isBeingWritten, !waiting.events.isEmpty else { return false }
      waiting.isBeingWritten = true
      return true
    }
    if isToBeWritten { return await write() }
    await withCheckedContinuation { continuation in
      let isDone = waiting.withLock { waiting in
        if waiting.isBeingWritten { waiting.flushing.append(continuation) }
        return !waiting.isBeingWritten
      }
      if isDone { continuation.resume() }
    }
  }

  /// Deletes events that are too old or too many, at most `limit` of them, and returns how many it deleted.
  ///
  /// Every write of events does this, too; call it so that it also happens while no events are written.
  public func purge(at now: Timestamp, limit: Int = 100) async throws(StoreError) -> Int {
    try await store.addEvents([], keeping: bounds(at: now), deletingAtMost: limit)
  }

  /// Reads events of an account or of an email, a page at a time, the newest first.
  ///
  /// - Parameters:
  ///   - userID: the account; nil for none.
  ///   - email: an email with which an attempt was made that could not be attributed to an account; nil for none.
  ///   - start: ``RecordedEvent/Page/next`` of the page before; nil for the newest.
  public func events(
    of userID: User.ID?, orEmail email: String?, from start: Int64? = nil
  ) async throws(StoreError) -> RecordedEvent.Page {
    try await store.findEvents(of: userID, orEmailDigest: email.map(AuthEvent.digest), from: start)
  }

  /// The number of recorded events.
  public func count() async throws(StoreError) -> Int { try await store.countEvents() }

  private func bounds(at now: Timestamp) -> Bounds { Bounds(since: now - maximumAge, count: maximumCount) }

  /// Writes all events that wait. If that fails, they go on waiting, and the next event makes it try again.
  private func write() async {
    while let (events, gone) = nextEvents() {
      do throws(StoreError) {
        // It deletes more than is added, so that the table shrinks to its bounds after they were lowered.
        _ = try await store.addEvents(
          events, keeping: bounds(at: events[events.count - 1].at), deletingAtMost: 2 * events.count)
      } catch {
        return waiting.withLock { $0.end() }
      }
      waiting.withLock { waiting in
        // Some of the written events may have been dropped meanwhile to make room for newer ones.
        while waiting.gone < gone + events.count { waiting.dropFirst() }
      }
    }
  }

  /// The events to write next; nil, and nothing is being written any more, if none waits.
  private func nextEvents() -> (events: [AuthEvent], gone: Int)? {
    waiting.withLock { waiting in
      guard waiting.events.isEmpty else { return (waiting.events.prefix(Self.batch), waiting.gone) }
      waiting.end()
      return nil
    }
  }
}

extension AuditLog.Waiting {
  fileprivate mutating func end() {
    isBeingWritten = false
    for continuation in flushing { continuation.resume() }
    flushing = []
  }
}
