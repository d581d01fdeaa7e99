internal import ArgumentParser
internal import AuthDB
#if Postgres
internal import AuthPostgres
#endif

/// The tables of the database that `--database` names. Like ``OpenedStore``, this knows which database it is.
extension StoreLocation {
  /// Makes the tables, or migrates them.
  func migrate(grantingTo role: String?) async throws -> OutputRecord {
    var record = OutputRecord()
    switch self {
    case .file, .memory:
      let path = try path
      guard role == nil else { throw ValidationError("--service-role is for PostgreSQL; \(path) is a file") }
      // A mistyped name must not become a new, empty database.
      guard try exists else {
        throw CommandFailure("\(path) does not exist; name the file of the server with \(ServiceSettings.Database.option)")
      }
      let store = try await OpenedStore(at: self) { Progress.note($0) }
      await store.close()
      record.add("schema_version", SQLiteStore.schemaVersion)
    case .postgres(let location):
      #if Postgres
      try await PostgresStore.migrate(location.configuration, grantingTo: role)
      record.add("schema_version", PostgresStore.schemaVersion)
      #else
      throw location.isMissing
      #endif
    }
    return record
  }

  /// SQL that does the same.
  func migrationScript(grantingTo role: String?) throws -> String {
    guard case .postgres(let location) = self else {
      throw ValidationError("--print is for PostgreSQL; a file is migrated by the server that opens it")
    }
    #if Postgres
    return try PostgresStore.migrationScript(schema: location.schema, grantingTo: role)
    #else
    throw location.isMissing
    #endif
  }
}
