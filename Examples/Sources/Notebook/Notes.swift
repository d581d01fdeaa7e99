import AuthCore
import CSQLite

/// A table of the application's own, in the file of the accounts. The notes of a deleted account go with it.
actor Notes {
  private var database: OpaquePointer?

  init(path: String) async throws {
    sqlite3_open(path, &database)
    sqlite3_busy_timeout(database, 5000)
    try rows("CREATE TABLE IF NOT EXISTS notes (user_id INTEGER NOT NULL REFERENCES users ON DELETE CASCADE, text TEXT NOT NULL)")
  }

  func all(of user: User.ID) throws -> [String] { try rows("SELECT text FROM notes WHERE user_id = ?1 ORDER BY rowid", user) }
  func add(_ text: String, of user: User.ID) throws { try rows("INSERT INTO notes (user_id, text) VALUES (?1, ?2)", user, text) }

  @discardableResult private func rows(_ sql: String, _ user: User.ID = 0, _ text: String = "") throws -> [String] {
    var statement: OpaquePointer?
    defer { sqlite3_finalize(statement) }
    sqlite3_prepare_v2(database, sql, -1, &statement, nil)
    sqlite3_bind_int64(statement, 1, user)
    bind_text(statement, 2, text)
    var rows: [String] = []
    while sqlite3_step(statement) == SQLITE_ROW { rows.append(String(cString: sqlite3_column_text(statement, 0))) }
    // A handler that throws it responds with 503, and the reason is in the log.
    guard sqlite3_errcode(database) == SQLITE_DONE else { throw AuthError.unavailable(String(cString: sqlite3_errmsg(database))) }
    return rows
  }
}
