internal import AuthCore

/// Copies of a database: made while servers use it, checked, and put back.
///
/// A backup is one file, which only its owner can read, with everything that was acknowledged before it began. It contains
/// password hashes and emails.
public enum SQLiteBackup {
  /// Is told now and then which part is done, from 0 to 1.
  public typealias Progress = @Sendable (Double) -> Void

  /// Copies a database to a new file. Servers go on reading and writing; what they write meanwhile is not in the copy.
  ///
  /// The copy is checked like ``check(_:)`` before it gets its name: a file of this name is complete and on disk.
  ///
  /// - Returns: what the copy holds.
  /// - Throws: ``SQLiteBackupError``; then there is no file at `destination`.
  public static func make(
    of path: String, to destination: String, progress: @escaping Progress = { _ in }
  ) async throws(SQLiteBackupError) -> SQLiteSummary {
    try await onThread { () throws(SQLiteBackupError) in
      let source = try DatabaseFile(reading: path)
      guard !DatabaseFile.exists(destination) else { throw .exists(path: destination) }
      return try UnfinishedFile.with(destination + ".partial") { unfinished throws(SQLiteBackupError) in
        let summary = try source.copy(into: DatabaseFile(filling: unfinished), progress)
        try UnfinishedFile.rename(unfinished, to: destination)
        return summary
      }
    }
  }

  /// Puts a backup in the place of a database that no process has open, or where there is none. The database is replaced in one
  /// transaction: if the process ends meanwhile, it is as it was.
  ///
  /// - Parameters:
  ///   - backup: the copy that takes the place of the file.
  ///   - path: the file of the database.
  ///   - progress: is told how much is done.
  ///   - endingSessions: whether sessions and reset tokens of the backup are deleted. Otherwise those that were ended or used
  ///     since it was made are valid again.
  ///   - onMigration: is told how a backup of an earlier release is migrated.
  /// - Returns: what the restored database holds.
  /// - Throws: ``SQLiteBackupError``; then the database has not changed.
  public static func restore(
    _ backup: String, to path: String, endingSessions: Bool = true, progress: @escaping Progress = { _ in },
    onMigration: @escaping SQLiteMigration.Report = { _ in }
  ) async throws(SQLiteBackupError) -> SQLiteSummary {
    try await onThread { () throws(SQLiteBackupError) in
      let source = try DatabaseFile(reading: backup)
      return try UnfinishedFile.with(path + ".restoring") { unfinished throws(SQLiteBackupError) in
        _ = try source.copy(into: DatabaseFile(filling: unfinished)) { progress($0 / 2) }
        // Sessions end here and not in the database, where they would be valid for a moment.
        let prepared = try DatabaseFile(migrating: unfinished, onMigration)
        if endingSessions { try prepared.endSessions() }
        return try prepared.copy(into: DatabaseFile(replacing: path)) { progress(0.5 + $0 / 2) }
      }
    }
  }

  /// Checks every page, index and foreign key of a database, and counts its rows. Servers go on using it.
  ///
  /// - Throws: ``SQLiteBackupError``.
  public static func check(_ path: String) async throws(SQLiteBackupError) -> SQLiteSummary {
    try await onThread { () throws(SQLiteBackupError) in try DatabaseFile(reading: path).summary() }
  }
}
