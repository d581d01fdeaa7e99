internal import AuthCore

/// The one connection that writes, on a thread of its own, and the operations that wait for it, first come first served.
///
/// The thread ends, and the connection closes, with ``close()`` or with the last reference.
final class SQLiteWriter: Sendable {
  private struct Operation: Sendable {
    let deadline: ContinuousClock.Instant
    /// Runs on the writer's thread; without a connection it reports that the store did not answer.
    let run: @Sendable (SQLiteConnection?) -> Void
  }

  private struct Queue: Sendable {
    var operations = FIFO<Operation>()
    var isClosed = false
    /// Resumed when the thread has closed the connection.
    var closing: [CheckedContinuation<Void, Never>] = []
    var hasEnded = false

    /// What the thread is to do now; nil for nothing. What waits is done even when closing.
    mutating func nextTurn() -> Turn? {
      if let operation = operations.popFirst() { return .run(operation) }
      return isClosed ? .end : nil
    }
  }

  private enum Turn {
    case run(Operation)
    case end
  }

  private let queue = Monitor(Queue())
  private let maximumWait: Duration

  /// Opens the database on the new thread.
  init(_ database: SQLiteDatabase) async throws(SQLiteOpenError) {
    // Not even a repository that waits for no lock refuses what waits for its own writes.
    maximumWait = max(database.busyTimeout, .seconds(1))
    let opening: Result<Void, SQLiteOpenError> = await withCheckedContinuation { continuation in
      startThread { [queue] in
        do throws(SQLiteOpenError) {
          let connection = try database.openWriter()
          continuation.resume(returning: .success(()))
          Self.serve(queue, with: connection)
        } catch {
          continuation.resume(returning: .failure(error))
        }
      }
    }
    try opening.get()
  }

  deinit {
    queue.update { $0.isClosed = true }
  }

  /// What `body` makes of the connection. What it changed is durable when this returns.
  ///
  /// - Throws: what `body` throws, and ``RepositoryError/unavailable(_:)`` when the turn does not come in time, or never.
  func perform<Result: Sendable>(_ body: @escaping @Sendable (SQLiteConnection) throws -> Result) async throws -> Result {
    let deadline = ContinuousClock.now + maximumWait
    return try await withCheckedThrowingContinuation { continuation in
      let operation = Operation(deadline: deadline) { connection in
        guard let connection else { return continuation.resume(throwing: RepositoryError.unavailable("too many writes wait")) }
        continuation.resume(with: Swift.Result { try body(connection) })
      }
      let isQueued = queue.update { queue in
        if !queue.isClosed { queue.operations.append(operation) }
        return !queue.isClosed
      }
      if !isQueued { continuation.resume(throwing: RepositoryError.unavailable("the database is closed")) }
    }
  }

  /// Has `body` done in its turn, with the connection or, when its turn does not come in time, without one, and does not wait for it.
  /// After ``close()`` it is never done.
  func post(_ body: @escaping @Sendable (SQLiteConnection?) -> Void) {
    let operation = Operation(deadline: ContinuousClock.now + maximumWait, run: body)
    queue.update { queue in
      if !queue.isClosed { queue.operations.append(operation) }
    }
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

  private static func serve(_ queue: Monitor<Queue>, with connection: consuming SQLiteConnection) {
    while case .run(let operation) = queue.wait(for: { $0.nextTurn() }) {
      // Whoever waits so long behind others, each of which may wait for another process's lock, is told so instead.
      operation.run(ContinuousClock.now < operation.deadline ? connection : nil)
    }
    close(connection, reportingTo: queue)
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
