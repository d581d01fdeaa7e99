internal import AuthCore
internal import AuthCSQLite

/// A result code of SQLite other than success. It carries no SQL and no value.
struct SQLiteError: Error, Equatable {
  /// The extended result code: https://sqlite.org/rescode.html
  let code: Int32

  /// Its first byte: the kind of failure.
  var primaryCode: Int32 { code & 0xff }

  /// Somebody else holds a lock; the same call may succeed later.
  var isBusy: Bool { primaryCode == SQLITE_BUSY || primaryCode == SQLITE_LOCKED }

  /// A constraint refused the statement, which has changed nothing then.
  var isConstraint: Bool { primaryCode == SQLITE_CONSTRAINT }

  /// SQLite's own words for the code.
  var reason: String { unsafe String(cString: sqlite3_errstr(code)) }
}

extension StoreError {
  /// The only unique constraint that a caller can violate is the one on addresses: ids and digests are ours.
  init(_ error: SQLiteError) {
    self = error.code == SQLiteError.uniqueViolation ? .emailTaken : .unavailable(error.reason)
  }
}

extension SQLiteError {
  /// `SQLITE_CONSTRAINT_UNIQUE`, a macro that Swift does not import.
  static let uniqueViolation: Int32 = 2067
}
