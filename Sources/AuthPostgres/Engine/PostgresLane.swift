#if Postgres
internal import AuthCore
internal import Glibc

/// An operation that waits for a connection.
protocol PostgresOperation: Sendable {
  /// The moment after which it fails.
  var deadline: ContinuousClock.Instant { get }

  /// Tells the caller that the store is unavailable.
  func fail(_ reason: String)

  /// Runs the operations and reports to their callers, but for those that it returns: they are to be tried again.
  static func run(_ operations: [Self], on connection: PostgresConnection) -> [Self]
}

/// A queue of operations of one kind, and the connections that share it, each owned by a thread.
///
/// Operations that wait are run together. None waits for others to come: under load they come together by themselves.
final class PostgresLane<Operation: PostgresOperation>: Sendable {
  /// More at a time bring nothing, and let the first wait for the last.
  static var largestBatch: Int { 32 }

  private struct State: Sendable {
    var waiting = FIFO<Operation>()
    var isClosed = false
    /// Threads that have not ended.
    var threads: Int
    /// How many of them have no connection.
    var connecting = 0
    /// Why the last attempt to connect failed.
    var problem: String?
    /// The callers of ``close()``, resumed when the last thread ends.
    var closing: [CheckedContinuation<Void, Never>] = []
  }

  private let connector: PostgresConnector
  private let metrics: PostgresMetrics
  private let state: Monitor<State>

  init(connections: Int, connector: PostgresConnector, metrics: PostgresMetrics) {
    self.connector = connector
    self.metrics = metrics
    state = Monitor(State(threads: connections))
    for _ in 0..<connections { startThread { [self] in serve() } }
    startThread { [self] in expire() }
  }

  /// Queues an operation, whose caller is told in any case.
  func add(_ operation: Operation) {
    let isQueued = state.update { state in
      if !state.isClosed { state.waiting.append(operation) }
      return !state.isClosed
    }
    if !isQueued { operation.fail("the database is closed") }
  }

  /// Finishes the waiting operations, then closes the connections.
  func close() async {
    await withCheckedContinuation { continuation in
      let hasEnded = state.update { state in
        state.isClosed = true
        if state.threads > 0 { state.closing.append(continuation) }
        return state.threads == 0
      }
      if hasEnded { continuation.resume() }
    }
  }

  // MARK: - The threads

  private func serve() {
    var connection: PostgresConnection?
    while waitForWork() {
      if connection?.isClosedByServer ?? true {
        connection = nil
        connection = connect()
      }
      guard let connection else { continue }
      let batch = takeBatch()
      guard !batch.isEmpty else { continue }
      let again = Operation.run(batch, on: connection)
      if connection.hasTimedOut { connector.avoidCurrentHost() }
      if !again.isEmpty { putBack(again) }
    }
    connection = nil
    let closing = state.update { state in
      state.threads -= 1
      return state.threads == 0 ? state.closing : []
    }
    for continuation in closing { continuation.resume() }
  }

  /// Waits for an operation; false when there will be none.
  private func waitForWork() -> Bool {
    state.wait { state in state.waiting.isEmpty ? (state.isClosed ? false : nil) : true }
  }

  private func takeBatch() -> [Operation] {
    let now = ContinuousClock.now
    let batch = state.withLock { state in
      var batch: [Operation] = []
      while batch.count < Self.largestBatch, let next = state.waiting.popFirst() { batch.append(next) }
      return batch
    }
    guard batch.contains(where: { $0.deadline <= now }) else { return batch }
    for operation in batch where operation.deadline <= now { operation.fail("too many operations are waiting") }
    return batch.filter { $0.deadline > now }
  }

  private func putBack(_ operations: [Operation]) {
    state.update { state in
      for operation in operations.reversed() { state.waiting.prepend(operation) }
    }
  }

  /// Tries to connect until that succeeds, or nothing waits any more. So a failover is a delay, and not an error, for operations
  /// whose deadline is far enough away.
  private func connect() -> PostgresConnection? {
    state.update { $0.connecting += 1 }
    defer { state.update { $0.connecting -= 1 } }
    var pause = Duration.milliseconds(20)
    while state.withLock({ !$0.waiting.isEmpty }) {
      do throws(PostgresOpenError) {
        let connection = try connector.connect()
        state.withLock { $0.problem = nil }
        metrics.noteConnect()
        return connection
      } catch {
        state.withLock { $0.problem = error.description }
      }
      usleep(UInt32(pause / .microseconds(1)))
      pause = min(pause * 2, .milliseconds(320))
    }
    return nil
  }

  /// Fails operations after their deadlines while the other threads may be held by a resolver or a server that does not respond.
  private func expire() {
    while state.wait(for: { state in state.threads == 0 ? false : state.connecting > 0 ? true : nil }) {
      usleep(20_000)
      let now = ContinuousClock.now
      let (late, problem) = state.withLock { state in
        var late: [Operation] = []
        // They wait in the order of their deadlines, but for a few that are tried again.
        while let first = state.waiting.first, first.deadline <= now {
          late.append(first)
          _ = state.waiting.popFirst()
        }
        return (late, state.problem)
      }
      for operation in late { operation.fail(problem ?? "the database does not respond to a new connection") }
    }
  }
}
#endif
