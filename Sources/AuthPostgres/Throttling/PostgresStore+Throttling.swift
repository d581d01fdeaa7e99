#if Postgres
public import AuthCore

extension PostgresStore {
  /// Finds counters: ``AuthCore/ThrottleStore/findCounters(of:)``.
  public func findCounters(of keys: [Throttle.Key]) async throws(StoreError) -> [Throttle.Counter] {
    guard !keys.isEmpty else { return [] }
    return try await read(statements.counters) { query in
      query.add(keys)
    } _: { result in
      keys.indices.map { result.counter($0, 0) }
    }
  }

  /// Counts an attempt: ``AuthCore/ThrottleStore/settle(_:)``.
  public func settle(_ attempt: Throttle.Attempt) async throws(StoreError) -> Throttle.Outcome {
    // A second time would count twice.
    let alert = attempt.isSuccess ? nil : attempt.alert
    return try await write(alert == nil ? statements.countAttempt : statements.countAttemptWithAlert, repeating: .none) { query in
      query.add(attempt)
      if let alert { query.add(alert) }
    } _: { result in
      switch result.integer(0, 0) {
      case 0: .counted
      case 1: .beginsDelay
      default: .refused(retryAfter: .seconds(result.integer(0, 1)))
      }
    }
  }
}

extension PostgresResult {
  /// The counter in two columns from `first` on.
  func counter(_ row: Int, _ first: Int) -> Throttle.Counter {
    isNull(row, first) ? .none : Throttle.Counter(count: Int(integer(row, first)), lastAt: timestamp(row, first + 1))
  }
}

extension PostgresQuery {
  /// Two parameters: the kinds and the digests.
  mutating func add(_ keys: [Throttle.Key]) {
    add(keys.map { Optional($0.kind.rawValue) })
    add(keys.map { Optional($0.digest) })
  }

  /// The seven parameters of an attempt, null without one.
  mutating func add(_ attempt: Throttle.Attempt?) {
    guard let attempt else {
      for _ in 0..<7 { addNull() }
      return
    }
    add(attempt.keysButAlert)
    add(
      attempt.limits.flatMap { limit -> [Int64?] in
        let throttle = limit.throttle
        return [
          Int64(throttle.threshold), throttle.firstDelay.components.seconds, throttle.longestDelay.components.seconds,
          throttle.forgiveness?.components.seconds ?? -1, throttle.lockThreshold.map(Int64.init) ?? -1, limit.isOfNetwork ? 1 : 0,
        ]
      })
    add(attempt.isFromKnownDevice)
    add(attempt.memory.components.seconds)
    add(attempt.isSuccess)
    add(attempt.at.secondsSince1970)
  }

  /// The twelve parameters of an alert.
  mutating func add(_ alert: Throttle.Alert) {
    add(bytes: alert.key.kind.rawValue)
    add(bytes: alert.key.digest)
    add(alert.threshold)
    add(alert.interval.components.seconds)
    add(alert.warning.userID)
    add(bytes: alert.lockNotice.rawValue)
    add(notice: alert.warning)
  }
}
#endif
