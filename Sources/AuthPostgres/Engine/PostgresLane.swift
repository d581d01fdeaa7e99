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

  /// What the connections can do within the usual deadline, and more.
  private static var longestQueue: Int { 10_000 }

  private struct State: Sendable {
    var waiting = FIFO<Operation>()
    var isClosed = false
    /// Threads that have not ended.
    var threads: Int
    /// Why the last attempt to connect failed.
    var problem: String?
    /// The callers of ``close()``, resumed when the last thread ends.
    var closing: [CheckedContinuation<Void, Never>] = []
  }

  private let connector: PostgresConnector
  private let purpose: PostgresConnector.Purpose
  private let metrics: PostgresMetrics
  private let state: Monitor<State>
  /// How many threads have no connection; nil once all have ended. Apart from the queue, because hardly anything changes it.
  private let connecting = Monitor<Int?>(0)

  init(
    connections: Int, connector: PostgresConnector, for purpose: PostgresConnector.Purpose, metrics: PostgresMetrics
  ) {
    self.connector = connector
    self.purpose = purpose
    self.metrics = metrics
    state = Monitor(State(threads: connections))
    for _ in 0..<connections { startThread { [self] in serve() } }
    startThread { [self] in expire() }
  }

  /// Queues an operation, whose caller is told in any case.
  func add(_ operation: Operation) {
    let (problem, isFirst): (String?, Bool) = state.withLock { state in
      guard !state.isClosed else { return ("the database is closed", false) }
      guard state.waiting.count < Self.longestQueue else { return ("too many operations are waiting", false) }
      state.waiting.append(operation)
      return (nil, state.waiting.count == 1)
    }
    // A thread only sleeps once it has seen an empty queue.
    if isFirst { state.update { _ in } }
    if let problem { operation.fail(problem) }
  }

  /// Takes no more operations. The waiting ones are finished, then the connections are closed.
  func beginClosing() {
    state.update { $0.isClosed = true }
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

  /// Why the last attempt to connect failed; nil if it succeeded.
  var problem: String? { state.withLock(\.problem) }

  // MARK: - The threads

  private func serve() {
    var connection: PostgresConnection?
    while waitForWork() {
      if connection.map({ $0.isClosedByServer || connector.isOutdated($0) }) ?? true {
        connection = nil
        connection = connect()
      }
      guard let current = connection else { continue }
      let batch = takeBatch()
      guard !batch.isEmpty else { continue }
      let again = Operation.run(batch, on: current)
      // A scan may take too long although the server responds.
      if current.hasTimedOut, purpose != .scans { connector.noteTimeout(current.host, since: current.lastStart) }
      if !current.isUsable { connection = nil }
      if !again.isEmpty { putBack(again) }
    }
    connection = nil
    let (isLast, closing) = state.update { state in
      state.threads -= 1
      return (state.threads == 0, state.threads == 0 ? state.closing : [])
    }
    if isLast { connecting.update { $0 = nil } }
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
    connecting.update { $0? += 1 }
    defer { connecting.withLock { $0? -= 1 } }
    var backoff: UInt32 = 20_000
    while state.withLock({ !$0.waiting.isEmpty }) {
      do throws(PostgresOpenError) {
        let connection = try connector.connect(for: purpose)
        state.withLock { $0.problem = nil }
        metrics.noteConnect()
        return connection
      } catch {
        state.withLock { $0.problem = error.description }
      }
      usleep(.random(in: backoff / 2...backoff))
      backoff = min(backoff * 2, 320_000)
    }
    return nil
  }

  /// Fails operations after their deadlines while the other threads may be held by a resolver or a server that does not respond.
  private func expire() {
    while connecting.wait(for: { count in count.map { $0 > 0 ? true : nil } ?? false }) {
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
