import AuthTesting
import Testing

@testable import AuthCore

/// A user asks for a recovery email, and a reader of it confirms.
///
/// NIST SP 800-63B-4: 4.2.1.2. OWASP ASVS 5.0: 7.5.1.
@Suite struct RecoveryEmailTests {
  private typealias Scene = RecoveryEmailScene

  @Test func `nothing changes until a reader of the recovery email has confirmed it`() async throws {
    let scene = try await Scene()
    try await scene.request()
    let messages = try await scene.deliverAll()
    #expect(messages.map(\.summary) == ["recovery_email to \(Scene.second)"])
    #expect(try await scene.recoveryEmail == nil)
    #expect(try await scene.reset(to: .recoveryEmail).map(\.email.text) == [AuthFixture.email])
    let token = try #require(messages[0].recoveryChallenge).token
    let recovery = try await scene.auth.confirmRecoveryEmail(
      token: token, password: AuthFixture.password, from: Scene.client)
    #expect(recovery == RecoveryEmail(email: try Email(Scene.second), verifiedAt: scene.fixture.clock.now))
    #expect(try await scene.auth.recoveryEmail(sessionID: scene.sessionID) == recovery)
    #expect(try await scene.fixture.bob.email.text == AuthFixture.email)
    await #expect(throws: AuthError.invalidSession) { try await scene.auth.recoveryEmail(sessionID: SessionID("x")) }
  }

  @Test func `a link needs the password or a session of the account, and a code a session`() async throws {
    let scene = try await Scene()
    try await scene.fixture.registerEve()
    let auth = scene.auth
    let eve = try #require(
      try await auth.logIn(email: "eve@me.com", password: AuthFixture.password, from: Scene.client).login
    ).sessionID
    let (token, code) = try await scene.ask()
    // A stranger at a mistyped email.
    await #expect(throws: AuthError.wrongPassword) {
      try await auth.confirmRecoveryEmail(token: token, password: AuthFixture.otherPassword, from: Scene.client)
    }
    await #expect(throws: AuthError.invalidVerification) {
      try await auth.confirmRecoveryEmail(token: token, sessionID: eve, from: Scene.client)
    }
    await #expect(throws: AuthError.invalidVerification) {
      try await auth.confirmRecoveryEmail(code: code, sessionID: eve, from: Scene.client)
    }
    for session in ["x", ""] {
      await #expect(throws: AuthError.invalidSession) {
        try await auth.confirmRecoveryEmail(token: token, sessionID: SessionID(session), from: Scene.client)
      }
      await #expect(throws: AuthError.invalidSession) {
        try await auth.confirmRecoveryEmail(code: code, sessionID: SessionID(session), from: Scene.client)
      }
    }
    for id in [1, 2] as [User.ID] { #expect(try await auth.recoveryEmail(of: id) == nil) }
    try await auth.confirmRecoveryEmail(code: code, sessionID: scene.sessionID, from: Scene.client)
    #expect(try await scene.recoveryEmail == Scene.second)
    for _ in 1...2 {
      await #expect(throws: AuthError.invalidVerification) {
        try await auth.confirmRecoveryEmail(code: code, sessionID: scene.sessionID, from: Scene.client)
      }
      await #expect(throws: AuthError.invalidVerification) {
        try await auth.confirmRecoveryEmail(token: token, password: AuthFixture.password, from: Scene.client)
      }
    }
  }

  @Test func `asking and removing need a recent login or the password, and a wrong one counts as a failed login`() async throws {
    let scene = try await Scene()
    try await scene.set()
    await #expect(throws: AuthError.invalidSession) { try await scene.request(by: SessionID("x")) }
    scene.fixture.clock.advance(by: .seconds(15 * 60 + 1))
    let auth = scene.auth
    func remove(_ password: String? = nil) async throws {
      try await auth.removeRecoveryEmail(sessionID: scene.sessionID, password: password, from: Scene.client)
    }
    await #expect(throws: AuthError.reauthenticationRequired) { try await scene.request("third@me.com") }
    await #expect(throws: AuthError.reauthenticationRequired) { try await remove() }
    await #expect(throws: AuthError.wrongPassword) {
      try await scene.request("third@me.com", password: AuthFixture.otherPassword)
    }
    await #expect(throws: AuthError.wrongPassword) { try await remove(AuthFixture.otherPassword) }
    let key = Throttle.Key(.loginEmail, email: AuthFixture.email)
    #expect(try await scene.fixture.store.findCounters(of: [key])[0].count == 2)
    #expect(try await scene.deliverAll().isEmpty)
    try await scene.request("third@me.com", password: AuthFixture.password)
    try await remove(AuthFixture.password)
    #expect(try await scene.recoveryEmail == nil)
    await #expect(throws: AuthError.noRecoveryEmail) { try await remove(AuthFixture.password) }
  }

  @Test(arguments: ["Eve@me.com", "free@me.com"])
  func `it does the same whoever has the email, and several accounts may share one`(_ email: String) async throws {
    let scene = try await Scene()
    try await scene.fixture.registerEve()
    let (operations, hasher) = (RecordedOperations(), CountingHasher())
    let auth = scene.fixture.intercepting(hasher: hasher) { operations.append($0) }
    try await auth.requestRecoveryEmail(sessionID: scene.sessionID, to: email, from: Scene.client)
    #expect(operations.all == [.findSession, .findRecoveryEmail, .settle, .addRecoveryEmailRequest])
    #expect(hasher.count == .init())
    let messages = try await scene.deliverAll()
    #expect(messages.map(\.summary) == ["recovery_email to \(email)"])
    let token = try #require(messages[0].recoveryChallenge).token
    try await scene.auth.confirmRecoveryEmail(token: token, sessionID: scene.sessionID, from: Scene.client)
    #expect(try await scene.recoveryEmail == email)
    // Eve's account is as before, and gets what is sent to it.
    #expect(try await scene.auth.recoveryEmail(of: 2) == nil)
    #expect(try await scene.reset("eve@me.com", to: .recoveryEmail).last?.summary == "password_reset to eve@me.com")
  }

  @Test func `the account's own email and the present recovery email are refused, in any letter case`() async throws {
    let scene = try await Scene()
    try await scene.set()
    for email in [AuthFixture.email, "bOB@ME.com", Scene.second.uppercased()] {
      await #expect(throws: AuthError.emailUnchanged) { try await scene.request(email) }
    }
    await #expect(throws: AuthError.invalidEmail(.atSigns(count: 0))) { try await scene.request("bob") }
    #expect(try await scene.deliverAll().isEmpty)
  }

  @Test func `requests count with those of changes of email, for the user and for the email`() async throws {
    let scene = try await Scene()
    let auth = scene.auth
    for index in 1...3 { try await scene.request("bob\(index)@me.com") }
    for index in 4...5 {
      try await auth.requestEmailChange(sessionID: scene.sessionID, to: "bob\(index)@me.com", from: Scene.client)
    }
    await #expect(throws: AuthError.throttled(retryAfter: .seconds(300))) { try await scene.request("bob6@me.com") }
    let other = try await Scene()
    let limited = Throttle.Attempt.emailChange(
      to: Email(stored: Scene.second.uppercased()), of: 99, under: other.auth.policy.throttling, at: other.fixture.clock.now)
    for _ in 1...5 { _ = try await other.fixture.store.settle(limited) }
    await #expect(throws: AuthError.throttled(retryAfter: .seconds(300))) { try await other.request() }
  }

  @Test func `five tries are granted, of codes and passwords together, and passwords count as failed logins`() async throws {
    let scene = try await Scene()
    let (token, code) = try await scene.ask()
    let auth = scene.auth
    for _ in 1...3 {
      await #expect(throws: AuthError.invalidVerification) {
        try await auth.confirmRecoveryEmail(code: VerificationCode("00000000"), sessionID: scene.sessionID, from: Scene.client)
      }
    }
    for _ in 1...2 {
      await #expect(throws: AuthError.wrongPassword) {
        try await auth.confirmRecoveryEmail(token: token, password: "wrong", from: Scene.client)
      }
    }
    await #expect(throws: AuthError.invalidVerification) {
      try await auth.confirmRecoveryEmail(code: code, sessionID: scene.sessionID, from: Scene.client)
    }
    await #expect(throws: AuthError.invalidVerification) {
      try await auth.confirmRecoveryEmail(token: token, password: AuthFixture.password, from: Scene.client)
    }
    let key = Throttle.Key(.loginEmail, email: AuthFixture.email)
    #expect(try await scene.fixture.store.findCounters(of: [key])[0].count == 2)
    #expect(try await scene.recoveryEmail == nil)
  }

  @Test func `of many guesses at once five count, and of many right codes one sets the recovery email`() async throws {
    let scene = try await Scene()
    let auth = scene.auth
    _ = try await scene.ask()
    let stored = scene.fixture.store
    _ = try await atOnce(40) { _ in
      try? await auth.confirmRecoveryEmail(code: VerificationCode("0"), sessionID: scene.sessionID, from: Scene.client)
    }
    #expect(stored.tables.withLock { $0.recoveryEmailRequests[1]?.tries } == 5)
    let code = try await scene.ask("third@me.com").code
    let confirmed = try await atOnce(40) { _ in
      (try? await auth.confirmRecoveryEmail(code: code, sessionID: scene.sessionID, from: Scene.client)) != nil
    }
    #expect(confirmed.count { $0 } == 1)
    #expect(try await scene.deliverAll().map(\.kind) == [.recoveryEmailChanged])
  }

  @Test func `a code ends after ten minutes, its link after a day`() async throws {
    let scene = try await Scene()
    let (token, code) = try await scene.ask()
    scene.fixture.clock.advance(by: .seconds(600))
    await #expect(throws: AuthError.invalidVerification) {
      try await scene.auth.confirmRecoveryEmail(code: code, sessionID: scene.sessionID, from: Scene.client)
    }
    scene.fixture.clock.advance(by: .seconds(86_400 - 600))
    await #expect(throws: AuthError.invalidVerification) {
      try await scene.auth.confirmRecoveryEmail(token: token, password: AuthFixture.password, from: Scene.client)
    }
    while try await scene.auth.purge() > 0 {}
    #expect(!scene.fixture.everythingStored.contains(Scene.second))
  }

  @Test func `a second before its end, a code and a link still work`() async throws {
    var scene = try await Scene()
    let code = try await scene.ask().code
    scene.fixture.clock.advance(by: .seconds(599))
    try await scene.auth.confirmRecoveryEmail(code: code, sessionID: scene.sessionID, from: Scene.client)
    #expect(try await scene.recoveryEmail == Scene.second)
    scene = try await Scene()
    let token = try await scene.ask().token
    scene.fixture.clock.advance(by: .seconds(86_399))
    try await scene.auth.confirmRecoveryEmail(token: token, password: AuthFixture.password, from: Scene.client)
    #expect(try await scene.recoveryEmail == Scene.second)
  }

  @Test func `a newer request replaces the older, and each delivery voids the tokens of the one before`() async throws {
    let scene = try await Scene()
    let older = try await scene.ask("older@me.com")
    try await scene.request("newer@me.com")
    scene.delivery.isFailing = true
    #expect(try await scene.auth.deliver(through: scene.delivery) == .failed)
    scene.delivery.isFailing = false
    scene.fixture.clock.advance(by: .seconds(5))
    try await scene.deliverAll()
    let tokens = scene.delivery.messages.compactMap(\.recoveryChallenge?.token)
    #expect(tokens.count == 3 && tokens[0].text == older.token.text)
    for token in tokens.dropLast() {
      await #expect(throws: AuthError.invalidVerification) {
        try await scene.auth.confirmRecoveryEmail(token: token, sessionID: scene.sessionID, from: Scene.client)
      }
    }
    try await scene.auth.confirmRecoveryEmail(token: tokens[2], sessionID: scene.sessionID, from: Scene.client)
    #expect(try await scene.recoveryEmail == "newer@me.com")
  }

  @Test(arguments: [true, false])
  func `a new password voids the request of someone else, and the recovery email stays`(_ isReset: Bool) async throws {
    let scene = try await Scene()
    try await scene.set()
    let thief = try await scene.ask("thief@me.com").token
    if isReset {
      try await scene.auth.resetPassword(
        token: scene.fixture.resetTokenForBob(), password: AuthFixture.otherPassword, from: Scene.client)
    } else {
      _ = try await scene.auth.changePassword(
        sessionID: scene.sessionID, current: AuthFixture.password, new: AuthFixture.otherPassword, from: Scene.client)
    }
    await #expect(throws: AuthError.invalidVerification) {
      try await scene.auth.confirmRecoveryEmail(token: thief, password: AuthFixture.otherPassword, from: Scene.client)
    }
    #expect(try await scene.recoveryEmail == Scene.second)
  }

  @Test func `a disabled user confirms nothing`() async throws {
    let scene = try await Scene()
    let token = try await scene.ask().token
    try await scene.auth.disableUser(1, from: .unknown)
    await #expect(throws: AuthError.wrongPassword) {
      try await scene.auth.confirmRecoveryEmail(token: token, password: AuthFixture.password, from: Scene.client)
    }
    #expect(try await scene.recoveryEmail == nil)
  }

  @Test func `the message of a request that has ended is dropped`() async throws {
    let scene = try await Scene()
    try await scene.request()
    await #expect(throws: AuthError.noRecoveryEmail) {
      try await scene.auth.removeRecoveryEmail(sessionID: scene.sessionID, from: Scene.client)
    }
    #expect(try await scene.deliverAll().isEmpty)
    #expect(!scene.fixture.everythingStored.contains(Scene.second))
  }

  @Test func `what is stored confirms nothing`() async throws {
    let scene = try await Scene()
    let (token, code) = try await scene.ask()
    let stored = scene.fixture.everythingStored
    for secret in [token.text, code.text] { #expect(!stored.contains(secret)) }
  }

  /// What is being done when the store fails.
  enum Step {
    case look, ask, deliver, deliverReset, confirm, confirmWithPassword, remove
  }

  @Test(
    arguments: [
      (.findRecoveryEmail, .look), (.findRecoveryEmail, .ask), (.addRecoveryEmailRequest, .ask),
      (.challengeRecoveryEmailRequest, .deliver), (.findRecoveryEmail, .deliverReset), (.tryRecoveryEmailRequest, .confirm),
      (.confirmRecoveryEmail, .confirm), (.tryRecoveryEmailRequest, .confirmWithPassword),
      (.findUser, .confirmWithPassword), (.confirmRecoveryEmail, .confirmWithPassword), (.removeRecoveryEmail, .remove),
    ] as [(InterceptingStore.Operation, Step)])
  func `a store that does not respond is unavailable`(_ failing: InterceptingStore.Operation, _ step: Step) async throws {
    let scene = try await Scene()
    try await scene.set()
    let token = try await scene.ask("third@me.com").token
    if step == .deliver { try await scene.request("fourth@me.com") }
    if step == .deliverReset {
      try await scene.auth.requestPasswordReset(email: AuthFixture.email, to: .recoveryEmail, from: Scene.client)
    }
    let auth = scene.fixture.failing(failing)
    await #expect(throws: AuthError.unavailable("disk on fire")) {
      switch step {
      case .look: _ = try await auth.recoveryEmail(sessionID: scene.sessionID)
      case .ask: try await auth.requestRecoveryEmail(sessionID: scene.sessionID, to: "fourth@me.com", from: Scene.client)
      case .deliver, .deliverReset: _ = try await auth.deliver(through: scene.delivery)
      case .confirm: _ = try await auth.confirmRecoveryEmail(token: token, sessionID: scene.sessionID, from: Scene.client)
      case .confirmWithPassword:
        _ = try await auth.confirmRecoveryEmail(token: token, password: AuthFixture.password, from: Scene.client)
      case .remove: try await auth.removeRecoveryEmail(sessionID: scene.sessionID, from: Scene.client)
      }
    }
    #expect(try await scene.recoveryEmail == Scene.second)
  }
}
