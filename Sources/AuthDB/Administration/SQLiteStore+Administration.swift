public import AuthCore

extension SQLiteStore {
  /// Lists users: ``AuthCore/AdministrationStore/findAccounts(withPrefix:after:limit:)``.
  public func findAccounts(
    withPrefix prefix: String, after last: Email?, limit: Int
  ) async throws(StoreError) -> [Account.Record] {
    let (relation, first) = last.map { (">", $0.text) } ?? (">=", prefix)
    let records = try await read { connection in
      try connection.query(
        """
        SELECT \(User.columns), (SELECT disabled_at FROM disabled_users WHERE user_id = users.id), \(User.unverifiedUntil)
        FROM users
        WHERE email \(relation) ?1 COLLATE NOCASE ORDER BY email COLLATE NOCASE LIMIT ?2
        """, [.text(first), .integer(Int64(limit))]
      ) { row in
        Account.Record(
          user: row.user(), disabledAt: row.timestampIfAny(User.columnCount),
          unverifiedUntil: row.timestampIfAny(User.columnCount + 1))
      }
    }
    // In this order, those with the prefix come first.
    return Array(records.prefix { $0.user.email.hasPrefix(prefix) })
  }

  /// Saves a user and a message: ``AuthCore/AdministrationStore/addUser(email:hashedPassword:queueing:limit:)``.
  public func addUser(
    email: Email, hashedPassword: PasswordHash, queueing message: OutboxMessage, limit: Int
  ) async throws(StoreError) -> User? {
    try await write { connection in
      // The user comes first: an email that is taken is an error even when the outbox is full.
      guard try connection.user(with: email) == nil else { throw StoreError.emailTaken }
      try connection.requireNotReserved(email, for: nil)
      guard try connection.queue(message, limit: limit) else { return nil }
      return try connection.addUser(email, hashedPassword)
    }
  }

  /// Saves users: ``AuthCore/AdministrationStore/importUsers(_:)``.
  public func importUsers(_ users: [Account.Import]) async throws(StoreError) -> [Account.Import.Outcome] {
    try await write { connection in
      try users.map { imported in
        if let user = try connection.user(with: imported.email) {
          return user.hashedPassword == imported.hash ? .exists : .differs
        }
        let user: User
        do { user = try connection.addUser(imported.email, imported.hash) } catch StoreError.emailTaken {
          // Someone else can take it back.
          return .differs
        }
        if let moment = imported.disabledAt { try connection.disable(user.id, at: moment) }
        return .added
      }
    }
  }

  /// Deletes a user: ``AuthCore/AdministrationStore/eraseUser(_:clearing:notice:)``.
  public func eraseUser(
    _ id: User.ID, clearing keys: [Throttle.Key], notice: OutboxMessage?
  ) async throws(StoreError) -> Bool {
    try await write { connection in
      try connection.run("DELETE FROM outbox WHERE \(OutboxMessage.isForUser)", [.integer(id)])
      guard try connection.hasUser(id) else { return false }
      for key in keys { try connection.store(.none, for: key) }
      // First, so that the recovery email gets the copy.
      if let notice { try connection.insert(notice) }
      // The foreign keys delete sessions, reset token and state, too.
      try connection.run("DELETE FROM users WHERE id = ?1", [.integer(id)])
      return true
    }
  }

  /// Deletes counters: ``AuthCore/AdministrationStore/clearCounters(of:notice:)``.
  public func clearCounters(of keys: [Throttle.Key], notice: OutboxMessage?) async throws(StoreError) -> Bool {
    try await write { connection in
      let hasAny = try connection.counters(of: keys).contains { $0 != .none }
      for key in keys { try connection.store(.none, for: key) }
      if hasAny, let notice { try connection.insert(notice) }
      return hasAny
    }
  }

  /// Finds messages: ``AuthCore/AdministrationStore/findMessages(to:)``.
  public func findMessages(to id: User.ID) async throws(StoreError) -> [OutboxMessage] {
    // The outbox has no index that leads to them.
    try await readOnWriter { connection in
      try connection.query(
        "SELECT \(OutboxMessage.columns) FROM outbox WHERE \(OutboxMessage.isForUser) ORDER BY created_at", [.integer(id)]
      ) { $0.message() }
    }
  }

  /// Counts what is stored: ``AuthCore/AdministrationStore/statistics(live:)``.
  public func statistics(live: Session.Cutoff) async throws(StoreError) -> StoreStatistics {
    try await readOnWriter { connection in
      let rows = try connection.query(
        """
        SELECT (SELECT count(*) FROM users), (SELECT count(*) FROM disabled_users),
          (SELECT count(*) FROM sessions WHERE expires_at > ?1 AND last_used_at > ?2), (SELECT count(*) FROM sessions),
          (SELECT count(*) FROM reset_tokens), (SELECT count(*) FROM outbox), (SELECT min(created_at) FROM outbox),
          (SELECT count(*) FROM attempt_counters)
        """, live.values
      ) { row in
        var statistics = StoreStatistics()
        statistics.users = Int(row.integer(0))
        statistics.disabledUsers = Int(row.integer(1))
        statistics.liveSessions = Int(row.integer(2))
        statistics.storedSessions = Int(row.integer(3))
        statistics.resetTokens = Int(row.integer(4))
        statistics.messages = Int(row.integer(5))
        statistics.oldestMessageAt = row.timestampIfAny(6)
        statistics.counters = Int(row.integer(7))
        return statistics
      }
      return rows[0]
    }
  }
}

extension OutboxMessage {
  /// A condition on a row of `outbox`: it was queued for the user whose id is the first parameter, or for their email.
  fileprivate static let isForUser =
    "EXISTS (SELECT 1 FROM users WHERE id = ?1 AND (outbox.user_id = id OR outbox.email = users.email COLLATE NOCASE))"
}
