internal import AuthCore
internal import Synchronization

/// The connections that read, each on its caller's thread: in WAL mode a lookup by key takes microseconds and waits for no lock.
final class SQLiteReaders: Sendable {
  private let database: SQLiteDatabase
  /// The connections that are not in use, at most as many as threads have read at the same time; nil once closed.
  private let idle = Mutex<[SQLiteConnection]?>([])

  init(_ database: SQLiteDatabase) {
    self.database = database
  }

  /// Returns what `body` reads; nil if the readers are closed or if it met a lock. The writer's thread can wait for a lock.
  func read<Result>(_ body: (SQLiteConnection) throws -> Result) throws -> Result? {
    do {
      guard let connection = try take() else { return nil }
      let result = try body(connection)
      // Not in a `defer`: a connection that failed is not used again.
      idle.withLock { $0?.append(connection) }
      return result
    } catch let error as SQLiteError where error.isBusy {
      return nil
    }
  }

  /// Returns what `body` reads on a thread and a connection of its own.
  func readApart<Result: Sendable>(_ body: @escaping @Sendable (SQLiteConnection) throws -> Result) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
      startThread { [database] in
        continuation.resume(with: Swift.Result { try body(database.openReader()) })
      }
    }
  }

  func close() {
    idle.withLock { $0 = nil }
  }

  private func take() throws -> SQLiteConnection? {
    let (connection, isClosed) = idle.withLock { ($0?.popLast(), $0 == nil) }
    if isClosed { return nil }
    return try connection ?? database.openReader()
  }
}
