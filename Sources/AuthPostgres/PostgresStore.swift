#if Postgres
public import AuthCore

/// A store in a PostgreSQL database, which any number of servers may use at the same time.
///
/// What an operation has returned is durable on the server, and on its synchronous standbys if it has any. An operation whose
/// outcome is not known, because the connection broke, is made again where that is safe; otherwise, it throws
/// ``AuthCore/StoreError/unavailable(_:)``, and the change may have been made. All lookups go to the server that takes writes, so
/// a logout holds everywhere at once.
///
/// `Docs/PostgreSQL.md` describes the tables, roles and settings.
public final class PostgresStore: AuthStore {
  let schema: PostgresSchema
  let statements: PostgresStatements
  /// The database's clock, for an ``AuthCore/Auth`` that shares the database with others.
  public let clock: PostgresClock
  private let lookups: PostgresLookups
  private let reads: PostgresLane<PostgresRead>
  /// For lookups that read whole tables, for which no other lookup is to wait.
  private let scans: PostgresLane<PostgresRead>
  private let writes: PostgresLane<PostgresWrite>
  private let timeout: Duration
  private let metrics: PostgresMetrics
  let writeContext: PostgresWrite.Context

  /// Connects to the database and makes its tables if they do not exist, or migrates them, if the role may.
  ///
  /// - Parameters:
  ///   - configuration: where the database is, and how it is used.
  ///   - onWarning: is told, in sentences, what an operator should know of the server, now and whenever it changes: that
  ///     another one is used, that commits are not replicated, that the clocks differ.
  /// - Throws: ``PostgresOpenError``, whose description is a sentence for the operator.
  public init(
    _ configuration: PostgresConfiguration, onWarning: @escaping @Sendable (String) -> Void = { _ in }
  ) async throws(PostgresOpenError) {
    try configuration.check()
    let metrics = PostgresMetrics()
    let connector = PostgresConnector(configuration, metrics: metrics, onWarning: onWarning)
    let schema = PostgresSchema(named: configuration.schema)
    try await onThread { () throws(PostgresOpenError) in
      let connection = try connector.connect()
      guard connection.isReplicated || !configuration.requiresReplication else { throw .notReplicated }
      try schema.prepare(connection)
    }
    self.schema = schema
    self.metrics = metrics
    clock = connector.clock
    statements = PostgresStatements(schema)
    writeContext = PostgresWrite.Context(
      statements: statements, metrics: metrics, losesFirstResponses: configuration.losesFirstResponses)
    lookups = PostgresLookups(schema)
    timeout = configuration.timeout
    func lane<Operation>(_ connections: Int, _ purpose: PostgresConnector.Purpose) -> PostgresLane<Operation> {
      PostgresLane(connections: min(max(connections, 1), 8), connector: connector, for: purpose, metrics: metrics)
    }
    reads = lane(configuration.readConnections, .lookups)
    scans = lane(1, .scans)
    writes = lane(configuration.writeConnections, .changes)
  }

  /// Why there is no connection at the moment; nil if there is one, as far as that is known.
  public var connectionProblem: String? { writes.problem ?? reads.problem }

  /// Lets running operations finish and closes the connections. Later operations throw ``AuthCore/StoreError/unavailable(_:)``.
  public func close() async {
    async let closing: (Void, Void) = (reads.close(), scans.close())
    await writes.close()
    _ = await closing
  }

  deinit {
    reads.beginClosing()
    scans.beginClosing()
    writes.beginClosing()
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
    return try await write(.function(query), repeating: repetition) { rows, _ throws(StoreError) in try read(rows) }
  }

  /// Makes a change, and reads what it returned on the thread of a connection.
  func write<Value: Sendable>(
    _ call: PostgresWrite.Call, repeating repetition: PostgresWrite.Repetition,
    _ read: @escaping @Sendable (_ rows: PostgresResult, _ own: Int) throws(StoreError) -> Value
  ) async throws(StoreError) -> Value {
    let outcome: Result<Value, StoreError> = await withCheckedContinuation { continuation in
      writes.add(
        PostgresWrite(call, repeating: repetition, deadline: .now + timeout, context: writeContext) { result in
          continuation.resume(
            returning: result.flatMap { result in
              Result { () throws(StoreError) in try read(result.rows, result.own) }
            })
        })
    }
    return try value(of: outcome)
  }

  /// Runs a statement that only reads.
  ///
  /// - Parameter isScan: whether it reads a whole table.
  func read<Value: Sendable>(
    _ statement: PostgresStatement, isScan: Bool = false, _ addParameters: (inout PostgresQuery) -> Void = { _ in },
    _ read: @escaping @Sendable (PostgresResult) -> Value
  ) async throws(StoreError) -> Value {
    var query = PostgresQuery(statement)
    addParameters(&query)
    return try await lookUp(in: isScan ? scans : reads) { [query] report in .query(query) { report($0.map(read)) } }
  }

  func findProfile(_ key: PostgresRead.SessionKey) async throws(StoreError) -> (profile: Profile, lastUsedAt: Timestamp)? {
    try await lookUp(in: reads) { .profile(key, $0) }
  }

  func findSession(_ key: PostgresRead.SessionKey) async throws(StoreError) -> (session: Session, user: User)? {
    try await lookUp(in: reads) { .session(key, $0) }
  }

  private func lookUp<Value: Sendable>(
    in lane: PostgresLane<PostgresRead>, _ kind: (@escaping @Sendable (Result<Value, StoreError>) -> Void) -> PostgresRead.Kind
  ) async throws(StoreError) -> Value {
    metrics.noteLookup()
    let outcome: Result<Value, StoreError> = await withCheckedContinuation { continuation in
      lane.add(
        PostgresRead(kind { continuation.resume(returning: $0) }, deadline: .now + timeout, statements: lookups))
    }
    return try value(of: outcome)
  }

  private func value<Value>(of outcome: Result<Value, StoreError>) throws(StoreError) -> Value {
    if case .failure(.unavailable) = outcome { metrics.noteFailure() }
    return try outcome.get()
  }
}
#endif
