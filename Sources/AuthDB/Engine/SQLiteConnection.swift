internal import AuthCSQLite

/// A connection to a database, and the statements prepared on it.
///
/// It is `@unchecked Sendable` because the compiler knows nothing of SQLite's threading: a connection may move between threads
/// but is used by one at a time. The writer's never leaves its thread; a reader takes its own out of the pool while it uses it.
@safe
final class SQLiteConnection: @unchecked Sendable {
  private let handle: OpaquePointer
  private let busyMilliseconds: Int32
  private(set) var statements: [(sql: String, statement: SQLiteStatement)] = []

  /// The maximum number of statements kept prepared: far more than this module has. A bound is needed because filters can be
  /// combined freely.
  private static let maximumStatements = 128

  /// Opens a file that exists, or a database in memory.
  ///
  /// - Parameter busyTimeout: how long a statement waits for a lock that another connection holds.
  init(path: String, busyTimeout: Duration) throws(SQLiteError) {
    var handle: OpaquePointer?
    // NOMUTEX: only one thread uses the connection at a time, as said above.
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
    // SAFETY: the initialiser opened the connection; it is closed only here, after its statements.
    unsafe sqlite3_close_v2(handle)
  }

  /// Whether the file can only be read, because of its permissions or its file system.
  var isReadOnly: Bool {
    // SAFETY: the connection is open.
    unsafe sqlite3_db_readonly(handle, "main") == 1
  }

  /// Runs a statement to its end and returns its rows, converted by `row`.
  func query<Row>(_ sql: String, _ values: [SQLiteValue] = [], row: (SQLiteStatement) throws -> Row) throws -> [Row] {
    let statement = try statement(sql)
    defer { statement.reset() }
    for (index, value) in values.enumerated() { try statement.bind(value, at: Int32(index + 1)) }
    var rows: [Row] = []
    while try statement.step() { rows.append(try row(statement)) }
    return rows
  }

  /// Runs a statement as far as its first row and returns that row, converted by `row`; nil if there is none.
  ///
  /// The statement has four parameters, the second of them text. They are bound without an array and without copying the text,
  /// because looking up a session takes only microseconds.
  func row<Row>(
    _ sql: String, _ first: Int64, _ text: String, _ third: Int64, _ fourth: Int64, row: (SQLiteStatement) throws -> Row
  ) throws -> Row? {
    let statement = try statement(sql)
    var text = text
    return try text.withUTF8 { text in
      // Clears the binding of the text before the text's memory becomes invalid.
      defer { statement.reset() }
      try statement.bind(.integer(first), at: 1)
      unsafe try statement.bind(uncopied: text, at: 2)
      try statement.bind(.integer(third), at: 3)
      try statement.bind(.integer(fourth), at: 4)
      return try statement.step() ? row(statement) : nil
    }
  }

  /// Runs a statement to its end and returns how many rows it inserted, changed or deleted, without those of triggers.
  @discardableResult
  func run(_ sql: String, _ values: [SQLiteValue] = []) throws -> Int {
    _ = try query(sql, values) { _ in }
    // SAFETY: the connection is open.
    return Int(unsafe sqlite3_changes(handle))
  }

  /// The value of a pragma that is a number.
  func pragma(_ name: String) throws -> Int64 {
    try query("PRAGMA \(name)") { $0.integer(0) }.first ?? 0
  }

  /// Runs one or more statements without parameters.
  func execute(_ script: String) throws(SQLiteError) {
    // SAFETY: the connection is open.
    let code = unsafe sqlite3_exec(handle, script, nil, nil, nil)
    guard code == SQLITE_OK else { throw SQLiteError(code: code) }
  }

  /// Runs `body` in a transaction, which an error rolls back.
  ///
  /// The transaction has the write lock from the start, so that what `body` reads is still true when it writes.
  func transaction<Result>(_ body: () throws -> Result) throws -> Result {
    try run("BEGIN IMMEDIATE")
    do {
      let result = try body()
      try run("COMMIT")
      return result
    } catch {
      // This fails if SQLite has already rolled back by itself, as it does when the disk is full.
      _ = try? run("ROLLBACK")
      throw error
    }
  }

  var isInTransaction: Bool {
    // SAFETY: the connection is open.
    unsafe sqlite3_get_autocommit(handle) == 0
  }

  /// How many rows all statements so far have inserted, changed or deleted, including those of triggers and foreign keys.
  var totalChanges: Int32 {
    // SAFETY: the connection is open.
    unsafe sqlite3_total_changes(handle)
  }

  /// Runs `body` with another limit on how long a statement waits for a lock; nil for the usual one.
  func waiting<Result>(upTo timeout: Duration?, _ body: () throws -> Result) rethrows -> Result {
    guard let timeout else { return try body() }
    // SAFETY: the connection is open.
    unsafe sqlite3_busy_timeout(handle, Int32(timeout / .milliseconds(1)))
    defer { unsafe sqlite3_busy_timeout(handle, busyMilliseconds) }
    return try body()
  }

  /// Defines an SQL function of one text.
  func defineFunction(_ name: String, _ body: @escaping (String) -> Int64) throws(SQLiteError) {
    final class Function {
      let body: (String) -> Int64
      init(_ body: @escaping (String) -> Int64) { self.body = body }
    }

    // SAFETY: the connection is open. SQLite owns the box until it releases it. It calls the function with one value, whose text
    // is valid for the given number of bytes until the function returns.
    let code = unsafe sqlite3_create_function_v2(
      handle, name, 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, Unmanaged.passRetained(Function(body)).toOpaque(),
      { context, _, values in
        guard let value = unsafe values?[0], let start = unsafe sqlite3_value_text(value) else { return }
        let text = unsafe UnsafeBufferPointer(start: start, count: Int(sqlite3_value_bytes(value)))
        let function = unsafe Unmanaged<Function>.fromOpaque(sqlite3_user_data(context)).takeUnretainedValue()
        unsafe sqlite3_result_int64(context, function.body(String(decoding: text, as: UTF8.self)))
      }, nil, nil, { unsafe Unmanaged<Function>.fromOpaque($0!).release() })
    guard code == SQLITE_OK else { throw SQLiteError(code: code) }
  }

  /// Runs `body`, and calls `look` with the text of the statement that is running, each time that SQLite has done `steps` of its
  /// instructions for one statement.
  func watching(every steps: Int32, _ look: @escaping (String) -> Void, during body: () throws -> Void) rethrows {
    final class Watch {
      let look: () -> Void
      init(_ look: @escaping () -> Void) { self.look = look }
    }

    let watch = Watch { [unowned self] in
      // SAFETY: the connection is open. The newest statement is the one that runs, and its text is copied at once.
      guard let text = unsafe sqlite3_sql(sqlite3_next_stmt(handle, nil)) else { return }
      look(unsafe String(cString: text))
    }
    // SAFETY: the connection is open. SQLite calls the function only until it is taken away, and the watch lives longer.
    unsafe sqlite3_progress_handler(
      handle, steps,
      { watch in
        unsafe Unmanaged<Watch>.fromOpaque(watch!).takeUnretainedValue().look()
        return 0
      }, Unmanaged.passUnretained(watch).toOpaque())
    defer {
      unsafe sqlite3_progress_handler(handle, 0, nil, nil)
      withExtendedLifetime(watch) {}
    }
    try body()
  }

  /// Copies the whole database into another, of which it takes the place in one transaction. In a transaction, what this
  /// connection sees is copied, whatever others write meanwhile.
  ///
  /// - Parameter progress: is told now and then which part is done, from 0 to 1.
  func copy(into destination: SQLiteConnection, progress: (Double) -> Void) throws(SQLiteError) {
    // SAFETY: both connections are open, and remain so until the copy is finished.
    guard let backup = unsafe sqlite3_backup_init(destination.handle, "main", handle, "main") else {
      throw SQLiteError(code: unsafe sqlite3_extended_errcode(destination.handle))
    }
    var code = SQLITE_OK
    while code == SQLITE_OK {
      code = unsafe sqlite3_backup_step(backup, Self.pagesOfStep)
      let (remaining, all) = unsafe (sqlite3_backup_remaining(backup), sqlite3_backup_pagecount(backup))
      progress(all == 0 ? 0 : 1 - Double(remaining) / Double(all))
    }
    let end = unsafe sqlite3_backup_finish(backup)
    guard code == SQLITE_DONE, end == SQLITE_OK else { throw SQLiteError(code: end == SQLITE_OK ? code : end) }
  }

  /// 4 MB.
  private static let pagesOfStep: Int32 = 1_024

  private func statement(_ sql: String) throws -> SQLiteStatement {
    // A linear search is faster than hashing the text: equal texts are usually the same literal, and compared by address.
    if let known = statements.first(where: { $0.sql == sql }) { return known.statement }
    if statements.count >= Self.maximumStatements { statements.removeAll() }
    let statement = unsafe try SQLiteStatement(sql, connection: handle)
    statements.append((sql, statement))
    return statement
  }
}
