import AuthTesting
import Testing

@testable import AuthCore

/// Reset tokens that go to the recovery email.
///
/// NIST SP 800-63B-4: 4.2.1.2. OWASP ASVS 5.0: 6.3.8.
@Suite struct RecoveryResetTests {
  private typealias Scene = RecoveryEmailScene

  @Test func `the token goes to the recovery email alone, with the account's email, and sets the password`() async throws {
    let scene = try await Scene()
    try await scene.set()
    let messages = try await scene.reset(to: .recoveryEmail)
    #expect(messages.map(\.summary) == ["password_reset to \(Scene.second) about \(AuthFixture.email)"])
    let token = try #require(messages[0].resetToken)
    let account = try #require(messages[0].accountEmail)
    await #expect(throws: AuthError.invalidResetToken) {
      try await scene.auth.resetPassword(
        token: token, password: AuthFixture.otherPassword, email: Scene.second, from: Scene.client)
    }
    let user = try await scene.auth.resetPassword(
      token: token, password: AuthFixture.otherPassword, email: account.text, from: Scene.client)
    #expect(user.id == 1)
    let told = try await scene.deliverAll().map(\.summary)
    #expect(
      told.sorted() == [
        "password_changed to \(AuthFixture.email)", "password_changed to \(Scene.second) about \(AuthFixture.email)",
      ])
  }

  @Test func `without being asked, and without a recovery email, it goes to the account's email`() async throws {
    let scene = try await Scene()
    #expect(try await scene.reset(to: .recoveryEmail).map(\.summary) == ["password_reset to \(AuthFixture.email)"])
    try await scene.set()
    #expect(try await scene.reset(to: .email).map(\.summary) == ["password_reset to \(AuthFixture.email)"])
    try await scene.auth.sendPasswordReset(to: 1, from: .unknown)
    #expect(try await scene.deliverAll().map(\.summary) == ["password_reset to \(AuthFixture.email)"])
  }

  @Test func `whether the account or a recovery email exists, the store does the same work`() async throws {
    let scene = try await Scene()
    try await scene.set()
    try await scene.fixture.registerEve()
    var seen: Set<String> = []
    for email in [AuthFixture.email, "eve@me.com", "none@me.com", Scene.second] {
      for recipient in [ResetRecipient.email, .recoveryEmail] {
        let (operations, hasher) = (RecordedOperations(), CountingHasher())
        let auth = scene.fixture.intercepting(hasher: hasher) { operations.append($0) }
        try await auth.requestPasswordReset(email: email, to: recipient, from: Scene.client)
        #expect(hasher.count == .init())
        seen.insert("\(operations.all)")
        #expect(scene.fixture.store.tables.withLock { $0.outbox.map(\.message.email.text) } == [email])
        try await scene.deliverAll()
      }
    }
    #expect(seen == ["\([InterceptingStore.Operation.settle, .findUser, .addMessage])"])
    // Eve has no recovery email, and a recovery email is no account's.
    #expect(
      scene.delivery.messages.filter { $0.resetToken != nil }.map(\.summary) == [
        "password_reset to \(AuthFixture.email)", "password_reset to \(Scene.second) about \(AuthFixture.email)",
        "password_reset to eve@me.com", "password_reset to eve@me.com",
      ])
  }

  @Test func `requests of both kinds count together`() async throws {
    let scene = try await Scene()
    var granted = 0
    while (try? await scene.auth.requestPasswordReset(email: AuthFixture.email, to: .recoveryEmail, from: .unknown)) != nil {
      granted += 1
    }
    await #expect(throws: AuthError.throttled(retryAfter: .seconds(300))) {
      try await scene.auth.requestPasswordReset(email: AuthFixture.email, to: .email, from: .unknown)
    }
    #expect(granted == scene.auth.policy.throttling.resetPerEmail?.threshold)
  }

  @Test func `the newest token wins, wherever it went`() async throws {
    let scene = try await Scene()
    try await scene.set()
    let first = try #require(try await scene.reset(to: .recoveryEmail)[0].resetToken)
    let second = try #require(try await scene.reset(to: .email)[0].resetToken)
    await #expect(throws: AuthError.invalidResetToken) {
      try await scene.auth.resetPassword(token: first, password: AuthFixture.otherPassword, from: Scene.client)
    }
    try await scene.auth.resetPassword(token: second, password: AuthFixture.otherPassword, from: Scene.client)
  }

  @Test(arguments: [true, false])
  func `a token that went to a recovery email is void once that is replaced or removed`(_ isReplaced: Bool) async throws {
    let scene = try await Scene()
    try await scene.set("thief@me.com")
    let token = try #require(try await scene.reset(to: .recoveryEmail)[0].resetToken)
    if isReplaced {
      try await scene.set()
    } else {
      try await scene.auth.removeRecoveryEmail(sessionID: scene.sessionID, from: Scene.client)
    }
    await #expect(throws: AuthError.invalidResetToken) {
      try await scene.auth.resetPassword(token: token, password: AuthFixture.otherPassword, from: Scene.client)
    }
    let later = try await scene.reset(to: .recoveryEmail).last
    #expect(later?.email.text == (isReplaced ? Scene.second : AuthFixture.email))
  }

  @Test func `a request that was queued before the recovery email was removed does not reach it`() async throws {
    let scene = try await Scene()
    try await scene.set("thief@me.com")
    try await scene.auth.requestPasswordReset(email: AuthFixture.email, to: .recoveryEmail, from: Scene.client)
    try await scene.auth.removeRecoveryEmail(sessionID: scene.sessionID, from: Scene.client)
    let resets = try await scene.deliverAll().filter { $0.resetToken != nil }
    #expect(resets.map(\.email.text) == [AuthFixture.email])
  }

  @Test func `the recovery email of another account gets nothing`() async throws {
    let scene = try await Scene()
    try await scene.fixture.registerEve()
    let login = try await scene.auth.logIn(email: "eve@me.com", password: AuthFixture.password, from: Scene.client).login
    try await scene.set("eve@second.org", by: try #require(login).sessionID)
    #expect(try await scene.auth.recoveryEmail(of: 2)?.email.text == "eve@second.org")
    #expect(try await scene.reset(to: .recoveryEmail).map(\.summary) == ["password_reset to \(AuthFixture.email)"])
  }
}
