internal import AuthCore

/// The one connection that writes, on a thread of its own, and the operations that wait for it, first come first served.
///
/// Those that write are done together, as many as wait, in one transaction: they share its sync, which takes longer than all they do.
/// Nobody is told of a change before it is durable.
///
/// The thread ends, and the connection closes, with ``close()`` or with the last reference.
final class SQLiteWriter: Sendable {
  /// What an operation needs of the database.
  enum Access {
    /// It only reads, whatever it takes: outside of transactions.
    case reading
    /// It changes all that it wants to change, or nothing.
    case writing
    /// The same, but rather not at all than after another process.
    case writingAtOnce
  }

  private struct Operation: Sendable {
    let access: Access
    let deadline: ContinuousClock.Instant
    /// Does the work, on the writer's thread, and gives what tells whoever waits. Done again when others have it undone.
    let run: @Sendable (SQLiteConnection) throws -> @Sendable () -> Void
    let fail: @Sendable (any Error) -> Void
  }

  private struct Queue: Sendable {
    var operations = FIFO<Operation>()
    var isClosed = false
    /// Nothing more will be done.
    var isEnding = false
    /// Resumed when the thread has closed the connection.
    var closing: [CheckedContinuation<Void, Never>] = []
    var hasEnded = false

    /// What the thread is to do now; nil for nothing. What waits is done even when closing.
    mutating func nextTurn() -> Turn? {
      guard let first = operations.popFirst() else {
        isEnding = isClosed
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

  /// So many take some milliseconds, and the first of them waits for the last.
  private static let largestGroup = 256

  /// What the connection has open; nil for a database in memory.
  let file: OpenFile?
  private let queue: Monitor<Queue>
  private let maximumWait: Duration

  /// Opens the database on the new thread.
  init(_ database: SQLiteDatabase) async throws(SQLiteOpenError) {
    // Not even a store that waits for no lock refuses what waits for its own writes.
    maximumWait = max(database.busyTimeout, .seconds(1))
    let queue = Monitor(Queue())
    let opening: Result<OpenFile?, SQLiteOpenError> = await withCheckedContinuation { continuation in
      startThread {
        do throws(SQLiteOpenError) {
          let connection = try database.openWriter()
          let file = database.file
          continuation.resume(returning: .success(file))
          Self.serve(queue, with: connection, to: file)
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

  /// What `body` makes of the connection. What it changed is durable when this returns. It may be called twice, after the first time was
  /// undone.
  ///
  /// - Throws: what `body` throws, and ``StoreError/unavailable(_:)`` when the turn does not come in time, or never.
  func perform<Result: Sendable>(
    _ access: Access, _ body: @escaping @Sendable (SQLiteConnection) throws -> Result
  ) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
      let operation = operation(access, body) { continuation.resume(with: $0) }
      let isQueued = queue.update { queue in
        if !queue.isClosed { queue.operations.append(operation) }
        return !queue.isClosed
      }
      if !isQueued { operation.fail(StoreError.unavailable("the database is closed")) }
    }
  }

  /// The same for somebody who does not wait: `report` is called on the writer's thread. While the writer closes, what `report` asks for
  /// is still done. After that nothing is done, nor reported.
  func post<Result: Sendable>(
    _ access: Access, _ body: @escaping @Sendable (SQLiteConnection) throws -> Result,
    report: @escaping @Sendable (Swift.Result<Result, any Error>) -> Void
  ) {
    let operation = operation(access, body, report: report)
    queue.update { queue in
      if !queue.isEnding { queue.operations.append(operation) }
    }
  }

  private func operation<Result: Sendable>(
    _ access: Access, _ body: @escaping @Sendable (SQLiteConnection) throws -> Result,
    report: @escaping @Sendable (Swift.Result<Result, any Error>) -> Void
  ) -> Operation {
    Operation(
      access: access, deadline: ContinuousClock.now + maximumWait,
      run: { connection in
        let result = try body(connection)
        return { report(.success(result)) }
      },
      fail: { report(.failure($0)) })
  }

  /// Lets the operations that wait finish, then closes the connection.
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
    _ queue: Monitor<Queue>, with connection: consuming SQLiteConnection, to file: OpenFile?
  ) {
    while case .run(let operations) = queue.wait(for: { $0.nextTurn() }) {
      // Whoever waits so long behind others, each of which may wait for another process's lock, is told so instead.
      let now = ContinuousClock.now
      let late = operations.filter { $0.deadline <= now }
      for operation in late { operation.fail(StoreError.unavailable("too many writes wait")) }
      let due = late.isEmpty ? operations : operations.filter { $0.deadline > now }
      do { try file?.check() } catch {
        for operation in due { operation.fail(error) }
        continue
      }
      run(due, on: connection)
    }
    close(connection, reportingTo: queue)
  }

  /// Tells each of them, once, how it went.
  private static func run(_ operations: [Operation], on connection: SQLiteConnection) {
    guard operations.count > 1 else { return runAlone(operations, on: connection) }
    let atOnce = operations.filter { $0.access == .writingAtOnce }
    do {
      try connection.waiting(upTo: atOnce.isEmpty ? nil : .zero) { try runTogether(operations, on: connection) }
    } catch let error as SQLiteError where error.isBusy {
      for operation in atOnce.isEmpty ? operations : atOnce { operation.fail(error) }
      if !atOnce.isEmpty { run(operations.filter { $0.access != .writingAtOnce }, on: connection) }
    } catch {
      // One that fails half done, or for which the disk has no room, has undone the others, which may well succeed.
      runAlone(operations, on: connection)
    }
  }

  /// In one transaction, or not at all.
  private static func runTogether(_ operations: [Operation], on connection: SQLiteConnection) throws {
    let reports = try connection.transaction {
      try operations.map { operation in
        let changes = connection.totalChanges
        do { return try operation.run(connection) } catch {
          // What it has changed can only be undone with all that the others have. That there is nothing is sure when the operation says no,
          // or a constraint: after other errors, as of a damaged file, a statement may be half done, and none of it counted.
          let isRefusal = (error as? SQLiteError)?.isConstraint ?? true
          guard isRefusal, connection.isInTransaction, connection.totalChanges == changes else { throw error }
          return { operation.fail(error) }
        }
      }
    }
    for report in reports { report() }
  }

  /// Each in a transaction of its own, if it writes. Behind a lock that one has waited for in vain no other waits.
  private static func runAlone(_ operations: [Operation], on connection: SQLiteConnection) {
    var remaining = operations[...]
    while let operation = remaining.popFirst() {
      do {
        let report =
          switch operation.access {
          case .reading: try operation.run(connection)
          case .writing: try connection.transaction { try operation.run(connection) }
          case .writingAtOnce:
            try connection.waiting(upTo: .zero) { try connection.transaction { try operation.run(connection) } }
          }
        report()
      } catch {
        operation.fail(error)
        guard operation.access == .writing, (error as? SQLiteError)?.isBusy == true else { continue }
        return remaining.forEach { $0.fail(error) }
      }
    }
  }

  /// Consumes the last reference, so that the connection is closed before anybody is told.
  private static func close(_ connection: consuming SQLiteConnection, reportingTo queue: Monitor<Queue>) {
    _ = consume connection
    let closing = queue.update { queue in
      queue.hasEnded = true
      return queue.closing
    }
    for continuation in closing { continuation.resume() }
  }
}
