/// A metric that the server exports: what Prometheus and the operator are told about it.
struct MetricDescription: Sendable {
  enum Kind: String {
    case counter, gauge, histogram
  }

  let name: String
  let kind: Kind
  /// The names of the labels, in alphabetical order.
  let labels: [String]
  /// The upper bounds of a histogram's buckets, in the unit of the metric.
  let bounds: [Double]
  /// A sentence without its full stop, for `# HELP` and the table in `Docs/Monitoring.md`.
  let help: String

  init(_ name: String, _ kind: Kind, labels: [String] = [], bounds: [Double] = [], _ help: String) {
    self.name = name
    self.kind = kind
    self.labels = labels
    self.bounds = bounds
    self.help = help
  }

  /// The metric's row of the table in `Docs/Monitoring.md`.
  var row: String {
    "| `\(name)` | \(kind.rawValue) | \(labels.map { "`\($0)`" }.joined(separator: ", ")) | \(help) |"
  }
}

extension MetricDescription {
  /// Every metric that is exported. One that another library makes is not among them: so their number is bounded.
  static let all = requests + logins + hashing + store + process

  private static let requests = [
    Self(
      "auth_http_requests_total", .counter, labels: ["method", "route", "status"],
      "Requests by route, and by the first digit of the status; `unmatched` are those that reached no route"),
    Self(
      "auth_http_request_duration_seconds", .histogram, labels: ["method", "route"],
      bounds: [0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
      "How long a route took to make its response"),
    Self("auth_http_connections", .gauge, "Connections of clients that are open"),
    Self("auth_http_connections_limit", .gauge, "The number of connections beyond which clients wait in the kernel"),
    Self(
      "auth_tls_certificate_expiry_timestamp_seconds", .gauge, "When the TLS certificate in force expires, in seconds since 1970"),
  ]

  private static let logins = [
    Self("auth_logins_total", .counter, labels: ["outcome"], "Logins by how they ended"),
    Self("auth_events_total", .counter, labels: ["event"], "Security events, by the name under which they are logged"),
    Self("auth_deliveries_total", .counter, labels: ["outcome"], "Tries to deliver a message, by how they ended"),
    Self("auth_sessions_open", .gauge, "Open sessions, counted once a minute"),
    Self("auth_account_events_total", .counter, labels: ["outcome"], "Tries to deliver an account event, by how they ended"),
    Self("auth_outbox_messages", .gauge, "Messages that wait to be delivered, counted once a minute"),
    Self("auth_outbox_oldest_age_seconds", .gauge, "The age of the oldest message that waits, read once a minute"),
    Self("auth_outbox_kind_messages", .gauge, labels: ["kind"], "Messages of a kind that wait, counted once a minute"),
    Self(
      "auth_outbox_kind_oldest_age_seconds", .gauge, labels: ["kind"],
      "The age of the oldest message of a kind that waits, read once a minute"),
  ]

  private static let hashing = [
    Self("auth_hashing_queue_length", .gauge, "Passwords that wait for a lane"),
    Self("auth_hashing_lanes", .gauge, "How many passwords are hashed at the same time at most"),
    Self("auth_hashing_lanes_in_use", .gauge, "How many passwords are being hashed"),
    Self("auth_hashing_refused_total", .counter, "Passwords that were refused because too many waited"),
    Self(
      "auth_hashing_wait_seconds", .histogram, bounds: [0.005, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      "How long passwords waited for a lane"),
    Self(
      "auth_hashing_duration_seconds", .histogram, bounds: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      "How long the hash of a password took, once it had a lane"),
  ]

  private static let store = [
    Self("auth_store_lookups_total", .counter, "Lookups in the database"),
    Self("auth_store_writes_total", .counter, "Operations that may write"),
    Self("auth_store_syncs_total", .counter, "Transactions that changed something, each synced to the disk"),
    Self("auth_store_busy_total", .counter, "Operations that met a lock of another process"),
    Self("auth_store_failures_total", .counter, "Operations that failed because the database was unavailable"),
    Self(
      "auth_store_group_size", .histogram, bounds: [1, 2, 4, 8, 16, 64, 256], "How many writes shared a transaction"),
    Self(
      "auth_store_wait_seconds", .histogram, bounds: [0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5],
      "How long operations waited for the writer"),
    Self(
      "auth_store_turn_seconds", .histogram, bounds: [0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5],
      "How long the writer took for the operations of one turn, syncs included"),
    Self("auth_postgres_connects_total", .counter, "Connections made to PostgreSQL"),
    Self("auth_postgres_failovers_total", .counter, "Changes from one PostgreSQL server, or timeline, to another"),
    Self("auth_postgres_retries_total", .counter, "Operations that were tried again in PostgreSQL"),
    Self("auth_postgres_unknown_outcomes_total", .counter, "Changes that may have been made in PostgreSQL, or not"),
  ]

  private static let process = [
    Self("auth_log_lines_dropped_total", .counter, "Lines that were not logged, because nothing read the log"),
    Self("auth_build_info", .gauge, labels: ["version"], "Always 1; its label says which release runs"),
    Self("process_start_time_seconds", .gauge, "When the process started, in seconds since 1970"),
    Self("process_cpu_seconds_total", .counter, "Processor time of the process"),
    Self("process_resident_memory_bytes", .gauge, "Memory of the process that is resident"),
    Self("process_open_fds", .gauge, "Open file descriptors"),
    Self("process_max_fds", .gauge, "The limit on open file descriptors"),
  ]
}
