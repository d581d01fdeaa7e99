/// What a database holds, after a check that found nothing wrong.
public struct SQLiteSummary: Sendable, Equatable {
  /// The version of its tables.
  public let schemaVersion: Int64
  /// The size of its pages in bytes, without the write-ahead log.
  public let bytes: Int64
  /// The number of rows of each table, in the order of their names.
  public let rows: [Table]

  /// One table.
  public struct Table: Sendable, Equatable {
    /// Its name.
    public let name: String
    /// The number of its rows.
    public let count: Int64
  }

  /// The number of rows of a table; nil if there is none with this name.
  public subscript(_ table: String) -> Int64? { rows.first { $0.name == table }?.count }
}

extension SQLiteConnection {
  /// Checks every page, index and foreign key, and counts the rows, all at one moment.
  ///
  /// - Throws: ``SQLiteBackupError/damaged(path:findings:)``; ``SQLiteOpenError`` for a database that is not ours.
  func summary(path: String) throws -> SQLiteSummary {
    try run("BEGIN")
    defer { _ = try? run("ROLLBACK") }
    _ = try SQLiteSchema.needsMigration(self, path: path)
    var findings = try query("PRAGMA integrity_check(10)") { $0.text(0) ?? "" }.filter { $0 != "ok" }
    findings += try query("PRAGMA foreign_key_check") { row in
      "a row of \(row.text(0) ?? "a table") refers to none of \(row.text(2) ?? "another")"
    }.prefix(10)
    guard findings.isEmpty else { throw SQLiteBackupError.damaged(path: path, findings: findings) }
    let tables = try query(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"
    ) { $0.text(0) ?? "" }
    return SQLiteSummary(
      schemaVersion: try pragma("user_version"), bytes: try pragma("page_count") * pragma("page_size"),
      rows: try tables.map { name in
        let counts = try query("SELECT count(*) FROM \"\(name)\"") { $0.integer(0) }
        return SQLiteSummary.Table(name: name, count: counts.first ?? 0)
      })
  }
}
