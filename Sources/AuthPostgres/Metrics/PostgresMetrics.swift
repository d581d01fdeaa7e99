#if Postgres
internal import AuthCore
internal import CoreMetrics

/// What a ``PostgresStore`` reports to the backend of swift-metrics. `Docs/Monitoring.md` describes each metric.
struct PostgresMetrics: Sendable {
  private let lookups = Counter(label: "auth_store_lookups_total")
  private let writes = Counter(label: "auth_store_writes_total")
  private let syncs = Counter(label: "auth_store_syncs_total")
  private let failures = Counter(label: "auth_store_failures_total")
  private let groups = Recorder(label: "auth_store_group_size", aggregate: true)
  private let waits = Timer(label: "auth_store_wait_seconds", preferredDisplayUnit: .seconds)
  private let turns = Timer(label: "auth_store_turn_seconds", preferredDisplayUnit: .seconds)
  private let connects = Counter(label: "auth_postgres_connects_total")
  private let failovers = Counter(label: "auth_postgres_failovers_total")
  private let retries = Counter(label: "auth_postgres_retries_total")
  private let unknown = Counter(label: "auth_postgres_unknown_outcomes_total")

  func noteLookup() { lookups.increment() }

  /// A connection was made.
  func noteConnect() { connects.increment() }

  /// Another server, or the same one after a promotion, is used from now on.
  func noteFailover() { failovers.increment() }

  /// A batch of writes is durable. They waited so long for a connection, and had it for so long.
  func noteBatch(_ waits: [Duration], lasting time: Duration) {
    writes.increment(by: waits.count)
    groups.record(waits.count)
    syncs.increment()
    for wait in waits { self.waits.record(wait) }
    turns.record(time)
  }

  /// An operation is tried again.
  func noteRetry() { retries.increment() }

  /// It is not known whether an operation happened.
  func noteUnknown() { unknown.increment() }

  /// An operation failed because the store was unavailable.
  func noteFailure() { failures.increment() }
}
#endif
