internal import ArgumentParser
internal import AuthDB
internal import FoundationEssentials

/// Copies of the database that `--database` names. Like ``OpenedStore``, this knows which database it is.
extension StoreLocation {
  func backUp(to file: String, _ progress: @escaping SQLiteBackup.Progress) async throws -> OutputRecord {
    try await SQLiteBackup.make(of: path, to: file, progress: progress).record
  }

  func restore(_ file: String, endingSessions: Bool, _ progress: Percentage) async throws -> OutputRecord {
    try await SQLiteBackup.restore(
      file, to: path, endingSessions: endingSessions, progress: { progress.show($0) },
      onMigration: { progress.note("\($0)") }
    ).record
  }

  func check() async throws -> OutputRecord {
    try await SQLiteBackup.check(path).record
  }

  /// Whether there is such a database. One of PostgreSQL is not created by opening it.
  var exists: Bool {
    get throws {
      if case .postgres = self { return true }
      return FileManager.default.fileExists(atPath: try path)
    }
  }

  /// The path of the file.
  ///
  /// - Throws: `ValidationError` for a database without one.
  var path: String {
    get throws {
      switch self {
      case .file(let path): return path
      case .memory:
        throw ValidationError(":memory: is not a file; name the file of the server")
      case .postgres:
        throw ValidationError(
          "\(ServiceSettings.Database.option) names a PostgreSQL database, which PostgreSQL's own programs back up, restore and "
            + "check: pg_dump, pg_basebackup, pg_amcheck")
      }
    }
  }
}

extension SQLiteSummary {
  fileprivate var record: OutputRecord {
    var record = OutputRecord()
    record.add("schema_version", schemaVersion)
    record.add("bytes", bytes)
    for table in rows { record.add(table.name, table.count) }
    return record
  }
}
