internal import AuthCSQLite
internal import Glibc

/// The location of a database, and how its connections are opened.
struct SQLiteDatabase {
  let path: String
  /// How long the writer waits for a lock that another process holds: at most a day, because SQLite counts in 32-bit
  /// milliseconds.
  let busyTimeout: Duration
  let reporter: MigrationReporter

  /// The 1,000 pages after which SQLite moves the write-ahead log into the file.
  private static let usualLogBytes = 1_000 * 4_096

  init(path: String, busyTimeout: Duration, reporter: MigrationReporter = .silent) {
    // SQLite may be built to take such a name as a URI, whose options could turn locking off.
    self.path = path.hasPrefix("file:") ? "./" + path : path
    self.busyTimeout = min(busyTimeout, .seconds(86_400))
    self.reporter = reporter
  }

  /// Whether the database is in memory. Such a database belongs to one connection and ends with it.
  var isInMemory: Bool { path == ":memory:" }

  /// The file at the path; nil if there is none or the database is in memory.
  var file: OpenFile? { isInMemory ? nil : OpenFile(path: path) }

  /// Opens the connection that writes; creates the file and its tables or migrates them if necessary.
  ///
  /// This blocks, so it must run on a thread of its own.
  func openWriter() throws(SQLiteOpenError) -> SQLiteConnection {
    do {
      try createFile()
      let connection = try SQLiteConnection(path: path, busyTimeout: busyTimeout)
      guard !connection.isReadOnly else { throw SQLiteOpenError.notWritable(path: path) }
      try retryingWhileBusy { try configure(connection) }
      return connection
    } catch {
      throw openError(error)
    }
  }

  private func configure(_ connection: SQLiteConnection) throws {
    // Checked before anything else, so that a file which is not ours is not changed.
    _ = try SQLiteSchema.needsMigration(connection, path: path)
    // In WAL mode, readers never wait for the writer.
    let journal = try connection.query("PRAGMA journal_mode = WAL") { $0.text(0) }
    guard isInMemory || journal == ["wal"] else {
      throw SQLiteOpenError.cannotOpen(path: path, reason: "its file system has no shared memory for write-ahead logging")
    }
    // FULL: a commit is on disk before it returns.
    try connection.execute("PRAGMA synchronous = FULL; PRAGMA foreign_keys = OFF; PRAGMA trusted_schema = OFF")
    // The log grows while a reader keeps an old state open. When it begins again, it is cut to the size at which it usually does.
    try connection.execute("PRAGMA journal_size_limit = \(Self.usualLogBytes)")
    try SQLiteSchema.migrate(connection, path: path, reporter: reporter)
    try connection.execute("PRAGMA foreign_keys = ON")
  }

  /// Opens the connection that copies or replaces a database of ours, whose tables it leaves as they are. This blocks.
  ///
  /// - Parameter isAlone: whether it is an error that another process has the database open.
  func openUnchanged(creating: Bool = false, isAlone: Bool = false) throws -> SQLiteConnection {
    if creating {
      try createFile()
    } else if let reason = FileObstacle.reason(for: path) {
      throw SQLiteOpenError.cannotOpen(path: path, reason: reason)
    }
    let connection = try SQLiteConnection(path: path, busyTimeout: busyTimeout)
    // Before the first read, because of which SQLite then asks for a lock that no other connection allows.
    if isAlone { try connection.execute("PRAGMA locking_mode = EXCLUSIVE") }
    _ = try SQLiteSchema.needsMigration(connection, path: path)
    return connection
  }

  /// Opens a connection that only reads and never waits: if it meets a lock, that is an error.
  func openReader() throws -> SQLiteConnection {
    let connection = try SQLiteConnection(path: path, busyTimeout: .zero)
    try connection.execute("PRAGMA query_only = ON; PRAGMA trusted_schema = OFF")
    // If the file does not fit into SQLite's default cache of 2 MB, a page in the cache is hardly ever used again. A small cache
    // at least stays in the processor's cache.
    if try connection.pragma("page_count") > 500 { try connection.execute("PRAGMA cache_size = -400") }
    return connection
  }

  /// Creates the file, readable only by its owner, before SQLite writes to it. SQLite gives the files beside it the same mode.
  /// If something is in the way, this says what: SQLite has one sentence for everything.
  private func createFile() throws(SQLiteOpenError) {
    guard !isInMemory else { return }
    guard !path.isEmpty, !path.utf8.contains(0) else { throw .cannotOpen(path: path, reason: "it is not a file name") }
    // O_EXCL: closing a file that another connection of this process has open would release the locks of that connection.
    let file = unsafe open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
    if file >= 0 {
      close(file)
    } else if errno != EEXIST {
      throw .cannotOpen(path: path, reason: unsafe String(cString: strerror(errno)))
    } else if let reason = FileObstacle.reason(for: path) {
      throw .cannotOpen(path: path, reason: reason)
    }
  }

  /// Repeats `body` until the busy timeout: SQLite does not wait, but fails at once, if another process is also switching to WAL.
  private func retryingWhileBusy(_ body: () throws -> Void) throws {
    let deadline = ContinuousClock.now + busyTimeout
    while true {
      do { return try body() } catch let error as SQLiteError where error.isBusy && ContinuousClock.now < deadline {
        usleep(10_000)
      }
    }
  }

  private func openError(_ error: any Error) -> SQLiteOpenError {
    switch error {
    case let error as SQLiteOpenError: error
    case let error as SQLiteError where error.primaryCode == SQLITE_NOTADB: .notADatabase(path: path)
    case let error as SQLiteError where [SQLITE_READONLY, SQLITE_PERM].contains(error.primaryCode): .notWritable(path: path)
    case let error as SQLiteError: .cannotOpen(path: path, reason: error.reason)
    default: .cannotOpen(path: path, reason: "\(error)")
    }
  }
}
