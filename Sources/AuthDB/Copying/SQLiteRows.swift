package import AuthCore

/// The rows of an SQLite database, for a copy from or to another one.
package struct SQLiteRows: StoreTarget {
  private static let rowsAtOnce = 1_000

  let path: String
  let connection: SQLiteConnection

  /// Reads a database that no process has open. What a server acknowledged meanwhile would not be in the copy.
  ///
  /// - Throws: ``SQLiteBackupError``, and what `body` throws.
  package static func reading<Result>(_ path: String, _ body: (SQLiteRows) throws -> Result) throws -> Result {
    let rows = try DatabaseFile(readingAlone: path).rows
    try rows.explaining {
      let version = try rows.connection.pragma("user_version")
      guard version > 0 else { throw SQLiteBackupError.failed(path: path, reason: "it is empty") }
      guard version == SQLiteSchema.version else {
        throw SQLiteBackupError.failed(path: path, reason: "it has tables of an earlier release; run AuthServer migrate first")
      }
      try rows.connection.run("BEGIN")
    }
    return try body(rows)
  }

  /// Fills a database where there is none, all of it or nothing, or reads one that is there.
  ///
  /// - Throws: ``SQLiteBackupError``, and what `body` throws.
  package static func filling<Result>(_ path: String, _ body: (SQLiteRows) throws -> Result) throws -> Result {
    if DatabaseFile.exists(path) {
      return try reading(path) { rows in
        guard try rows.lastUserID() > 0 else { throw SQLiteBackupError.exists(path: path) }
        return try body(rows)
      }
    }
    // Opened beside the file, they would be taken for its own.
    for suffix in ["-wal", "-journal"] where DatabaseFile.exists(path + suffix) {
      throw SQLiteBackupError.failed(path: path + suffix, reason: "it belongs to another database; move it away")
    }
    let outcome = try UnfinishedFile.with(path + ".copying") { unfinished throws(SQLiteBackupError) in
      let outcome = Swift.Result { try DatabaseFile(migrating: unfinished) { _ in }.rows.transaction(body) }
      if case .success = outcome {
        UnfinishedFile.giveToOwnerOfDirectory(unfinished)
        try UnfinishedFile.rename(unfinished, to: path)
      }
      return outcome
    }
    return try outcome.get()
  }

  /// Runs `body` in a transaction, and makes one file of the database.
  private func transaction<Result>(_ body: (SQLiteRows) throws -> Result) throws -> Result {
    try explaining {
      try connection.defineSessionKey()
      // 256 MB: sessions come in no order of their keys, and each would read a page.
      try connection.execute("PRAGMA cache_size = -262144")
      let result = try connection.transaction {
        // Users refer to their sessions, and these to them.
        try connection.execute("PRAGMA defer_foreign_keys = ON")
        return try body(self)
      }
      try connection.execute("PRAGMA journal_mode = DELETE")
      return result
    }
  }

  /// Gives the errors of SQLite the file that they are about.
  private func explaining<Result>(_ body: () throws -> Result) throws -> Result {
    do { return try body() } catch let error as SQLiteError {
      throw SQLiteBackupError.failed(path: path, reason: error.reason)
    }
  }

  package func read(_ table: StoreTable, _ body: ([[StoreValue]]) throws -> Void) throws {
    let columns = table.columns.map { column in
      switch (table, column.name) {
      // What sessions of earlier releases leave out; see the schema.
      case (_, "authenticated_at"):
        "CASE WHEN methods = '' THEN authenticated_at ELSE coalesce(authenticated_at, created_at) END"
      // Where nothing has that id, nothing is lost, and other databases could not hold it.
      case (.users, "session_id"): "(SELECT s.id FROM sessions s WHERE s.id = users.session_id AND s.user_id = users.id)"
      case (.users, "reset_token"): "(SELECT t.id FROM reset_tokens t WHERE t.id = users.reset_token AND t.user_id = users.id)"
      default: column.name
      }
    }
    var rows: [[StoreValue]] = []
    let sql = "SELECT \(columns.joined(separator: ", ")) FROM \(table.rawValue)"
    try explaining {
      _ = try connection.query(sql) { statement in
        rows.append(
          table.columns.enumerated().map { index, column in
            let index = Int32(index)
            return switch column.kind {
            case .integer: statement.integerIfAny(index).map(StoreValue.integer) ?? .null
            case .text, .anyText, .digest: statement.text(index).map(StoreValue.text) ?? .null
            }
          })
        guard rows.count == Self.rowsAtOnce else { return }
        try body(rows)
        rows = []
      }
    }
    if !rows.isEmpty { try body(rows) }
  }

  package func lastUserID() throws -> Int64 {
    try explaining {
      try connection.query("SELECT seq FROM sqlite_sequence WHERE name = 'users'") { $0.integer(0) }.first ?? 0
    }
  }

  package func insert(_ rows: [[StoreValue]], into table: StoreTable) throws {
    var columns = table.columns.map(\.name)
    var values = columns.indices.map { "?\($0 + 1)" }
    if table == .sessions {
      // Made of the id and of the user.
      columns += ["key", "user_email"]
      values += ["session_key(?1)", "(SELECT email FROM users WHERE id = ?2)"]
    }
    let sql = """
      INSERT INTO \(table.rawValue) (\(columns.joined(separator: ", "))) VALUES (\(values.joined(separator: ", ")))
      """
    try explaining {
      for row in rows { try connection.run(sql, row.map(SQLiteValue.init)) }
    }
  }

  package func continueNumbers(lastUserID: Int64) throws {
    try explaining {
      // Whether there is a row depends on whether a user was inserted.
      try connection.run("DELETE FROM sqlite_sequence WHERE name = 'users'")
      try connection.run("INSERT INTO sqlite_sequence (name, seq) VALUES ('users', ?)", [.integer(lastUserID)])
    }
  }
}

extension SQLiteValue {
  fileprivate init(_ value: StoreValue) {
    self =
      switch value {
      case .null: .null
      case .integer(let integer): .integer(integer)
      case .text(let text): .text(text)
      }
  }
}
