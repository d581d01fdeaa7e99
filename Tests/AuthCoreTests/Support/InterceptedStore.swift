import AuthCore

/// A store in whose operations a test can meddle: `before` is told which comes, and may change the store or throw.
struct InterceptingStore: AuthStore {
  enum Operation: CaseIterable {
    case addUser, findUser, updateUser, replaceHashedPassword
    case addSession, findSession, touchSession, endSession
    case addResetToken, findResetToken, consumeResetToken
    case changePassword, deleteUser, findSessions, endSessions
    case addMessage, claimMessage, postponeMessage, removeMessage
    case findCounters, settle, purge
  }

  let base: InMemoryStore
  let before: @Sendable (Operation) async throws(StoreError) -> Void

  init(
    _ base: InMemoryStore = InMemoryStore(),
    before: @escaping @Sendable (Operation) async throws(StoreError) -> Void
  ) {
    self.base = base
    self.before = before
  }

  /// Cannot do the given operations.
  init(_ base: InMemoryStore = InMemoryStore(), failing operations: Operation...) {
    self.init(base) { operation throws(StoreError) in
      if operations.contains(operation) { throw .unavailable("disk on fire") }
    }
  }

  func addUser(email: Email, hashedPassword: PasswordHash) async throws(StoreError) -> User {
    try await before(.addUser)
    return try await base.addUser(email: email, hashedPassword: hashedPassword)
  }

  func findUser(by filters: [User.Filter]) async throws(StoreError) -> User {
    try await before(.findUser)
    return try await base.findUser(by: filters)
  }

  func updateUser(_ id: User.ID, _ changes: [User.Change]) async throws(StoreError) {
    try await before(.updateUser)
    try await base.updateUser(id, changes)
  }

  func replaceHashedPassword(
    of id: User.ID, _ expected: PasswordHash, with hash: PasswordHash
  ) async throws(StoreError) -> Bool {
    try await before(.replaceHashedPassword)
    return try await base.replaceHashedPassword(of: id, expected, with: hash)
  }

  func addSession(
    _ session: Session, limit: Int, live: Session.Cutoff, ifPassword: PasswordHash?, replacing former: TokenDigest?
  ) async throws(StoreError) -> Bool {
    try await before(.addSession)
    return try await base.addSession(session, limit: limit, live: live, ifPassword: ifPassword, replacing: former)
  }

  func findSession(
    _ id: TokenDigest, in live: Session.Cutoff
  ) async throws(StoreError) -> (session: Session, user: User)? {
    try await before(.findSession)
    return try await base.findSession(id, in: live)
  }

  func touchSession(_ id: TokenDigest, at moment: Timestamp) async throws(StoreError) {
    try await before(.touchSession)
    try await base.touchSession(id, at: moment)
  }

  func endSession(_ id: TokenDigest, in live: Session.Cutoff) async throws(StoreError) -> User.ID? {
    try await before(.endSession)
    return try await base.endSession(id, in: live)
  }

  func addResetToken(_ token: ResetToken.Record, for email: Email) async throws(StoreError) -> User {
    try await before(.addResetToken)
    return try await base.addResetToken(token, for: email)
  }

  func findUser(withResetToken id: TokenDigest, now: Timestamp) async throws(StoreError) -> User? {
    try await before(.findResetToken)
    return try await base.findUser(withResetToken: id, now: now)
  }

  func consumeResetToken(
    _ id: TokenDigest, now: Timestamp, settingPassword hash: PasswordHash, endingSessions: Bool
  ) async throws(StoreError) -> Bool {
    try await before(.consumeResetToken)
    return try await base.consumeResetToken(id, now: now, settingPassword: hash, endingSessions: endingSessions)
  }

  func changePassword(
    of id: User.ID, _ expected: PasswordHash, to hash: PasswordHash,
    renewing old: TokenDigest, as new: Session, endingOthers: Bool
  ) async throws(StoreError) -> Bool {
    try await before(.changePassword)
    return try await base.changePassword(
      of: id, expected, to: hash, renewing: old, as: new, endingOthers: endingOthers)
  }

  func deleteUser(_ id: User.ID, ifPassword expected: PasswordHash) async throws(StoreError) -> Bool {
    try await before(.deleteUser)
    return try await base.deleteUser(id, ifPassword: expected)
  }

  func findSessions(of id: User.ID, in live: Session.Cutoff) async throws(StoreError) -> [Session] {
    try await before(.findSessions)
    return try await base.findSessions(of: id, in: live)
  }

  func endSessions(
    _ selection: Session.Selection, of id: User.ID, in live: Session.Cutoff
  ) async throws(StoreError) -> [TokenDigest] {
    try await before(.endSessions)
    return try await base.endSessions(selection, of: id, in: live)
  }

  func addMessage(_ request: OutboxMessage, limit: Int) async throws(StoreError) -> Bool {
    try await before(.addMessage)
    return try await base.addMessage(request, limit: limit)
  }

  func claimMessage(now: Timestamp, until deadline: Timestamp) async throws(StoreError) -> OutboxMessage? {
    try await before(.claimMessage)
    return try await base.claimMessage(now: now, until: deadline)
  }

  func postponeMessage(_ id: OutboxMessage.ID, until moment: Timestamp) async throws(StoreError) {
    try await before(.postponeMessage)
    try await base.postponeMessage(id, until: moment)
  }

  func removeMessage(_ id: OutboxMessage.ID) async throws(StoreError) {
    try await before(.removeMessage)
    try await base.removeMessage(id)
  }

  func findCounters(of keys: [Throttle.Key]) async throws(StoreError) -> [Throttle.Counter] {
    try await before(.findCounters)
    return try await base.findCounters(of: keys)
  }

  func settle<Answer: Sendable>(
    of keys: [Throttle.Key], _ update: @escaping @Sendable (inout [Throttle.Counter]) -> Answer
  ) async throws(StoreError) -> Answer {
    try await before(.settle)
    return try await base.settle(of: keys, update)
  }

  func purge(_ ended: Purge.Scope) async throws(StoreError) -> Purge.Result {
    try await before(.purge)
    return try await base.purge(ended)
  }
}
