import AuthCore

/// A store in whose operations a test can meddle: `before` is told which comes, and may change the store or throw.
struct InterceptedRepository: UserRepository {
  enum Operation: CaseIterable {
    case addUser, findUser, updateUser, replaceHashedPassword
    case addSession, findSession, touchSession, endSession
    case addResetToken, findResetToken, consumeResetToken
    case changePassword, deleteUser, findSessions, endSessions
    case addResetRequest, claimResetRequest, postponeResetRequest, removeResetRequest
    case findFailures, updateFailures, purge
  }

  let base: InMemoryUserRepository
  let before: @Sendable (Operation) async throws(RepositoryError) -> Void

  init(
    _ base: InMemoryUserRepository = InMemoryUserRepository(),
    before: @escaping @Sendable (Operation) async throws(RepositoryError) -> Void
  ) {
    self.base = base
    self.before = before
  }

  /// Cannot do the given operations.
  init(_ base: InMemoryUserRepository = InMemoryUserRepository(), failing operations: Operation...) {
    self.init(base) { operation throws(RepositoryError) in
      if operations.contains(operation) { throw .unavailable("disk on fire") }
    }
  }

  func addUser(email: Email, hashedPassword: PasswordHash) async throws(RepositoryError) -> User {
    try await before(.addUser)
    return try await base.addUser(email: email, hashedPassword: hashedPassword)
  }

  func findUser(by filters: [UserFilter]) async throws(RepositoryError) -> User {
    try await before(.findUser)
    return try await base.findUser(by: filters)
  }

  func updateUser(_ id: User.ID, _ changes: [UserChange]) async throws(RepositoryError) {
    try await before(.updateUser)
    try await base.updateUser(id, changes)
  }

  func replaceHashedPassword(
    of id: User.ID, _ expected: PasswordHash, with hash: PasswordHash
  ) async throws(RepositoryError) -> Bool {
    try await before(.replaceHashedPassword)
    return try await base.replaceHashedPassword(of: id, expected, with: hash)
  }

  func addSession(
    _ session: Session, limit: Int, live: LiveSessions, ifPassword: PasswordHash?, replacing former: TokenDigest?
  ) async throws(RepositoryError) -> Bool {
    try await before(.addSession)
    return try await base.addSession(session, limit: limit, live: live, ifPassword: ifPassword, replacing: former)
  }

  func findSession(
    _ id: TokenDigest, in live: LiveSessions
  ) async throws(RepositoryError) -> (session: Session, user: User)? {
    try await before(.findSession)
    return try await base.findSession(id, in: live)
  }

  func touchSession(_ id: TokenDigest, at moment: Timestamp) async throws(RepositoryError) {
    try await before(.touchSession)
    try await base.touchSession(id, at: moment)
  }

  func endSession(_ id: TokenDigest, in live: LiveSessions) async throws(RepositoryError) -> User.ID? {
    try await before(.endSession)
    return try await base.endSession(id, in: live)
  }

  func addResetToken(_ token: IssuedResetToken, for email: Email) async throws(RepositoryError) -> User {
    try await before(.addResetToken)
    return try await base.addResetToken(token, for: email)
  }

  func findUser(withResetToken id: TokenDigest, now: Timestamp) async throws(RepositoryError) -> User? {
    try await before(.findResetToken)
    return try await base.findUser(withResetToken: id, now: now)
  }

  func consumeResetToken(
    _ id: TokenDigest, now: Timestamp, settingPassword hash: PasswordHash, endingSessions: Bool
  ) async throws(RepositoryError) -> Bool {
    try await before(.consumeResetToken)
    return try await base.consumeResetToken(id, now: now, settingPassword: hash, endingSessions: endingSessions)
  }

  func changePassword(
    of id: User.ID, _ expected: PasswordHash, to hash: PasswordHash,
    renewing old: TokenDigest, as new: Session, endingOthers: Bool
  ) async throws(RepositoryError) -> Bool {
    try await before(.changePassword)
    return try await base.changePassword(
      of: id, expected, to: hash, renewing: old, as: new, endingOthers: endingOthers)
  }

  func deleteUser(_ id: User.ID, ifPassword expected: PasswordHash) async throws(RepositoryError) -> Bool {
    try await before(.deleteUser)
    return try await base.deleteUser(id, ifPassword: expected)
  }

  func findSessions(of id: User.ID, in live: LiveSessions) async throws(RepositoryError) -> [Session] {
    try await before(.findSessions)
    return try await base.findSessions(of: id, in: live)
  }

  func endSessions(
    _ selection: SessionSelection, of id: User.ID, in live: LiveSessions
  ) async throws(RepositoryError) -> [TokenDigest] {
    try await before(.endSessions)
    return try await base.endSessions(selection, of: id, in: live)
  }

  func addResetRequest(_ request: ResetRequest, limit: Int) async throws(RepositoryError) -> Bool {
    try await before(.addResetRequest)
    return try await base.addResetRequest(request, limit: limit)
  }

  func claimResetRequest(now: Timestamp, until deadline: Timestamp) async throws(RepositoryError) -> ResetRequest? {
    try await before(.claimResetRequest)
    return try await base.claimResetRequest(now: now, until: deadline)
  }

  func postponeResetRequest(_ id: ResetRequest.ID, until moment: Timestamp) async throws(RepositoryError) {
    try await before(.postponeResetRequest)
    try await base.postponeResetRequest(id, until: moment)
  }

  func removeResetRequest(_ id: ResetRequest.ID) async throws(RepositoryError) {
    try await before(.removeResetRequest)
    try await base.removeResetRequest(id)
  }

  func findFailures(of keys: [FailureKey]) async throws(RepositoryError) -> [FailureCount] {
    try await before(.findFailures)
    return try await base.findFailures(of: keys)
  }

  func updateFailures<Answer: Sendable>(
    of keys: [FailureKey], _ update: @escaping @Sendable (inout [FailureCount]) -> Answer
  ) async throws(RepositoryError) -> Answer {
    try await before(.updateFailures)
    return try await base.updateFailures(of: keys, update)
  }

  func purge(_ ended: EndedRows) async throws(RepositoryError) -> PurgedRows {
    try await before(.purge)
    return try await base.purge(ended)
  }
}
