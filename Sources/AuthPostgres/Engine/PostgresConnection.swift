#if Postgres
internal import AuthCPostgres
internal import Glibc

/// A connection in pipeline mode. It is used by one thread at a time, never waits without a deadline once it is made, and is not
/// used again once it has been lost.
@safe
final class PostgresConnection {
  private let handle: OpaquePointer
  private let notices = Notices()
  private var prepared: Set<String> = []

  /// Whether it can be used again.
  private(set) var isUsable = true
  /// Whether the server stopped responding.
  private(set) var hasTimedOut = false
  /// When the last pipeline was sent, and when the server had responded to all of one.
  private(set) var lastStart = ContinuousClock.now
  private(set) var lastResponse = ContinuousClock.now
  /// The server at the other end.
  let host: PostgresConfiguration.Host
  /// Grows with each promotion of a standby.
  var timeline: UInt32 = 0
  /// Whether commits waited for a standby when the connection was made.
  var isReplicated = false

  /// What the server said beside its results.
  private final class Notices {
    /// A commit that was to be replicated is only local: someone cancelled the wait for the standby (SQLSTATE 01000).
    var hasLocalCommit = false
  }

  /// Connects, which blocks for as long as libpq's `connect_timeout` and the resolver let it.
  ///
  /// - Parameter options: keywords of libpq with their values.
  init(
    to host: PostgresConfiguration.Host, _ options: [(keyword: String, value: String)]
  ) throws(PostgresError) {
    self.host = host
    var (keywords, values) = unsafe (options.map { unsafe strdup($0.keyword) }, options.map { unsafe strdup($0.value) })
    defer { unsafe (keywords + values).forEach { unsafe free($0) } }
    unsafe keywords.append(nil)
    unsafe values.append(nil)
    // SAFETY: both arrays end with nil, have the same length, and are only read during the call.
    let made = unsafe keywords.withUnsafeBufferPointer { keywords in
      unsafe values.withUnsafeBufferPointer { values in
        unsafe keywords.withMemoryRebound(to: UnsafePointer<CChar>?.self) { keywords in
          unsafe values.withMemoryRebound(to: UnsafePointer<CChar>?.self) { values in
            unsafe PQconnectdbParams(keywords.baseAddress, values.baseAddress, 0)
          }
        }
      }
    }
    guard let handle = unsafe made else {
      throw PostgresError(sqlState: "", message: "there is no memory for a connection", constraint: nil)
    }
    unsafe self.handle = handle
    guard unsafe PQstatus(handle) == CONNECTION_OK else {
      throw PostgresError(sqlState: "", message: lastMessage, constraint: nil)
    }
    let notices = unsafe Unmanaged.passUnretained(notices).toOpaque()
    // SAFETY: the object lives as long as the connection, which alone calls the function.
    unsafe PQsetNoticeReceiver(
      handle,
      { notices, result in
        guard let state = unsafe PQresultErrorField(result, CPOSTGRES_SQLSTATE), unsafe strcmp(state, "01000") == 0 else {
          return
        }
        unsafe Unmanaged<Notices>.fromOpaque(notices!).takeUnretainedValue().hasLocalCommit = true
      }, notices)
    try beginPipeline()
  }

  /// Makes the connection ready for ``execute(_:)`` in place of ``run(_:until:)``.
  private func endPipeline() throws(PostgresError) {
    guard unsafe PQpipelineStatus(handle) != PQ_PIPELINE_OFF else { return }
    guard unsafe PQexitPipelineMode(handle) == 1, unsafe PQsetnonblocking(handle, 0) == 0 else {
      throw PostgresError(sqlState: "", message: lastMessage, constraint: nil)
    }
  }

  /// Makes the connection ready for ``run(_:until:)``.
  private func beginPipeline() throws(PostgresError) {
    guard unsafe PQsetnonblocking(handle, 1) == 0, unsafe PQenterPipelineMode(handle) == 1 else {
      throw PostgresError(sqlState: "", message: lastMessage, constraint: nil)
    }
  }

  /// Runs a script, for as long as the server lets it, and returns the result of its last statement, as text. The connection
  /// runs no pipelines afterwards.
  @discardableResult
  func execute(_ script: String) throws(PostgresError) -> PostgresResult {
    try endPipeline()
    guard let handle = unsafe PQexec(handle, script) else {
      throw PostgresError(sqlState: "", message: lastMessage, constraint: nil)
    }
    let result = unsafe PostgresResult(handle)
    guard [PGRES_TUPLES_OK, PGRES_COMMAND_OK].contains(result.status) else {
      // libpq says more of a connection that was lost.
      let error = result.error
      throw error.sqlState.isEmpty ? PostgresError(sqlState: "", message: lastMessage, constraint: nil) : error
    }
    return result
  }

  /// Sees to it that the connection is not used again.
  func abandon() {
    isUsable = false
  }

  deinit {
    // SAFETY: this is the only owner.
    unsafe PQfinish(handle)
  }

  /// The process of the server that says it is at the other end.
  var backendID: Int { Int(unsafe PQbackendPID(handle)) }

  /// The version of the server: 150020 for 15.20.
  var serverVersion: Int { Int(unsafe PQserverVersion(handle)) }

  private var lastMessage: String {
    // SAFETY: the text lives as long as the connection, and is copied.
    let text = unsafe String(cString: PQerrorMessage(handle))
    // libpq breaks and indents lines; the log does not.
    return text.split { $0 == "\n" || $0 == "\t" }.joined(separator: " ")
  }

  /// The results of a pipeline.
  struct Outcome {
    /// For each group, the result of each query, as far as they came.
    var results: [[Result<PostgresResult, PostgresError>]]
    /// How many groups are complete: what they did is committed, though not durable unless they say so.
    var completeGroups = 0
    /// Why the others are not.
    var loss: Loss?
    /// A commit is on this server alone, although it was to be replicated.
    var hasLocalCommit = false
  }

  /// How a connection was lost.
  enum Loss: Equatable, CustomStringConvertible {
    case broken(String)
    case timedOut

    var description: String {
      switch self {
      case .broken(let reason): reason
      case .timedOut: "the database did not respond in time"
      }
    }
  }

  private enum Expected {
    case preparation(String)
    case query(group: Int)
    case sync(group: Int)
  }

  /// Whether the server has closed the connection while it was idle.
  var isClosedByServer: Bool {
    // Its last words are one read, the end another.
    while isUsable && waitForServer(writing: false, until: ContinuousClock.now) {
      isUsable = unsafe PQconsumeInput(handle) == 1 && PQstatus(handle) == CONNECTION_OK
    }
    return !isUsable
  }

  /// Sends all queries at once and waits for their results. Each group is a transaction of its own: after an error the rest of
  /// its group is not run.
  func run(_ groups: [[PostgresQuery]], until deadline: ContinuousClock.Instant) -> Outcome {
    var outcome = Outcome(results: groups.map { _ in [] })
    lastStart = .now
    notices.hasLocalCommit = false
    var expected: [Expected] = []
    for (group, queries) in groups.enumerated() {
      for query in queries {
        if !prepared.contains(query.statement.name) {
          // A statement without a name is there until the next one.
          if !query.statement.name.isEmpty { prepared.insert(query.statement.name) }
          guard prepare(query.statement) else { return lost(&outcome) }
          expected.append(.preparation(query.statement.name))
        }
        guard send(query) else { return lost(&outcome) }
        expected.append(.query(group: group))
      }
      guard unsafe PQpipelineSync(handle) == 1 else { return lost(&outcome) }
      expected.append(.sync(group: group))
    }
    receive(expected[...], &outcome, until: deadline)
    if outcome.loss == nil { lastResponse = .now }
    outcome.hasLocalCommit = notices.hasLocalCommit
    return outcome
  }

  private func lost(_ outcome: inout Outcome, _ loss: Loss? = nil) -> Outcome {
    isUsable = false
    hasTimedOut = loss == .timedOut
    outcome.loss = loss ?? .broken(lastMessage)
    return outcome
  }

  private func prepare(_ statement: PostgresStatement) -> Bool {
    let types = statement.types.map(\.rawValue)
    // SAFETY: libpq copies what it is given before it returns.
    return unsafe types.withUnsafeBufferPointer { types in
      unsafe PQsendPrepare(handle, statement.name, statement.sql, Int32(types.count), types.baseAddress) == 1
    }
  }

  private func send(_ query: PostgresQuery) -> Bool {
    // SAFETY: the pointers are to bytes of the query, which libpq copies before it returns. A value without bytes has an address,
    // too: nil would be null.
    unsafe query.bytes.withUnsafeBufferPointer { bytes in
      var (values, lengths, start): ([UnsafePointer<CChar>?], [Int32], Int) = unsafe ([], [], 0)
      unsafe values.reserveCapacity(query.ends.count)
      lengths.reserveCapacity(query.ends.count)
      let base = unsafe bytes.baseAddress.map { unsafe UnsafeRawPointer($0) } ?? UnsafeRawPointer(bitPattern: 1)!
      for end in query.ends {
        guard end >= 0 else {
          unsafe values.append(nil)
          lengths.append(0)
          continue
        }
        unsafe values.append((base + start).assumingMemoryBound(to: CChar.self))
        lengths.append(Int32(end - start))
        start = end
      }
      let formats = [Int32](repeating: 1, count: query.ends.count)
      return unsafe PQsendQueryPrepared(
        handle, query.statement.name, Int32(query.ends.count), values, lengths, formats, 1) == 1
    }
  }

  private func receive(_ expected: ArraySlice<Expected>, _ outcome: inout Outcome, until deadline: ContinuousClock.Instant) {
    var expected = expected
    // Several results may come for one query; the first counts.
    var first: PostgresResult?
    var commitError: PostgresError?
    while let next = expected.first {
      guard ContinuousClock.now < deadline else {
        _ = lost(&outcome, .timedOut)
        return
      }
      guard unsafe PQisBusy(handle) == 0 else {
        if let loss = exchange(until: deadline) {
          _ = lost(&outcome, loss)
          return
        }
        continue
      }
      let result = unsafe PQgetResult(handle).map { unsafe PostgresResult($0) }
      // A lost connection gives results without end, but never the sync.
      if unsafe PQstatus(handle) != CONNECTION_OK {
        _ = lost(&outcome, result.map { .broken($0.error.description) })
        return
      }
      switch (next, result) {
      case (.sync(let group), let result?) where result.status == PGRES_PIPELINE_SYNC:
        // The statements were fine, but not their commit.
        if let commitError { outcome.results[group] = outcome.results[group].map { $0.flatMap { _ in .failure(commitError) } } }
        commitError = nil
        outcome.completeGroups += 1
        expected.removeFirst()
      case (.sync, let result?):
        commitError = commitError ?? result.error
      case (.sync, nil):
        continue
      case (_, let result?):
        first = first ?? result
      case (.preparation(let name), nil):
        if first?.status != PGRES_COMMAND_OK {
          prepared.remove(name)
          // The query behind it is aborted, and has no error of its own.
          if let first, first.status == PGRES_FATAL_ERROR { pendingError = first.error }
        }
        first = nil
        expected.removeFirst()
      case (.query(let group), nil):
        outcome.results[group].append(value(of: first))
        first = nil
        expected.removeFirst()
      }
    }
  }

  /// The error of a preparation, for its query.
  private var pendingError: PostgresError?

  private func value(of result: PostgresResult?) -> Result<PostgresResult, PostgresError> {
    defer { pendingError = nil }
    guard let result else {
      return .failure(PostgresError(sqlState: "", message: "the server sent no result", constraint: nil))
    }
    switch result.status {
    case PGRES_TUPLES_OK, PGRES_COMMAND_OK: return .success(result)
    case PGRES_PIPELINE_ABORTED: return .failure(pendingError ?? .aborted)
    default: return .failure(result.error)
    }
  }

  /// Sends what waits to be sent and takes what has come; waits for either.
  private func exchange(until deadline: ContinuousClock.Instant) -> Loss? {
    let unsent = unsafe PQflush(handle)
    guard unsent >= 0 else { return .broken(lastMessage) }
    guard waitForServer(writing: unsent == 1, until: deadline) else { return .timedOut }
    guard unsafe PQconsumeInput(handle) == 1 else { return .broken(lastMessage) }
    return nil
  }

  /// Waits until the server has sent something, or can be written to; false after the deadline.
  private func waitForServer(writing: Bool, until deadline: ContinuousClock.Instant) -> Bool {
    var request = pollfd(
      fd: unsafe PQsocket(handle), events: Int16(POLLIN) | (writing ? Int16(POLLOUT) : 0), revents: 0)
    while true {
      let rest = max(.zero, deadline - ContinuousClock.now)
      let milliseconds = Int32(clamping: rest.components.seconds * 1_000 + rest.components.attoseconds / 1_000_000_000_000_000)
      // SAFETY: one structure, which lives until the call returns.
      let count = unsafe poll(&request, 1, milliseconds)
      if count > 0 { return true }
      if count == 0 && rest < .milliseconds(1) { return false }
      if count < 0 && errno != EINTR { return true }
    }
  }
}

extension PostgresError {
  /// The error of a query behind one that failed, in the same group.
  static let aborted = PostgresError(sqlState: "", message: "an earlier statement failed", constraint: nil)
}
#endif
