internal import AuthCore
internal import AuthCSQLite
internal import Glibc

/// A value on its way into a statement.
enum SQLiteValue {
  case integer(Int64)
  case text(String)
  case null

  init(_ text: String?) {
    self = text.map(SQLiteValue.text) ?? .null
  }

  init(_ moment: Timestamp) {
    self = .integer(moment.secondsSince1970)
  }
}

/// A prepared statement, and the row on which it stands. Used by one thread at a time, as its connection is.
@safe
final class SQLiteStatement {
  private let handle: OpaquePointer

  init(_ sql: String, connection: OpaquePointer) throws(SQLiteError) {
    var handle: OpaquePointer?
    // SAFETY: the connection is open; SQLite copies the text, and finalizes nothing that it did not make.
    let code = unsafe sqlite3_prepare_v3(connection, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &handle, nil)
    guard code == SQLITE_OK, let made = unsafe handle else { throw SQLiteError(code: code) }
    unsafe self.handle = made
  }

  deinit {
    // SAFETY: prepared by the initialiser and finalized here alone.
    unsafe sqlite3_finalize(handle)
  }

  /// - Parameter position: 1 for `?1`.
  func bind(_ value: SQLiteValue, at position: Int32) throws(SQLiteError) {
    // SAFETY: the statement is live; text is copied before the call returns, NUL bytes included.
    let code =
      switch value {
      case .integer(let integer): unsafe sqlite3_bind_int64(handle, position, integer)
      case .text(var text): text.withUTF8 { unsafe csqlite_bind_text(handle, position, $0.baseAddress, Int32($0.count)) }
      case .null: unsafe sqlite3_bind_null(handle, position)
      }
    guard code == SQLITE_OK else { throw SQLiteError(code: code) }
  }

  /// The same for text that stays where it is until ``reset()``.
  func bind(uncopied text: UnsafeBufferPointer<UInt8>, at position: Int32) throws(SQLiteError) {
    // SAFETY: the statement is live, and the text outlives its run.
    let code = unsafe sqlite3_bind_text(handle, position, text.baseAddress, Int32(text.count), nil)
    guard code == SQLITE_OK else { throw SQLiteError(code: code) }
  }

  /// Goes to the next row; false after the last.
  func step() throws(SQLiteError) -> Bool {
    // SAFETY: the statement is live.
    switch unsafe sqlite3_step(handle) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    case let code: throw SQLiteError(code: code)
    }
  }

  /// Ends the statement's run, and with it its locks, and forgets the values bound to it.
  func reset() {
    // SAFETY: the statement is live. The code that reset returns is that of the last step, which has been reported.
    unsafe sqlite3_reset(handle)
    unsafe sqlite3_clear_bindings(handle)
  }

  func integer(_ column: Int32) -> Int64 {
    // SAFETY: the statement stands on a row; for a column out of range SQLite answers 0.
    unsafe sqlite3_column_int64(handle, column)
  }

  func timestamp(_ column: Int32) -> Timestamp { Timestamp(secondsSince1970: integer(column)) }

  /// The column's text; nil for null. Where it is `known` no other string is made.
  func text(_ column: Int32, known: String? = nil) -> String? {
    // SAFETY: the pointer is valid for that many bytes until the next step, and is copied or compared before.
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
