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
    for _ in 1...Self.claimRounds {
      // A message that was claimed by a call whose answer was lost is due again at its deadline.
      let (message, isMoreDue) = try await write(statements.claimMessage, repeating: .safe) { query in
        query.add(now.secondsSince1970)
        query.add((now + .seconds(1)).secondsSince1970)
        query.add(deadline.secondsSince1970)
      } _: { result in
        (result.integer(0, 8) == 1 ? result.message(0) : nil, result.integer(0, 8) == 2)
      }
      guard isMoreDue else { return message }
    }
    return nil
  }

  /// How many transactions a claim takes at most, each of which puts a hundred messages off.
  private static let claimRounds = 1_000

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

  /// Lists messages: ``AuthCore/OutboxStore/findWaitingMessages(_:after:limit:)``.
  public func findWaitingMessages(
    _ selection: OutboxMessage.Selection, after last: OutboxMessage?, limit: Int
  ) async throws(StoreError) -> [OutboxMessage.Waiting] {
    try await read(statements.waitingMessages, isScan: true) { query in
      query.add(selection)
      query.add(last?.createdAt.secondsSince1970)
      query.add(bytes: last?.id)
      query.add(limit)
    } _: { result in
      (0..<result.count).map { OutboxMessage.Waiting(result.message($0), dueAt: result.timestamp($0, 6)) }
    }
  }

  /// Counts messages: ``AuthCore/OutboxStore/countMessages()``.
  public func countMessages() async throws(StoreError) -> [OutboxMessage.Kind: OutboxMessage.Backlog] {
    let backlogs = try await read(statements.backlogs, isScan: true) { result in
      (0..<result.count).map { row in
        (
          OutboxMessage.Kind(rawValue: result.text(row, 0)),
          OutboxMessage.Backlog(count: Int(result.integer(row, 1)), oldest: result.timestamp(row, 2))
        )
      }
    }
    return Dictionary(backlogs) { one, _ in one }
  }

  /// Makes messages due: ``AuthCore/OutboxStore/hastenMessages(_:to:limit:)``.
  public func hastenMessages(
    _ selection: OutboxMessage.Selection, to now: Timestamp, limit: Int
  ) async throws(StoreError) -> Int {
    try await write(statements.hastenMessages, repeating: .none) { query in
      query.add(selection)
      query.add(now.secondsSince1970)
      query.add(limit)
    } _: {
      Int($0.integer(0, 0))
    }
  }

  /// Deletes messages: ``AuthCore/OutboxStore/dropMessages(_:limit:)``.
  public func dropMessages(_ selection: OutboxMessage.Selection, limit: Int) async throws(StoreError) -> [OutboxMessage] {
    try await write(statements.dropMessages, repeating: .none) { query in
      query.add(selection)
      query.add(limit)
    } _: { result in
      (0..<result.count).map(result.message)
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
  /// The four parameters of a selection.
  fileprivate mutating func add(_ selection: OutboxMessage.Selection) {
    add(bytes: selection.id)
    add(bytes: selection.kind?.rawValue)
    add(selection.recipient?.userID)
    add(selection.recipient?.email?.text)
  }

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
