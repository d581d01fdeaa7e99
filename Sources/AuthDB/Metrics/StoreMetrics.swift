internal import AuthCore
internal import CoreMetrics

/// What a ``SQLiteStore`` reports to the backend of swift-metrics. `Docs/Monitoring.md` describes each metric.
struct StoreMetrics: Sendable {
  private let lookups = Counter(label: "auth_store_lookups_total")
  private let writes = Counter(label: "auth_store_writes_total")
  private let syncs = Counter(label: "auth_store_syncs_total")
  private let busy = Counter(label: "auth_store_busy_total")
  private let failures = Counter(label: "auth_store_failures_total")
  private let groups = Recorder(label: "auth_store_group_size", aggregate: true)
  private let waits = Timer(label: "auth_store_wait_seconds", preferredDisplayUnit: .seconds)
  private let turns = Timer(label: "auth_store_turn_seconds", preferredDisplayUnit: .seconds)

  func noteLookup() {
    lookups.increment()
  }

  /// An operation met a lock of another process.
  func noteLock() {
    busy.increment()
  }

  /// An operation failed because the store was unavailable.
  func noteFailure() {
    failures.increment()
  }

  func noteWaits(_ times: [Duration]) {
    for time in times { waits.record(time) }
  }

  /// How long the writer had to do with the operations that it took together.
  func noteTurn(_ time: Duration) {
    turns.record(time)
  }

  /// A transaction was committed. SQLite syncs it only if it changed something.
  func noteTransaction(of count: Int, changes: Int32) {
    writes.increment(by: count)
    groups.record(count)
    if changes != 0 { syncs.increment() }
  }
}
