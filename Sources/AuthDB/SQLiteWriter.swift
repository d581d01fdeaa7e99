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
    /// Does the work, on the writer's thread, and gives what tells whoever waits.
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
    // Not even a repository that waits for no lock refuses what waits for its own writes.
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

  /// What `body` makes of the connection. What it changed is durable when this returns.
  ///
  /// - Throws: what `body` throws, and ``RepositoryError/unavailable(_:)`` when the turn does not come in time, or never.
  func perform<Result: Sendable>(
    _ access: Access, _ body: @escaping @Sendable (SQLiteConnection) throws -> Result
  ) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
      let operation = operation(access, body) { continuation.resume(with: $0) }
      let isQueued = queue.update { queue in
        if !queue.isClosed { queue.operations.append(operation) }
        return !queue.isClosed
      }
      if !isQueued { operation.fail(RepositoryError.unavailable("the database is closed")) }
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
      for operation in late { operation.fail(RepositoryError.unavailable("too many writes wait")) }
      let due = late.isEmpty ? operations : operations.filter { $0.deadline > now }
      do {
        try file?.check()
        try run(due, on: connection)
      } catch {
        for operation in due { operation.fail(error) }
      }
    }
    close(connection, reportingTo: queue)
  }

  /// Tells each of them how it went; or throws and tells nobody, and then none has changed anything.
  private static func run(_ operations: [Operation], on connection: SQLiteConnection) throws {
    guard operations.first?.access != .reading else { return try operations[0].run(connection)() }
    let atOnce = operations.filter { $0.access == .writingAtOnce }
    guard !atOnce.isEmpty else { return try write(operations, on: connection) }
    do {
      try connection.waiting(upTo: .zero) { try write(operations, on: connection) }
    } catch let error as SQLiteError where error.isBusy {
      for operation in atOnce { operation.fail(error) }
      try write(operations.filter { $0.access != .writingAtOnce }, on: connection)
    }
  }

  /// The same for operations that write.
  private static func write(_ operations: [Operation], on connection: SQLiteConnection) throws {
    guard operations.count > 1 else { return try operations.first.map { try writeAlone($0, on: connection) } ?? () }
    do {
      let reports = try connection.transaction {
        try operations.map { operation in
          let changes = connection.totalChanges
          do { return try operation.run(connection) } catch {
            // What it has changed can only be undone with all that the others have.
            guard connection.isInTransaction, connection.totalChanges == changes else { throw error }
            return { operation.fail(error) }
          }
        }
      }
      for report in reports { report() }
    } catch let error where (error as? SQLiteError)?.isBusy != true {
      // One that fails half done, or that the disk has no room for, undoes all the others, which need not fail alone.
      for operation in operations {
        do { try writeAlone(operation, on: connection) } catch { operation.fail(error) }
      }
    }
  }

  private static func writeAlone(_ operation: Operation, on connection: SQLiteConnection) throws {
    try connection.transaction { try operation.run(connection) }()
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
