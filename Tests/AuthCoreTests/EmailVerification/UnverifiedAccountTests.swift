import AuthCore
import AuthTesting
import Testing

/// Accounts that are used before their email is verified.
///
/// NIST SP 800-63B-4: 4.2.1.2.
@Suite struct UnverifiedAccountTests {
  private let scene = UnverifiedScene()
  private var auth: Auth { scene.auth }
  private let client = UnverifiedScene.client

  @Test(arguments: [false, true])
  func `an account is used at once, and its verification changes nothing of it`(byCode: Bool) async throws {
    let (registration, challenge) = try await scene.openAndDeliver()
    let user = try #require(registration.user)
    let login = try #require(try await scene.logIn())
    #expect(try await auth.unverifiedUntil(user.id) == scene.fixture.clock.now + .seconds(86_400))
    let verified =
      try await byCode
      ? auth.verifyEmail(code: challenge.code, of: registration.id, from: client) : scene.verify(challenge.token)
    #expect(verified.id == user.id)
    #expect(try await auth.user(for: login.sessionID)?.id == user.id)
    #expect(try await auth.emailVerifiedAt(user.id) == scene.fixture.clock.now)
    #expect(try await auth.unverifiedUntil(user.id) == nil)
    scene.end()
    while try await auth.purge() > 0 {}
    #expect(try await scene.logIn() != nil)
    let kinds = scene.events.kinds.filter { [.userCreated, .emailVerified, .userExpired].contains($0) }
    #expect(kinds == [.userCreated, .emailVerified])
  }

  @Test func `nothing recovers an account before its email is verified, and then all does`() async throws {
    let (registration, challenge) = try await scene.openAndDeliver()
    let user = try #require(registration.user)
    func expectRefusals() async throws {
      try await auth.requestPasswordReset(email: AuthFixture.email, from: client)
      #expect(try await auth.deliver(through: scene.delivery) == .unknownUser)
      await #expect(throws: AuthError.emailNotVerified) {
        try await auth.issueResetToken(email: AuthFixture.email, from: client)
      }
      await #expect(throws: AuthError.emailNotVerified) { try await auth.getResetPasswordToken(email: AuthFixture.email) }
      await #expect(throws: AuthError.emailNotVerified) { try await auth.sendPasswordReset(to: user.id, from: client) }
      #expect(try await auth.deliver(through: scene.delivery) == .nothingDue)
      #expect(try await scene.fixture.store.findUser(by: .id(user.id)).resetToken == nil)
    }
    try await expectRefusals()
    _ = try await scene.verify(challenge.token)
    try await auth.sendPasswordReset(to: user.id, from: client)
    let message = try #require(try await scene.deliverAll().last)
    try await auth.resetPassword(token: message.token, password: AuthFixture.otherPassword, from: client)
    #expect(try await scene.logIn(AuthFixture.otherPassword) != nil)
  }

  @Test func `a reset that was asked for before the verification is delivered after it, to the verified email`() async throws {
    let (_, challenge) = try await scene.openAndDeliver()
    try await auth.requestPasswordReset(email: AuthFixture.email, from: client)
    _ = try await scene.verify(challenge.token)
    #expect(try await scene.deliverAll().last?.kind == .passwordReset)
  }

  @Test func `an account that is not verified in time lets no one in, and is purged`() async throws {
    let user = try #require(try await scene.open().user)
    scene.fixture.clock.advance(by: .seconds(86_399))
    let sessionID = try #require(try await scene.logIn()).sessionID
    try await auth.requestEmailChange(sessionID: sessionID, to: EmailChangeScene.newEmail, from: client)
    let token = try #require(try await scene.deliverAll().compactMap(\.emailChallenge?.token).last)
    scene.fixture.clock.advance(by: .seconds(1))
    #expect(try await scene.logIn() == nil)
    #expect(try await !auth.verifyPassword(AuthFixture.password, email: AuthFixture.email, from: client))
    #expect(try await auth.openSession(email: AuthFixture.email, from: client) == nil)
    await #expect(throws: AuthError.invalidVerification) {
      try await auth.confirmEmailChange(token: token, sessionID: sessionID, from: client)
    }
    await #expect(throws: AuthError.invalidVerification) {
      try await auth.confirmEmailChange(token: token, password: AuthFixture.password, from: client)
    }
    // Sessions go with the purge.
    #expect(try await auth.profile(for: sessionID) != nil)
    while try await auth.purge() > 0 {}
    #expect(try await auth.profile(for: sessionID) == nil)
    #expect(try await auth.account(user.id) == nil)
    #expect(scene.events.all.filter { $0.kind == .userExpired }.map(\.userID) == [user.id])
    #expect(try await scene.open().user != nil)
  }

  @Test func `beside the link it is the password of the account that counts, and not a former one`() async throws {
    let (_, challenge) = try await scene.openAndDeliver()
    let sessionID = try #require(try await scene.logIn()).sessionID
    _ = try await auth.changePassword(
      sessionID: sessionID, current: AuthFixture.password, new: AuthFixture.otherPassword, from: client)
    await #expect(throws: AuthError.wrongPassword) { try await scene.verify(challenge.token) }
    #expect(try await scene.verify(challenge.token, AuthFixture.otherPassword).id == 1)
    #expect(try await scene.logIn(AuthFixture.otherPassword) != nil)
  }

  @Test func `five tries are granted, and the account stays unverified`() async throws {
    let (registration, challenge) = try await scene.openAndDeliver()
    for _ in 1...5 { await #expect(throws: AuthError.wrongPassword) { try await scene.verify(challenge.token, "wrong") } }
    await #expect(throws: AuthError.invalidVerification) { try await scene.verify(challenge.token) }
    await #expect(throws: AuthError.invalidVerification) {
      try await auth.verifyEmail(code: challenge.code, of: registration.id, from: client)
    }
    #expect(try await auth.unverifiedUntil(1) != nil)
  }

  @Test func `a password that is replaced while it is checked is checked again, and three times at most`() async throws {
    let (_, challenge) = try await scene.openAndDeliver()
    let (store, replacements) = (scene.fixture.store, RecordedOperations())
    func auth(replacing count: Int) -> Auth {
      scene.fixture.intercepting { operation throws(StoreError) in
        guard operation == .completeRegistration, replacements.all.count < count else { return }
        replacements.append(operation)
        guard let hash = try? await BcryptHasher.fast.hash(Password(AuthFixture.password)) else { return }
        try await store.updateUser(1, .hashedPassword(hash))
      }
    }
    await #expect(throws: AuthError.conflict) {
      try await auth(replacing: 3).verifyEmail(token: challenge.token, password: AuthFixture.password, from: client)
    }
    #expect(try await scene.auth.unverifiedUntil(1) != nil)
    let user = try await auth(replacing: 5).verifyEmail(
      token: challenge.token, password: AuthFixture.password, from: client)
    #expect(user.id == 1)
  }

  @Test func `an email that any other account has is taken`() async throws {
    let user = try await auth.createUser(email: AuthFixture.email, from: client)
    #expect(try await auth.unverifiedUntil(user.id) == nil)
    await #expect(throws: AuthError.userExists(email: "BOB@ME.COM")) { try await scene.open("BOB@ME.COM") }
    let (_, challenge) = try await scene.openAndDeliver("eve@me.com")
    _ = try await scene.verify(challenge.token)
    await #expect(throws: AuthError.userExists(email: "eve@me.com")) { try await scene.open("eve@me.com") }
  }

  @Test func `each policy has its own way to an account`() async throws {
    await #expect(throws: AuthError.verificationRequired) {
      try await auth.register(email: AuthFixture.email, password: AuthFixture.password, from: client)
    }
    var policy = UnverifiedScene.policy
    policy.emailVerification.requirement = .beforeLogin
    let waiting = scene.fixture.sharing(policy: policy)
    await #expect(throws: AuthError.verificationRequired) {
      try await waiting.openUnverifiedAccount(email: AuthFixture.email, password: AuthFixture.password, from: client)
    }
    policy = UnverifiedScene.policy
    policy.registration = .closed
    let closed = scene.fixture.sharing(policy: policy)
    await #expect(throws: AuthError.registrationClosed) {
      try await closed.openUnverifiedAccount(email: AuthFixture.email, password: AuthFixture.password, from: client)
    }
  }

  @Test func `registrations of an email are counted, whether it is free, unverified or taken`() async throws {
    for _ in 1...5 { try await scene.open() }
    await #expect(throws: AuthError.throttled(retryAfter: .seconds(300))) { try await scene.open("BOB@me.com") }
    _ = try await auth.createUser(email: "eve@me.com", from: client)
    for _ in 1...5 { await #expect(throws: AuthError.userExists(email: "eve@me.com")) { try await scene.open("eve@me.com") } }
    await #expect(throws: AuthError.throttled(retryAfter: .seconds(300))) { try await scene.open("eve@me.com") }
  }

  @Test(arguments: [AuthPolicy.EmailVerification.Requirement.off, .beforeLogin])
  func `under another requirement an unverified account stays one, until it is verified or ends`(
    _ requirement: AuthPolicy.EmailVerification.Requirement
  ) async throws {
    try await scene.open("eve@me.com")
    try await scene.open()
    var policy = UnverifiedScene.policy
    policy.emailVerification.requirement = requirement
    let other = scene.fixture.sharing(policy: policy)
    #expect(try await other.logIn(email: AuthFixture.email, password: AuthFixture.password, from: client).login != nil)
    await #expect(throws: AuthError.emailNotVerified) { try await other.issueResetToken(email: AuthFixture.email, from: client) }
    try await scene.delivery.deliverAll(from: other)
    let challenges = scene.delivery.messages.filter { $0.email.text == AuthFixture.email }.compactMap(\.verification)
    let user = try await other.verifyEmail(token: challenges[0].token, password: AuthFixture.password, from: client)
    #expect(user.id == 2)
    scene.end()
    while try await other.purge() > 0 {}
    #expect(try await other.account(email: "eve@me.com") == nil)
    #expect(try await other.account(2) != nil)
  }

  @Test func `an operator sees what is unverified, vouches for it, and exports it only then`() async throws {
    let user = try #require(try await scene.open().user)
    let account = try #require(try await auth.account(user.id))
    #expect(account.state == .unverified)
    #expect(account.unverifiedUntil == scene.fixture.clock.now + .seconds(86_400))
    func list() async throws -> [String] {
      try await auth.accounts(in: .unverified).reduce(into: []) { $0.append($1.email.text) }
    }
    #expect(try await list() == [AuthFixture.email])
    _ = try await auth.createUser(email: "amy@me.com", from: client)
    _ = try await auth.createUser(email: "zoe@me.com", from: client)
    for limit in 1...3 {
      let exported = try await auth.exportUsers(after: nil, limit: limit).map(\.email.text)
      #expect(exported == Array(["amy@me.com", "zoe@me.com"].prefix(limit)))
    }
    #expect(try await auth.vouchForEmail(of: user.id, from: client))
    #expect(try await !auth.vouchForEmail(of: user.id, from: client))
    #expect(try await auth.account(user.id)?.state == .active)
    #expect(try await list().isEmpty)
    #expect(try await auth.exportUsers(after: nil, limit: 9).count == 3)
    #expect(try await auth.emailVerifiedAt(user.id) == nil)
    #expect(try await scene.deliverAll().compactMap(\.verification).isEmpty)
    await #expect(throws: AuthError.unknownUserID) { try await auth.vouchForEmail(of: 99, from: client) }
    try await auth.sendPasswordReset(to: user.id, from: client)
  }

  /// What is being done when the store fails.
  enum Step {
    case open, verify, verifyByCode, vouch
  }

  @Test(
    arguments: [
      (.settle, .open), (.findUser, .open), (.unverifiedAccount, .open), (.openUnverifiedAccount, .open),
      (.findCounters, .verify), (.tryRegistration, .verify), (.settle, .verify), (.findUser, .verify),
      (.unverifiedAccount, .verify), (.completeRegistration, .verify), (.tryRegistration, .verifyByCode),
      (.completeRegistration, .verifyByCode), (.vouchForEmail, .vouch),
    ] as [(InterceptingStore.Operation, Step)])
  func `a store that cannot respond is unavailable`(_ failing: InterceptingStore.Operation, _ step: Step) async throws {
    let (registration, challenge) = try await scene.openAndDeliver()
    let auth = scene.fixture.failing(failing)
    await #expect(throws: AuthError.unavailable("disk on fire")) {
      switch step {
      case .open:
        _ = try await auth.openUnverifiedAccount(email: AuthFixture.email, password: AuthFixture.password, from: client)
      case .verify: _ = try await auth.verifyEmail(token: challenge.token, password: AuthFixture.password, from: client)
      case .verifyByCode: _ = try await auth.verifyEmail(code: challenge.code, of: registration.id, from: client)
      case .vouch: _ = try await auth.vouchForEmail(of: 1, from: client)
      }
    }
    #expect(try await scene.auth.unverifiedUntil(1) != nil)
  }

  @Test func `what is stored verifies nothing`() async throws {
    let (registration, challenge) = try await scene.openAndDeliver()
    let stored = scene.fixture.everythingStored
    for secret in [registration.id.text, challenge.token.text, challenge.code.text, AuthFixture.password] {
      #expect(!stored.contains(secret))
    }
  }
}
