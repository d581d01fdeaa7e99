/// An account system: it registers users, logs them in, and knows whose session a request belongs to.
///
///     let auth = Auth(policy: .strict, store: InMemoryStore())
///     let client = Client(ipAddress: IPAddress("203.0.113.7"))
///     _ = try await auth.register(email: "bob@me.com", password: "correct horse battery staple", from: client)
///     let login = try await auth.logIn(email: "bob@me.com", password: "correct horse battery staple", from: client).login
///     let user = try await auth.user(for: login?.sessionID)
///
/// An `Auth` is a value without state of its own: the store keeps what lasts, and the hasher has the threads that compute. Copies
/// share both. Every operation may be called from anywhere, at the same time; none blocks the thread that calls it.
///
/// Operations that ask a question return false, nil or ``LoginOutcome/wrongCredentials`` for "no"; those that act for a session
/// throw. No ``AuthError`` ever means yes, so `try?` never lets anyone in. An operation throws ``AuthError/unavailable(_:)`` when
/// the store cannot respond; those that compute a hash also throw ``AuthError/overloaded(retryAfter:)`` and
/// ``AuthError/cancelled``. Each lists only its other errors.
///
/// The operations, in the order in which a user needs them, each in the folder of its feature:
///
/// | feature | operations |
/// |---|---|
/// | Accounts | ``register(email:password:from:)``, ``importUser(email:hash:)``, ``deleteUser(sessionID:password:from:)`` |
/// | EmailVerification | ``requestRegistration(email:password:from:)``, ``verifyEmail(token:password:from:)``, |
/// | | ``verifyEmail(code:of:from:)``, ``emailVerifiedAt(_:)``, ``openUnverifiedAccount(email:password:from:)``, |
/// | | ``unverifiedUntil(_:)``, ``vouchForEmail(of:from:)`` |
/// | EmailChange | ``requestEmailChange(sessionID:to:password:from:)``, ``confirmEmailChange(token:password:from:)``, |
/// | | ``confirmEmailChange(token:sessionID:from:)``, ``confirmEmailChange(code:sessionID:from:)``, |
/// | | ``takeBackEmail(token:newPassword:from:)`` |
/// | RecoveryEmail | ``requestRecoveryEmail(sessionID:to:password:from:)``, |
/// | | ``confirmRecoveryEmail(token:password:from:)``, ``confirmRecoveryEmail(token:sessionID:from:)``, |
/// | | ``confirmRecoveryEmail(code:sessionID:from:)``, ``removeRecoveryEmail(sessionID:password:from:)``, |
/// | | ``recoveryEmail(sessionID:)``, ``recoveryEmail(of:)`` |
/// | Disabling | ``disableUser(_:from:)``, ``enableUser(_:from:)``, ``disabledAt(_:)`` |
/// | Login | ``logIn(email:password:remember:replacing:from:)``, ``verifyPassword(_:email:from:)``, |
/// | | ``confirm(sessionID:password:from:)`` |
/// | Sessions | ``user(for:)``, ``profile(for:)``, ``details(for:)``, ``logOut(_:from:)``, ``sessions(of:)``, |
/// | | ``endSession(_:of:from:)``, ``endSessions(of:except:from:)``, ``endAllSessions(of:from:)``, |
/// | | ``openSession(email:authenticatedBy:remember:replacing:from:)`` |
/// | Passwords | ``changePassword(sessionID:current:new:from:)`` |
/// | PasswordReset | ``requestPasswordReset(email:to:from:)``, ``resetPassword(token:password:email:from:)``, |
/// | | ``issueResetToken(email:from:)`` |
/// | Outbox | ``deliverMessages(through:workers:interval:onFailure:)``, ``deliverNextMessage(through:)`` |
/// | Administration | ``accounts(emailPrefix:in:)``, ``account(_:)``, ``account(email:)``, ``createUser(email:from:)``, |
/// | | ``sendPasswordReset(to:from:)``, ``unlockUser(_:from:)``, ``deleteUser(_:from:)``, ``messages(to:)``, ``statistics()``, |
/// | | ``checkImport(email:hash:isDisabled:)``, ``importUsers(_:from:)``, ``rehearseImport(_:)``, ``exportUsers(after:limit:)`` |
/// | Maintenance | ``runMaintenance(every:purging:onFailure:)``, ``purge(limit:)`` |
///
/// These trust their caller, and check nothing: `importUser`, `openSession`, `issueResetToken`, and those that take the id of a
/// user. Call them for a user whom you have authenticated. Run `deliverMessages` and `runMaintenance` alongside the service: no
/// requested reset token reaches its owner without the first, and the store grows without the second.
///
/// Events, logins and deliveries are counted for the backend of swift-metrics that the application has chosen by the time it
/// makes its `Auth`.
///
/// `from:` takes the ``Client`` of a request: attempts are counted for its network, and sessions and events record it. The names
/// that the original specification fixes, such as ``validLogin(email:password:from:)``, are in `Auth+Specification.swift`. They
/// do without a client.
public struct Auth: Sendable {
  // In a box, because each request passes its `Auth` on several times: a copy is one reference, not twenty.
  private let parts: Parts

  /// The rules in force.
  public var policy: AuthPolicy { parts.policy }

  var store: any AuthStore { parts.store }
  var hasher: any PasswordHasher { parts.hasher }
  var clock: any WallClock { parts.clock }
  var random: any RandomSource { parts.random }
  var events: any AuthEventSink { parts.events }
  var breachedPasswords: (any BreachedPasswords)? { parts.breachedPasswords }
  var metrics: AuthMetrics { parts.metrics }

  /// An account system on a store.
  ///
  /// - Parameters:
  ///   - policy: the rules; there is no default.
  ///   - store: where accounts are kept: ``InMemoryStore``, `SQLiteStore` of AuthDB, or your own.
  ///   - hasher: by default bcrypt of ``BcryptHasher/defaultCost`` on one thread for each processor. Share one among several
  ///     `Auth`.
  ///   - events: receives the security events.
  ///   - breachedPasswords: an additional check of new passwords; none by default.
  ///   - clock: the time, for tests to replace.
  ///   - random: the source of tokens, for tests to replace.
  public init(
    policy: AuthPolicy, store: some AuthStore, hasher: some PasswordHasher = BcryptHasher(),
    events: some AuthEventSink = NoOpEventSink(), breachedPasswords: (any BreachedPasswords)? = nil,
    clock: some WallClock = SystemClock(), random: some RandomSource = SystemRandom()
  ) {
    parts = Parts(
      policy: policy, store: store, hasher: hasher, clock: clock, random: random, events: events,
      breachedPasswords: breachedPasswords, metrics: AuthMetrics())
  }

  private init(_ parts: Parts) {
    self.parts = parts
  }

  /// The same account system under other rules, for an application that changes them while it runs. It shares the store, the
  /// hasher and everything else with this one, which keeps its own rules.
  public func with(policy: AuthPolicy) -> Auth {
    Auth(
      Parts(
        policy: policy, store: store, hasher: hasher, clock: clock, random: random, events: events,
        breachedPasswords: breachedPasswords, metrics: metrics))
  }

  /// - Parameter email: what the client gave. Only its digest is recorded, and only where no user is known.
  func record(
    _ kind: AuthEvent.Kind, of userID: User.ID?, email: String? = nil, session: TokenDigest? = nil, from client: Client
  ) {
    metrics.count(kind)
    let digest = userID == nil ? email.map(AuthEvent.digest) : nil
    events.record(
      AuthEvent(kind, at: clock.now, userID: userID, emailDigest: digest, sessionID: session, client: client))
  }
}

extension Auth {
  private final class Parts: Sendable {
    let policy: AuthPolicy
    let store: any AuthStore
    let hasher: any PasswordHasher
    let clock: any WallClock
    let random: any RandomSource
    let events: any AuthEventSink
    let breachedPasswords: (any BreachedPasswords)?
    let metrics: AuthMetrics

    init(
      policy: AuthPolicy, store: any AuthStore, hasher: any PasswordHasher, clock: any WallClock, random: any RandomSource,
      events: any AuthEventSink, breachedPasswords: (any BreachedPasswords)?, metrics: AuthMetrics
    ) {
      policy.checkPreconditions()
      self.policy = policy
      self.store = store
      self.hasher = hasher
      self.clock = clock
      self.random = random
      self.events = events
      self.breachedPasswords = breachedPasswords
      self.metrics = metrics
    }
  }
}

extension AuthPolicy {
  /// Ends the process for rules that cannot be followed.
  fileprivate func checkPreconditions() {
    precondition(sessions.maximumPerUser > 0, "a user must be allowed a session")
    precondition(throttling.locksOnlyEmailsOfLogins, "only loginPerEmail can lock: a reset token unlocks nothing else")
  }
}
