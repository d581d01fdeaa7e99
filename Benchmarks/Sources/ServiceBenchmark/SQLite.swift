import BenchmarkSupport
import CSQLite3
import Foundation

/// A connection of plain libsqlite3, with nothing of swift-auth.
final class SQLite {
  enum Value {
    case integer(Int64)
    case text(String)
  }

  let handle: OpaquePointer

  init(_ file: URL) throws {
    var handle: OpaquePointer?
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
    guard sqlite3_open_v2(file.path(percentEncoded: false), &handle, flags, nil) == SQLITE_OK, let handle else {
      throw CommandFailure(message: "cannot open \(file)")
    }
    self.handle = handle
    sqlite3_busy_timeout(handle, 5000)
  }

  deinit {
    sqlite3_close_v2(handle)
  }

  func execute(_ script: String) throws {
    try check(sqlite3_exec(handle, script, nil, nil, nil))
  }

  func prepare(_ sql: String) throws -> Statement {
    var statement: OpaquePointer?
    try check(sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil))
    return Statement(handle: statement!, connection: self)
  }

  /// The number that a query gives.
  func number(_ query: String) throws -> Int {
    let statement = try prepare(query)
    guard sqlite3_step(statement.handle) == SQLITE_ROW else { throw CommandFailure(message: "no row: \(query)") }
    return Int(sqlite3_column_int64(statement.handle, 0))
  }

  fileprivate func check(_ code: Int32) throws {
    guard [SQLITE_OK, SQLITE_ROW, SQLITE_DONE].contains(code) else {
      throw CommandFailure(message: "SQLite: " + String(cString: sqlite3_errmsg(handle)))
    }
  }
}

/// A prepared statement.
final class Statement {
  let handle: OpaquePointer
  private let connection: SQLite

  fileprivate init(handle: OpaquePointer, connection: SQLite) {
    self.handle = handle
    self.connection = connection
  }

  deinit {
    sqlite3_finalize(handle)
  }

  /// Runs the statement to its end.
  func run(_ values: SQLite.Value...) throws {
    for (index, value) in values.enumerated() {
      switch value {
      case .integer(let integer): sqlite3_bind_int64(handle, Int32(index + 1), integer)
      case .text(let text): csqlite3_bind_text(handle, Int32(index + 1), text, Int32(text.utf8.count))
      }
    }
    while sqlite3_step(handle) == SQLITE_ROW {}
    try connection.check(sqlite3_reset(handle))
  }
}
