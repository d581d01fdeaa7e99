extension InMemoryStore {
  /// Lists users: ``AdministrationStore/findAccounts(withPrefix:after:limit:)``.
  public func findAccounts(
    withPrefix prefix: String, after last: Email?, limit: Int
  ) async throws(StoreError) -> [Account.Record] {
    tables.withLock { tables in
      let found = tables.users.filter { user in
        user.email.hasPrefix(prefix) && last.map { $0.precedes(user.email) } ?? true
      }
      return found.sorted { $0.email.precedes($1.email) }.prefix(limit).map { user in
        Account.Record(
          user: user, disabledAt: tables.disabledUsers[user.id], unverifiedUntil: tables.unverifiedAccounts[user.id]?.expiresAt)
      }
    }
  }

  /// Saves a user and a message: ``AdministrationStore/addUser(email:hashedPassword:queueing:limit:)``.
  public func addUser(
    email: Email, hashedPassword: PasswordHash, queueing message: OutboxMessage, limit: Int
  ) async throws(StoreError) -> User? {
    try tables.withLock { (tables) throws(StoreError) in
      try tables.requireFree(email, for: nil)
      guard tables.outbox.count(where: { $0.message.kind == message.kind }) < limit else { return nil }
      tables.queue(message)
      return tables.add(email, hashedPassword)
    }
  }

  /// Saves users: ``AdministrationStore/importUsers(_:)``.
  public func importUsers(_ users: [Account.Import]) async throws(StoreError) -> [Account.Import.Outcome] {
    tables.withLock { tables in
      users.map { imported in
        if let user = tables.users.first(where: { $0.email == imported.email }) {
          return user.hashedPassword == imported.hash ? .exists : .differs
        }
        // Someone else can take it back.
        guard (try? tables.requireFree(imported.email, for: nil)) != nil else { return .differs }
        let user = tables.add(imported.email, imported.hash)
        if let moment = imported.disabledAt {
          tables.disabledUsers[user.id] = moment
          tables.note(.disabled, of: user)
        }
        return .added
      }
    }
  }

  /// Deletes a user: ``AdministrationStore/eraseUser(_:clearing:notice:)``.
  public func eraseUser(
    _ id: User.ID, clearing keys: [Throttle.Key], notice: OutboxMessage?
  ) async throws(StoreError) -> Bool {
    tables.withLock { tables in
      guard let user = tables.users.first(where: { $0.id == id }) else { return false }
      tables.outbox.removeAll { $0.message.isFor(user) }
      for key in keys { tables.counters[key] = nil }
      tables.queue(notice)
      tables.delete(id)
      return true
    }
  }

  /// Deletes counters: ``AdministrationStore/clearCounters(of:notice:)``.
  public func clearCounters(of keys: [Throttle.Key], notice: OutboxMessage?) async throws(StoreError) -> Bool {
    tables.withLock { tables in
      guard keys.filter({ tables.counters.removeValue(forKey: $0) != nil }).count > 0 else { return false }
      tables.queue(notice)
      return true
    }
  }

  /// Finds messages: ``AdministrationStore/findMessages(to:)``.
  public func findMessages(to id: User.ID) async throws(StoreError) -> [OutboxMessage] {
    tables.withLock { tables in
      guard let user = tables.users.first(where: { $0.id == id }) else { return [] }
      return tables.outbox.map(\.message).filter { $0.isFor(user) }.sorted { $0.createdAt < $1.createdAt }
    }
  }

  /// Counts what is stored: ``AdministrationStore/statistics(live:)``.
  public func statistics(live: Session.Cutoff) async throws(StoreError) -> StoreStatistics {
    tables.withLock { tables in
      var statistics = StoreStatistics()
      statistics.users = tables.users.count
      statistics.disabledUsers = tables.disabledUsers.count
      statistics.liveSessions = tables.sessions.count(where: live.contains)
      statistics.storedSessions = tables.sessions.count
      statistics.resetTokens = tables.resetTokens.count
      statistics.messages = tables.outbox.count
      statistics.oldestMessageAt = tables.outbox.map(\.message.createdAt).min()
      statistics.counters = tables.counters.count
      return statistics
    }
  }
}

extension OutboxMessage {
  fileprivate func isFor(_ user: User) -> Bool { userID == user.id || email == user.email }
}

extension Email {
  fileprivate func precedes(_ other: Email) -> Bool {
    text.utf8.foldedASCII.lexicographicallyPrecedes(other.text.utf8.foldedASCII)
  }
}
