public import AuthCore

/// A store that fails when a test tells it to. Prove with it that your application fails closed: while its store is unavailable,
/// it neither lets users in nor tells them that their password is wrong.
///
///     let store = InterceptingStore(InMemoryStore())
///     let auth = Auth(policy: .strict, store: store, hasher: FastHasher())
///     // … register a user, log them in …
///     store.fail(.all)
///     let response = try await client.get("/dashboard", session)
///     #expect(response.status == .serviceUnavailable)
///     store.recover()
///
/// A hook sees each operation before it runs. It may throw in place of the operation, record it, or change the base store first,
/// as a second request that runs at the same time would:
///
///     let store = InterceptingStore(base) { operation throws(StoreError) in
///       if operation == .addSession { try await base.updateUser(bob.id, .hashedPassword(newHash)) }
///     }
///
/// An operation that fails has not run, not even in part. All others go to the base store as they are.
public final class InterceptingStore: AuthStore {
  /// Runs before each operation; if it throws, the operation does not run.
  public typealias Hook = @Sendable (Operation) async throws(StoreError) -> Void

  /// What a failure says by default.
  public static let defaultReason = "disk on fire"

  private struct Failure {
    var operations: Set<Operation> = []
    var reason = InterceptingStore.defaultReason
  }

  private let base: any AuthStore
  private let hook: Hook
  // Not `Mutex`, whose locking ThreadSanitizer does not see.
  private let failure: Monitor<Failure>

  /// A store in which these operations fail from the start. Without any, it works until ``fail(_:reason:)`` is called.
  public init(
    _ base: some AuthStore = InMemoryStore(), failing operations: Operation..., reason: String = defaultReason
  ) {
    self.base = base
    hook = { _ in }
    failure = Monitor(Failure(operations: Set(operations), reason: reason))
  }

  /// A store with a hook that sees each operation before it runs, including those that are set to fail.
  public init(_ base: some AuthStore = InMemoryStore(), before hook: @escaping Hook) {
    self.base = base
    self.hook = hook
    failure = Monitor(Failure())
  }

  /// Makes these operations, and no others, throw ``StoreError/unavailable(_:)`` from now on, as a locked, full or
  /// unreadable store does: `fail(.all)`, `fail(.writes)`, `fail([.addUser, .settle])`.
  public func fail(_ operations: Set<Operation>, reason: String = defaultReason) {
    failure.withLock { $0 = Failure(operations: operations, reason: reason) }
  }

  /// Lets all operations work again.
  public func recover() {
    failure.withLock { $0 = Failure() }
  }

  /// The base store, once `operation` may run on it.
  private func base(for operation: Operation) async throws(StoreError) -> any AuthStore {
    try await hook(operation)
    // After the hook, which may let the store fail or recover.
    let reason = failure.withLock { $0.operations.contains(operation) ? $0.reason : nil }
    if let reason { throw .unavailable(reason) }
    return base
  }
}

extension InterceptingStore {
  /// The operations of ``AuthStore``: one for each requirement of its ports.
  public enum Operation: Sendable, Hashable, CaseIterable {
    /// ``AccountStore/addUser(email:hashedPassword:)``
    case addUser
    /// ``AccountStore/findUser(by:)``
    case findUser
    /// ``AccountStore/findUser(email:counters:)``, the read with which a login begins.
    case findUserAndCounters
    /// ``AccountStore/updateUser(_:_:)``
    case updateUser
    /// ``AccountStore/replaceHashedPassword(of:_:with:)``
    case replaceHashedPassword
    /// ``AccountStore/changePassword(of:_:to:renewing:as:endingOthers:notice:)``
    case changePassword
    /// ``AccountStore/deleteUser(_:ifPassword:)``
    case deleteUser
    /// ``SessionStore/addSession(_:limit:live:ifPassword:replacing:settling:)``
    case addSession
    /// ``SessionStore/findSession(_:in:)``
    case findSession
    /// ``SessionStore/findProfile(for:in:)``
    case findProfile
    /// ``SessionStore/findSessions(of:in:)``
    case findSessions
    /// ``SessionStore/touchSession(_:at:)``
    case touchSession
    /// ``SessionStore/endSession(_:in:)``
    case endSession
    /// ``SessionStore/endSessions(_:of:in:)``
    case endSessions
    /// ``ResetTokenStore/addResetToken(_:for:)``
    case addResetToken
    /// ``ResetTokenStore/findUser(withResetToken:now:)``
    case findResetToken
    /// ``ResetTokenStore/consumeResetToken(_:)``
    case consumeResetToken
    /// ``OutboxStore/addMessage(_:limit:)``
    case addMessage
    /// ``OutboxStore/claimMessage(now:until:)``
    case claimMessage
    /// ``OutboxStore/postponeMessage(_:until:)``
    case postponeMessage
    /// ``OutboxStore/removeMessage(_:)``
    case removeMessage
    /// ``ThrottleStore/findCounters(of:)``
    case findCounters
    /// ``ThrottleStore/settle(_:)``
    case settle
    /// ``MaintenanceStore/purge(_:)``
    case purge

    /// Whether the operation may change what is stored.
    public var isWrite: Bool {
      switch self {
      case .findUser, .findUserAndCounters, .findSession, .findProfile, .findSessions, .findResetToken, .findCounters: false
      case .addUser, .updateUser, .replaceHashedPassword, .changePassword, .deleteUser, .addSession, .touchSession, .endSession,
        .endSessions, .addResetToken, .consumeResetToken, .addMessage, .claimMessage, .postponeMessage, .removeMessage, .settle,
        .purge:
        true
      }
    }
  }
}

extension Set<InterceptingStore.Operation> {
  /// Every operation: a store that is unreadable.
  public static let all = Set(InterceptingStore.Operation.allCases)
  /// The operations that may change what is stored: a store that is full, or locked by another program, and can still be read.
  public static let writes = all.filter(\.isWrite)
}

// MARK: Accounts

extension InterceptingStore {
  /// ``AccountStore/addUser(email:hashedPassword:)`` of the base store.
  public func addUser(email: Email, hashedPassword: PasswordHash) async throws(StoreError) -> User {
    try await base(for: .addUser).addUser(email: email, hashedPassword: hashedPassword)
  }

  /// ``AccountStore/findUser(by:)`` of the base store.
  public func findUser(by filters: [User.Filter]) async throws(StoreError) -> User {
    try await base(for: .findUser).findUser(by: filters)
  }

  /// ``AccountStore/findUser(email:counters:)`` of the base store.
  public func findUser(
    email: Email?, counters keys: [Throttle.Key]
  ) async throws(StoreError) -> (user: User?, counters: [Throttle.Counter]) {
    try await base(for: .findUserAndCounters).findUser(email: email, counters: keys)
  }

  /// ``AccountStore/updateUser(_:_:)`` of the base store.
  public func updateUser(_ id: User.ID, _ changes: [User.Change]) async throws(StoreError) {
    try await base(for: .updateUser).updateUser(id, changes)
  }

  /// ``AccountStore/replaceHashedPassword(of:_:with:)`` of the base store.
  public func replaceHashedPassword(
    of id: User.ID, _ expected: PasswordHash, with hash: PasswordHash
  ) async throws(StoreError) -> Bool {
    try await base(for: .replaceHashedPassword).replaceHashedPassword(of: id, expected, with: hash)
  }

  /// ``AccountStore/changePassword(of:_:to:renewing:as:endingOthers:notice:)`` of the base store.
  public func changePassword(
    of id: User.ID, _ expected: PasswordHash, to hash: PasswordHash,
    renewing old: TokenDigest, as new: Session, endingOthers: Bool, notice: OutboxMessage?
  ) async throws(StoreError) -> Bool {
    try await base(for: .changePassword).changePassword(
      of: id, expected, to: hash, renewing: old, as: new, endingOthers: endingOthers, notice: notice)
  }

  /// ``AccountStore/deleteUser(_:ifPassword:)`` of the base store.
  public func deleteUser(_ id: User.ID, ifPassword expected: PasswordHash) async throws(StoreError) -> Bool {
    try await base(for: .deleteUser).deleteUser(id, ifPassword: expected)
  }
}

// MARK: Sessions

extension InterceptingStore {
  /// ``SessionStore/addSession(_:limit:live:ifPassword:replacing:settling:)`` of the base store.
  public func addSession(
    _ session: Session, limit: Int, live: Session.Cutoff, ifPassword: PasswordHash?, replacing former: TokenDigest?,
    settling attempt: Throttle.Attempt?
  ) async throws(StoreError) -> Session.Opening {
    try await base(for: .addSession).addSession(
      session, limit: limit, live: live, ifPassword: ifPassword, replacing: former, settling: attempt)
  }

  /// ``SessionStore/findSession(_:in:)`` of the base store.
  public func findSession(
    _ id: TokenDigest, in live: Session.Cutoff
  ) async throws(StoreError) -> (session: Session, user: User)? {
    try await base(for: .findSession).findSession(id, in: live)
  }

  /// ``SessionStore/findProfile(for:in:)`` of the base store.
  public func findProfile(
    for id: TokenDigest, in live: Session.Cutoff
  ) async throws(StoreError) -> (profile: Profile, lastUsedAt: Timestamp)? {
    try await base(for: .findProfile).findProfile(for: id, in: live)
  }

  /// ``SessionStore/findSessions(of:in:)`` of the base store.
  public func findSessions(of id: User.ID, in live: Session.Cutoff) async throws(StoreError) -> [Session] {
    try await base(for: .findSessions).findSessions(of: id, in: live)
  }

  /// ``SessionStore/touchSession(_:at:)`` of the base store.
  public func touchSession(_ id: TokenDigest, at moment: Timestamp) async throws(StoreError) {
    try await base(for: .touchSession).touchSession(id, at: moment)
  }

  /// ``SessionStore/endSession(_:in:)`` of the base store.
  public func endSession(_ id: TokenDigest, in live: Session.Cutoff) async throws(StoreError) -> User.ID? {
    try await base(for: .endSession).endSession(id, in: live)
  }

  /// ``SessionStore/endSessions(_:of:in:)`` of the base store.
  public func endSessions(
    _ selection: Session.Selection, of id: User.ID, in live: Session.Cutoff
  ) async throws(StoreError) -> [TokenDigest] {
    try await base(for: .endSessions).endSessions(selection, of: id, in: live)
  }
}

// MARK: Reset tokens

extension InterceptingStore {
  /// ``ResetTokenStore/addResetToken(_:for:)`` of the base store.
  public func addResetToken(_ token: ResetToken.Record, for email: Email) async throws(StoreError) -> User {
    try await base(for: .addResetToken).addResetToken(token, for: email)
  }

  /// ``ResetTokenStore/findUser(withResetToken:now:)`` of the base store.
  public func findUser(withResetToken id: TokenDigest, now: Timestamp) async throws(StoreError) -> User? {
    try await base(for: .findResetToken).findUser(withResetToken: id, now: now)
  }

  /// ``ResetTokenStore/consumeResetToken(_:)`` of the base store.
  public func consumeResetToken(_ use: ResetToken.Use) async throws(StoreError) -> Bool {
    try await base(for: .consumeResetToken).consumeResetToken(use)
  }
}

// MARK: Outbox

extension InterceptingStore {
  /// ``OutboxStore/addMessage(_:limit:)`` of the base store.
  public func addMessage(_ message: OutboxMessage, limit: Int) async throws(StoreError) -> Bool {
    try await base(for: .addMessage).addMessage(message, limit: limit)
  }

  /// ``OutboxStore/claimMessage(now:until:)`` of the base store.
  public func claimMessage(now: Timestamp, until deadline: Timestamp) async throws(StoreError) -> OutboxMessage? {
    try await base(for: .claimMessage).claimMessage(now: now, until: deadline)
  }

  /// ``OutboxStore/postponeMessage(_:until:)`` of the base store.
  public func postponeMessage(_ id: OutboxMessage.ID, until moment: Timestamp) async throws(StoreError) {
    try await base(for: .postponeMessage).postponeMessage(id, until: moment)
  }

  /// ``OutboxStore/removeMessage(_:)`` of the base store.
  public func removeMessage(_ id: OutboxMessage.ID) async throws(StoreError) {
    try await base(for: .removeMessage).removeMessage(id)
  }
}

// MARK: Throttling and maintenance

extension InterceptingStore {
  /// ``ThrottleStore/findCounters(of:)`` of the base store.
  public func findCounters(of keys: [Throttle.Key]) async throws(StoreError) -> [Throttle.Counter] {
    try await base(for: .findCounters).findCounters(of: keys)
  }

  /// ``ThrottleStore/settle(_:)`` of the base store.
  public func settle(_ attempt: Throttle.Attempt) async throws(StoreError) -> Throttle.Outcome {
    try await base(for: .settle).settle(attempt)
  }

  /// ``MaintenanceStore/purge(_:)`` of the base store.
  public func purge(_ scope: Purge.Scope) async throws(StoreError) -> Purge.Result {
    try await base(for: .purge).purge(scope)
  }
}
