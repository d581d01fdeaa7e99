internal import AuthCSQLite
internal import Glibc

/// A value to bind to a parameter of a statement.
enum SQLiteValue {
  case integer(Int64)
  case text(String)
  case null

  init(_ text: String?) {
    self = text.map(SQLiteValue.text) ?? .null
  }
}

/// A prepared statement and its current row. Like its connection, it is used by one thread at a time.
@safe
final class SQLiteStatement {
  private let handle: OpaquePointer

  init(_ sql: String, connection: OpaquePointer) throws(SQLiteError) {
    var handle: OpaquePointer?
    // SAFETY: the connection is open, and SQLite copies the text.
    let code = unsafe sqlite3_prepare_v3(connection, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &handle, nil)
    guard code == SQLITE_OK, let made = unsafe handle else { throw SQLiteError(code: code) }
    unsafe self.handle = made
  }

  deinit {
    // SAFETY: the initialiser prepared the statement; it is finalized only here.
    unsafe sqlite3_finalize(handle)
  }

  /// Binds a value to a parameter.
  ///
  /// - Parameter position: the number of the parameter, 1 for `?1`.
  func bind(_ value: SQLiteValue, at position: Int32) throws(SQLiteError) {
    // SAFETY: the statement is live. The text is copied, NUL included, before the call returns.
    let code =
      switch value {
      case .integer(let integer): unsafe sqlite3_bind_int64(handle, position, integer)
      case .text(var text): text.withUTF8 { unsafe csqlite_bind_text(handle, position, $0.baseAddress, Int32($0.count)) }
      case .null: unsafe sqlite3_bind_null(handle, position)
      }
    guard code == SQLITE_OK else { throw SQLiteError(code: code) }
  }

  /// Binds text without copying it. The text must stay valid until ``reset()``.
  func bind(uncopied text: UnsafeBufferPointer<UInt8>, at position: Int32) throws(SQLiteError) {
    // SAFETY: the statement is live, and the caller keeps the text valid until the statement is reset.
    let code = unsafe sqlite3_bind_text(handle, position, text.baseAddress, Int32(text.count), nil)
    guard code == SQLITE_OK else { throw SQLiteError(code: code) }
  }

  /// Moves to the next row; returns false after the last.
  func step() throws(SQLiteError) -> Bool {
    // SAFETY: the statement is live.
    switch unsafe sqlite3_step(handle) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    case let code: throw SQLiteError(code: code)
    }
  }

  /// Ends the run of the statement, which releases its locks, and clears the bound values.
  func reset() {
    // SAFETY: the statement is live. The returned code is that of the last step, which has already been reported.
    unsafe sqlite3_reset(handle)
    unsafe sqlite3_clear_bindings(handle)
  }

  func integer(_ column: Int32) -> Int64 {
    // SAFETY: the statement has a current row; for a column out of range SQLite returns 0.
    unsafe sqlite3_column_int64(handle, column)
  }

  /// The column's number; nil for null.
  func integerIfAny(_ column: Int32) -> Int64? {
    // SAFETY: the statement has a current row.
    unsafe sqlite3_column_type(handle, column) == SQLITE_NULL ? nil : integer(column)
  }

  /// The column's text; nil for null. If it equals `known`, that string is returned and no new one is made.
  func text(_ column: Int32, known: String? = nil) -> String? {
    // SAFETY: the pointer is valid for the given number of bytes until the next step, and is only used before that.
    guard let start = unsafe sqlite3_column_text(handle, column) else { return nil }
    let bytes = unsafe UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column)))
    let isKnown: (UnsafeBufferPointer<UInt8>) -> Bool = { known in
      guard known.count == bytes.count, let knownStart = known.baseAddress else { return false }
      return unsafe memcmp(knownStart, start, bytes.count) == 0
    }
    if var known, known.withUTF8(isKnown) { return known }
    return unsafe String(decoding: bytes, as: UTF8.self)
  }
}
