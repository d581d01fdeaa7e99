internal import AuthCore
internal import AuthDB

/// The store that `--database` names, open. No other file of the server knows which database it is.
struct OpenedStore: Sendable {
  let store: any AuthStore
  /// Keeps security events in the same database.
  let auditLog: SQLiteAuditLog
  /// Deletes security events that are too old or too many.
  let purgeAuditLog: Auth.PurgeStep
  /// Throws, with a description for the operator, if the store cannot be used.
  let checkReadiness: @Sendable () async throws -> Void
  /// Writes what is still waiting and closes the database, which is not used afterwards.
  let close: @Sendable () async -> Void

  /// - Parameter report: is told, now and then, how a file of an earlier release is migrated.
  /// - Throws: ``StartFailure``, when it cannot be opened.
  init(at location: StoreLocation, onMigration report: @escaping @Sendable (String) -> Void) async throws(StartFailure) {
    let sqlite: SQLiteStore
    do {
      switch location {
      case .file(let path): sqlite = try await SQLiteStore(path: path) { report("\($0)") }
      case .memory: sqlite = try await SQLiteStore(path: ":memory:")
      }
    } catch {
      throw StartFailure(description: error.description)
    }
    let log = SQLiteAuditLog(sqlite)
    store = sqlite
    auditLog = log
    purgeAuditLog = { limit in try await log.purge(at: SystemClock().now, limit: limit) }
    checkReadiness = { try await sqlite.checkReadiness() }
    close = { await sqlite.close() }
  }
}
