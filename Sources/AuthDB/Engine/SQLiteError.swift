internal import AuthCSQLite

/// An error code of SQLite. It contains no SQL and no values.
struct SQLiteError: Error, Equatable {
  /// The extended result code: https://sqlite.org/rescode.html
  let code: Int32

  /// The lowest byte of the code, the kind of failure.
  var primaryCode: Int32 { code & 0xff }

  /// Whether another connection holds a lock. The same call may succeed later.
  var isBusy: Bool { primaryCode == SQLITE_BUSY || primaryCode == SQLITE_LOCKED }

  /// Whether a constraint refused the statement, which in that case changed nothing.
  var isConstraint: Bool { primaryCode == SQLITE_CONSTRAINT }

  /// SQLite's description of the code.
  var reason: String { unsafe String(cString: sqlite3_errstr(code)) }
}

extension SQLiteError {
  /// `SQLITE_CONSTRAINT_UNIQUE`, which is a macro that Swift does not import.
  static let uniqueViolation: Int32 = 2067
}

/// Why an operation did not reach SQLite.
struct SQLiteUnavailable: Error, CustomStringConvertible {
  let description: String
}
