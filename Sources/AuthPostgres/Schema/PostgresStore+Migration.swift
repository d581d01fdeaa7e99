#if Postgres
internal import AuthCore

extension PostgresStore {
  /// The version of the tables that this release uses.
  public static var schemaVersion: Int { PostgresSchema(named: "").version }

  /// Makes the tables if they do not exist, or migrates them, as opening the store does, and lets another role use them. With it,
  /// servers can run as a role that owns nothing: it may read the tables and call the functions that change them.
  ///
  /// - Parameters:
  ///   - configuration: names a role that owns the schema, or may create it.
  ///   - role: the role that servers connect as. A later migration grants it what that adds; it need not be named again.
  /// - Throws: ``PostgresOpenError``, whose description is a sentence for the operator.
  public static func migrate(
    _ configuration: PostgresConfiguration, grantingTo role: String? = nil
  ) async throws(PostgresOpenError) {
    try configuration.check()
    try check(role)
    try await onThread { () throws(PostgresOpenError) in
      let schema = PostgresSchema(named: configuration.schema)
      let connector = PostgresConnector(configuration, metrics: PostgresMetrics()) { _ in }
      let connection = try connector.connect()
      _ = try schema.storedVersion(connection)
      try schema.migrate(connection, grantingTo: role)
    }
  }

  /// SQL that does what ``migrate(_:grantingTo:)`` does, for a database in which someone else makes tables. It brings every
  /// earlier version to this one.
  ///
  /// - Throws: ``PostgresOpenError/invalidSchema(_:)``, ``PostgresOpenError/invalidRole(_:)``.
  public static func migrationScript(schema: String, grantingTo role: String? = nil) throws(PostgresOpenError) -> String {
    guard PostgresSchema.isUsable(schema) else { throw .invalidSchema(schema) }
    try check(role)
    return PostgresSchema(named: schema).migrationScript(grantingTo: role)
  }

  private static func check(_ role: String?) throws(PostgresOpenError) {
    if let role, !PostgresSchema.isUsable(role) { throw .invalidRole(role) }
  }
}
#endif
