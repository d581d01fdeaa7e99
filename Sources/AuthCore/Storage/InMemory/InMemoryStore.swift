/// A store that keeps everything in memory: for tests, for trying out, and to show what a store must do.
///
/// It searches all users one by one, because it is meant to be read rather than to be fast.
public final class InMemoryStore: AuthStore {
  // Not `Mutex`, whose locking ThreadSanitizer does not see.
  let tables = Monitor(Tables())

  /// An empty store.
  public init() {}

  // MARK: Accounts

  /// Saves a user: ``AccountStore/addUser(email:hashedPassword:)``.
  public func addUser(email: Email, hashedPassword: PasswordHash) async throws(StoreError) -> User {
    try tables.withLock { (tables) throws(StoreError) in
      try tables.requireFree(email, for: nil)
      return tables.add(email, hashedPassword)
    }
  }

  /// Finds a user: ``AccountStore/findUser(by:)``.
  public func findUser(by filters: [User.Filter]) async throws(StoreError) -> User {
    let user = tables.withLock { tables in
      tables.users.first { user in filters.allSatisfy { $0.matches(user) } }
    }
    guard let user else { throw .noResultFound }
    return user
  }

  /// Finds a user and counters: ``AccountStore/findUser(email:counters:)``.
  public func findUser(
    email: Email?, counters keys: [Throttle.Key]
  ) async throws(StoreError) -> (user: User?, isDisabled: Bool, unverifiedUntil: Timestamp?, counters: [Throttle.Counter]) {
    tables.withLock { tables in
      let user = email.flatMap { email in tables.users.first { $0.email == email } }
      return (
        user, user.map { tables.disabledUsers[$0.id] != nil } ?? false,
        user.flatMap { tables.unverifiedAccounts[$0.id]?.expiresAt }, tables.counters(of: keys)
      )
    }
  }

  /// Changes a user: ``AccountStore/updateUser(_:_:)``.
  public func updateUser(_ id: User.ID, _ changes: [User.Change]) async throws(StoreError) {
    try tables.withLock { (tables) throws(StoreError) in
      let index = try tables.indexOfUser(id)
      for case .email(let email) in changes { try tables.requireFree(email, for: id) }
      for change in changes {
        switch change {
        case .email(let email):
          tables.set(email, of: index)
          tables.revokeResetToken(of: id)
          tables.emailChanges[id] = nil
          tables.recoveryEmailRequests[id] = nil
          tables.takeBacks = tables.takeBacks.filter { $0.value.takeBack.userID != id }
        case .hashedPassword(let hash):
          tables.users[index].hashedPassword = hash
          tables.voidEmailChange(of: id)
        case .endSessions: tables.endSessions { $0.userID == id }
        case .revokeResetToken: tables.revokeResetToken(of: id)
        }
      }
    }
  }

  /// Replaces a hash: ``AccountStore/replaceHashedPassword(of:_:with:)``.
  public func replaceHashedPassword(
    of id: User.ID, _ expected: PasswordHash, with hash: PasswordHash
  ) async throws(StoreError) -> Bool {
    tables.withLock { tables in
      guard let index = tables.users.firstIndex(where: { $0.id == id && $0.hashedPassword == expected }) else { return false }
      tables.users[index].hashedPassword = hash
      return true
    }
  }

  /// Sets a new password: ``AccountStore/changePassword(of:_:to:renewing:as:endingOthers:notice:)``.
  public func changePassword(
    of id: User.ID, _ expected: PasswordHash, to hash: PasswordHash,
    renewing old: TokenDigest, as new: Session, endingOthers: Bool, notice: OutboxMessage?
  ) async throws(StoreError) -> Bool {
    tables.withLock { tables in
      guard let index = tables.users.firstIndex(where: { $0.id == id && $0.hashedPassword == expected }),
        tables.sessions.contains(where: { $0.id == old && $0.userID == id })
      else { return false }
      tables.users[index].hashedPassword = hash
      tables.revokeResetToken(of: id)
      tables.voidEmailChange(of: id)
      tables.endSessions { $0.userID == id && (endingOthers || $0.id == old) }
      tables.sessions.append(new)
      tables.users[index].sessionID = new.id
      tables.queue(notice)
      return true
    }
  }

  /// Deletes a user: ``AccountStore/deleteUser(_:ifPassword:notice:)``.
  public func deleteUser(
    _ id: User.ID, ifPassword expected: PasswordHash, notice: OutboxMessage?
  ) async throws(StoreError) -> Bool {
    tables.withLock { tables in
      guard tables.users.contains(where: { $0.id == id && $0.hashedPassword == expected }) else { return false }
      tables.queue(notice)
      tables.delete(id)
      return true
    }
  }
}
