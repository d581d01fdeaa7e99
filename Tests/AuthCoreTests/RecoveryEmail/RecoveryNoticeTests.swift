import AuthTesting
import Testing

@testable import AuthCore

/// Who is told what became of an account with a recovery email.
///
/// NIST SP 800-63B-4: 4.2.3, 4.6. OWASP ASVS 5.0: 6.3.7.
@Suite struct RecoveryNoticeTests {
  private typealias Scene = RecoveryEmailScene
  private static let toBoth = [" to Bob@me.com", " to \(RecoveryEmailScene.second) about Bob@me.com"]

  private static func both(_ kind: String) -> [String] { toBoth.map { kind + $0 } }

  private func told(_ scene: Scene) async throws -> [String] { try await scene.deliverAll().map(\.summary).sorted() }

  @Test func `the account's email and the earlier recovery email are told of another`() async throws {
    let scene = try await Scene()
    let token = try await scene.ask().token
    try await scene.auth.confirmRecoveryEmail(token: token, sessionID: scene.sessionID, from: Scene.client)
    #expect(try await told(scene) == ["recovery_email_changed to Bob@me.com"])
    let next = try await scene.ask("third@me.com").token
    try await scene.auth.confirmRecoveryEmail(token: next, password: AuthFixture.password, from: Scene.client)
    let messages = try await scene.deliverAll()
    #expect(messages.map(\.summary).sorted() == Self.both("recovery_email_changed"))
    #expect(messages.map(\.recoveryEmailChange) == [.confirmed, .confirmed])
    try await scene.auth.removeRecoveryEmail(sessionID: scene.sessionID, from: Scene.client)
    let last = try await scene.deliverAll()
    #expect(
      last.map(\.summary).sorted() == [
        "recovery_email_changed to Bob@me.com", "recovery_email_changed to third@me.com about Bob@me.com",
      ])
    #expect(last.map(\.recoveryEmailChange) == [.removed, .removed])
  }

  @Test func `they are told under a policy that sends no other notices`() async throws {
    var policy = AuthPolicy.strict
    policy.passwords.notifiesOfChange = false
    policy.notices.ofAccountChanges = false
    let scene = try await Scene(policy)
    let token = try await scene.ask().token
    try await scene.auth.confirmRecoveryEmail(token: token, sessionID: scene.sessionID, from: Scene.client)
    #expect(try await told(scene) == ["recovery_email_changed to Bob@me.com"])
    _ = try await scene.auth.changePassword(
      sessionID: scene.sessionID, current: AuthFixture.password, new: AuthFixture.otherPassword, from: Scene.client)
    #expect(try await told(scene) == [])
  }

  @Test func `both emails are told of a new password, a lock and what an operator does`() async throws {
    let scene = try await Scene()
    try await scene.set()
    let auth = scene.auth
    _ = try await auth.changePassword(
      sessionID: scene.sessionID, current: AuthFixture.password, new: AuthFixture.otherPassword, from: Scene.client)
    #expect(try await told(scene) == Self.both("password_changed"))
    try await auth.disableUser(1, from: .unknown)
    #expect(try await told(scene) == Self.both("account_disabled"))
    try await auth.enableUser(1, from: .unknown)
    #expect(try await told(scene) == Self.both("account_enabled"))
    var kinds: [String] = []
    for _ in 1...200 where !kinds.contains("account_locked to Bob@me.com") {
      _ = try? await auth.logIn(email: AuthFixture.email, password: "wrong", from: .unknown)
      kinds += try await told(scene)
      scene.fixture.clock.advance(by: .seconds(3_600))
    }
    #expect(kinds.filter { $0.hasPrefix("account_locked") } == Self.both("account_locked"))
    // Guesses are told to the account's email alone.
    #expect(kinds.contains("failed_logins to Bob@me.com"))
    #expect(!kinds.contains { $0.hasPrefix("failed_logins") && $0.contains(Scene.second) })
    try await auth.unlockUser(1, from: .unknown)
    #expect(try await told(scene) == Self.both("account_unlocked"))
    try await auth.deleteUser(1, from: .unknown)
    #expect(try await told(scene) == Self.both("account_deleted"))
    #expect(!scene.fixture.everythingStored.contains(Scene.second))
  }

  @Test func `both are told when the owner deletes the account, with the same words`() async throws {
    let scene = try await Scene()
    try await scene.set()
    try await scene.auth.deleteUser(sessionID: scene.sessionID, password: AuthFixture.password, from: Scene.client)
    let messages = try await scene.deliverAll()
    #expect(messages.map(\.summary).sorted() == Self.both("account_deleted"))
    #expect(messages.map(\.accountDeletion) == [.owner, .owner])
    #expect(Set(messages.map(\.id)).count == 2)
  }

  @Test func `the recovery email is told which email the account has now, without a token`() async throws {
    let scene = try await Scene()
    try await scene.set()
    let auth = scene.auth
    try await auth.requestEmailChange(sessionID: scene.sessionID, to: "new@me.com", from: Scene.client)
    let asked = try await scene.deliverAll()
    #expect(asked.map(\.summary).sorted() == ["email_change to new@me.com", "email_change_requested to Bob@me.com"])
    let token = try #require(asked.compactMap(\.emailChallenge).first).token
    try await auth.confirmEmailChange(token: token, sessionID: scene.sessionID, from: Scene.client)
    let messages = try await scene.deliverAll()
    #expect(
      messages.map(\.summary).sorted() == [
        "account_email_changed to \(Scene.second) about new@me.com", "email_changed to Bob@me.com",
      ])
    #expect(messages.first { $0.kind == .accountEmailChanged }?.secrets == [])
    // With it the owner gets the account back, also without the former email.
    #expect(
      try await scene.reset("new@me.com", to: .recoveryEmail).map(\.summary)
        == ["password_reset to \(Scene.second) about new@me.com"])
  }

  @Test func `a change of the email to the recovery email is told once`() async throws {
    let scene = try await Scene()
    try await scene.set()
    let auth = scene.auth
    try await auth.requestEmailChange(sessionID: scene.sessionID, to: Scene.second, from: Scene.client)
    let token = try #require(try await scene.deliverAll().compactMap(\.emailChallenge).first).token
    try await auth.confirmEmailChange(token: token, sessionID: scene.sessionID, from: Scene.client)
    #expect(try await told(scene) == ["email_changed to Bob@me.com"])
    try await auth.disableUser(1, from: .unknown)
    #expect(try await told(scene) == ["account_disabled to \(Scene.second)"])
    #expect(
      try await scene.reset(Scene.second, to: .recoveryEmail).map(\.summary) == ["password_reset to \(Scene.second)"])
  }

  /// When a thief sets a recovery email: before the change, between request and confirmation, and after it.
  @Test(arguments: [0, 1, 2])
  func `a thief's recovery email does not survive a take-back`(_ step: Int) async throws {
    let scene = try await Scene()
    let (auth, clock) = (scene.auth, scene.fixture.clock)
    func setIf(_ isNow: Bool) async throws {
      guard isNow else { return }
      try await scene.set("thief@second.org")
      clock.advance(by: .seconds(60))
    }
    try await setIf(step == 0)
    try await auth.requestEmailChange(sessionID: scene.sessionID, to: "thief@me.com", from: Scene.client)
    let asked = try await scene.deliverAll()
    clock.advance(by: .seconds(60))
    try await setIf(step == 1)
    try await auth.confirmEmailChange(
      token: #require(asked.compactMap(\.emailChallenge).first).token, sessionID: scene.sessionID, from: Scene.client)
    let undo = try #require(try await scene.deliverAll().compactMap(\.takeBackToken).first)
    clock.advance(by: .seconds(60))
    try await setIf(step == 2)
    let open = try await scene.ask("thief@third.org").token
    #expect(try await scene.recoveryEmail == "thief@second.org")
    try await auth.takeBackEmail(token: undo, newPassword: AuthFixture.otherPassword, from: Scene.client)
    #expect(try await scene.recoveryEmail == nil)
    #expect(try await told(scene) == ["email_taken_back to thief@me.com", "password_changed to Bob@me.com"])
    await #expect(throws: AuthError.invalidVerification) {
      try await auth.confirmRecoveryEmail(token: open, password: AuthFixture.otherPassword, from: Scene.client)
    }
    #expect(try await scene.reset(to: .recoveryEmail).map(\.summary) == ["password_reset to Bob@me.com"])
  }

  /// - Parameter seconds: how much more than a week before the change the recovery email was set.
  @Test(arguments: [-1, 0, 1])
  func `a recovery email survives a take-back only if it was set more than a week before the change`(
    _ seconds: Int
  ) async throws {
    let scene = try await Scene()
    try await scene.set()
    scene.fixture.clock.advance(by: .seconds(7 * 86_400 + seconds))
    let session = try await scene.fixture.logInBob().sessionID
    try await scene.deliverAll()
    try await scene.auth.requestEmailChange(sessionID: session, to: "thief@me.com", from: Scene.client)
    let stop = try #require(try await scene.deliverAll().compactMap(\.takeBackToken).first)
    try await scene.auth.takeBackEmail(token: stop, newPassword: AuthFixture.otherPassword, from: Scene.client)
    #expect(try await scene.recoveryEmail == (seconds > 0 ? Scene.second : nil))
    #expect(try await told(scene) == (seconds > 0 ? Self.both("password_changed") : ["password_changed to Bob@me.com"]))
  }

  @Test func `a copy that only a newer release can read stays in the outbox`() async throws {
    let scene = try await Scene()
    for payload in [nil, "password_changed", "of_a_later_release\nbob@me.com\n"] {
      let message = OutboxMessage(
        id: "x", kind: .recoveryNotice, userID: 1, email: try Email(Scene.second), payload: payload,
        createdAt: scene.fixture.clock.now)
      _ = try await scene.fixture.store.addMessage(message, limit: 10)
      await #expect(throws: AuthError.unknownMessageKind) { _ = try await scene.auth.deliver(through: scene.delivery) }
      try await scene.fixture.store.removeMessage("x")
    }
  }
}
