#if Postgres
public import AuthCore

extension PostgresStore {
  /// Deletes ended rows: ``AuthCore/MaintenanceStore/purge(_:)``.
  public func purge(_ scope: Purge.Scope) async throws(StoreError) -> Purge.Result {
    // Often enough to notice that someone has set it.
    let start = PostgresClock.elapsed
    let moment = try await read(statements.clock) { $0.integer(0, 0) }
    if clock.set(to: moment, between: start, and: PostgresClock.elapsed) {
      // What has ended was reckoned with a wrong time.
      return Purge.Result(sessions: [], count: 0)
    }
    return try await write(statements.purge, repeating: .none) { query in
      query.add(scope.live.expiringAfter.secondsSince1970)
      query.add(scope.live.usedAfter.secondsSince1970)
      query.add(scope.countersBefore.secondsSince1970)
      query.add(scope.lockThreshold)
      query.add(bytes: Throttle.Key.Kind.loginEmail.rawValue)
      query.add(scope.clientsBefore.secondsSince1970)
      query.add(scope.limit)
    } _: { result in
      // The last row counts what has no row.
      let sessions = (0..<(result.count - 1)).map { result.session($0, 1, id: result.digest($0, 0)) }
      let others = result.count - 1
      return Purge.Result(
        sessions: sessions, users: result.integers(others, 10),
        count: sessions.count + Int(result.integer(others, 9)))
    }
  }

  /// Checks that the store can be read, and takes writes. It changes nothing.
  ///
  /// - Throws: ``AuthCore/StoreError/unavailable(_:)``, with the reason.
  public func checkReadiness() async throws(StoreError) {
    _ = try await read(statements.check) { $0.count }
    // Durable, as any write.
    try await write(statements.flush, repeating: .safe) { _ in
    } _: { _ in
    }
    // The log may have room where the tables have none.
    if let refusal = writeContext.recentRefusal { throw .unavailable("the database refused a change: \(refusal)") }
  }

  /// Counts sessions and messages: ``AuthCore/MaintenanceStore/gauges(live:)``.
  public func gauges(live: Session.Cutoff) async throws(StoreError) -> StoreGauges {
    try await read(statements.gauges, isScan: true) { query in
      query.add(live.expiringAfter.secondsSince1970)
      query.add(live.usedAfter.secondsSince1970)
    } _: { result in
      StoreGauges(
        openSessions: Int(result.integer(0, 0)), waitingMessages: Int(result.integer(0, 1)),
        oldestMessage: result.timestampIfAny(0, 2))
    }
  }
}
#endif
