internal import AuthCore
internal import AuthDB
#if Postgres
internal import AuthPostgres
#endif

/// The store that `--database` names, open. No other file of the server knows which database it is.
struct OpenedStore: Sendable {
  let store: any AuthStore
  /// Keeps security events in the same database.
  let auditLog: AuditLog
  /// What becomes of accounts, for other systems.
  let accountEvents: AccountEventFeed
  /// Throws, with a description for the operator, if the store cannot be used.
  let checkReadiness: @Sendable () async throws -> Void
  /// Why the store may not respond, where that is known.
  let knownProblem: @Sendable () -> String?
  /// The time by which accounts, sessions and messages go: the same for all servers that share the database.
  let clock: any WallClock
  private let closeStore: @Sendable () async -> Void

  /// - Parameters:
  ///   - onWarning: is told what an operator should know of the database.
  ///   - onMigration: is told, now and then, how a file of an earlier release is migrated.
  /// - Throws: ``StartFailure``, when it cannot be opened.
  init(
    at location: StoreLocation, onWarning: @escaping @Sendable (String) -> Void = { _ in },
    onMigration: @escaping @Sendable (String) -> Void
  ) async throws(StartFailure) {
    switch location {
    case .file(let path): try await self.init(Self.sqlite(path, onMigration))
    case .memory: try await self.init(Self.sqlite(":memory:", onMigration))
    case .postgres(let location):
      #if Postgres
      let postgres: PostgresStore
      do { postgres = try await PostgresStore(location.configuration, onWarning: onWarning) } catch {
        throw StartFailure(description: error.description)
      }
      self.init(
        store: postgres, auditLog: AuditLog(postgres), accountEvents: AccountEventFeed(postgres, clock: postgres.clock),
        checkReadiness: { try await postgres.checkReadiness() }, knownProblem: { postgres.connectionProblem },
        clock: postgres.clock, closeStore: { await postgres.close() })
      #else
      throw location.isMissing
      #endif
    }
  }

  private init(_ sqlite: SQLiteStore) {
    self.init(
      store: sqlite, auditLog: AuditLog(sqlite), accountEvents: AccountEventFeed(sqlite),
      checkReadiness: { try await sqlite.checkReadiness() }, knownProblem: { nil }, clock: SystemClock(),
      closeStore: { await sqlite.close() })
  }

  private init(
    store: any AuthStore, auditLog: AuditLog, accountEvents: AccountEventFeed,
    checkReadiness: @escaping @Sendable () async throws -> Void, knownProblem: @escaping @Sendable () -> String?,
    clock: any WallClock, closeStore: @escaping @Sendable () async -> Void
  ) {
    self.store = store
    self.auditLog = auditLog
    self.accountEvents = accountEvents
    self.checkReadiness = checkReadiness
    self.knownProblem = knownProblem
    self.clock = clock
    self.closeStore = closeStore
  }

  private static func sqlite(
    _ path: String, _ report: @escaping @Sendable (String) -> Void
  ) async throws(StartFailure) -> SQLiteStore {
    do { return try await SQLiteStore(path: path) { report("\($0)") } } catch {
      throw StartFailure(description: error.description)
    }
  }

  /// Deletes security events that are too old or too many.
  var purgeAuditLog: Auth.PurgeStep {
    { [auditLog, clock] limit in try await auditLog.purge(at: clock.now, limit: limit) }
  }

  /// Writes what is still waiting and closes the database, which is not used afterwards.
  func close() async {
    await auditLog.flush()
    await closeStore()
  }
}

#if Postgres
extension PostgresLocation {
  var configuration: PostgresConfiguration {
    get throws(PostgresOpenError) {
      var configuration = try PostgresConfiguration(url)
      configuration.schema = schema
      configuration.readConnections = readConnections
      configuration.writeConnections = writeConnections
      configuration.requiresReplication = requiresSync
      configuration.allowsUnverifiedServers = hasInsecureTLS
      return configuration
    }
  }
}
#else
extension PostgresLocation {
  var isMissing: StartFailure { StartFailure(description: "\(url): this program was built without PostgreSQL") }
}
#endif
