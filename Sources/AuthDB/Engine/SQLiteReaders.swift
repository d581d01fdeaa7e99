internal import Synchronization

/// Connections that read, on the thread of whoever asks: in WAL mode a lookup by key takes microseconds and waits for nobody.
final class SQLiteReaders: Sendable {
  private let database: SQLiteDatabase
  /// At most as many as threads have read at the same time; nil once closed.
  private let idle = Mutex<[SQLiteConnection]?>([])

  init(_ database: SQLiteDatabase) {
    self.database = database
  }

  /// What `body` reads; nil when there is a lock in the way, which must be waited for elsewhere, or when the readers are closed.
  func read<Result>(_ body: (SQLiteConnection) throws -> Result) throws -> Result? {
    do {
      guard let connection = try take() else { return nil }
      let result = try body(connection)
      // Only now: a connection that failed is not used again.
      idle.withLock { $0?.append(connection) }
      return result
    } catch let error as SQLiteError where error.isBusy {
      return nil
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
