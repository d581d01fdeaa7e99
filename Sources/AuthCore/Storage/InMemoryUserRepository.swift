internal import Synchronization

/// A store that forgets everything when it goes: for tests, for trying out, and to show what a store must do.
///
/// Look-ups go through all users one by one. It is meant to be read, not to be fast.
public final class InMemoryUserRepository: UserRepository {
  fileprivate struct Tables {
    var users: [User] = []
    var sessions: [Session] = []
    var resetTokens: [TokenDigest: (token: IssuedResetToken, userID: User.ID)] = [:]
  }

  private let tables = Mutex(Tables())

  public init() {}

  // MARK: Accounts

  public func addUser(email: Email, hashedPassword: PasswordHash) async throws(RepositoryError) -> User {
    try tables.withLock { (tables) throws(RepositoryError) in
      try tables.requireFree(email, for: nil)
      let user = User(id: User.ID(tables.users.count + 1), email: email, hashedPassword: hashedPassword)
      tables.users.append(user)
      return user
    }
  }

  public func findUser(by filters: [UserFilter]) async throws(RepositoryError) -> User {
    let user = tables.withLock { tables in
      tables.users.first { user in filters.allSatisfy { $0.matches(user) } }
    }
    guard let user else { throw .noResultFound }
    return user
  }

  public func updateUser(_ id: User.ID, _ changes: [UserChange]) async throws(RepositoryError) {
    try tables.withLock { (tables) throws(RepositoryError) in
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
  ) async throws(RepositoryError) -> Bool {
    tables.withLock { tables in
      guard let index = tables.users.firstIndex(where: { $0.id == id && $0.hashedPassword == expected }) else { return false }
      tables.users[index].hashedPassword = hash
      return true
    }
  }

  // MARK: Sessions

  public func addSession(
    _ session: Session, limit: Int, live: LiveSessions, ifPassword: PasswordHash?
  ) async throws(RepositoryError) -> Bool {
    try tables.withLock { (tables) throws(RepositoryError) in
      let index = try tables.indexOfUser(session.userID)
      guard ifPassword == nil || ifPassword == tables.users[index].hashedPassword else { return false }
      tables.endSessions { $0.userID == session.userID && !live.contains($0) }
      let surplus = tables.sessions.filter { $0.userID == session.userID }.map(\.id).dropLast(limit - 1)
      tables.endSessions { surplus.contains($0.id) }
      tables.sessions.append(session)
      tables.users[index].sessionID = session.id
      return true
    }
  }

  public func findSession(
    _ id: TokenDigest, in live: LiveSessions
  ) async throws(RepositoryError) -> (session: Session, user: User)? {
    tables.withLock { tables in
      guard let session = tables.sessions.first(where: { $0.id == id && live.contains($0) }),
        let user = tables.users.first(where: { $0.id == session.userID })
      else { return nil }
      return (session, user)
    }
  }

  public func touchSession(_ id: TokenDigest, at moment: Timestamp) async throws(RepositoryError) {
    tables.withLock { tables in
      guard let index = tables.sessions.firstIndex(where: { $0.id == id }) else { return }
      tables.sessions[index].lastUsedAt = max(moment, tables.sessions[index].lastUsedAt)
    }
  }

  public func endSession(_ id: TokenDigest, in live: LiveSessions) async throws(RepositoryError) -> Bool {
    tables.withLock { tables in
      let wasLive = tables.sessions.contains { $0.id == id && live.contains($0) }
      tables.endSessions { $0.id == id }
      return wasLive
    }
  }

  // MARK: Reset tokens

  public func addResetToken(_ token: IssuedResetToken, for email: Email) async throws(RepositoryError) -> User {
    try tables.withLock { (tables) throws(RepositoryError) in
      guard let index = tables.users.firstIndex(where: { $0.email == email }) else { throw .noResultFound }
      tables.revokeResetToken(of: tables.users[index].id)
      tables.resetTokens[token.id] = (token, tables.users[index].id)
      tables.users[index].resetToken = token.id
      return tables.users[index]
    }
  }

  public func findUser(withResetToken id: TokenDigest, now: Timestamp) async throws(RepositoryError) -> User? {
    tables.withLock { $0.user(withResetToken: id, now: now) }
  }

  public func consumeResetToken(
    _ id: TokenDigest, now: Timestamp, settingPassword hash: PasswordHash, endingSessions: Bool
  ) async throws(RepositoryError) -> Bool {
    tables.withLock { tables in
      guard let user = tables.user(withResetToken: id, now: now),
        let index = tables.users.firstIndex(where: { $0.id == user.id })
      else { return false }
      tables.users[index].hashedPassword = hash
      tables.revokeResetToken(of: user.id)
      if endingSessions { tables.endSessions { $0.userID == user.id } }
      return true
    }
  }
}

extension InMemoryUserRepository.Tables {
  func indexOfUser(_ id: User.ID) throws(RepositoryError) -> Int {
    guard let index = users.firstIndex(where: { $0.id == id }) else { throw .noResultFound }
    return index
  }

  func requireFree(_ email: Email, for id: User.ID?) throws(RepositoryError) {
    guard !users.contains(where: { $0.email == email && $0.id != id }) else { throw .emailTaken }
  }

  func user(withResetToken id: TokenDigest, now: Timestamp) -> User? {
    guard let issued = resetTokens[id], issued.token.expiresAt > now else { return nil }
    return users.first { $0.id == issued.userID }
  }

  mutating func endSessions(where isEnding: (Session) -> Bool) {
    let ended = Set(sessions.filter(isEnding).map(\.id))
    sessions.removeAll { ended.contains($0.id) }
    for index in users.indices where users[index].sessionID.map(ended.contains) == true { users[index].sessionID = nil }
  }

  mutating func revokeResetToken(of id: User.ID) {
    resetTokens = resetTokens.filter { $0.value.userID != id }
    for index in users.indices where users[index].id == id { users[index].resetToken = nil }
  }
}
