import AuthCore
import AuthTesting
import Testing

/// What happens is told to whoever watches, and no secret with it.
///
/// NIST SP 800-63B-4: 4.1.
@Suite struct EventsTests {
  private static let client = Client(ipAddress: IPAddress("203.0.113.7"), userAgent: "curl/8", requestID: "42")

  /// Bob under strict, and an `Auth` that records what happens.
  private struct Scene {
    let fixture: AuthFixture
    let events = RecordedEvents()
    let auth: Auth

    init() async throws {
      fixture = try await .withNarrowNetworks()
      auth = fixture.sharing(policy: fixture.auth.policy, events: events)
    }
  }

  private typealias Expected = (kind: AuthEvent.Kind, userID: User.ID?)

  private static let operations: [(name: String, events: [Expected], work: @Sendable (Scene) async throws -> Void)] = [
    (
      "register", [(.userCreated, 2)],
      { _ = try await $0.auth.register(email: "eve@me.com", password: AuthFixture.password, from: client) }
    ),
    (
      "requestRegistration", [(.registrationRequested, nil)],
      { _ = try await $0.auth.requestRegistration(email: "eve@me.com", password: AuthFixture.password, from: client) }
    ),
    (
      "verifyEmail", [(.userCreated, 2), (.emailVerified, 2)],
      { scene in
        let delivery = RecordingDelivery()
        _ = try await scene.fixture.auth.requestRegistration(
          email: "eve@me.com", password: AuthFixture.password, from: .unknown)
        _ = try await scene.fixture.auth.deliver(through: delivery)
        guard case .emailVerification(let token, _, _, _)? = delivery.messages.last?.content else { return }
        _ = try await scene.auth.verifyEmail(token: token, password: AuthFixture.password, from: client)
      }
    ),
    (
      "a made-up link", [(.verificationRefused, nil)],
      { _ = try? await $0.auth.verifyEmail(token: VerificationToken("x"), password: "x", from: client) }
    ),
    (
      "requestEmailChange", [(.emailChangeRequested, 1)],
      { scene in
        let sessionID = try await scene.fixture.logInBob().sessionID
        try await scene.auth.requestEmailChange(sessionID: sessionID, to: EmailChangeScene.newEmail, from: client)
      }
    ),
    (
      "confirmEmailChange and takeBackEmail", [(.emailChanged, 1), (.emailTakenBack, 1)],
      { scene in
        let (delivery, sessionID) = (RecordingDelivery(), try await scene.fixture.logInBob().sessionID)
        try await scene.fixture.auth.requestEmailChange(sessionID: sessionID, to: EmailChangeScene.newEmail, from: .unknown)
        for _ in 1...2 { _ = try await scene.fixture.auth.deliver(through: delivery) }
        for token in delivery.messages.compactMap(\.emailChallenge?.token) {
          try await scene.auth.confirmEmailChange(token: token, sessionID: sessionID, from: client)
        }
        for token in delivery.messages.compactMap(\.takeBackToken) {
          try await scene.auth.takeBackEmail(token: token, newPassword: AuthFixture.otherPassword, from: client)
        }
      }
    ),
    (
      "made-up tokens of a change", [(.emailChangeRefused, nil), (.emailChangeRefused, 1), (.takeBackRefused, nil)],
      { scene in
        let sessionID = try await scene.fixture.logInBob().sessionID
        _ = try? await scene.auth.confirmEmailChange(token: EmailChangeToken("x"), password: "x", from: client)
        _ = try? await scene.auth.confirmEmailChange(code: VerificationCode("x"), sessionID: sessionID, from: client)
        _ = try? await scene.auth.takeBackEmail(token: TakeBackToken("x"), newPassword: "x", from: client)
      }
    ),
    (
      "importUser", [(.userImported, 2)],
      { scene in
        _ = try await scene.auth.importUser(email: "eve@me.com", hash: scene.fixture.bob.hashedPassword.text)
      }
    ),
    (
      "logIn", [(.loginSucceeded, 1), (.sessionCreated, 1)],
      { _ = try await $0.auth.logIn(email: AuthFixture.email, password: AuthFixture.password, from: client).login }
    ),
    ("createSession", [(.sessionCreated, 1)], { _ = try await $0.auth.createSession(email: AuthFixture.email, from: client) }),
    ("wrong password", [(.loginFailed, 1)], { try await $0.auth.from(client).guess() }),
    (
      "wrong password at logIn", [(.loginFailed, 1)],
      { _ = try await $0.auth.logIn(email: AuthFixture.email, password: "x", from: client).login }
    ),
    ("unknown address", [(.loginFailed, nil)], { try await $0.auth.from(client).guess(for: "eve@me.com") }),
    (
      "right password of a disabled user", [(.loginFailed, 1), (.loginDisabled, 1)],
      { scene in
        try await scene.fixture.auth.disableUser(1)
        try await scene.auth.from(client).guess(AuthFixture.password)
      }
    ),
    (
      "wrong password of a disabled user", [(.loginFailed, 1)],
      { scene in
        try await scene.fixture.auth.disableUser(1)
        try await scene.auth.from(client).guess()
      }
    ),
    (
      "disableUser", [(.userDisabled, 1), (.sessionEnded, 1)],
      { scene in
        _ = try await scene.fixture.logInBob()
        for _ in 1...2 { try await scene.auth.disableUser(1, from: client) }
      }
    ),
    (
      "enableUser", [(.userEnabled, 1)],
      { scene in
        try await scene.fixture.auth.disableUser(1)
        for _ in 1...2 { try await scene.auth.enableUser(1, from: client) }
      }
    ),
    (
      "createUser", [(.userCreated, 2), (.resetRequested, 2)],
      { _ = try await $0.auth.createUser(email: "eve@me.com", from: client) }
    ),
    ("sendPasswordReset", [(.resetRequested, 1)], { try await $0.auth.sendPasswordReset(to: 1, from: client) }),
    (
      "unlockUser", [(.userUnlocked, 1)],
      { scene in
        try await scene.fixture.auth.guess()
        for _ in 1...2 { try await scene.auth.unlockUser(1, from: client) }
      }
    ),
    ("deleteUser by id", [(.userDeleted, 1)], { try await $0.auth.deleteUser(1, from: client) }),
    (
      "importUsers", [(.usersImported, nil)],
      { scene in
        let account = try scene.auth.checkImport(email: "eve@me.com", hash: "!", isDisabled: false)
        for _ in 1...2 { _ = try await scene.auth.importUsers([account], from: client) }
      }
    ),
    ("no address", [(.loginFailed, nil)], { try await $0.auth.from(client).guess(for: "") }),
    (
      "a delay begins", [(.loginFailed, 1), (.loginLocked, 1)],
      { scene in
        try await scene.fixture.auth.guess(times: 4)
        try await scene.auth.from(client).guess()
      }
    ),
    (
      "a delay of the address", [(.throttled, 1)],
      { scene in
        try await scene.fixture.auth.guess(times: 5)
        try await scene.auth.from(client).guess(AuthFixture.password)
      }
    ),
    (
      "a delay of the network", [(.throttled, nil)],
      { scene in
        try await scene.fixture.auth.from(EventsTests.client).guess(times: 5, for: "eve@me.com")
        try await scene.auth.from(client).guess(AuthFixture.password)
      }
    ),
    (
      "changePassword", [(.passwordChanged, 1), (.sessionRenewed, 1)],
      { scene in
        _ = try await scene.auth.changePassword(
          sessionID: scene.fixture.logInBob().sessionID, current: AuthFixture.password, new: AuthFixture.otherPassword,
          from: client)
      }
    ),
    (
      "changePassword with a wrong one", [(.loginFailed, 1), (.passwordCheckFailed, 1)],
      { scene in
        _ = try? await scene.auth.changePassword(
          sessionID: scene.fixture.logInBob().sessionID, current: "wrong", new: AuthFixture.otherPassword, from: client)
      }
    ),
    (
      "deleteUser", [(.userDeleted, 1)],
      { try await $0.auth.deleteUser(sessionID: $0.fixture.logInBob().sessionID, password: AuthFixture.password, from: client) }
    ),
    (
      "deleteUser with a wrong one", [(.loginFailed, 1), (.passwordCheckFailed, 1)],
      { _ = try? await $0.auth.deleteUser(sessionID: $0.fixture.logInBob().sessionID, password: "wrong", from: client) }
    ),
    (
      "issueResetToken", [(.resetTokenIssued, 1)],
      { _ = try await $0.auth.issueResetToken(email: AuthFixture.email, from: client) }
    ),
    (
      "updatePassword", [(.resetUsed, 1)],
      {
        try await $0.auth.updatePassword(
          resetToken: $0.fixture.resetTokenForBob(), password: AuthFixture.otherPassword, from: client)
      }
    ),
    (
      "updatePassword with no token", [(.resetRefused, nil)],
      {
        _ = try? await $0.auth.updatePassword(
          resetToken: ResetToken("made up"), password: AuthFixture.otherPassword, from: client)
      }
    ),
    (
      "requestPasswordReset", [(.resetRequested, 1)],
      { try await $0.auth.requestPasswordReset(email: AuthFixture.email, from: client) }
    ),
    (
      "for an unknown address", [(.resetRequested, nil)],
      { try await $0.auth.requestPasswordReset(email: "eve@me.com", from: client) }
    ),
    ("for no address", [(.resetRequested, nil)], { try await $0.auth.requestPasswordReset(email: "", from: client) }),
    (
      "too many requests", [(.throttled, nil)],
      { scene in
        for _ in 1...5 { try await scene.fixture.auth.requestPasswordReset(email: AuthFixture.email, from: client) }
        try? await scene.auth.requestPasswordReset(email: AuthFixture.email, from: client)
      }
    ),
    (
      "deliverNextMessage", [(.resetTokenIssued, 1)],
      { scene in
        try await scene.fixture.auth.requestPasswordReset(email: AuthFixture.email, from: client)
        _ = try await scene.auth.deliverNextMessage(through: RecordingDelivery())
      }
    ),
    (
      "deliverNextMessage of what no one takes", [(.messageUndeliverable, 1)],
      { scene in
        _ = try await scene.fixture.addMessage(to: AuthFixture.email)
        _ = try await scene.auth.deliverNextMessage(through: MeddlingDelivery { throw UndeliverableMessage("no mailbox") })
      }
    ),
    (
      "deliverNextMessage of what is too old", [(.messageGivenUp, 1)],
      { scene in
        _ = try await scene.fixture.addMessage(to: AuthFixture.email)
        scene.fixture.clock.advance(by: Auth.deliveryWindow)
        _ = try await scene.auth.deliverNextMessage(through: RecordingDelivery())
      }
    ),
    (
      "dropMessages", [(.messageDropped, 1)],
      { scene in
        _ = try await scene.fixture.addMessage(to: AuthFixture.email)
        _ = try await scene.auth.dropMessages(.init(), from: client)
      }
    ),
    ("logOut", [(.sessionEnded, 1)], { try await $0.auth.logOut($0.fixture.logInBob().sessionID, from: client) }),
    ("logOut of no session", [], { try await $0.auth.logOut(SessionID("made up"), from: .unknown) }),
    (
      "endSession", [(.sessionEnded, 1)],
      { try await $0.auth.endSession($0.fixture.logInBob().sessionID.digest, of: 1, from: client) }
    ),
    (
      "endSessions", [(.sessionEnded, 1), (.sessionEnded, 1)],
      { scene in
        for _ in 1...2 { _ = try await scene.fixture.logInBob() }
        try await scene.auth.endSessions(of: 1, except: scene.fixture.logInBob().sessionID, from: client)
      }
    ),
    (
      "endAllSessions", [(.sessionEnded, 1), (.sessionEnded, 1)],
      { scene in
        for _ in 1...2 { _ = try await scene.fixture.logInBob() }
        try await scene.auth.endAllSessions(of: 1, from: client)
      }
    ),
    (
      "purge", [(.sessionExpired, 1)],
      { scene in
        _ = try await scene.fixture.logInBob()
        scene.fixture.clock.advance(by: .seconds(7 * 86400))
        _ = try await scene.auth.purge()
      }
    ),
    ("validLogin", [], { try await $0.auth.from(client).guess(AuthFixture.password) }),
    ("getUserFromSessionID", [], { _ = try await $0.auth.getUserFromSessionID($0.fixture.logInBob().sessionID) }),
    ("profile", [], { _ = try await $0.auth.profile(for: $0.fixture.logInBob().sessionID) }),
  ]

  @Test(arguments: operations.indices)
  func `an operation records what happened, to whom, when, and who asked`(_ index: Int) async throws {
    let operation = Self.operations[index]
    let scene = try await Scene()
    try await operation.work(scene)
    let events = scene.events.all
    #expect(events.map(\.kind) == operation.events.map(\.kind), "\(operation.name)")
    #expect(events.map(\.userID) == operation.events.map(\.userID), "\(operation.name)")
    let client = Self.withoutClient.contains(operation.name) ? .unknown : Self.client
    #expect(events.allSatisfy { $0.client == client && $0.at == scene.fixture.clock.now }, "\(operation.name)")
    for event in events {
      #expect((event.sessionID != nil) == Self.kindsAboutSessions.contains(event.kind), "\(operation.name)")
    }
  }

  private static let withoutClient: Set = [
    "importUser", "deliverNextMessage", "deliverNextMessage of what no one takes", "deliverNextMessage of what is too old",
    "purge",
  ]

  private static let kindsAboutSessions: Set<AuthEvent.Kind> = [.sessionCreated, .sessionRenewed, .sessionEnded, .sessionExpired]

  @Test func `there is an operation for every kind of event`() {
    #expect(Set(Self.operations.flatMap(\.events).map(\.kind)) == Set(AuthEvent.Kind.allCases))
  }

  @Test func `events about a session name it by the digest of its id`() async throws {
    let scene = try await Scene()
    let login = try #require(
      try await scene.auth.logIn(email: AuthFixture.email, password: AuthFixture.password, from: Self.client).login)
    let renewed = try await scene.auth.changePassword(
      sessionID: login.sessionID, current: AuthFixture.password, new: AuthFixture.otherPassword, from: Self.client)
    try await scene.auth.logOut(renewed.sessionID, from: .unknown)
    let (first, second) = (login.sessionID.digest, renewed.sessionID.digest)
    #expect(scene.events.all.map(\.sessionID) == [nil, first, nil, second, second])
  }

  @Test(arguments: operations.indices)
  func `no event shows a password, a token, a session id, a hash or an email of an account`(_ index: Int) async throws {
    let scene = try await Scene()
    try await Self.operations[index].work(scene)
    var text = "\(scene.events.all)"
    dump(scene.events.all, to: &text)
    for secret in ["me.com", AuthFixture.password, AuthFixture.otherPassword, "wrong", "made up", "$2b$"] {
      #expect(!text.lowercased().contains(secret.lowercased()), "\(Self.operations[index].name)")
    }
  }

  @Test func `tokens and session ids show in no event`() async throws {
    let scene = try await Scene()
    let login = try #require(
      try await scene.auth.logIn(email: AuthFixture.email, password: AuthFixture.password, from: Self.client).login)
    let token = try await scene.auth.getResetPasswordToken(email: AuthFixture.email).token
    let delivery = RecordingDelivery()
    try await scene.auth.requestPasswordReset(email: AuthFixture.email, from: Self.client)
    _ = try await scene.auth.deliverNextMessage(through: delivery)
    _ = try? await scene.auth.updatePassword(resetToken: token, password: AuthFixture.otherPassword)
    try await scene.auth.logOut(login.sessionID, from: .unknown)
    var text = ""
    dump(scene.events.all, to: &text)
    let secrets = try [login.sessionID.text, token.text, #require(delivery.messages.first).token.text]
    for secret in secrets { #expect(!text.contains(secret)) }
  }

  @Test func `what fails is not recorded as done`() async throws {
    let scene = try await Scene()
    let sessionID = try await scene.fixture.logInBob().sessionID
    let token = try await scene.fixture.resetTokenForBob()
    let store = InterceptingStore(
      scene.fixture.store, failing: .addUser, .addSession, .changePassword, .deleteUser, .endSession, .endSessions,
      .addResetToken, .consumeResetToken, .addMessage, .addEmailChange, .purge)
    let auth = Auth(
      policy: .strict, store: store, hasher: BcryptHasher.fast, events: scene.events, clock: scene.fixture.clock)
    let (email, password, new) = (AuthFixture.email, AuthFixture.password, AuthFixture.otherPassword)
    let unavailable = AuthError.unavailable("disk on fire")
    await #expect(throws: unavailable) { try await auth.register(email: "eve@me.com", password: password) }
    await #expect(throws: unavailable) {
      try await auth.importUser(email: "eve@me.com", hash: scene.fixture.bob.hashedPassword.text)
    }
    await #expect(throws: unavailable) { try await auth.logIn(email: email, password: password, from: Self.client).login }
    await #expect(throws: unavailable) { try await auth.createSession(email: email)?.sessionID }
    await #expect(throws: unavailable) {
      try await auth.changePassword(sessionID: sessionID, current: password, new: new, from: Self.client)
    }
    await #expect(throws: unavailable) { try await auth.deleteUser(sessionID: sessionID, password: password, from: Self.client) }
    await #expect(throws: unavailable) {
      try await auth.requestEmailChange(sessionID: sessionID, to: EmailChangeScene.newEmail, from: Self.client)
    }
    await #expect(throws: unavailable) { try await auth.logOut(sessionID, from: .unknown) }
    await #expect(throws: unavailable) { try await auth.destroySession(userID: 1) }
    await #expect(throws: unavailable) { try await auth.getResetPasswordToken(email: email) }
    await #expect(throws: unavailable) { try await auth.updatePassword(resetToken: token, password: new) }
    await #expect(throws: unavailable) { try await auth.requestPasswordReset(email: email, from: Self.client) }
    await #expect(throws: unavailable) { try await auth.purge() }
    #expect(scene.events.all.isEmpty)
  }

  @Test func `several event sinks each get every event`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    let sinks = [RecordedEvents(), RecordedEvents()]
    let auth = fixture.sharing(policy: .strict, events: MultiplexEventSink(sinks[0], sinks[1]))
    _ = try await auth.logIn(email: AuthFixture.email, password: AuthFixture.password, from: Self.client).login
    #expect(sinks[0].all == sinks[1].all)
    #expect(sinks[0].kinds == [.loginSucceeded, .sessionCreated])
  }

  @Test func `attempts with an email whose account is not known have its digest, and no others`() async throws {
    let scene = try await Scene()
    try await scene.auth.from(Self.client).guess(for: "Eve@me.com")
    try await scene.auth.from(Self.client).guess()
    try await scene.auth.requestPasswordReset(email: "eve@me.com", from: Self.client)
    try await scene.auth.requestPasswordReset(email: AuthFixture.email, from: Self.client)
    let eve = AuthEvent.digest(ofEmail: "eve@me.com")
    #expect(scene.events.all.map(\.emailDigest) == [eve, nil, eve, nil])
    #expect(eve == AuthEvent.digest(ofEmail: "EVE@me.com") && !eve.contains("eve"))
    // In a delay of the network the account is not looked up.
    try await scene.auth.from(Self.client).guess(times: 4)
    let refused = try await scene.events.during { try await scene.auth.from(Self.client).guess(AuthFixture.password) }
    #expect(refused.map(\.kind) == [.throttled])
    #expect(refused.map(\.emailDigest) == [AuthEvent.digest(ofEmail: AuthFixture.email)])
  }
}

extension AuthFixture {
  /// Queues a notice about Bob.
  fileprivate func addMessage(to email: String) async throws -> Bool {
    let message = OutboxMessage(
      id: "a message", kind: .accountEnabled, userID: 1, email: Email(stored: email), createdAt: clock.now)
    return try await store.addMessage(message, limit: 1)
  }
}
