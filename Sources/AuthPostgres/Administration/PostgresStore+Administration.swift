#if Postgres
public import AuthCore

extension PostgresStore {
  /// Lists users: ``AuthCore/AdministrationStore/findAccounts(withPrefix:after:limit:)``.
  public func findAccounts(
    withPrefix prefix: String, after last: Email?, limit: Int
  ) async throws(StoreError) -> [Account.Record] {
    // No email has U+0000, and text cannot hold it.
    guard !prefix.utf8.contains(0) else { return [] }
    let records = try await read(last == nil ? statements.accountsFrom : statements.accountsAfter) { query in
      query.add(last?.text ?? prefix)
      query.add(limit)
    } _: { result in
      (0..<result.count).map {
        Account.Record(
          user: result.user($0, 0), disabledAt: result.timestampIfAny($0, 5), unverifiedUntil: result.timestampIfAny($0, 6))
      }
    }
    // In this order, those with the prefix come first.
    return Array(records.prefix { $0.user.email.hasPrefix(prefix) })
  }

  /// Saves a user and a message: ``AuthCore/AdministrationStore/addUser(email:hashedPassword:queueing:limit:)``.
  public func addUser(
    email: Email, hashedPassword: PasswordHash, queueing message: OutboxMessage, limit: Int
  ) async throws(StoreError) -> User? {
    try await write(statements.createUser, repeating: .none) { query in
      query.add(email.text)
      query.add(hashedPassword.text)
      query.add(message)
      query.add(limit)
    } _: { result throws(StoreError) in
      switch result.integer(0, 0) {
      case 0: throw .emailTaken
      case 1: nil
      default: User(id: result.integer(0, 1), email: email, hashedPassword: hashedPassword)
      }
    }
  }

  /// Saves users: ``AuthCore/AdministrationStore/importUsers(_:)``.
  public func importUsers(_ users: [Account.Import]) async throws(StoreError) -> [Account.Import.Outcome] {
    guard !users.isEmpty else { return [] }
    do {
      return try await importOnce(users)
    } catch .emailTaken {
      // Meanwhile one of the emails became one that another user can take back. Now that is seen.
      return try await importOnce(users)
    }
  }

  private func importOnce(_ users: [Account.Import]) async throws(StoreError) -> [Account.Import.Outcome] {
    // If it is made again, those that the first call added count as existing.
    try await write(statements.importUsers, repeating: .safe) { query in
      query.add(users.map { Optional($0.email.text) })
      query.add(users.map { Optional($0.hash.text) })
      query.add(users.map { $0.disabledAt?.secondsSince1970 })
    } _: { result in
      result.elements(0, 0).map { outcome in
        switch outcome.last {
        case 0: .added
        case 1: .exists
        default: .differs
        }
      }
    }
  }

  /// Deletes a user: ``AuthCore/AdministrationStore/eraseUser(_:clearing:notice:)``.
  public func eraseUser(
    _ id: User.ID, clearing keys: [Throttle.Key], notice: OutboxMessage?
  ) async throws(StoreError) -> Bool {
    try await write(statements.eraseUser, repeating: .none) { query in
      query.add(id)
      query.add(keys)
      query.add(notice: notice)
    } _: {
      $0.boolean(0, 0)
    }
  }

  /// Deletes counters: ``AuthCore/AdministrationStore/clearCounters(of:notice:)``.
  public func clearCounters(of keys: [Throttle.Key], notice: OutboxMessage?) async throws(StoreError) -> Bool {
    try await write(statements.clearCounters, repeating: .none) {
      $0.add(keys)
      $0.add(notice?.userID)
      $0.add(notice: notice)
    } _: {
      $0.boolean(0, 0)
    }
  }

  /// Finds messages: ``AuthCore/AdministrationStore/findMessages(to:)``.
  public func findMessages(to id: User.ID) async throws(StoreError) -> [OutboxMessage] {
    try await read(statements.messagesToUser, isScan: true) {
      $0.add(id)
    } _: { result in
      (0..<result.count).map(result.message)
    }
  }

  /// Counts what is stored: ``AuthCore/AdministrationStore/statistics(live:)``.
  public func statistics(live: Session.Cutoff) async throws(StoreError) -> StoreStatistics {
    try await read(statements.statistics, isScan: true) { query in
      query.add(live.expiringAfter.secondsSince1970)
      query.add(live.usedAfter.secondsSince1970)
    } _: { result in
      var statistics = StoreStatistics()
      statistics.users = Int(result.integer(0, 0))
      statistics.disabledUsers = Int(result.integer(0, 1))
      statistics.liveSessions = Int(result.integer(0, 2))
      statistics.storedSessions = Int(result.integer(0, 3))
      statistics.resetTokens = Int(result.integer(0, 4))
      statistics.messages = Int(result.integer(0, 5))
      statistics.oldestMessageAt = result.timestampIfAny(0, 6)
      statistics.counters = Int(result.integer(0, 7))
      return statistics
    }
  }
}
#endif
