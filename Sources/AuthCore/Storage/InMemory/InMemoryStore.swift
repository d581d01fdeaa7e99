/// A store that forgets everything when it goes: for tests, for trying out, and to show what a store must do.
///
/// Lookups go through all users one by one. It is meant to be read, not to be fast.
public final class InMemoryStore: AuthStore {
  // Not `Mutex`, of whose locking ThreadSanitizer sees nothing.
  let tables = Monitor(Tables())

  public init() {}

  // MARK: Accounts

  public func addUser(email: Email, hashedPassword: PasswordHash) async throws(StoreError) -> User {
    try tables.withLock { (tables) throws(StoreError) in
      try tables.requireFree(email, for: nil)
      tables.newestID += 1
      let user = User(id: tables.newestID, email: email, hashedPassword: hashedPassword)
      tables.users.append(user)
      return user
    }
  }

  public func findUser(by filters: [User.Filter]) async throws(StoreError) -> User {
    let user = tables.withLock { tables in
      tables.users.first { user in filters.allSatisfy { $0.matches(user) } }
    }
    guard let user else { throw .noResultFound }
    return user
  }

  public func updateUser(_ id: User.ID, _ changes: [User.Change]) async throws(StoreError) {
    try tables.withLock { (tables) throws(StoreError) in
      let index = try tables.indexOfUser(id)
      for case .email(let email) in changes { try tables.requireFree(email, for: id) }
      for change in changes {
        switch change {
        case .email(let email):
          tables.users[index].email = email
          tables.revokeResetToken(of: id)
        case .hashedPassword(let hash): tables.users[index].hashedPassword = hash
        case .endSessions: tables.endSessions { $0.userID == id }
        case .revokeResetToken: tables.revokeResetToken(of: id)
        }
      }
    }
  }

  public func replaceHashedPassword(
    of id: User.ID, _ expected: PasswordHash, with hash: PasswordHash
  ) async throws(StoreError) -> Bool {
    tables.withLock { tables in
      guard let index = tables.users.firstIndex(where: { $0.id == id && $0.hashedPassword == expected }) else { return false }
      tables.users[index].hashedPassword = hash
      return true
    }
  }

  public func changePassword(
    of id: User.ID, _ expected: PasswordHash, to hash: PasswordHash,
    renewing old: TokenDigest, as new: Session, endingOthers: Bool
  ) async throws(StoreError) -> Bool {
    tables.withLock { tables in
      guard let index = tables.users.firstIndex(where: { $0.id == id && $0.hashedPassword == expected }),
        tables.sessions.contains(where: { $0.id == old && $0.userID == id })
      else { return false }
      tables.users[index].hashedPassword = hash
      tables.revokeResetToken(of: id)
      tables.endSessions { $0.userID == id && (endingOthers || $0.id == old) }
      tables.sessions.append(new)
      tables.users[index].sessionID = new.id
      return true
    }
  }

  public func deleteUser(_ id: User.ID, ifPassword expected: PasswordHash) async throws(StoreError) -> Bool {
    tables.withLock { tables in
      guard tables.users.contains(where: { $0.id == id && $0.hashedPassword == expected }) else { return false }
      tables.endSessions { $0.userID == id }
      tables.revokeResetToken(of: id)
      tables.users.removeAll { $0.id == id }
      return true
    }
  }
}
