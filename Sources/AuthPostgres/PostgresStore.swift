#if Postgres
public import AuthCore

/// A store in a PostgreSQL database, which any number of servers may use at the same time.
///
/// What an operation has returned is durable on the server, and on its synchronous standbys if it has any. An operation whose
/// outcome is not known, because the connection broke, is made again where that is safe; otherwise, it throws
/// ``StoreError/unavailable(_:)``, and the change may have been made. All lookups go to the server that takes writes, so a logout
/// holds everywhere at once.
///
/// `Docs/PostgreSQL.md` describes the tables, roles and settings.
public final class PostgresStore: AuthStore {
  let schema: PostgresSchema
  let statements: PostgresStatements
  private let lookups: PostgresLookups
  private let reads: PostgresLane<PostgresRead>
  private let writes: PostgresLane<PostgresWrite>
  private let timeout: Duration
  private let metrics = PostgresMetrics()

  /// Connects to the database and makes its tables if they do not exist, or migrates them.
  ///
  /// - Parameter onWarning: is told, in a sentence, what an operator should know of the server.
  /// - Throws: ``PostgresOpenError``, whose description is a sentence for the operator.
  public init(
    _ configuration: PostgresConfiguration, onWarning: @escaping @Sendable (String) -> Void = { _ in }
  ) async throws(PostgresOpenError) {
    try configuration.checkTLS()
    let connector = PostgresConnector(configuration)
    let schema = PostgresSchema(named: configuration.schema)
    let migration: Result<Void, PostgresOpenError> = await withCheckedContinuation { continuation in
      startThread {
        continuation.resume(
          returning: Result { () throws(PostgresOpenError) in
            let connection = try connector.connectPlainly()
            if try !connection.isReplicated {
              guard !configuration.requiresReplication else { throw .notReplicated }
              onWarning("\(PostgresOpenError.notReplicated)")
            }
            try schema.migrate(connection)
          })
      }
    }
    try migration.get()
    self.schema = schema
    statements = PostgresStatements(schema)
    lookups = PostgresLookups(schema)
    timeout = configuration.timeout
    reads = PostgresLane(connections: min(max(configuration.readConnections, 1), 8), connector: connector, metrics: metrics)
    writes = PostgresLane(connections: min(max(configuration.writeConnections, 1), 8), connector: connector, metrics: metrics)
  }

  /// Lets running operations finish and closes the connections. Later operations throw ``StoreError/unavailable(_:)``.
  public func close() async {
    await reads.close()
    await writes.close()
  }

  // MARK: - Running operations

  /// Calls a function, and reads what it returned on the thread of a connection.
  func write<Value: Sendable>(
    _ statement: PostgresStatement, repeating repetition: PostgresWrite.Repetition,
    _ addParameters: (inout PostgresQuery) throws(StoreError) -> Void,
    _ read: @escaping @Sendable (PostgresResult) throws(StoreError) -> Value
  ) async throws(StoreError) -> Value {
    var query = PostgresQuery(statement)
    try addParameters(&query)
    let outcome: Result<Value, StoreError> = await withCheckedContinuation { [query] continuation in
      writes.add(
        PostgresWrite(
          query, flush: statements.flush, repetition: repetition, deadline: .now + timeout, metrics: metrics
        ) { result in
          continuation.resume(
            returning: result.flatMap { result in
              Result { () throws(StoreError) in try read(result) }
            })
        })
    }
    return try value(of: outcome)
  }

  /// Runs a statement that only reads.
  func read<Value: Sendable>(
    _ statement: PostgresStatement, _ addParameters: (inout PostgresQuery) -> Void = { _ in },
    _ read: @escaping @Sendable (PostgresResult) -> Value
  ) async throws(StoreError) -> Value {
    var query = PostgresQuery(statement)
    addParameters(&query)
    return try await look { [query] report in .query(query) { report($0.map(read)) } }
  }

  func findProfile(_ key: PostgresRead.SessionKey) async throws(StoreError) -> (profile: Profile, lastUsedAt: Timestamp)? {
    try await look { .profile(key, $0) }
  }

  func findSession(_ key: PostgresRead.SessionKey) async throws(StoreError) -> (session: Session, user: User)? {
    try await look { .session(key, $0) }
  }

  private func look<Value: Sendable>(
    _ kind: (@escaping @Sendable (Result<Value, StoreError>) -> Void) -> PostgresRead.Kind
  ) async throws(StoreError) -> Value {
    metrics.noteLookup()
    let outcome: Result<Value, StoreError> = await withCheckedContinuation { continuation in
      reads.add(
        PostgresRead(
          kind: kind { continuation.resume(returning: $0) }, deadline: .now + timeout, statements: lookups))
    }
    return try value(of: outcome)
  }

  private func value<Value>(of outcome: Result<Value, StoreError>) throws(StoreError) -> Value {
    if case .failure(.unavailable) = outcome { metrics.noteFailure() }
    return try outcome.get()
  }
}
#endif
