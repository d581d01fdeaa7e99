internal import AuthCore
internal import AuthCSQLite

/// A connection to a database, and the statements prepared on it.
///
/// `@unchecked Sendable`, because a handle of C's tells the compiler nothing of threads: it moves between them, but is used by one
/// at a time. The writer's connection never leaves its thread; a reader's is taken out of the pool by whoever uses it.
@safe
final class SQLiteConnection: @unchecked Sendable {
  private let handle: OpaquePointer
  private let busyMilliseconds: Int32
  private(set) var statements: [(sql: String, statement: SQLiteStatement)] = []

  /// Far more than the texts of this module; a bound, because filters can be combined at will.
  private static let maximumStatements = 64

  /// Opens a file that exists, or a database in memory.
  ///
  /// - Parameter busyTimeout: how long a statement waits for a lock that somebody else holds.
  init(path: String, busyTimeout: Duration) throws(SQLiteError) {
    var handle: OpaquePointer?
    // SQLite's own mutex would be locked for nothing: see above.
    let code = unsafe sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nil)
    guard code == SQLITE_OK, let opened = unsafe handle else {
      // SAFETY: SQLite may hand out a connection even when opening fails, and closing nil is allowed.
      unsafe sqlite3_close_v2(handle)
      throw SQLiteError(code: code)
    }
    unsafe self.handle = opened
    // SAFETY: the connection is open.
    unsafe sqlite3_extended_result_codes(opened, 1)
    busyMilliseconds = Int32(busyTimeout / .milliseconds(1))
    unsafe sqlite3_busy_timeout(opened, busyMilliseconds)
  }

  deinit {
    statements.removeAll()
    // SAFETY: opened by the initialiser and closed here alone, after its statements.
    unsafe sqlite3_close_v2(handle)
  }

  /// Whether the file can only be read, because of its permissions or its file system.
  var isReadOnly: Bool {
    // SAFETY: the connection is open.
    unsafe sqlite3_db_readonly(handle, "main") == 1
  }

  /// Runs a statement to its end and gives what `row` makes of each row.
  func query<Row>(_ sql: String, _ values: [SQLiteValue] = [], row: (SQLiteStatement) throws -> Row) throws -> [Row] {
    let statement = try statement(sql)
    defer { statement.reset() }
    for (index, value) in values.enumerated() { try statement.bind(value, at: Int32(index + 1)) }
    var rows: [Row] = []
    while try statement.step() { rows.append(try row(statement)) }
    return rows
  }

  /// Runs a statement that reads as far as its first row, and gives what `row` makes of that; nil for none. It has four
  /// parameters, the second of them text.
  func row<Row>(
    _ sql: String, _ first: Int64, _ text: String, _ third: Int64, _ fourth: Int64, row: (SQLiteStatement) throws -> Row
  ) throws -> Row? {
    let statement = try statement(sql)
    var text = text
    return try text.withUTF8 { text in
      // The statement forgets the text before it goes.
      defer { statement.reset() }
      try statement.bind(.integer(first), at: 1)
      unsafe try statement.bind(uncopied: text, at: 2)
      try statement.bind(.integer(third), at: 3)
      try statement.bind(.integer(fourth), at: 4)
      return try statement.step() ? row(statement) : nil
    }
  }

  /// Runs a statement to its end and gives the number of rows that it inserted, changed or deleted itself.
  @discardableResult
  func run(_ sql: String, _ values: [SQLiteValue] = []) throws -> Int {
    _ = try query(sql, values) { _ in }
    // SAFETY: the connection is open.
    return Int(unsafe sqlite3_changes(handle))
  }

  /// The number that a pragma gives.
  func pragma(_ name: String) throws -> Int64 {
    try query("PRAGMA \(name)") { $0.integer(0) }.first ?? 0
  }

  /// Runs several statements that need no values.
  func execute(_ script: String) throws(SQLiteError) {
    // SAFETY: the connection is open.
    let code = unsafe sqlite3_exec(handle, script, nil, nil, nil)
    guard code == SQLITE_OK else { throw SQLiteError(code: code) }
  }

  /// Runs `body` in a transaction that has the write lock from the start, so that what it reads is still true when it writes. An
  /// error undoes all of it.
  func transaction<Result>(_ body: () throws -> Result) throws -> Result {
    try run("BEGIN IMMEDIATE")
    do {
      let result = try body()
      try run("COMMIT")
      return result
    } catch {
      // It fails when SQLite has rolled back on its own, as it does when the disk is full.
      _ = try? run("ROLLBACK")
      throw error
    }
  }

  var isInTransaction: Bool {
    // SAFETY: the connection is open.
    unsafe sqlite3_get_autocommit(handle) == 0
  }

  /// How many rows all statements so far have inserted, changed or deleted, by triggers and foreign keys too.
  var totalChanges: Int32 {
    // SAFETY: the connection is open.
    unsafe sqlite3_total_changes(handle)
  }

  /// Runs `body`, which waits for locks that somebody else holds no longer, and no shorter, than this; with nil as at other times.
  func waiting<Result>(upTo timeout: Duration?, _ body: () throws -> Result) rethrows -> Result {
    guard let timeout else { return try body() }
    // SAFETY: the connection is open.
    unsafe sqlite3_busy_timeout(handle, Int32(timeout / .milliseconds(1)))
    defer { unsafe sqlite3_busy_timeout(handle, busyMilliseconds) }
    return try body()
  }

  /// Makes ``AuthCore/TokenDigest/sessionKey`` a function of SQL, `session_key(id)`, for sessions that were stored without one.
  func defineSessionKey() throws(SQLiteError) {
    // SAFETY: the connection is open; the function is called with the one value that it is declared to take, whose text is valid for
    // that many bytes until it returns.
    let code = unsafe sqlite3_create_function_v2(
      handle, "session_key", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, nil,
      { context, _, values in
        guard let id = unsafe values?[0], let start = unsafe sqlite3_value_text(id) else { return }
        let text = unsafe UnsafeBufferPointer(start: start, count: Int(sqlite3_value_bytes(id)))
        unsafe sqlite3_result_int64(context, TokenDigest(hex: String(decoding: text, as: UTF8.self)).sessionKey)
      }, nil, nil, nil)
    guard code == SQLITE_OK else { throw SQLiteError(code: code) }
  }

  private func statement(_ sql: String) throws -> SQLiteStatement {
    // A look at each is shorter than hashing the text: equal ones are mostly the same in memory.
    if let known = statements.first(where: { $0.sql == sql }) { return known.statement }
    if statements.count >= Self.maximumStatements { statements.removeAll() }
    let statement = unsafe try SQLiteStatement(sql, connection: handle)
    statements.append((sql, statement))
    return statement
  }
}
