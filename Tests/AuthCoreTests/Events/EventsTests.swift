import AuthCore
import AuthTesting
import Testing

/// What happens is told to whoever watches, and no secret with it.
///
/// NIST SP 800-63B-4: 4.1.
@Suite struct EventsTests {
  static let client = Client(ipAddress: IPAddress("203.0.113.7"), userAgent: "curl/8", requestID: "42")

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
    "purge", "purge of an unverified account",
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
