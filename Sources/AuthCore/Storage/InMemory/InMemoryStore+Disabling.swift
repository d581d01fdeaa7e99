extension InMemoryStore {
  /// Disables a user: ``DisablingStore/disableUser(_:at:endingSessionsIn:)``.
  public func disableUser(
    _ id: User.ID, at moment: Timestamp, endingSessionsIn live: Session.Cutoff
  ) async throws(StoreError) -> [TokenDigest]? {
    try tables.withLock { (tables) throws(StoreError) in
      _ = try tables.indexOfUser(id)
      guard tables.disabledUsers[id] == nil else { return nil }
      tables.disabledUsers[id] = moment
      let ended = tables.sessions.filter { $0.userID == id }
      tables.endSessions { $0.userID == id }
      return ended.filter(live.contains).map(\.id)
    }
  }

  /// Enables a user: ``DisablingStore/enableUser(_:)``.
  public func enableUser(_ id: User.ID) async throws(StoreError) -> Bool {
    try tables.withLock { (tables) throws(StoreError) in
      _ = try tables.indexOfUser(id)
      return tables.disabledUsers.removeValue(forKey: id) != nil
    }
  }

  /// Finds out whether a user is disabled: ``DisablingStore/disabledAt(_:)``.
  public func disabledAt(_ id: User.ID) async throws(StoreError) -> Timestamp? {
    tables.withLock { $0.disabledUsers[id] }
  }
}
