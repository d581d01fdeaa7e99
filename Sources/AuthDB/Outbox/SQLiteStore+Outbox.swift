public import AuthCore

extension SQLiteStore {
  /// Queues a message: ``AuthCore/OutboxStore/addMessage(_:limit:)``.
  public func addMessage(_ message: OutboxMessage, limit: Int) async throws(StoreError) -> Bool {
    try await write { connection in try connection.queue(message, limit: limit) }
  }

  /// Claims a message: ``AuthCore/OutboxStore/claimMessage(now:until:)``.
  public func claimMessage(now: Timestamp, until deadline: Timestamp) async throws(StoreError) -> OutboxMessage? {
    // Called often, and usually nothing is due. A read finds that out without waiting for the writer.
    let isDue = try await read { connection in
      try !connection.query("SELECT 1 FROM outbox WHERE due_at <= ?1 LIMIT 1", [SQLiteValue(now)]) { _ in }.isEmpty
    }
    guard isDue else { return nil }
    return try await write { connection in
      try connection.query(
        """
        UPDATE outbox SET tries = tries + 1, due_at = ?2
        WHERE id = (SELECT id FROM outbox WHERE due_at <= ?1 ORDER BY due_at LIMIT 1)
        RETURNING \(OutboxMessage.columns)
        """, [SQLiteValue(now), SQLiteValue(deadline)]
      ) { $0.message() }.first
    }
  }

  /// Postpones a message: ``AuthCore/OutboxStore/postponeMessage(_:until:)``.
  public func postponeMessage(_ id: OutboxMessage.ID, until moment: Timestamp) async throws(StoreError) {
    _ = try await write { connection in
      try connection.run("UPDATE outbox SET due_at = ?2 WHERE id = ?1", [.text(id), SQLiteValue(moment)])
    }
  }

  /// Deletes a message: ``AuthCore/OutboxStore/removeMessage(_:)``.
  public func removeMessage(_ id: OutboxMessage.ID) async throws(StoreError) {
    _ = try await write { connection in
      try connection.run("DELETE FROM outbox WHERE id = ?1", [.text(id)])
    }
  }
}

extension SQLiteConnection {
  /// Saves a message unless `limit` of its kind are already waiting; returns whether it was saved.
  func queue(_ message: OutboxMessage, limit: Int) throws -> Bool {
    let waiting = try query("SELECT count(*) FROM outbox WHERE kind = ?1", [.text(message.kind.rawValue)]) { $0.integer(0) }
    guard waiting[0] < limit else { return false }
    try insert(message)
    return true
  }

  /// Saves a message that is due at once.
  func insert(_ message: OutboxMessage) throws {
    try run(
      """
      INSERT INTO outbox (id, kind, user_id, email, payload, created_at, due_at, tries) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7)
      """,
      [
        .text(message.id), .text(message.kind.rawValue), message.userID.map(SQLiteValue.integer) ?? .null,
        .text(message.email.text), SQLiteValue(message.payload), SQLiteValue(message.createdAt), .integer(Int64(message.tries)),
      ])
  }
}

extension OutboxMessage {
  /// What ``SQLiteStatement/message()`` reads, in this order.
  static let columns = "id, kind, user_id, email, payload, created_at, tries"
}

extension SQLiteStatement {
  func message() -> OutboxMessage {
    OutboxMessage(
      id: text(0) ?? "", kind: OutboxMessage.Kind(rawValue: text(1) ?? ""), userID: integerIfAny(2),
      email: Email(stored: text(3) ?? ""), payload: text(4), createdAt: timestamp(5), tries: Int(integer(6)))
  }
}
