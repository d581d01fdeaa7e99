extension InMemoryStore {
  /// Queues a message: ``OutboxStore/addMessage(_:limit:)``.
  public func addMessage(_ message: OutboxMessage, limit: Int) async throws(StoreError) -> Bool {
    tables.withLock { tables in
      guard tables.outbox.count(where: { $0.message.kind == message.kind }) < limit else { return false }
      tables.queue(message)
      return true
    }
  }

  /// Claims a message: ``OutboxStore/claimMessage(now:until:)``.
  public func claimMessage(now: Timestamp, until deadline: Timestamp) async throws(StoreError) -> OutboxMessage? {
    tables.withLock { tables in
      let due = tables.outbox.indices.filter { tables.outbox[$0].dueAt <= now }
        .sorted { (tables.outbox[$0].dueAt, $0) < (tables.outbox[$1].dueAt, $1) }
      guard let index = due.first(where: { !tables.isBehindAnother($0) }) else { return nil }
      tables.outbox[index].message.tries += 1
      tables.outbox[index].dueAt = deadline
      return tables.outbox[index].message
    }
  }

  /// Postpones a message: ``OutboxStore/postponeMessage(_:until:)``.
  public func postponeMessage(_ id: OutboxMessage.ID, until moment: Timestamp) async throws(StoreError) {
    tables.withLock { tables in
      guard let index = tables.indexOfMessage(id) else { return }
      tables.outbox[index].dueAt = moment
    }
  }

  /// Deletes a message: ``OutboxStore/removeMessage(_:)``.
  public func removeMessage(_ id: OutboxMessage.ID) async throws(StoreError) {
    tables.withLock { tables in
      guard let index = tables.indexOfMessage(id) else { return }
      tables.outbox.remove(at: index)
    }
  }

  /// Lists messages: ``OutboxStore/findWaitingMessages(_:after:limit:)``.
  public func findWaitingMessages(
    _ selection: OutboxMessage.Selection, after last: OutboxMessage?, limit: Int
  ) async throws(StoreError) -> [OutboxMessage.Waiting] {
    let waiting = tables.withLock { $0.outbox.filter { selection.contains($0.message) } }
    return waiting.filter { row in last.map { $0.isListed(before: row.message) } ?? true }
      .sorted { $0.message.isListed(before: $1.message) }.prefix(limit)
      .map { OutboxMessage.Waiting($0.message, dueAt: $0.dueAt) }
  }

  /// Counts messages: ``OutboxStore/countMessages()``.
  public func countMessages() async throws(StoreError) -> [OutboxMessage.Kind: OutboxMessage.Backlog] {
    tables.withLock { tables in
      Dictionary(grouping: tables.outbox.map(\.message), by: \.kind).mapValues { messages in
        OutboxMessage.Backlog(count: messages.count, oldest: messages.map(\.createdAt).min() ?? .distantFuture)
      }
    }
  }

  /// Makes messages due: ``OutboxStore/hastenMessages(_:to:limit:)``.
  public func hastenMessages(
    _ selection: OutboxMessage.Selection, to now: Timestamp, limit: Int
  ) async throws(StoreError) -> Int {
    tables.withLock { tables in
      let later = tables.outbox.indices.filter { tables.outbox[$0].dueAt > now && selection.contains(tables.outbox[$0].message) }
      for index in later.prefix(limit) { tables.outbox[index].dueAt = now }
      return min(later.count, limit)
    }
  }

  /// Deletes messages: ``OutboxStore/dropMessages(_:limit:)``.
  public func dropMessages(_ selection: OutboxMessage.Selection, limit: Int) async throws(StoreError) -> [OutboxMessage] {
    tables.withLock { tables in
      let dropped = Array(tables.outbox.indices.filter { selection.contains(tables.outbox[$0].message) }.prefix(limit))
      defer { for index in dropped.reversed() { tables.outbox.remove(at: index) } }
      return dropped.map { tables.outbox[$0].message }
    }
  }
}

extension InMemoryStore.Tables {
  /// Whether an older message of its kind to its email is stored; of the same second, the one that was queued first is the older.
  fileprivate func isBehindAnother(_ index: Int) -> Bool {
    let message = outbox[index].message
    return outbox.indices.contains { other in
      let (one, two) = (outbox[other].message, message)
      return other != index && (one.createdAt, other) < (two.createdAt, index) && one.email == two.email
        && one.kind.rawValue.hasSameBytes(as: two.kind.rawValue)
    }
  }
}

extension OutboxMessage {
  /// The order of ``OutboxStore/findWaitingMessages(_:after:limit:)``.
  fileprivate func isListed(before other: OutboxMessage) -> Bool {
    createdAt == other.createdAt
      ? id.utf8.lexicographicallyPrecedes(other.id.utf8) : createdAt < other.createdAt
  }
}
