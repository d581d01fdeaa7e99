#if Postgres
internal import AuthCore

/// A lookup that waits for a connection.
struct PostgresRead: PostgresOperation {
  /// What is looked up.
  enum Kind: Sendable {
    /// The profile of a session's user; those that wait are one statement.
    case profile(SessionKey, @Sendable (Result<(profile: Profile, lastUsedAt: Timestamp)?, StoreError>) -> Void)
    /// A session with its user; those that wait are one statement.
    case session(SessionKey, @Sendable (Result<(session: Session, user: User)?, StoreError>) -> Void)
    /// Anything else. The function reads the result and reports it.
    case query(PostgresQuery, @Sendable (Result<PostgresResult, StoreError>) -> Void)
  }

  /// A session, if it is live.
  struct SessionKey: Sendable {
    let id: TokenDigest
    let bytes: DigestBytes
    let live: Session.Cutoff
  }

  let kind: Kind
  let deadline: ContinuousClock.Instant
  let statements: PostgresLookups
  private var attempts = 0

  init(_ kind: Kind, deadline: ContinuousClock.Instant, statements: PostgresLookups) {
    self.kind = kind
    self.deadline = deadline
    self.statements = statements
  }

  func fail(_ reason: String) { fail(.unavailable(reason)) }

  private func fail(_ error: StoreError) {
    switch kind {
    case .profile(_, let report): report(.failure(error))
    case .session(_, let report): report(.failure(error))
    case .query(_, let report): report(.failure(error))
    }
  }

  /// What is sent for operations of one kind, and how its result is reported.
  private struct Request {
    let query: PostgresQuery
    let operations: [PostgresRead]
    let report: (PostgresResult) -> Void
  }

  static func run(_ operations: [PostgresRead], on connection: PostgresConnection) -> [PostgresRead] {
    let requests = requests(for: operations)
    let outcome = connection.run([requests.map(\.query)], until: operations.batchDeadline)
    var again: [PostgresRead] = []
    for (index, request) in requests.enumerated() {
      switch index < outcome.results[0].count ? outcome.results[0][index] : nil {
      case .success(let result)?:
        request.report(result)
      case .failure(let error)?:
        if error.isOfConnection { connection.abandon() }
        // Behind one that failed, nothing was read.
        let isToBeRepeated = error == .aborted || error.isTransient
        for operation in request.operations {
          if isToBeRepeated, let next = operation.next() { again.append(next) } else { operation.fail(StoreError(error)) }
        }
      case nil:
        // Reading again is safe.
        for operation in request.operations {
          if let next = operation.next() { again.append(next) } else { operation.fail("\(outcome.loss ?? .timedOut)") }
        }
      }
    }
    return again
  }

  /// Often enough for each of a batch to fail in turn.
  private func next() -> PostgresRead? {
    guard attempts < 2 * PostgresLane<PostgresRead>.largestBatch, ContinuousClock.now < deadline else { return nil }
    var next = self
    next.attempts += 1
    return next
  }

  private static func requests(for operations: [PostgresRead]) -> [Request] {
    var requests: [Request] = []
    var profiles: [PostgresRead] = []
    var sessions: [PostgresRead] = []
    for operation in operations {
      switch operation.kind {
      case .profile: profiles.append(operation)
      case .session: sessions.append(operation)
      case .query(let query, let report):
        requests.append(Request(query: query, operations: [operation]) { report(.success($0)) })
      }
    }
    if let request = profileRequest(profiles) { requests.append(request) }
    if let request = sessionRequest(sessions) { requests.append(request) }
    return requests
  }

  private static func profileRequest(_ operations: [PostgresRead]) -> Request? {
    guard let first = operations.first else { return nil }
    let lookups = operations.compactMap { operation in
      if case .profile(let key, let report) = operation.kind { (key, report) } else { nil }
    }
    let statement = lookups.count == 1 ? first.statements.profile : first.statements.profiles
    return Request(query: query(statement, lookups.map(\.0)), operations: operations) { result in
      var found: [(profile: Profile, lastUsedAt: Timestamp)?] = lookups.map { _ in nil }
      for row in 0..<result.count {
        found[Int(result.integer(row, 0)) - 1] = (
          Profile(id: result.integer(row, 1), email: Email(stored: result.text(row, 2))), result.timestamp(row, 3)
        )
      }
      for (lookup, found) in zip(lookups, found) { lookup.1(.success(found)) }
    }
  }

  private static func sessionRequest(_ operations: [PostgresRead]) -> Request? {
    guard let first = operations.first else { return nil }
    let lookups = operations.compactMap { operation in
      if case .session(let key, let report) = operation.kind { (key, report) } else { nil }
    }
    let statement = lookups.count == 1 ? first.statements.session : first.statements.sessions
    return Request(query: query(statement, lookups.map(\.0)), operations: operations) { result in
      var found: [(session: Session, user: User)?] = lookups.map { _ in nil }
      for row in 0..<result.count {
        let index = Int(result.integer(row, 0)) - 1
        found[index] = (
          result.session(row, 6, id: lookups[index].0.id), result.user(row, 1)
        )
      }
      for (lookup, found) in zip(lookups, found) { lookup.1(.success(found)) }
    }
  }

  private static func query(_ statement: PostgresStatement, _ keys: [SessionKey]) -> PostgresQuery {
    var query = PostgresQuery(statement)
    if keys.count == 1 {
      query.add(keys[0].bytes)
      query.add(keys[0].live.expiringAfter.secondsSince1970)
      query.add(keys[0].live.usedAfter.secondsSince1970)
    } else {
      query.add(keys.map(\.bytes))
      query.add(keys.map(\.live.expiringAfter.secondsSince1970))
      query.add(keys.map(\.live.usedAfter.secondsSince1970))
    }
    return query
  }
}

/// The statements that look sessions up, alone and as many as wait. One reference, because each lookup carries it.
final class PostgresLookups: Sendable {
  let profile: PostgresStatement
  let profiles: PostgresStatement
  let session: PostgresStatement
  let sessions: PostgresStatement

  init(_ schema: PostgresSchema) {
    let live = "s.expires_at > k.expiring_after AND s.last_used_at > k.used_after"
    let one = "(SELECT 1::bigint i, $1::bytea id, $2::bigint expiring_after, $3::bigint used_after) k"
    let many = "unnest($1::bytea[], $2::bigint[], $3::bigint[]) WITH ORDINALITY k(id, expiring_after, used_after, i)"
    func statement(_ name: String, _ isAlone: Bool, _ columns: String, joining users: String = "") -> PostgresStatement {
      PostgresStatement(
        name,
        "SELECT k.i, \(columns) FROM \(isAlone ? one : many) JOIN \(schema.name).sessions s ON s.id = k.id \(users) WHERE \(live)",
        isAlone ? [.bytes, .bigint, .bigint] : [.bytesArray, .bigintArray, .bigintArray])
    }
    let profileColumns = "s.user_id, s.user_email, s.last_used_at"
    profile = statement("profile", true, profileColumns)
    profiles = statement("profiles", false, profileColumns)
    let users = "JOIN \(schema.name).users u ON u.id = s.user_id"
    let sessionColumns = "\(User.columns), \(Session.columns)"
    session = statement("session", true, sessionColumns, joining: users)
    sessions = statement("sessions", false, sessionColumns, joining: users)
  }
}
#endif
