import AuthCore
import Synchronization

/// A store that works until it is told to fail.
final class BreakableStore: AuthStore {
  enum State: Sendable {
    case working
    /// As a store that another program has locked, or whose disk is full.
    case readOnly
    case broken
  }

  /// What a failure says, to those who may know.
  static let reason = "database disk image is malformed: /var/lib/auth.sqlite"

  private let store = InMemoryStore()
  private let state = Mutex(State.working)

  func become(_ new: State) { state.withLock { $0 = new } }

  private var readable: InMemoryStore {
    get throws(StoreError) {
      guard state.withLock({ $0 }) != .broken else { throw .unavailable(Self.reason) }
      return store
    }
  }

  private var writable: InMemoryStore {
    get throws(StoreError) {
      guard state.withLock({ $0 }) == .working else { throw .unavailable(Self.reason) }
      return store
    }
  }

  func addUser(email: Email, hashedPassword: PasswordHash) async throws(StoreError) -> User {
    try await writable.addUser(email: email, hashedPassword: hashedPassword)
  }

  func findUser(by filters: [User.Filter]) async throws(StoreError) -> User {
    try await readable.findUser(by: filters)
  }

  func updateUser(_ id: User.ID, _ changes: [User.Change]) async throws(StoreError) {
    try await writable.updateUser(id, changes)
  }

  func replaceHashedPassword(
    of id: User.ID, _ expected: PasswordHash, with hash: PasswordHash
  ) async throws(StoreError) -> Bool {
    try await writable.replaceHashedPassword(of: id, expected, with: hash)
  }

  func addSession(
    _ session: Session, limit: Int, live: Session.Cutoff, ifPassword: PasswordHash?, replacing former: TokenDigest?
  ) async throws(StoreError) -> Bool {
    try await writable.addSession(session, limit: limit, live: live, ifPassword: ifPassword, replacing: former)
  }

  func findSession(
    _ id: TokenDigest, in live: Session.Cutoff
  ) async throws(StoreError) -> (session: Session, user: User)? {
    try await readable.findSession(id, in: live)
  }

  func touchSession(_ id: TokenDigest, at moment: Timestamp) async throws(StoreError) {
    try await writable.touchSession(id, at: moment)
  }

  func endSession(_ id: TokenDigest, in live: Session.Cutoff) async throws(StoreError) -> User.ID? {
    try await writable.endSession(id, in: live)
  }

  func addResetToken(_ token: ResetToken.Record, for email: Email) async throws(StoreError) -> User {
    try await writable.addResetToken(token, for: email)
  }

  func findUser(withResetToken id: TokenDigest, now: Timestamp) async throws(StoreError) -> User? {
    try await readable.findUser(withResetToken: id, now: now)
  }

  func consumeResetToken(
    _ id: TokenDigest, now: Timestamp, settingPassword hash: PasswordHash, endingSessions: Bool
  ) async throws(StoreError) -> Bool {
    try await writable.consumeResetToken(id, now: now, settingPassword: hash, endingSessions: endingSessions)
  }

  func changePassword(
    of id: User.ID, _ expected: PasswordHash, to hash: PasswordHash,
    renewing old: TokenDigest, as new: Session, endingOthers: Bool
  ) async throws(StoreError) -> Bool {
    try await writable.changePassword(
      of: id, expected, to: hash, renewing: old, as: new, endingOthers: endingOthers)
  }

  func deleteUser(_ id: User.ID, ifPassword expected: PasswordHash) async throws(StoreError) -> Bool {
    try await writable.deleteUser(id, ifPassword: expected)
  }

  func findSessions(of id: User.ID, in live: Session.Cutoff) async throws(StoreError) -> [Session] {
    try await readable.findSessions(of: id, in: live)
  }

  func endSessions(
    _ selection: Session.Selection, of id: User.ID, in live: Session.Cutoff
  ) async throws(StoreError) -> [TokenDigest] {
    try await writable.endSessions(selection, of: id, in: live)
  }

  func addResetRequest(_ request: ResetRequest, limit: Int) async throws(StoreError) -> Bool {
    try await writable.addResetRequest(request, limit: limit)
  }

  func claimResetRequest(now: Timestamp, until deadline: Timestamp) async throws(StoreError) -> ResetRequest? {
    try await writable.claimResetRequest(now: now, until: deadline)
  }

  func postponeResetRequest(_ id: ResetRequest.ID, until moment: Timestamp) async throws(StoreError) {
    try await writable.postponeResetRequest(id, until: moment)
  }

  func removeResetRequest(_ id: ResetRequest.ID) async throws(StoreError) {
    try await writable.removeResetRequest(id)
  }

  func findFailures(of keys: [Throttle.Key]) async throws(StoreError) -> [Throttle.Counter] {
    try await readable.findFailures(of: keys)
  }

  func updateFailures<ClientResponse: Sendable>(
    of keys: [Throttle.Key], _ update: @escaping @Sendable (inout [Throttle.Counter]) -> ClientResponse
  ) async throws(StoreError) -> ClientResponse {
    try await writable.updateFailures(of: keys, update)
  }

  func purge(_ ended: Purge.Scope) async throws(StoreError) -> Purge.Result {
    try await writable.purge(ended)
  }
}
