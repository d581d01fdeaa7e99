extension InMemoryStore {
  /// Disables a user: ``DisablingStore/disableUser(_:at:endingSessionsIn:notice:)``.
  public func disableUser(
    _ id: User.ID, at moment: Timestamp, endingSessionsIn live: Session.Cutoff, notice: OutboxMessage?
  ) async throws(StoreError) -> [TokenDigest]? {
    try tables.withLock { (tables) throws(StoreError) in
      let index = try tables.indexOfUser(id)
      guard tables.disabledUsers[id] == nil else { return nil }
      tables.disabledUsers[id] = moment
      tables.note(.disabled, of: tables.users[index])
      let ended = tables.sessions.filter { $0.userID == id }
      tables.endSessions { $0.userID == id }
      tables.queue(notice)
      return ended.filter(live.contains).map(\.id)
    }
  }

  /// Enables a user: ``DisablingStore/enableUser(_:notice:)``.
  public func enableUser(_ id: User.ID, notice: OutboxMessage?) async throws(StoreError) -> Bool {
    try tables.withLock { (tables) throws(StoreError) in
      let index = try tables.indexOfUser(id)
      guard tables.disabledUsers.removeValue(forKey: id) != nil else { return false }
      tables.note(.enabled, of: tables.users[index])
      tables.queue(notice)
      return true
    }
  }

  /// Finds out whether a user is disabled: ``DisablingStore/disabledAt(_:)``.
  public func disabledAt(_ id: User.ID) async throws(StoreError) -> Timestamp? {
    tables.withLock { $0.disabledUsers[id] }
  }
}
