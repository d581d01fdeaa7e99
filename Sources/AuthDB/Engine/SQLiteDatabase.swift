internal import AuthCSQLite
internal import Glibc

/// Where a database is and how its connections are opened.
struct SQLiteDatabase {
  let path: String
  /// How long the writer waits for a lock that another process holds; a day at most, which SQLite can count in milliseconds.
  let busyTimeout: Duration

  init(path: String, busyTimeout: Duration) {
    // SQLite may be built to take such a name for a URI, with options that turn locks off.
    self.path = path.hasPrefix("file:") ? "./" + path : path
    self.busyTimeout = min(busyTimeout, .seconds(86_400))
  }

  /// A database in memory belongs to one connection and goes with it.
  var isInMemory: Bool { path == ":memory:" }

  /// The file at the path; nil for none, and for a database in memory.
  var file: OpenFile? { isInMemory ? nil : OpenFile(path: path) }

  /// The connection that writes, on a database that exists and has the present tables. Waits, and so runs on a thread of its own.
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
    // First of all, for what is not ours is to stay as it is.
    _ = try SQLiteSchema.needsMigration(connection, path: path)
    // In WAL mode readers never wait for the writer.
    let journal = try connection.query("PRAGMA journal_mode = WAL") { $0.text(0) }
    guard isInMemory || journal == ["wal"] else {
      throw SQLiteOpenError.cannotOpen(path: path, reason: "its file system has no shared memory for write-ahead logging")
    }
    // FULL: a commit is on the disk before it returns.
    try connection.execute("PRAGMA synchronous = FULL; PRAGMA foreign_keys = OFF; PRAGMA trusted_schema = OFF")
    try SQLiteSchema.migrate(connection, path: path)
    try connection.execute("PRAGMA foreign_keys = ON")
  }

  /// A connection that only reads and never waits: a lock that is in its way is an error.
  func openReader() throws -> SQLiteConnection {
    let connection = try SQLiteConnection(path: path, busyTimeout: .zero)
    try connection.execute("PRAGMA query_only = ON; PRAGMA trusted_schema = OFF")
    // Of a file that does not fit into SQLite's own 2 MB hardly a page is wanted again, and what it is copied to had better stay in the
    // processor's cache.
    if try connection.pragma("page_count") > 500 { try connection.execute("PRAGMA cache_size = -400") }
    return connection
  }

  /// Makes a new file readable by its owner alone, before there is anything in it. SQLite gives its companions the same mode.
  private func createFile() throws(SQLiteOpenError) {
    guard !isInMemory else { return }
    guard !path.isEmpty, !path.utf8.contains(0) else { throw .cannotOpen(path: path, reason: "that is not a file name") }
    // Exclusively, because closing a file that a connection of this process has open would release that connection's locks.
    let file = unsafe open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
    if file >= 0 {
      close(file)
    } else if errno != EEXIST {
      throw .cannotOpen(path: path, reason: unsafe String(cString: strerror(errno)))
    }
  }

  /// Switching to WAL is refused at once, without the usual waiting, while another process does the same.
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
