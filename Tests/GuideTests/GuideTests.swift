import AuthCore
import AuthDB
import AuthTesting
import Testing

/// The examples of Docs/Guide.md, line by line; `.ci/examples` compares the two. Those that would leave files behind, or serve
/// for ever, are only compiled.
enum GuideExamples {
  static func opening() async throws -> Auth {
    let store = try await SQLiteStore(path: "my-service.sqlite")

    var policy = AuthPolicy.strict
    policy.sessions.maximumPerUser = 5
    policy.sessions.idleTimeout = .seconds(86_400)

    let auth = Auth(policy: policy, store: store, hasher: BcryptHasher(cost: 12, threads: 4))
    return auth
  }

  static func client() -> Client {
    let client = Client(ipAddress: IPAddress("203.0.113.7"), userAgent: "Browser/1.0", requestID: "42")
    return client
  }

  static func register(_ auth: Auth, _ client: Client) async throws {
    do {
      let user = try await auth.register(email: "bob@example.org", password: "correct horse battery staple", from: client)
      print("user \(user.id)")
    } catch {
      switch error {
      case .userExists(let email): print("\(email) is taken")
      case .invalidEmail(let problem): print(problem)
      case .invalidPassword(let problem): print(problem)
      default: throw error  // the store or the hasher could not respond
      }
    }
  }

  static func logIn(_ auth: Auth, _ client: Client) async throws -> (Bool, String, Login?)? {
    let isRight = try await auth.verifyPassword("correct horse battery staple", email: "bob@example.org", from: client)
    let outcome = try await auth.logIn(email: "bob@example.org", password: "correct horse battery staple", from: client)
    guard let login = outcome.login else { return nil }
    let cookie = login.sessionID.text
    let other = try await auth.openSession(email: "bob@example.org", from: client)
    return (isRight, cookie, other)
  }

  static func session(_ auth: Auth, _ client: Client, _ cookie: String) async throws -> (User?, Profile?, Bool) {
    let user = try await auth.user(for: SessionID(cookie))
    let profile = try await auth.profile(for: SessionID(cookie))
    let wasOpen = try await auth.logOut(SessionID(cookie), from: client)
    if let user { try await auth.endAllSessions(of: user.id, from: client) }
    return (user, profile, wasOpen)
  }

  static func disable(_ auth: Auth, _ client: Client, _ user: User) async throws -> Timestamp? {
    try await auth.disableUser(user.id, from: client)
    let since = try await auth.disabledAt(user.id)
    try await auth.enableUser(user.id, from: client)
    return since
  }

  static func administer(_ auth: Auth, _ client: Client) async throws {
    for try await account in auth.accounts(emailPrefix: "bob", in: .locked) {
      print("\(account.id) \(account.email), \(account.failedLogins.count) failed logins")
      try await auth.unlockUser(account.id, from: client)
    }
    let invited = try await auth.createUser(email: "amy@example.org", from: client)
    try await auth.sendPasswordReset(to: invited.id, from: client)
    try await auth.deleteUser(invited.id, from: client)
  }

  struct UnknownMessage: Error {}

  struct ConsoleDelivery: MessageDelivery {
    func deliver(_ message: AuthMessage) async throws {
      switch message.content {
      case .passwordReset(let token, _): print("To \(message.email.text): https://example.org/reset?token=\(token.text)")
      case .emailVerification(let token, let code, _, _):
        print("To \(message.email.text): https://example.org/verify?token=\(token.text), or the code \(code.text)")
      case .accountExists: print("To \(message.email.text): you have an account already")
      case .passwordChanged: print("To \(message.email.text): your password was changed")
      case .newLogin(_, let address, _): print("To \(message.email.text): someone logged in from \(address)")
      default: throw UnknownMessage()
      }
    }
  }

  static func verify(_ auth: Auth, _ client: Client, _ link: String, _ typed: String) async throws {
    let registration = try await auth.requestRegistration(
      email: "bob@example.org", password: "correct horse battery staple", from: client)
    try await auth.verifyEmail(
      token: VerificationToken(link), password: "correct horse battery staple", from: client)
    try await auth.verifyEmail(code: VerificationCode(typed), of: registration, from: client)
  }

  static func open(_ auth: Auth, _ client: Client) async throws -> User? {
    let opened = try await auth.openUnverifiedAccount(
      email: "bob@example.org", password: "correct horse battery staple", from: client)
    return opened.user
  }

  static func verificationPolicy() -> AuthPolicy {
    var policy = AuthPolicy.strict
    policy.emailVerification.requirement = .beforeLogin
    return policy
  }

  static func changeEmail(_ auth: Auth, _ client: Client, _ login: Login, _ link: String, _ typed: String) async throws {
    try await auth.requestEmailChange(sessionID: login.sessionID, to: "bobby@example.org", from: client)
    try await auth.confirmEmailChange(
      token: EmailChangeToken(link), password: "correct horse battery staple", from: client)
    try await auth.confirmEmailChange(code: VerificationCode(typed), sessionID: login.sessionID, from: client)
  }

  static func takeBack(_ auth: Auth, _ client: Client, _ text: String) async throws {
    try await auth.takeBackEmail(
      token: TakeBackToken(text), newPassword: "another long enough password", from: client)
  }

  static func recoveryEmail(_ auth: Auth, _ client: Client, _ login: Login, _ typed: String) async throws {
    try await auth.requestRecoveryEmail(sessionID: login.sessionID, to: "bob@second.org", from: client)
    try await auth.confirmRecoveryEmail(code: VerificationCode(typed), sessionID: login.sessionID, from: client)
    try await auth.requestPasswordReset(email: "bob@example.org", to: .recoveryEmail, from: client)
  }

  static func reset(_ auth: Auth, _ client: Client, _ text: String) async throws {
    try await auth.requestPasswordReset(email: "bob@example.org", from: client)
    try await auth.resetPassword(
      token: ResetToken(text), password: "another long enough password", email: "bob@example.org", from: client)
  }

  static func run(_ auth: Auth) async {
    await withTaskGroup { group in
      group.addTask { await auth.deliverMessages(through: ConsoleDelivery()) { print($0) } }
      group.addTask { await auth.runMaintenance { print($0) } }
    }
  }

  static func importAccounts(_ auth: Auth, _ accounts: [(email: String, hash: String)]) async throws {
    for (email, hash) in accounts {
      do {
        _ = try await auth.importUser(email: email, hash: hash)
      } catch {
        switch error {
        case .userExists, .invalidEmail, .unacceptableHash: print("\(email): \(error)")
        default: throw error
        }
      }
    }
  }

  static func store(_ store: some AuthStore) async throws {
    let bob = try await store.findUser(by: .email(Email("bob@example.org")))
    try await store.updateUser(bob.id, User.Change(name: "session_id", value: nil))
  }
}

@Suite struct GuideTests {
  @Test func `the operations do what the guide says`() async throws {
    let store = InMemoryStore()
    let auth = Auth(policy: .strict, store: store, hasher: FastHasher())
    let client = GuideExamples.client()
    try await GuideExamples.register(auth, client)
    let (isRight, cookie, other) = try #require(try await GuideExamples.logIn(auth, client))
    #expect(isRight && other != nil)
    #expect(try await auth.sessions(of: 1).map(\.ipAddress) == ["203.0.113.7", "203.0.113.7"])
    let (user, profile, wasOpen) = try await GuideExamples.session(auth, client, cookie)
    #expect(profile == user?.profile)
    #expect(user?.id == 1 && wasOpen)
    #expect(try await auth.user(for: other?.sessionID) == nil)
    let token = try await auth.issueResetToken(email: "bob@example.org", from: .unknown).token
    try await GuideExamples.reset(auth, client, token.text)
    guard case .delivered = try await auth.deliverNextMessage(through: GuideExamples.ConsoleDelivery()) else {
      Issue.record("no message was due")
      return
    }
    try await GuideExamples.store(store)
  }

  @Test func `an account is disabled and enabled as the guide says`() async throws {
    let auth = Auth(policy: .strict, store: InMemoryStore(), hasher: FastHasher())
    try await GuideExamples.register(auth, .unknown)
    let user = try #require(try await auth.openSession(email: "bob@example.org", from: .unknown)).user
    #expect(try await GuideExamples.disable(auth, .unknown, user) != nil)
    #expect(try await auth.disabledAt(user.id) == nil)
  }

  @Test func `accounts are administered as the guide says`() async throws {
    let auth = Auth(policy: .strict, store: InMemoryStore(), hasher: FastHasher())
    try await GuideExamples.register(auth, .unknown)
    for _ in 1...5 { _ = try await auth.verifyPassword("wrong", email: "bob@example.org", from: .unknown) }
    try await GuideExamples.administer(auth, .unknown)
    #expect(try await auth.account(email: "bob@example.org")?.state == .active)
    #expect(try await auth.account(email: "amy@example.org") == nil)
  }

  @Test func `the loops end with their task`() async {
    let loops = Task { await GuideExamples.run(Auth(policy: .strict, store: InMemoryStore(), hasher: FastHasher())) }
    loops.cancel()
    await loops.value
  }

  @Test func `accounts of other systems are imported as the guide says`() async throws {
    let auth = Auth(policy: .strict, store: InMemoryStore(), hasher: BcryptHasher(cost: 4, threads: 1))
    let hash = "bcrypt_sha256$$2b$04$iodbrhDPNes7J2JWxRwvjOExD5va8ZMQ6g5O1p76fbJDvNHXlMRxm"
    let accounts = [
      ("eve@example.org", "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$GpZ3sK/oH9p7VIiV56G/64Zo/8GaUw434IimaPqxwCo"),
      ("not an email", hash), ("amy@example.org", hash), ("Amy@example.org", hash), ("bob@example.org", hash),
    ]
    try await GuideExamples.importAccounts(auth, accounts)
    // Again, as after an import that was interrupted.
    try await GuideExamples.importAccounts(auth, accounts)
    let user = try #require(try await GuideExamples.logIn(auth, .unknown))
    #expect(user.0)
    #expect(try await auth.openSession(email: "eve@example.org", from: .unknown) == nil)
  }

  struct Fixture: StoreFixture {
    let store = InMemoryStore()  // yours
    func open() async throws -> any AuthStore { store }
  }

  @Test(arguments: StoreContract.clauses)
  func `my store keeps the contract`(_ clause: StoreContract.Clause) async throws {
    try await clause.check(Fixture())
  }

  @Test func `a session ends after 30 days`() async throws {
    let clock = ManualClock()
    let auth = Auth(policy: .classic, store: InMemoryStore(), hasher: FastHasher(), clock: clock)
    _ = try await auth.register(email: "bob", password: "x")
    let login = try await auth.openSession(email: "bob", from: .unknown)
    clock.advance(by: .seconds(30 * 86_400))
    #expect(try await auth.user(for: login?.sessionID) == nil)
  }

  @Test func `an unavailable store lets no one in`() async throws {
    let store = InterceptingStore(InMemoryStore())
    let auth = Auth(policy: .classic, store: store, hasher: FastHasher())
    store.fail(.all)
    await #expect(throws: AuthError.self) { try await auth.logIn(email: "bob", password: "x", from: .unknown) }
  }
}
