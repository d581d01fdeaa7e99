public import AuthCore

extension SQLiteStore {
  public func findFailures(of keys: [Throttle.Key]) async throws(StoreError) -> [Throttle.Counter] {
    try await read { connection in try connection.failures(of: keys) }
  }

  public func updateFailures<Answer: Sendable>(
    of keys: [Throttle.Key], _ update: @escaping @Sendable (inout [Throttle.Counter]) -> Answer
  ) async throws(StoreError) -> Answer {
    try await write { connection in
      let before = try connection.failures(of: keys)
      var after = before
      let answer = update(&after)
      for (key, (old, new)) in zip(keys, zip(before, after)) where new != old { try connection.store(new, for: key) }
      return answer
    }
  }
}

extension SQLiteConnection {
  /// In one statement: between two somebody else may update both.
  fileprivate func failures(of keys: [Throttle.Key]) throws -> [Throttle.Counter] {
    let places = Array(repeating: "?", count: keys.count).joined(separator: ", ")
    let rows = try query(
      "SELECT key, count, last_at FROM login_failures WHERE key IN (\(places))", keys.map { .text($0.text) }
    ) { row in
      (Throttle.Key(stored: row.text(0) ?? ""), Throttle.Counter(count: Int(row.integer(1)), lastAt: row.timestamp(2)))
    }
    let counts = Dictionary(uniqueKeysWithValues: rows)
    return keys.map { counts[$0] ?? .none }
  }

  fileprivate func store(_ failures: Throttle.Counter, for key: Throttle.Key) throws {
    guard failures.count > 0 else {
      try run("DELETE FROM login_failures WHERE key = ?1", [.text(key.text)])
      return
    }
    try run(
      "INSERT INTO login_failures (key, count, last_at) VALUES (?1, ?2, ?3) ON CONFLICT (key) DO UPDATE SET count = ?2, last_at = ?3",
      [.text(key.text), .integer(Int64(failures.count)), SQLiteValue(failures.lastAt)])
  }
}
