public import AuthCore

/// A store in an SQLite database.
///
/// What an operation has returned survives any end of the process, and a loss of power if the disk keeps its word. Several
/// processes may use one file: one waits for the other, up to `busyTimeout`. No operation waits or writes on the thread that
/// calls it; only lookups by id, email, session or token run there, in microseconds.
///
/// `Docs/Storage.md` describes the tables.
public final class SQLiteStore: AuthStore {
  /// The version of the tables that this release uses.
  public static var schemaVersion: Int { Int(SQLiteSchema.version) }

  let writer: SQLiteWriter
  /// nil for a database in memory, which only the writer's connection can see.
  private let readers: SQLiteReaders?
  private let metrics: StoreMetrics

  /// Opens the database, and creates it if it does not exist: a file that only its owner can read.
  ///
  /// - Parameters:
  ///   - path: the path of the file, whose directory must exist; SQLite adds two more beside it, `-wal` and `-shm`. `:memory:`
  ///     creates a database that ends with the store.
  ///   - busyTimeout: how long an operation waits for other writers before it throws ``AuthCore/StoreError/unavailable(_:)``.
  ///   - onMigration: is told how a file of an earlier release is migrated, which can take a while.
  /// - Throws: ``SQLiteOpenError``, whose description is a sentence for the operator. In that case the file is unchanged.
  public init(
    path: String, busyTimeout: Duration = .seconds(5), onMigration: @escaping SQLiteMigration.Report = { _ in }
  ) async throws(SQLiteOpenError) {
    let database = SQLiteDatabase(path: path, busyTimeout: busyTimeout, reporter: MigrationReporter(report: onMigration))
    metrics = StoreMetrics()
    writer = try await SQLiteWriter(database, metrics: metrics)
    readers = database.isInMemory ? nil : SQLiteReaders(database)
  }

  /// Lets running operations finish and closes the file. Later operations throw ``AuthCore/StoreError/unavailable(_:)``.
  ///
  /// Not needed for durability; the last one to close a file folds `-wal` into it.
  public func close() async {
    readers?.close()
    await writer.close()
  }

  /// Runs `body` on the writer's thread, all of it or nothing.
  func write<Result: Sendable>(
    _ access: SQLiteWriter.Access = .writing, _ body: @escaping @Sendable (SQLiteConnection) throws -> Result
  ) async throws(StoreError) -> Result {
    do { return try await writer.perform(access, body) } catch { throw storeError(error) }
  }

  /// Runs `body`, which only reads, on the writer's thread: for what takes long, or has to wait.
  func readOnWriter<Result: Sendable>(
    _ body: @escaping @Sendable (SQLiteConnection) throws -> Result
  ) async throws(StoreError) -> Result {
    try await write(.reading, body)
  }

  /// Runs `body` on this thread or, where it would have to wait for a lock, on the writer's.
  func read<Result: Sendable>(
    _ body: @escaping @Sendable (SQLiteConnection) throws -> Result
  ) async throws(StoreError) -> Result {
    metrics.noteLookup()
    do {
      try writer.file?.check()
      if let result = try readers?.read(body) { return result }
    } catch {
      throw storeError(error)
    }
    if readers != nil { metrics.noteLock() }
    return try await readOnWriter(body)
  }

  /// Runs `body`, which only reads, on a thread of its own, for as long as that takes: nothing waits for it.
  func readApart<Result: Sendable>(
    _ body: @escaping @Sendable (SQLiteConnection) throws -> Result
  ) async throws(StoreError) -> Result {
    guard let readers else { return try await readOnWriter(body) }
    do {
      try writer.file?.check()
      return try await readers.readApart(body)
    } catch {
      throw storeError(error)
    }
  }

  private func storeError(_ error: any Error) -> StoreError {
    let translated = Self.translated(error)
    if case .unavailable = translated { metrics.noteFailure() }
    return translated
  }

  private static func translated(_ error: any Error) -> StoreError {
    switch error {
    case let error as StoreError: error
    // The constraint can only be that on emails: ids and digests do not come from callers.
    case let error as SQLiteError where error.code == SQLiteError.uniqueViolation: .emailTaken
    case let error as SQLiteError: .unavailable(error.reason)
    default: .unavailable("\(error)")
    }
  }
}
