import AuthCore
import AuthTesting
import Testing

/// One of the two presets, which test output shows by name.
enum Preset: String, CaseIterable, CustomTestStringConvertible {
  case classic, strict

  var policy: AuthPolicy { self == .classic ? .classic : .strict }
  var testDescription: String { rawValue }
}

extension AuthPolicy {
  /// Strict, with delays for a network from the fifth failure on instead of the hundredth.
  static let narrowNetworks: AuthPolicy = {
    var policy = AuthPolicy.strict
    policy.throttling.loginPerNetwork = Throttle(
      threshold: 5, firstDelay: .seconds(1), longestDelay: .seconds(900), forgiveness: .seconds(60))
    return policy
  }()
}

/// An `Auth` whose clock stands still and whose hashes are cheap, and an account that both presets accept.
struct AuthFixture {
  static let email = "Bob@me.com"
  static let password = "correct horse battery"
  static let otherPassword = "staple of another colour"

  let auth: Auth
  let store: InMemoryStore
  let clock: ManualClock

  init(_ policy: AuthPolicy, random: some RandomSource = SystemRandom()) {
    store = InMemoryStore()
    clock = ManualClock()
    auth = Auth(policy: policy, store: store, hasher: BcryptHasher.fast, clock: clock, random: random)
  }

  init(_ preset: Preset) {
    self.init(preset.policy)
  }

  /// Makes a fixture in which Bob is registered, whose networks are ``AuthPolicy/narrowNetworks``.
  static func withNarrowNetworks() async throws -> AuthFixture {
    let fixture = AuthFixture(.narrowNetworks)
    _ = try await fixture.registerBob()
    return fixture
  }

  /// Makes a fixture in which Bob is registered.
  static func withBob(_ preset: Preset) async throws -> AuthFixture {
    let fixture = AuthFixture(preset)
    _ = try await fixture.registerBob()
    return fixture
  }

  func registerBob() async throws -> User {
    try await auth.register(email: Self.email, password: Self.password)
  }

  func logInBob() async throws -> Login {
    try #require(try await auth.logIn(email: Self.email, password: Self.password, remember: true, from: .unknown).login)
  }

  /// Registers a second account with the same password.
  @discardableResult
  func registerEve() async throws -> User {
    try await auth.register(email: "eve@me.com", password: Self.password)
  }

  func isOpen(_ sessionID: SessionID?) async throws -> Bool {
    try await auth.getUserFromSessionID(sessionID) != nil
  }

  func resetTokenForBob() async throws -> ResetToken {
    try await auth.getResetPasswordToken(email: Self.email).token
  }

  /// Bob's account as the store has it.
  var bob: User {
    get async throws { try await store.findUser(by: .id(1)) }
  }

  /// Makes another `Auth` with the same store and clock.
  func sharing(
    policy: AuthPolicy, hasher: some PasswordHasher = BcryptHasher.fast, events: some AuthEventSink = NoOpEventSink(),
    breachedPasswords: (any BreachedPasswords)? = nil
  ) -> Auth {
    Auth(
      policy: policy, store: store, hasher: hasher, events: events, breachedPasswords: breachedPasswords, clock: clock)
  }

  /// This fixture's `Auth` on a store that calls `before` before each operation.
  func intercepting(
    hasher: some PasswordHasher = BcryptHasher.fast,
    before: @escaping @Sendable (InterceptingStore.Operation) async throws(StoreError) -> Void
  ) -> Auth {
    Auth(
      policy: auth.policy, store: InterceptingStore(store, before: before), hasher: hasher, clock: clock)
  }

  /// This fixture's `Auth` on a store that fails in the given operations.
  func failing(_ operations: InterceptingStore.Operation...) -> Auth {
    intercepting { operation throws(StoreError) in
      if operations.contains(operation) { throw .unavailable("disk on fire") }
    }
  }
}
