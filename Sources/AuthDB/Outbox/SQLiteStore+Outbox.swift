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
    for _ in 1...Self.claimRounds {
      let claim = try await write { connection in try connection.claimMessage(now: now, until: deadline) }
      switch claim {
      case .claimed(let message): return message
      case .noneDue: return nil
      case .moreDue: continue
      }
    }
    return nil
  }

  /// How many transactions a claim takes at most, each of which puts ``SQLiteConnection/messagesPutOff`` messages off.
  private static let claimRounds = 1_000

  /// Postpones a message: ``AuthCore/OutboxStore/postponeMessage(_:until:)``.
  public func postponeMessage(_ id: OutboxMessage.ID, until moment: Timestamp) async throws(StoreError) {
    _ = try await write { connection in
      try connection.run("UPDATE outbox SET due_at = ?2 WHERE id = ?1", [.text(id), SQLiteValue(moment)])
    }
  }

  /// Deletes a message: ``AuthCore/OutboxStore/removeMessage(_:)``.
  public func removeMessage(_ id: OutboxMessage.ID) async throws(StoreError) {
    try await write { connection in
      let removed = try connection.query(
        "DELETE FROM outbox WHERE id = ?1 RETURNING \(OutboxMessage.columns)", [.text(id)]
      ) { $0.message() }
      if let message = removed.first { try connection.letNext(after: message) }
    }
  }

  /// Lists messages: ``AuthCore/OutboxStore/findWaitingMessages(_:after:limit:)``.
  public func findWaitingMessages(
    _ selection: OutboxMessage.Selection, after last: OutboxMessage?, limit: Int
  ) async throws(StoreError) -> [OutboxMessage.Waiting] {
    try await readApart { connection in
      try connection.query(
        """
        SELECT \(OutboxMessage.columns), due_at FROM outbox
        WHERE \(OutboxMessage.isSelected) AND (?6 IS NULL OR (created_at, id) > (?6, ?7)) ORDER BY created_at, id LIMIT ?1
        """,
        [.integer(Int64(limit))] + selection.values + [last.map { SQLiteValue($0.createdAt) } ?? .null, SQLiteValue(last?.id)]
      ) { OutboxMessage.Waiting($0.message(), dueAt: $0.timestamp(OutboxMessage.columnCount)) }
    }
  }

  /// Counts messages: ``AuthCore/OutboxStore/countMessages()``.
  public func countMessages() async throws(StoreError) -> [OutboxMessage.Kind: OutboxMessage.Backlog] {
    let backlogs = try await readApart { connection in
      try connection.query("SELECT kind, count(*), min(created_at) FROM outbox GROUP BY kind") { row in
        (
          OutboxMessage.Kind(rawValue: row.text(0) ?? ""),
          OutboxMessage.Backlog(count: Int(row.integer(1)), oldest: row.timestamp(2))
        )
      }
    }
    return Dictionary(backlogs) { one, _ in one }
  }

  /// Makes messages due: ``AuthCore/OutboxStore/hastenMessages(_:to:limit:)``.
  public func hastenMessages(
    _ selection: OutboxMessage.Selection, to now: Timestamp, limit: Int
  ) async throws(StoreError) -> Int {
    try await write { connection in
      try connection.run(
        """
        UPDATE outbox SET due_at = ?6
        WHERE rowid IN (SELECT rowid FROM outbox WHERE due_at > ?6 AND \(OutboxMessage.isSelected) LIMIT ?1)
        """, [.integer(Int64(limit))] + selection.values + [SQLiteValue(now)])
    }
  }

  /// Deletes messages: ``AuthCore/OutboxStore/dropMessages(_:limit:)``.
  public func dropMessages(_ selection: OutboxMessage.Selection, limit: Int) async throws(StoreError) -> [OutboxMessage] {
    try await write { connection in
      let dropped = try connection.query(
        """
        DELETE FROM outbox WHERE rowid IN (SELECT rowid FROM outbox WHERE \(OutboxMessage.isSelected) LIMIT ?1)
        RETURNING \(OutboxMessage.columns)
        """, [.integer(Int64(limit))] + selection.values
      ) { $0.message() }
      for message in dropped { try connection.letNext(after: message) }
      return dropped
    }
  }
}

/// What became of an attempt to claim a message.
private enum Claim {
  case claimed(OutboxMessage)
  case noneDue
  /// Many messages were put off, and more may be due.
  case moreDue
}

extension SQLiteConnection {
  /// How many messages a claim puts off in one transaction, for which other writes wait some ten milliseconds.
  static var messagesPutOff: Int { 200 }

  /// Claims the message that has been due longest and is the first of its kind to its email.
  ///
  /// Those that are due and not the first are put off until the first is due again: left where they are, each claim would look
  /// at all of them. ``letNext(after:)`` brings them back.
  fileprivate func claimMessage(now: Timestamp, until deadline: Timestamp) throws -> Claim {
    for _ in 1...Self.messagesPutOff {
      let due = try query(
        "SELECT rowid, email, kind FROM outbox WHERE due_at <= ?1 ORDER BY due_at LIMIT 1", [SQLiteValue(now)]
      ) { (row: $0.integer(0), email: $0.text(1) ?? "", kind: $0.text(2) ?? "") }
      guard let due = due.first else { return .noneDue }
      let first = try query(
        """
        SELECT rowid, due_at FROM outbox WHERE email = ?1 COLLATE NOCASE AND kind = ?2 ORDER BY created_at, rowid LIMIT 1
        """, [.text(due.email), .text(due.kind)]
      ) { (row: $0.integer(0), dueAt: $0.timestamp(1)) }[0]
      guard first.row == due.row else {
        try run(
          "UPDATE outbox SET due_at = ?2 WHERE rowid = ?1",
          [.integer(due.row), SQLiteValue(max(first.dueAt, now + .seconds(1)))])
        continue
      }
      let claimed = try query(
        "UPDATE outbox SET tries = tries + 1, due_at = ?2 WHERE rowid = ?1 RETURNING \(OutboxMessage.columns)",
        [.integer(due.row), SQLiteValue(deadline)]
      ) { $0.message() }
      return .claimed(claimed[0])
    }
    return .moreDue
  }

  /// Makes the message due that waited behind one that is gone.
  fileprivate func letNext(after message: OutboxMessage) throws {
    // One that was tried has its own time.
    try run(
      """
      UPDATE outbox SET due_at = created_at WHERE tries = 0 AND rowid = (
        SELECT rowid FROM outbox WHERE email = ?1 COLLATE NOCASE AND kind = ?2 ORDER BY created_at, rowid LIMIT 1)
      """, [.text(message.email.text), .text(message.kind.rawValue)])
  }
}

extension OutboxMessage.Selection {
  /// The second to fifth parameters of ``OutboxMessage/isSelected``.
  fileprivate var values: [SQLiteValue] {
    [
      SQLiteValue(id), SQLiteValue(kind?.rawValue), recipient?.userID.map(SQLiteValue.integer) ?? .null,
      SQLiteValue(recipient?.email?.text),
    ]
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

  static let columnCount: Int32 = 7

  /// A condition on a row of `outbox`, whose parameters are ``OutboxMessage/Selection/values``.
  fileprivate static let isSelected = """
    (?2 IS NULL OR id = ?2) AND (?3 IS NULL OR kind = ?3)
    AND (?4 IS NULL AND ?5 IS NULL OR user_id = ?4 OR email = ?5 COLLATE NOCASE)
    """
}

extension SQLiteStatement {
  func message() -> OutboxMessage {
    OutboxMessage(
      id: text(0) ?? "", kind: OutboxMessage.Kind(rawValue: text(1) ?? ""), userID: integerIfAny(2),
      email: Email(stored: text(3) ?? ""), payload: text(4), createdAt: timestamp(5), tries: Int(integer(6)))
  }
}
