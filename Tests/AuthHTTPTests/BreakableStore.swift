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
    _ session: Session, limit: Int, live: LiveSessions, ifPassword: PasswordHash?
  ) async throws(RepositoryError) -> Bool {
    try await writable.addSession(session, limit: limit, live: live, ifPassword: ifPassword)
  }

  func findSession(
    _ id: TokenDigest, in live: LiveSessions
  ) async throws(RepositoryError) -> (session: Session, user: User)? {
    try await readable.findSession(id, in: live)
  }

  func touchSession(_ id: TokenDigest, at moment: Timestamp) async throws(RepositoryError) {
    try await writable.touchSession(id, at: moment)
  }

  func endSession(_ id: TokenDigest, in live: LiveSessions) async throws(RepositoryError) -> Bool {
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
}
