public import AuthCore

extension SQLiteStore {
  /// Disables a user: ``AuthCore/DisablingStore/disableUser(_:at:endingSessionsIn:notice:)``.
  public func disableUser(
    _ id: User.ID, at moment: Timestamp, endingSessionsIn live: Session.Cutoff, notice: OutboxMessage?
  ) async throws(StoreError) -> [TokenDigest]? {
    try await write { connection in
      try connection.requireUser(id)
      guard try !connection.isDisabled(id) else { return nil }
      // The trigger that ends the sessions of a disabled user could not return them.
      let ended = try connection.endSessions(.all, of: id)
      try connection.disable(id, at: moment)
      if let notice { try connection.insert(notice) }
      return ended.filter(live.contains).map(\.id)
    }
  }

  /// Enables a user: ``AuthCore/DisablingStore/enableUser(_:notice:)``.
  public func enableUser(_ id: User.ID, notice: OutboxMessage?) async throws(StoreError) -> Bool {
    try await write { connection in
      try connection.requireUser(id)
      guard try connection.run("DELETE FROM disabled_users WHERE user_id = ?1", [.integer(id)]) == 1 else { return false }
      if let notice { try connection.insert(notice) }
      return true
    }
  }

  /// Finds out whether a user is disabled: ``AuthCore/DisablingStore/disabledAt(_:)``.
  public func disabledAt(_ id: User.ID) async throws(StoreError) -> Timestamp? {
    try await read { connection in
      try connection.query("SELECT disabled_at FROM disabled_users WHERE user_id = ?1", [.integer(id)]) { $0.timestamp(0) }.first
    }
  }
}

extension SQLiteConnection {
  /// A trigger ends the user's sessions.
  func disable(_ id: User.ID, at moment: Timestamp) throws {
    try run("INSERT INTO disabled_users (user_id, disabled_at) VALUES (?1, ?2)", [.integer(id), SQLiteValue(moment)])
  }

  fileprivate func isDisabled(_ id: User.ID) throws -> Bool {
    try !query("SELECT 1 FROM disabled_users WHERE user_id = ?1", [.integer(id)]) { _ in }.isEmpty
  }
}

extension User {
  /// A condition on a row of `users`.
  static let isDisabled = "EXISTS (SELECT 1 FROM disabled_users WHERE user_id = users.id)"
}
