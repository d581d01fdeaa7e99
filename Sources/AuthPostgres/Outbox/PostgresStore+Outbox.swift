#if Postgres
public import AuthCore

extension PostgresStore {
  /// Queues a message: ``AuthCore/OutboxStore/addMessage(_:limit:)``.
  public func addMessage(_ message: OutboxMessage, limit: Int) async throws(StoreError) -> Bool {
    // Made again after it was delivered, it is delivered twice, which can happen to any message.
    try await write(statements.addMessage, repeating: .safe) { query in
      query.add(message)
      query.add(limit)
    } _: {
      $0.boolean(0, 0)
    }
  }

  /// Claims a message: ``AuthCore/OutboxStore/claimMessage(now:until:)``.
  public func claimMessage(now: Timestamp, until deadline: Timestamp) async throws(StoreError) -> OutboxMessage? {
    // Called often, and usually nothing is due.
    let isDue = try await read(statements.dueMessage) {
      $0.add(now.secondsSince1970)
    } _: {
      $0.count > 0
    }
    guard isDue else { return nil }
    // A message that was claimed by a call whose answer was lost is due again at its deadline.
    return try await write(statements.claimMessage, repeating: .safe) { query in
      query.add(now.secondsSince1970)
      query.add(deadline.secondsSince1970)
    } _: {
      $0.count > 0 ? $0.message(0) : nil
    }
  }

  /// Postpones a message: ``AuthCore/OutboxStore/postponeMessage(_:until:)``.
  public func postponeMessage(_ id: OutboxMessage.ID, until moment: Timestamp) async throws(StoreError) {
    try await write(statements.postponeMessage, repeating: .safe) { query in
      query.add(bytes: id)
      query.add(moment.secondsSince1970)
    } _: { _ in
    }
  }

  /// Deletes a message: ``AuthCore/OutboxStore/removeMessage(_:)``.
  public func removeMessage(_ id: OutboxMessage.ID) async throws(StoreError) {
    try await write(statements.removeMessage, repeating: .safe) {
      $0.add(bytes: id)
    } _: { _ in
    }
  }
}

extension PostgresResult {
  /// The message in the eight columns of `outbox`.
  func message(_ row: Int) -> OutboxMessage {
    OutboxMessage(
      id: text(row, 0), kind: OutboxMessage.Kind(rawValue: text(row, 1)), userID: integerIfAny(row, 2),
      email: Email(stored: text(row, 3)), payload: textIfAny(row, 4), createdAt: timestamp(row, 5), tries: Int(integer(row, 7)))
  }
}

extension PostgresQuery {
  /// The seven parameters of a message.
  mutating func add(_ message: OutboxMessage) {
    add(bytes: message.id)
    add(bytes: message.kind.rawValue)
    add(message.userID)
    add(message.email.text)
    add(bytes: message.payload)
    add(message.createdAt.secondsSince1970)
    add(message.tries)
  }

  /// The six parameters of a notice to the user whom the call is about, null without one.
  mutating func add(notice: OutboxMessage?) {
    add(bytes: notice?.id)
    add(bytes: notice?.kind.rawValue)
    add(notice?.email.text)
    add(bytes: notice?.payload)
    add(notice?.createdAt.secondsSince1970)
    add((notice?.tries).map(Int64.init))
  }
}
#endif
