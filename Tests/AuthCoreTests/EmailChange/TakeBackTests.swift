import AuthTesting
import Testing

@testable import AuthCore

/// A reader of a former email takes the account back.
///
/// OWASP ASVS 5.0: 6.3.7. NIST SP 800-63B-4: 4.2.1.2, 4.6.
@Suite struct TakeBackTests {
  private typealias Scene = EmailChangeScene

  private func takeBack(
    _ token: TakeBackToken, _ scene: Scene, _ password: String = AuthFixture.otherPassword
  ) async throws -> User {
    try await scene.auth.takeBackEmail(token: token, newPassword: password, from: Scene.client)
  }

  @Test func `before the change it stops it, ends all sessions and sets the new password`() async throws {
    let scene = try await Scene()
    let (token, code, stop) = try await scene.ask()
    let user = try await takeBack(stop, scene)
    #expect(user.email.text == AuthFixture.email)
    #expect(try await !scene.fixture.isOpen(scene.sessionID))
    #expect(try await scene.logIn(AuthFixture.email) == nil)
    let login = try #require(try await scene.logIn(AuthFixture.email, AuthFixture.otherPassword))
    await #expect(throws: AuthError.invalidVerification) {
      try await scene.auth.confirmEmailChange(token: token, password: AuthFixture.otherPassword, from: Scene.client)
    }
    await #expect(throws: AuthError.invalidVerification) {
      try await scene.auth.confirmEmailChange(code: code, sessionID: login.sessionID, from: Scene.client)
    }
    await #expect(throws: AuthError.invalidTakeBack) { try await takeBack(stop, scene) }
    #expect(try await scene.auth.emailVerifiedAt(1) == scene.fixture.clock.now)
    #expect(try await scene.deliverAll().map(\.kind).first == .passwordChanged)
  }

  @Test(arguments: [true, false])
  func `after the change it restores the email, by the token of either message`(_ isOfRequest: Bool) async throws {
    let scene = try await Scene()
    let (token, _, stop) = try await scene.ask()
    try await scene.auth.confirmEmailChange(token: token, sessionID: scene.sessionID, from: Scene.client)
    let undo = try #require(try await scene.deliverAll().compactMap(\.takeBackToken).last)
    let reset = try await scene.auth.issueResetToken(email: Scene.newEmail, from: Scene.client).token
    scene.fixture.clock.advance(by: .seconds(7 * 86_400 - 1))
    let user = try await takeBack(isOfRequest ? stop : undo, scene)
    #expect(user.email.text == AuthFixture.email)
    #expect(try await scene.email == AuthFixture.email)
    #expect(try await scene.logIn(AuthFixture.email, AuthFixture.otherPassword) != nil)
    #expect(try await scene.logIn(Scene.newEmail, AuthFixture.otherPassword) == nil)
    for token in [stop, undo] { await #expect(throws: AuthError.invalidTakeBack) { try await takeBack(token, scene) } }
    await #expect(throws: AuthError.invalidResetToken) {
      try await scene.auth.resetPassword(token: reset, password: AuthFixture.password, from: Scene.client)
    }
    let messages = try await scene.deliverAll()
    let (own, other) = (messages.first { $0.kind == .passwordChanged }, messages.first { $0.kind == .emailTakenBack })
    guard case .passwordChanged(_, .takeBack)? = own?.content else {
      Issue.record("\(messages.map(\.content))")
      return
    }
    #expect(own?.email.text == AuthFixture.email)
    #expect(other?.email.text == Scene.newEmail)
  }

  @Test func `seven days after the change it is too late`() async throws {
    let scene = try await Scene()
    let undo = try await scene.change()
    scene.fixture.clock.advance(by: .seconds(7 * 86_400))
    await #expect(throws: AuthError.invalidTakeBack) { try await takeBack(undo, scene) }
    #expect(try await scene.email == Scene.newEmail)
    while try await scene.auth.purge() > 0 {}
    #expect(!scene.fixture.everythingStored.contains(AuthFixture.email))
    _ = try await scene.fixture.registerBob()
  }

  @Test func `no one else gets the email meanwhile`() async throws {
    let scene = try await Scene()
    let undo = try await scene.change()
    let taken = AuthError.userExists(email: "BOB@me.com")
    await #expect(throws: taken) {
      try await scene.auth.register(email: "BOB@me.com", password: AuthFixture.password, from: .unknown)
    }
    await #expect(throws: taken) {
      try await scene.auth.importUser(email: "BOB@me.com", hash: scene.fixture.bob.hashedPassword.text)
    }
    await #expect(throws: taken) { try await scene.auth.createUser(email: "BOB@me.com", from: .unknown) }
    try await scene.fixture.registerEve()
    let eve = try #require(try await scene.logIn("eve@me.com")).sessionID
    let token = try await scene.ask("BOB@me.com", by: eve).token
    await #expect(throws: taken) {
      try await scene.auth.confirmEmailChange(token: token, sessionID: eve, from: Scene.client)
    }
    #expect(try await takeBack(undo, scene).email.text == AuthFixture.email)
  }

  @Test func `a registration that waits is not completed with the email`() async throws {
    let scene = try await Scene()
    try await scene.change()
    var policy = AuthPolicy.strict
    policy.emailVerification.requirement = .beforeLogin
    let auth = scene.fixture.sharing(policy: policy)
    let id = try await auth.requestRegistration(email: AuthFixture.email, password: AuthFixture.password, from: .unknown)
    let code = try #require(try await scene.deliverAll().last?.verification).code
    await #expect(throws: AuthError.userExists(email: AuthFixture.email)) {
      try await auth.verifyEmail(code: code, of: id, from: .unknown)
    }
  }

  @Test func `a thief who changes twice does not lose the owner the account`() async throws {
    let scene = try await Scene()
    let owners = try await scene.change(to: "thief@new.org")
    let thiefs = try await scene.change(to: "thief@other.org")
    // The thief takes the second change back, with a password of their own.
    #expect(try await takeBack(thiefs, scene, AuthFixture.password).email.text == "thief@new.org")
    #expect(try await takeBack(owners, scene).email.text == AuthFixture.email)
    #expect(try await scene.logIn(AuthFixture.email, AuthFixture.otherPassword) != nil)
  }

  @Test func `what the owner takes back voids what a thief could take back`() async throws {
    let scene = try await Scene()
    let owners = try await scene.change(to: "thief@new.org")
    let thiefs = try await scene.change(to: "thief@other.org")
    let open = try await scene.ask("thief@third.org")
    #expect(try await takeBack(owners, scene).email.text == AuthFixture.email)
    for token in [thiefs, open.stop] {
      await #expect(throws: AuthError.invalidTakeBack) { try await takeBack(token, scene, AuthFixture.password) }
    }
    await #expect(throws: AuthError.invalidVerification) {
      try await scene.auth.confirmEmailChange(token: open.token, password: AuthFixture.otherPassword, from: Scene.client)
    }
  }

  @Test func `a change by the thief in the midst of it does not keep the owner out`() async throws {
    let scene = try await Scene()
    let owners = try await scene.change(to: "thief@new.org")
    let login = scene.sessionID
    let next = try await scene.ask("thief@other.org").token
    let auth = scene.fixture.intercepting { operation throws(StoreError) in
      guard operation == .takeBackEmail else { return }
      _ = try? await scene.auth.confirmEmailChange(token: next, sessionID: login, from: Scene.client)
    }
    let user = try await auth.takeBackEmail(token: owners, newPassword: AuthFixture.otherPassword, from: Scene.client)
    #expect(user.email.text == AuthFixture.email)
    // Who has lost the email is told, and not who had it before.
    #expect(try await scene.deliverAll().filter { $0.kind == .emailTakenBack }.map(\.email.text) == ["thief@other.org"])
  }

  @Test func `of many uses at once one succeeds`() async throws {
    let scene = try await Scene()
    let undo = try await scene.change()
    let taken = try await atOnce(20) { _ in (try? await self.takeBack(undo, scene)) != nil }
    #expect(taken.count { $0 } == 1)
  }

  @Test func `a made-up token costs no hash, and a bad password no token`() async throws {
    let scene = try await Scene()
    let undo = try await scene.change()
    let (operations, hasher) = (RecordedOperations(), CountingHasher())
    let auth = scene.fixture.intercepting(hasher: hasher) { operations.append($0) }
    for text in ["", "x", scene.sessionID.text] {
      await #expect(throws: AuthError.invalidTakeBack) {
        try await auth.takeBackEmail(token: TakeBackToken(text), newPassword: AuthFixture.otherPassword, from: Scene.client)
      }
    }
    let lookup: [InterceptingStore.Operation] = [.findCounters, .findTakeBack, .settle]
    #expect(operations.all == [.findCounters, .settle] + lookup + lookup)
    #expect(hasher.count == .init())
    await #expect(throws: AuthError.invalidPassword(.tooShort(scalars: 5, minimum: 15))) {
      try await takeBack(undo, scene, "short")
    }
    _ = try await takeBack(undo, scene)
  }

  @Test func `a lock ends with it`() async throws {
    let scene = try await Scene()
    let undo = try await scene.change()
    let keys = [AuthFixture.email, Scene.newEmail].map { Throttle.Key(.loginEmail, email: $0) }
    for key in keys { try await scene.fixture.store.count(100, for: key, at: scene.fixture.clock.now) }
    _ = try await takeBack(undo, scene)
    #expect(try await scene.fixture.store.findCounters(of: keys) == [.none, .none])
    #expect(try await scene.logIn(AuthFixture.email, AuthFixture.otherPassword) != nil)
  }

  @Test func `a disabled account stays disabled`() async throws {
    let scene = try await Scene()
    let undo = try await scene.change()
    try await scene.auth.disableUser(1)
    #expect(try await takeBack(undo, scene).email.text == AuthFixture.email)
    #expect(try await scene.logIn(AuthFixture.email, AuthFixture.otherPassword) == nil)
  }

  @Test func `the right survives a reset and a change of the password`() async throws {
    let scene = try await Scene()
    let undo = try await scene.change(to: "thief@new.org")
    let reset = try await scene.auth.issueResetToken(email: "thief@new.org", from: Scene.client).token
    try await scene.auth.resetPassword(token: reset, password: "a passphrase of the thief", from: Scene.client)
    let login = try #require(try await scene.logIn("thief@new.org", "a passphrase of the thief"))
    _ = try await scene.auth.changePassword(
      sessionID: login.sessionID, current: "a passphrase of the thief", new: "another one of the thief", from: Scene.client)
    #expect(try await takeBack(undo, scene).email.text == AuthFixture.email)
  }

  @Test(arguments: [InterceptingStore.Operation.findTakeBack, .takeBackEmail])
  func `a store that cannot respond is unavailable`(_ failing: InterceptingStore.Operation) async throws {
    let scene = try await Scene()
    let undo = try await scene.change()
    await #expect(throws: AuthError.unavailable("disk on fire")) {
      try await scene.fixture.failing(failing).takeBackEmail(
        token: undo, newPassword: AuthFixture.otherPassword, from: Scene.client)
    }
    #expect(try await scene.email == Scene.newEmail)
  }
}
