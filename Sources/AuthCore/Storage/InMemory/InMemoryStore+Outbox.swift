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
      guard let index = due.min(by: { tables.outbox[$0].dueAt < tables.outbox[$1].dueAt }) else { return nil }
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
}
