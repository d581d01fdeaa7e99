/// An account system: it registers users, logs them in, and knows whose session a request belongs to.
///
///     let auth = Auth(policy: .strict, store: InMemoryStore())
///     _ = try await auth.register(email: "bob@me.com", password: "correct horse battery staple")
///     let login = try await auth.logIn(email: "bob@me.com", password: "correct horse battery staple").login
///     let user = try await auth.user(for: login?.sessionID)
///
/// An `Auth` is a value without state of its own: the store keeps what lasts, and the hasher has the threads that compute. Copies
/// share both. Every operation may be called from anywhere, at the same time; none blocks the thread that calls it.
///
/// Operations that ask a question return false or nil for "no". An ``AuthError`` always leaves the question open, so `try?` never
/// lets anyone in. Every operation throws ``AuthError/unavailable(_:)`` when the store cannot respond, and those that compute a
/// hash ``AuthError/overloaded(retryAfter:)`` and ``AuthError/cancelled``; only further errors are named at each.
///
/// The operations, in the order in which a user needs them, each in the folder of its feature:
///
/// | feature | operations |
/// |---|---|
/// | Accounts | ``register(email:password:)``, ``importUser(email:hash:)``, ``deleteUser(sessionID:password:)`` |
/// | Login | ``logIn(email:password:replacing:)``, ``verifyPassword(_:email:)``, ``confirm(sessionID:password:)`` |
/// | Sessions | ``user(for:)``, ``profile(for:)``, ``logOut(_:)``, ``sessions(of:)``, ``endSession(_:of:)``, |
/// | | ``endSessions(of:except:)``, ``endAllSessions(of:)``, ``openSession(email:authenticatedBy:replacing:)`` |
/// | Passwords | ``changePassword(sessionID:current:new:)`` |
/// | Password reset | ``requestPasswordReset(email:)``, ``resetPassword(token:password:email:)``, ``issueResetToken(email:)`` |
/// | Outbox | ``deliverMessages(through:workers:interval:onFailure:)``, ``deliverNextMessage(through:)`` |
/// | Maintenance | ``runMaintenance(every:purging:onFailure:)``, ``purge(limit:)`` |
///
/// ``serving(_:)`` says which client a request comes from. The names that the original specification fixes, such as
/// ``validLogin(email:password:)``, are in `Auth+Specification.swift`.
public struct Auth: Sendable {
  /// The rules in force.
  public let policy: AuthPolicy

  let store: any AuthStore
  let hasher: any PasswordHasher
  let clock: any WallClock
  let random: any RandomSource
  let events: any AuthEventSink
  let breachedPasswords: (any BreachedPasswords)?
  var client = Client.unknown

  /// An account system on a store.
  ///
  /// - Parameters:
  ///   - policy: the rules; there is no default.
  ///   - store: where accounts are kept: ``InMemoryStore``, `SQLiteStore` of AuthDB, or your own.
  ///   - hasher: by default bcrypt of ``BcryptHasher/defaultCost`` on one thread for each processor. Share one among several
  ///     `Auth`.
  ///   - events: is told what happens.
  ///   - breachedPasswords: a further check of new passwords; none by default.
  ///   - clock: the time, for tests to replace.
  ///   - random: the source of tokens, for tests to replace.
  public init(
    policy: AuthPolicy, store: some AuthStore, hasher: some PasswordHasher = BcryptHasher(),
    events: some AuthEventSink = NoOpEventSink(), breachedPasswords: (any BreachedPasswords)? = nil,
    clock: some WallClock = SystemClock(), random: some RandomSource = SystemRandom()
  ) {
    precondition(policy.sessions.maximumPerUser > 0, "a user must be allowed a session")
    self.policy = policy
    self.store = store
    self.hasher = hasher
    self.clock = clock
    self.random = random
    self.events = events
    self.breachedPasswords = breachedPasswords
  }

  /// A copy that serves this client: its failed logins are counted together, and sessions and events record it.
  ///
  /// Without it, nothing is counted by network: every client looks like ``Client/unknown``.
  public func serving(_ client: Client) -> Auth {
    var auth = self
    auth.client = client
    return auth
  }

  func record(_ kind: AuthEvent.Kind, _ userID: User.ID?, session: TokenDigest? = nil) {
    events.record(AuthEvent(kind, at: clock.now, userID: userID, sessionID: session, client: client))
  }
}
