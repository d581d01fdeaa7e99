#if Postgres
internal import AuthCore

/// A new session that waits to be saved, for which nothing else happens. Those that wait are one statement, which costs less
/// than half of one for each.
struct SessionInsertion: Sendable {
  let session: Session
  let id: DigestBytes
  let limit: Int
  let live: Session.Cutoff
  let password: PasswordHash?

  /// The query for this one, with what else happens.
  func query(
    _ statement: PostgresStatement, replacing former: DigestBytes? = nil, settling attempt: Throttle.Attempt? = nil
  ) -> PostgresQuery {
    var query = PostgresQuery(statement)
    query.add(id)
    query.add(session.userID)
    query.add(sessionButIDAndUser: session)
    query.add(limit)
    query.add(live.expiringAfter.secondsSince1970)
    query.add(live.usedAfter.secondsSince1970)
    query.add(password?.text)
    query.add(former)
    query.add(attempt)
    return query
  }

  /// The query for all of them, with a row for each.
  static func query(_ insertions: [SessionInsertion], _ statement: PostgresStatement) -> PostgresQuery {
    let sessions = insertions.map(\.session)
    var query = PostgresQuery(statement)
    query.add(insertions.map(\.id))
    query.add(sessions.map(\.userID))
    query.add(sessions.map(\.createdAt.secondsSince1970))
    query.add(sessions.map(\.lastUsedAt.secondsSince1970))
    query.add(sessions.map(\.expiresAt.secondsSince1970))
    query.add(sessions.map { $0.authenticatedAt?.secondsSince1970 })
    query.add(sessions.map(\.methodNames))
    query.add(sessions.map(\.ipAddress))
    query.add(sessions.map(\.userAgent))
    query.add(insertions.map { Int64($0.limit) })
    query.add(insertions.map(\.live.expiringAfter.secondsSince1970))
    query.add(insertions.map(\.live.usedAfter.secondsSince1970))
    query.add(insertions.map(\.password?.text))
    return query
  }
}

extension Session {
  /// ``AuthCore/Session/methods``, as the database keeps them.
  fileprivate var methodNames: String { methods.map(\.rawValue).joined(separator: " ") }
}

extension PostgresQuery {
  /// The seven parameters of a session behind its id and its user.
  mutating func add(sessionButIDAndUser session: Session) {
    add(session.createdAt.secondsSince1970)
    add(session.lastUsedAt.secondsSince1970)
    add(session.expiresAt.secondsSince1970)
    add(session.authenticatedAt?.secondsSince1970)
    add(session.methodNames)
    add(session.ipAddress)
    add(bytes: session.userAgent)
  }
}
#endif
