import AuthCore
import Synchronization

/// A store that works until it is told to fail.
final class BreakableStore: UserRepository {
  enum State: Sendable {
    case working
    /// As a store that another program has locked, or whose disk is full.
    case readOnly
    case broken
  }

  /// What a failure says, to those who may know.
  static let reason = "database disk image is malformed: /var/lib/auth.sqlite"

  private let store = InMemoryUserRepository()
  private let state = Mutex(State.working)

  func become(_ new: State) { state.withLock { $0 = new } }

  private var readable: InMemoryUserRepository {
    get throws(RepositoryError) {
      guard state.withLock({ $0 }) != .broken else { throw .unavailable(Self.reason) }
      return store
    }
  }

  private var writable: InMemoryUserRepository {
    get throws(RepositoryError) {
      guard state.withLock({ $0 }) == .working else { throw .unavailable(Self.reason) }
      return store
    }
  }

  func addUser(email: Email, hashedPassword: PasswordHash) async throws(RepositoryError) -> User {
    try await writable.addUser(email: email, hashedPassword: hashedPassword)
  }

  func findUser(by filters: [UserFilter]) async throws(RepositoryError) -> User {
    try await readable.findUser(by: filters)
  }

  func updateUser(_ id: User.ID, _ changes: [UserChange]) async throws(RepositoryError) {
    try await writable.updateUser(id, changes)
  }

  func replaceHashedPassword(
    of id: User.ID, _ expected: PasswordHash, with hash: PasswordHash
  ) async throws(RepositoryError) -> Bool {
    try await writable.replaceHashedPassword(of: id, expected, with: hash)
  }

  func addSession(
    _ session: Session, limit: Int, live: LiveSessions, ifPassword: PasswordHash?, replacing former: TokenDigest?
  ) async throws(RepositoryError) -> Bool {
    try await writable.addSession(session, limit: limit, live: live, ifPassword: ifPassword, replacing: former)
  }

  func findSession(
    _ id: TokenDigest, in live: LiveSessions
  ) async throws(RepositoryError) -> (session: Session, user: User)? {
    try await readable.findSession(id, in: live)
  }

  func touchSession(_ id: TokenDigest, at moment: Timestamp) async throws(RepositoryError) {
    try await writable.touchSession(id, at: moment)
  }

  func endSession(_ id: TokenDigest, in live: LiveSessions) async throws(RepositoryError) -> User.ID? {
    try await writable.endSession(id, in: live)
  }

  func addResetToken(_ token: IssuedResetToken, for email: Email) async throws(RepositoryError) -> User {
    try await writable.addResetToken(token, for: email)
  }

  func findUser(withResetToken id: TokenDigest, now: Timestamp) async throws(RepositoryError) -> User? {
    try await readable.findUser(withResetToken: id, now: now)
  }

  func consumeResetToken(
    _ id: TokenDigest, now: Timestamp, settingPassword hash: PasswordHash, endingSessions: Bool
  ) async throws(RepositoryError) -> Bool {
    try await writable.consumeResetToken(id, now: now, settingPassword: hash, endingSessions: endingSessions)
  }

  func changePassword(
    of id: User.ID, _ expected: PasswordHash, to hash: PasswordHash,
    renewing old: TokenDigest, as new: Session, endingOthers: Bool
  ) async throws(RepositoryError) -> Bool {
    try await writable.changePassword(
      of: id, expected, to: hash, renewing: old, as: new, endingOthers: endingOthers)
  }

  func deleteUser(_ id: User.ID, ifPassword expected: PasswordHash) async throws(RepositoryError) -> Bool {
    try await writable.deleteUser(id, ifPassword: expected)
  }

  func findSessions(of id: User.ID, in live: LiveSessions) async throws(RepositoryError) -> [Session] {
    try await readable.findSessions(of: id, in: live)
  }

  func endSessions(
    _ selection: SessionSelection, of id: User.ID, in live: LiveSessions
  ) async throws(RepositoryError) -> [TokenDigest] {
    try await writable.endSessions(selection, of: id, in: live)
  }

  func addResetRequest(_ request: ResetRequest, limit: Int) async throws(RepositoryError) -> Bool {
    try await writable.addResetRequest(request, limit: limit)
  }

  func claimResetRequest(now: Timestamp, until deadline: Timestamp) async throws(RepositoryError) -> ResetRequest? {
    try await writable.claimResetRequest(now: now, until: deadline)
  }

  func postponeResetRequest(_ id: ResetRequest.ID, until moment: Timestamp) async throws(RepositoryError) {
    try await writable.postponeResetRequest(id, until: moment)
  }

  func removeResetRequest(_ id: ResetRequest.ID) async throws(RepositoryError) {
    try await writable.removeResetRequest(id)
  }

  func findFailures(of keys: [FailureKey]) async throws(RepositoryError) -> [FailureCount] {
    try await readable.findFailures(of: keys)
  }

  func updateFailures<Answer: Sendable>(
    of keys: [FailureKey], _ update: @escaping @Sendable (inout [FailureCount]) -> Answer
  ) async throws(RepositoryError) -> Answer {
    try await writable.updateFailures(of: keys, update)
  }

  func purge(_ ended: EndedRows) async throws(RepositoryError) -> PurgedRows {
    try await writable.purge(ended)
  }
}
