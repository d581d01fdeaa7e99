#if Postgres
extension PostgresSchema {
  /// Brings the database to ``version``, in one transaction. Servers that start at the same time wait for each other.
  func migrate(_ connection: PostgresConnection) throws(PostgresOpenError) {
    let found: Int
    do throws(PostgresError) {
      try connection.endPipeline()
      // The number stands for the migrations of this schema, among the locks of everyone who uses the database. Another server
      // may be migrating for a while.
      try connection.execute(
        "BEGIN; SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0; SELECT pg_advisory_xact_lock(hashtextextended('swift-auth migrations of ' || \(literal(name)), 0))"
      )
      let table = "\(name).schema_version"
      let exists = try connection.execute("SELECT to_regclass(\(literal(table))) IS NOT NULL").text(0, 0) == "t"
      found = exists ? Int(try connection.execute("SELECT version FROM \(table)").text(0, 0)) ?? 0 : 0
      if found < version {
        // Not IF NOT EXISTS, which an owner of the schema who may create no other is not allowed either.
        let isThere = try connection.execute("SELECT to_regnamespace(\(literal(name))) IS NOT NULL").text(0, 0) == "t"
        if !isThere { try connection.execute("CREATE SCHEMA \(name)") }
        for script in migrations.dropFirst(found) { try connection.execute(script) }
        try connection.execute("UPDATE \(name).schema_version SET version = \(version)")
      }
      try connection.execute("COMMIT")
    } catch {
      throw .refused("\(error)")
    }
    guard found <= version else { throw .newerSchema(found: found, known: version) }
  }

  private func literal(_ text: String) -> String { "'\(text.replacing("'", with: "''"))'" }
}
#endif
