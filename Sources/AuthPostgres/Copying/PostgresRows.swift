#if Postgres
package import AuthCore

/// The rows of a PostgreSQL database, for a copy from or to another one. The role must own the tables.
package struct PostgresRows: StoreTarget {
  private static let rowsAtOnce = 1_000

  private let connection: PostgresConnection
  private let schema: PostgresSchema

  /// Reads a database in one transaction, which sees one state of it.
  ///
  /// - Throws: ``PostgresOpenError``, and what `body` throws.
  package static func reading<Result>(
    _ configuration: PostgresConfiguration, _ body: (PostgresRows) throws -> Result
  ) throws -> Result {
    try inTransaction(configuration) { rows, connection in
      guard try rows.schema.storedVersion(connection) == rows.schema.version else {
        throw PostgresOpenError.refused("there are no tables of this release; run AuthServer migrate first")
      }
    } _: { rows in
      try rows.run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
      return try body(rows)
    }
  }

  /// Fills a database in one transaction; others cannot write until it ends. Makes the tables first.
  ///
  /// - Throws: ``PostgresOpenError``, and what `body` throws.
  package static func filling<Result>(
    _ configuration: PostgresConfiguration, _ body: (PostgresRows) throws -> Result
  ) throws -> Result {
    try inTransaction(configuration) { rows, connection in
      try rows.schema.prepare(connection)
    } _: { rows in
      try rows.run("BEGIN ISOLATION LEVEL REPEATABLE READ")
      // Whatever the role says: the source may be deleted afterwards.
      try rows.run("SET LOCAL synchronous_commit = on")
      let tables = StoreTable.allCases.map(rows.name).joined(separator: ", ")
      try rows.run("LOCK TABLE \(tables) IN SHARE ROW EXCLUSIVE MODE")
      return try body(rows)
    }
  }

  private static func inTransaction<Result>(
    _ configuration: PostgresConfiguration, preparing: (PostgresRows, PostgresConnection) throws -> Void,
    _ body: (PostgresRows) throws -> Result
  ) throws -> Result {
    var configuration = configuration
    try configuration.check()
    // A statement takes a thousand rows, or waits until others have written.
    configuration.timeout = .seconds(3_600)
    let connector = PostgresConnector(configuration, metrics: PostgresMetrics()) { _ in }
    let connection = try connector.connect()
    guard connection.isReplicated || !configuration.requiresReplication else { throw PostgresOpenError.notReplicated }
    let rows = PostgresRows(connection: connection, schema: PostgresSchema(named: configuration.schema))
    try preparing(rows, connector.connect())
    // Without it, the connection ends, and its transaction with it.
    let result = try body(rows)
    try rows.run("COMMIT")
    return result
  }

  package func read(_ table: StoreTable, _ body: ([[StoreValue]]) throws -> Void) throws {
    let columns = table.columns.map { column in
      // Where nothing has that id, nothing is lost, and other databases could not hold it.
      switch (table, column.name) {
      case (.users, "session_id"): reference("r.session_id", to: .sessions)
      case (.users, "reset_token"): reference("r.reset_token", to: .resetTokens)
      default: "r.\(column.name)"
      }
    }.joined(separator: ", ")
    // Servers look up by index only, and no index has everything.
    try run("SET LOCAL enable_seqscan = on")
    try run("DECLARE copied NO SCROLL CURSOR FOR SELECT \(columns) FROM \(name(table)) r")
    while case let result = try run("FETCH \(Self.rowsAtOnce) FROM copied"), result.count > 0 {
      try body(
        (0..<result.count).map { row in
          table.columns.enumerated().map { index, column in
            guard !result.isNull(row, index) else { return .null }
            return switch column.kind {
            case .integer: .integer(result.integer(row, index))
            case .text, .anyText: .text(result.text(row, index))
            case .digest: .text(result.digest(row, index).hex)
            }
          }
        })
    }
    try run("CLOSE copied")
  }

  package func lastUserID() throws -> Int64 {
    let found = try run(
      """
      SELECT has_sequence_privilege(\(sequence("id", of: .users)), 'SELECT'),
        coalesce(pg_sequence_last_value(\(sequence("id", of: .users))), 0)
      """)
    guard found.boolean(0, 0) else { throw PostgresOpenError.refused(Self.onlyTheOwner) }
    return found.integer(0, 1)
  }

  package func insert(_ rows: [[StoreValue]], into table: StoreTable) throws {
    let columns = table.columns
    let parameters = columns.indices.map { "$\($0 + 1)" }.joined(separator: ", ")
    let names = columns.map(\.name)
    var (inserted, selected, users) = (names, names.map { "r.\($0)" }, "")
    if table == .sessions {
      // Made of the user.
      inserted.append("user_email")
      selected.append("u.email")
      users = "LEFT JOIN \(name(.users)) u ON u.id = r.user_id"
    }
    let sql = """
      INSERT INTO \(name(table)) (\(inserted.joined(separator: ", "))) OVERRIDING SYSTEM VALUE
      SELECT \(selected.joined(separator: ", ")) FROM unnest(\(parameters)) r(\(names.joined(separator: ", "))) \(users)
      """
    let types = columns.map { column -> PostgresType in
      switch column.kind {
      case .integer: .bigintArray
      case .text: .textArray
      case .anyText, .digest: .bytesArray
      }
    }
    var query = PostgresQuery(PostgresStatement("", sql, types))
    for (index, column) in columns.enumerated() {
      switch column.kind {
      case .integer:
        query.add(rows.map { if case .integer(let value) = $0[index] { value } else { nil } })
      case .text, .anyText:
        query.add(rows.map { if case .text(let value) = $0[index] { value } else { nil } })
      case .digest:
        query.add(
          try rows.map { row in
            guard case .text(let value) = row[index] else { return nil }
            return try TokenDigest(hex: value).storable
          })
      }
    }
    try run(query)
  }

  package func continueNumbers(lastUserID: Int64) throws {
    func setting(_ column: String, of table: StoreTable, to last: String) -> String {
      "setval(\(sequence(column, of: table)), greatest(\(last), 1), \(last) > 0)"
    }
    func highest(_ column: String, of table: StoreTable) -> String {
      setting(column, of: table, to: "(SELECT coalesce(max(\(column)), 0) FROM \(name(table)))")
    }
    let lastID = "greatest(\(lastUserID), (SELECT max(id) FROM \(name(.users))))"
    try run(
      """
      SELECT \(setting("id", of: .users, to: lastID)), \(highest("number", of: .sessions)),
        \(highest("id", of: .auditEvents)), \(highest("number", of: .accountEvents))
      """)
  }

  /// The digest in a column of `users` if the user has a row with it, else NULL. By the key of that table.
  private func reference(_ column: String, to table: StoreTable) -> String {
    let id = "CASE WHEN \(column) ~ '^[0-9a-f]{64}$' THEN decode(\(column), 'hex') END"
    return "(SELECT encode(o.id, 'hex') FROM \(name(table)) o WHERE o.id = \(id) AND o.user_id = r.id)"
  }

  private func name(_ table: StoreTable) -> String { "\(schema.name).\(table.rawValue)" }

  private func sequence(_ column: String, of table: StoreTable) -> String {
    "pg_get_serial_sequence(\(PostgresSchema.literal(name(table))), '\(column)')::regclass"
  }

  @discardableResult
  private func run(_ sql: String) throws -> PostgresResult { try run(PostgresQuery(PostgresStatement("", sql))) }

  @discardableResult
  private func run(_ query: PostgresQuery) throws -> PostgresResult {
    let outcome = connection.run([[query]], until: .now + .seconds(3_600))
    if let loss = outcome.loss {
      throw PostgresOpenError.cannotConnect(
        "\(loss); either everything was copied or nothing; run the command again to find out")
    }
    guard !outcome.hasLocalCommit else {
      throw PostgresOpenError.refused("the copy is on this server alone, because the wait for its standby was cancelled")
    }
    do throws(PostgresError) {
      return try outcome.results[0][0].get()
    } catch {
      // 42501: insufficient privilege.
      throw PostgresOpenError.refused("\(error)" + (error.sqlState == "42501" ? "; \(Self.onlyTheOwner)" : ""))
    }
  }

  private static let onlyTheOwner = "copy as the role that owns the tables"
}
#endif
