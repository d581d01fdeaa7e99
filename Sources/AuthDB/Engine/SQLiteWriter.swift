internal import AuthCore

/// The only connection that writes, on a thread of its own, and the queue of operations for it.
///
/// Waiting writes are done together in one transaction. They share its sync, which takes longer than all their work. A caller is
/// told of a change only once it is durable.
///
/// ``close()``, or the end of the last reference, ends the thread and closes the connection.
final class SQLiteWriter: Sendable {
  /// The kind of access that an operation needs.
  enum Access {
    /// The operation only reads, however long that takes, and needs no transaction.
    case reading
    /// The operation makes all of its changes or none.
    case writing
    /// The operation makes all of its changes or none, and fails instead of waiting for a lock of another process.
    case writingAtOnce
  }

  private struct Operation: Sendable {
    let access: Access
    let queuedAt: ContinuousClock.Instant
    let deadline: ContinuousClock.Instant
    /// Does the work on the writer's thread and returns the function that reports it to the caller. It runs again if the
    /// transaction was rolled back because of another operation.
    let run: @Sendable (SQLiteConnection) throws -> @Sendable () -> Void
    let fail: @Sendable (any Error) -> Void
  }

  private struct Queue: Sendable {
    var operations = FIFO<Operation>()
    var isClosed = false
    /// The callers of ``close()``, resumed when the connection is closed.
    var closing: [CheckedContinuation<Void, Never>] = []
    var hasEnded = false

    /// The thread's next step; nil if there is nothing to do. Waiting operations still run after closing.
    mutating func nextTurn() -> Turn? {
      guard let first = operations.popFirst() else {
        return isClosed ? .end : nil
      }
      guard first.access != .reading else { return .run([first]) }
      var group = [first]
      while group.count < SQLiteWriter.largestGroup, let next = operations.first, next.access != .reading {
        group.append(next)
        _ = operations.popFirst()
      }
      return .run(group)
    }
  }

  private enum Turn {
    case run([Operation])
    case end
  }

  /// The maximum number of writes in one transaction. They take a few milliseconds, during which the first waits for the last.
  private static let largestGroup = 256

  /// The file that the connection has open; nil for a database in memory.
  let file: OpenFile?
  private let metrics: StoreMetrics
  private let queue: Monitor<Queue>
  private let maximumWait: Duration

  /// Opens the database on the new thread.
  ///
  /// - Parameter maximumWait: how long an operation waits for its turn. At least a second by default, because operations also
  ///   wait for those before them, even in a store that waits for no lock.
  init(
    _ database: SQLiteDatabase, maximumWait: Duration? = nil, metrics: StoreMetrics = StoreMetrics()
  ) async throws(SQLiteOpenError) {
    self.maximumWait = maximumWait ?? max(database.busyTimeout, .seconds(1))
    self.metrics = metrics
    let queue = Monitor(Queue())
    let opening: Result<OpenFile?, SQLiteOpenError> = await withCheckedContinuation { continuation in
      startThread {
        do throws(SQLiteOpenError) {
          let connection = try database.openWriter()
          let file = database.file
          continuation.resume(returning: .success(file))
          Self.serve(queue, with: connection, to: file, metrics)
        } catch {
          continuation.resume(returning: .failure(error))
        }
      }
    }
    file = try opening.get()
    self.queue = queue
  }

  deinit {
    queue.update { $0.isClosed = true }
  }

  /// Runs `body` on the writer's thread and returns its result. Its changes are durable when this returns.
  ///
  /// `body` may run a second time, after its first run was rolled back.
  ///
  /// - Throws: any error of `body`; ``SQLiteUnavailable`` if it could not run in time or the writer is closed.
  func perform<Result: Sendable>(
    _ access: Access, _ body: @escaping @Sendable (SQLiteConnection) throws -> Result
  ) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
      post(access, body) { continuation.resume(with: $0) }
    }
  }

  /// Queues `body` without waiting for it. `report` is called once, on the writer's thread, when the changes are durable, or on
  /// this thread if the writer is closed.
  func post<Result: Sendable>(
    _ access: Access, _ body: @escaping @Sendable (SQLiteConnection) throws -> Result,
    report: @escaping @Sendable (Swift.Result<Result, any Error>) -> Void
  ) {
    let operation = operation(access, body, report: report)
    let isQueued = queue.update { queue in
      if !queue.isClosed { queue.operations.append(operation) }
      return !queue.isClosed
    }
    if !isQueued { operation.fail(SQLiteUnavailable(description: "the database is closed")) }
  }

  private func operation<Result: Sendable>(
    _ access: Access, _ body: @escaping @Sendable (SQLiteConnection) throws -> Result,
    report: @escaping @Sendable (Swift.Result<Result, any Error>) -> Void
  ) -> Operation {
    let now = ContinuousClock.now
    return Operation(
      access: access, queuedAt: now, deadline: now + maximumWait,
      run: { connection in
        let result = try body(connection)
        return { report(.success(result)) }
      },
      fail: { report(.failure($0)) })
  }

  /// Finishes the waiting operations, then closes the connection.
  func close() async {
    await withCheckedContinuation { continuation in
      let hasEnded = queue.update { queue in
        queue.isClosed = true
        if !queue.hasEnded { queue.closing.append(continuation) }
        return queue.hasEnded
      }
      if hasEnded { continuation.resume() }
    }
  }
}

// MARK: - The thread

extension SQLiteWriter {
  private static func serve(
    _ queue: Monitor<Queue>, with connection: consuming SQLiteConnection, to file: OpenFile?, _ metrics: StoreMetrics
  ) {
    while case .run(let operations) = queue.wait(for: { $0.nextTurn() }) {
      // An operation may wait behind others, each of which may wait for a lock of another process. After its deadline it fails.
      let now = ContinuousClock.now
      let late = operations.filter { $0.deadline <= now }
      for operation in late { operation.fail(SQLiteUnavailable(description: "too many writes are waiting")) }
      let due = late.isEmpty ? operations : operations.filter { $0.deadline > now }
      do { try file?.check() } catch {
        for operation in due { operation.fail(error) }
        continue
      }
      metrics.noteWaits(due.map { now - $0.queuedAt })
      run(due, on: connection, metrics)
      metrics.noteTurn(ContinuousClock.now - now)
    }
    close(connection, reportingTo: queue)
  }

  /// Runs the operations, together if possible, and reports to each caller exactly once.
  private static func run(_ operations: [Operation], on connection: SQLiteConnection, _ metrics: StoreMetrics) {
    guard operations.count > 1 else { return runAlone(operations, on: connection, metrics) }
    let atOnce = operations.filter { $0.access == .writingAtOnce }
    do {
      try connection.waiting(upTo: atOnce.isEmpty ? nil : .zero) {
        try runTogether(operations, on: connection, metrics)
      }
    } catch let error as SQLiteError where error.isBusy {
      metrics.noteLock()
      for operation in atOnce.isEmpty ? operations : atOnce { operation.fail(error) }
      if !atOnce.isEmpty { run(operations.filter { $0.access != .writingAtOnce }, on: connection, metrics) }
    } catch {
      // One of them failed halfway or did not fit on the disk, which rolled back all. The others may well succeed alone.
      runAlone(operations, on: connection, metrics)
    }
  }

  /// Runs all operations in one transaction, which either commits all of them or none.
  private static func runTogether(
    _ operations: [Operation], on connection: SQLiteConnection, _ metrics: StoreMetrics
  ) throws {
    let before = connection.totalChanges
    let reports = try connection.transaction {
      try operations.map { operation in
        let changes = connection.totalChanges
        do { return try operation.run(connection) } catch {
          // Its changes could only be undone together with those of the others. A refusal by the operation itself or by a
          // constraint has changed nothing. After other errors, such as a damaged file, a statement may be half done without
          // being counted.
          let isRefusal = (error as? SQLiteError)?.isConstraint ?? true
          guard isRefusal, connection.isInTransaction, connection.totalChanges == changes else { throw error }
          return { operation.fail(error) }
        }
      }
    }
    metrics.noteTransaction(of: operations.count, changes: connection.totalChanges - before)
    for report in reports { report() }
  }

  /// Runs each operation alone, in a transaction of its own if it writes. Once one has timed out waiting for a lock, the others
  /// fail at once.
  private static func runAlone(_ operations: [Operation], on connection: SQLiteConnection, _ metrics: StoreMetrics) {
    var remaining = operations[...]
    while let operation = remaining.popFirst() {
      let before = connection.totalChanges
      do {
        let report =
          switch operation.access {
          case .reading: try operation.run(connection)
          case .writing: try connection.transaction { try operation.run(connection) }
          case .writingAtOnce:
            try connection.waiting(upTo: .zero) { try connection.transaction { try operation.run(connection) } }
          }
        if operation.access != .reading { metrics.noteTransaction(of: 1, changes: connection.totalChanges - before) }
        report()
      } catch {
        operation.fail(error)
        guard (error as? SQLiteError)?.isBusy == true else { continue }
        metrics.noteLock()
        guard operation.access == .writing else { continue }
        return remaining.forEach { $0.fail(error) }
      }
    }
  }

  /// Closes the connection, by consuming the last reference to it, before it resumes the callers of ``close()``.
  private static func close(_ connection: consuming SQLiteConnection, reportingTo queue: Monitor<Queue>) {
    _ = consume connection
    let closing = queue.update { queue in
      queue.hasEnded = true
      return queue.closing
    }
    for continuation in closing { continuation.resume() }
  }
}
