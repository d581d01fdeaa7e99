internal import AuthCSQLite
internal import Glibc

/// A database that is copied, checked or replaced as a whole. Its operations block.
struct DatabaseFile {
  let path: String
  private let connection: SQLiteConnection

  /// How long to wait for the lock of another process.
  private static let patience = Duration.seconds(5)

  /// Opens a database of ours to copy or check it.
  init(reading path: String) throws(SQLiteBackupError) {
    self.path = path
    connection = try Self.explaining(path) {
      guard Self.exists(path) else { throw SQLiteBackupError.noFile(path: path) }
      let connection = try SQLiteDatabase(path: path, busyTimeout: Self.patience).openUnchanged()
      try connection.execute("PRAGMA query_only = ON")
      return connection
    }
  }

  /// Opens a database of ours to read all of it, while no other process has it open.
  init(readingAlone path: String) throws(SQLiteBackupError) {
    self.path = path
    connection = try Self.explaining(path) {
      guard Self.exists(path) else { throw SQLiteBackupError.noFile(path: path) }
      do {
        let connection = try SQLiteDatabase(path: path, busyTimeout: .seconds(1)).openUnchanged(isAlone: true)
        try connection.execute("PRAGMA query_only = ON")
        return connection
      } catch let error as SQLiteError where error.isBusy {
        throw SQLiteBackupError.inUse(path: path)
      }
    }
  }

  /// Opens an empty file that is to become a copy.
  init(filling path: String) throws(SQLiteBackupError) {
    self.path = path
    connection = try Self.explaining(path) { try SQLiteConnection(path: path, busyTimeout: Self.patience) }
  }

  /// Opens a copy, and migrates it if it is of an earlier version.
  init(migrating path: String, _ report: @escaping SQLiteMigration.Report) throws(SQLiteBackupError) {
    self.path = path
    connection = try Self.explaining(path) {
      try SQLiteDatabase(path: path, busyTimeout: Self.patience, reporter: MigrationReporter(report: report)).openWriter()
    }
  }

  /// Opens the database that is to be replaced, or creates it, so that no other process can use it.
  init(replacing path: String) throws(SQLiteBackupError) {
    self.path = path
    let isNew = !Self.exists(path)
    connection = try Self.explaining(path) {
      do {
        let connection = try SQLiteDatabase(path: path, busyTimeout: .seconds(1)).openUnchanged(creating: true)
        if isNew { UnfinishedFile.giveToOwnerOfDirectory(path) }
        // The write-ahead log cannot be given up while another connection is open, even one that does nothing.
        try connection.execute("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE; COMMIT")
        return connection
      } catch let error as SQLiteError where error.isBusy {
        throw SQLiteBackupError.inUse(path: path)
      }
    }
  }

  /// Copies what the database is at this moment, and checks the copy, which becomes a single file.
  func copy(
    into copy: DatabaseFile, _ progress: (Double) -> Void
  ) throws(SQLiteBackupError) -> SQLiteSummary {
    try Self.explaining(path, written: copy.path) {
      try connection.run("BEGIN")
      defer { _ = try? connection.run("ROLLBACK") }
      // A transaction sees the database as it is at its first read.
      _ = try connection.pragma("user_version")
      try connection.copy(into: copy.connection, progress: progress)
      try copy.connection.execute("PRAGMA journal_mode = DELETE")
    }
    return try copy.summary()
  }

  /// Its rows, to be read or written as they are.
  var rows: SQLiteRows { SQLiteRows(path: path, connection: connection) }

  func endSessions() throws(SQLiteBackupError) {
    try Self.explaining(path) {
      try connection.transaction {
        try connection.run("DELETE FROM sessions")
        try connection.run("DELETE FROM reset_tokens")
      }
    }
  }

  func summary() throws(SQLiteBackupError) -> SQLiteSummary {
    try Self.explaining(path) { try connection.summary(path: path) }
  }

  static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

  /// Gives each error the file that it is about: what is damaged is what was read, and anything else failed on what was written.
  private static func explaining<Result>(
    _ path: String, written: String? = nil, _ body: () throws -> Result
  ) throws(SQLiteBackupError) -> Result {
    do { return try body() } catch {
      switch error {
      case let error as SQLiteBackupError: throw error
      case let error as SQLiteOpenError: throw .cannotOpen(error)
      case let error as SQLiteError where [SQLITE_CORRUPT, SQLITE_NOTADB].contains(error.primaryCode):
        throw .damaged(path: path, findings: [error.reason])
      case let error as SQLiteError: throw .failed(path: written ?? path, reason: error.reason)
      default: throw .failed(path: written ?? path, reason: "\(error)")
      }
    }
  }
}
