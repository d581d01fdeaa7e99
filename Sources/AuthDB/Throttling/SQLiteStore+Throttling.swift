public import AuthCore

extension SQLiteStore {
  /// Finds counters: ``AuthCore/ThrottleStore/findCounters(of:)``.
  public func findCounters(of keys: [Throttle.Key]) async throws(StoreError) -> [Throttle.Counter] {
    try await read { connection in try connection.counters(of: keys) }
  }

  /// Counts an attempt: ``AuthCore/ThrottleStore/settle(_:)``.
  public func settle(_ attempt: Throttle.Attempt) async throws(StoreError) -> Throttle.Outcome {
    // Most successes change nothing. For those a read is enough, which does not wait for the writer.
    if attempt.isSuccess {
      let outcome = try await read { connection in
        let counters = try connection.counters(of: attempt.keys)
        var settled = counters
        var message: OutboxMessage?
        let outcome = attempt.settle(&settled, queueing: &message)
        return settled == counters ? outcome : nil
      }
      if let outcome { return outcome }
    }
    return try await write { connection in try connection.settle(attempt) }
  }
}

extension SQLiteConnection {
  /// In one statement: between two, another process may update both.
  func counters(of keys: [Throttle.Key]) throws -> [Throttle.Counter] {
    guard !keys.isEmpty else { return [] }
    // Not `(kind, key) IN (VALUES …)`, for which SQLite scans the table.
    let condition = Array(repeating: "kind = ? AND key = ?", count: keys.count).joined(separator: " OR ")
    let rows = try query(
      "SELECT kind, key, count, last_at FROM attempt_counters WHERE \(condition)",
      keys.flatMap { [.text($0.kind.rawValue), .text($0.digest)] }
    ) { row in
      (
        Throttle.Key(Throttle.Key.Kind(rawValue: row.text(0) ?? ""), digest: row.text(1) ?? ""),
        Throttle.Counter(count: Int(row.integer(2)), lastAt: row.timestamp(3))
      )
    }
    return keys.map { key in rows.first { $0.0 == key }?.1 ?? .none }
  }

  /// Counts an attempt; to be called in a transaction.
  func settle(_ attempt: Throttle.Attempt) throws -> Throttle.Outcome {
    let counters = try counters(of: attempt.keys)
    var settled = counters
    var message: OutboxMessage?
    let outcome = attempt.settle(&settled, queueing: &message)
    if let message, let id = message.userID, try hasUser(id) { try insert(message) }
    for (key, (old, new)) in zip(attempt.keys, zip(counters, settled)) where new != old { try store(new, for: key) }
    return outcome
  }

  /// Saves a counter, or deletes one whose count is 0.
  func store(_ counter: Throttle.Counter, for key: Throttle.Key) throws {
    let values: [SQLiteValue] = [.text(key.kind.rawValue), .text(key.digest)]
    guard counter.count > 0 else {
      try run("DELETE FROM attempt_counters WHERE kind = ?1 AND key = ?2", values)
      return
    }
    try run(
      """
      INSERT INTO attempt_counters (kind, key, count, last_at) VALUES (?1, ?2, ?3, ?4)
      ON CONFLICT (kind, key) DO UPDATE SET count = ?3, last_at = ?4
      """, values + [.integer(Int64(counter.count)), SQLiteValue(counter.lastAt)])
  }
}
