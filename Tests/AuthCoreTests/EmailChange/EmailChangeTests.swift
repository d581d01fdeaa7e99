import AuthTesting
import Testing

@testable import AuthCore

/// A user asks for another email, and a reader of it confirms.
///
/// OWASP ASVS 5.0: 6.3.7, 6.3.8, 7.5.1. NIST SP 800-63B-4: 4.2.1.2, 4.6.
@Suite struct EmailChangeTests {
  private typealias Scene = EmailChangeScene

  @Test func `nothing changes until a reader of the new email has confirmed, and the present one is told at once`() async throws {
    let scene = try await Scene()
    try await scene.request()
    let messages = try await scene.deliverAll()
    #expect(messages.map(\.kind) == [.emailChange, .emailChangeRequested])
    #expect(messages.map(\.email.text) == [Scene.newEmail, AuthFixture.email])
    #expect(try await scene.email == AuthFixture.email)
    #expect(try await scene.logIn(Scene.newEmail) == nil)
    let token = try #require(messages[0].emailChallenge).token
    let user = try await scene.auth.confirmEmailChange(token: token, password: AuthFixture.password, from: Scene.client)
    #expect(user.email.text == Scene.newEmail)
    #expect(try await scene.auth.emailVerifiedAt(user.id) == scene.fixture.clock.now)
    #expect(try await scene.auth.profile(for: scene.sessionID)?.email.text == Scene.newEmail)
    #expect(try await scene.logIn(AuthFixture.email) == nil)
    #expect(try await scene.logIn(Scene.newEmail) != nil)
    let notices = try await scene.deliverAll()
    #expect(notices.first?.kind == .emailChanged)
    #expect(notices.first?.email.text == AuthFixture.email)
  }

  @Test func `a link needs the password or a session of the account, and a code a session`() async throws {
    let scene = try await Scene()
    try await scene.fixture.registerEve()
    let eve = try #require(try await scene.logIn("eve@me.com")).sessionID
    let (token, code, _) = try await scene.ask()
    let auth = scene.auth
    // A stranger at a mistyped email.
    await #expect(throws: AuthError.wrongPassword) {
      try await auth.confirmEmailChange(token: token, password: AuthFixture.otherPassword, from: Scene.client)
    }
    await #expect(throws: AuthError.invalidVerification) {
      try await auth.confirmEmailChange(token: token, sessionID: eve, from: Scene.client)
    }
    await #expect(throws: AuthError.invalidVerification) {
      try await auth.confirmEmailChange(code: code, sessionID: eve, from: Scene.client)
    }
    await #expect(throws: AuthError.invalidSession) {
      try await auth.confirmEmailChange(token: token, sessionID: SessionID("x"), from: Scene.client)
    }
    await #expect(throws: AuthError.invalidSession) {
      try await auth.confirmEmailChange(code: code, sessionID: SessionID("x"), from: Scene.client)
    }
    #expect(try await scene.email == AuthFixture.email)
    let user = try await auth.confirmEmailChange(code: code, sessionID: scene.sessionID, from: Scene.client)
    #expect(user.email.text == Scene.newEmail)
    await #expect(throws: AuthError.invalidVerification) {
      try await auth.confirmEmailChange(code: code, sessionID: scene.sessionID, from: Scene.client)
    }
  }

  @Test func `a request needs a recent login or the password, and a wrong one counts as a failed login`() async throws {
    let scene = try await Scene()
    await #expect(throws: AuthError.invalidSession) { try await scene.request(by: SessionID("x")) }
    scene.fixture.clock.advance(by: .seconds(15 * 60 + 1))
    await #expect(throws: AuthError.reauthenticationRequired) { try await scene.request() }
    await #expect(throws: AuthError.wrongPassword) { try await scene.request(password: AuthFixture.otherPassword) }
    #expect(scene.fixture.everythingStored.contains("login-email"))
    #expect(try await scene.deliverAll().isEmpty)
    try await scene.request(password: AuthFixture.password)
    #expect(try await scene.deliverAll().count == 2)
  }

  @Test(arguments: ["Eve@me.com", "EVE@ME.COM", "free@me.com"])
  func `free or taken, the store does the same work, and two messages go out`(_ email: String) async throws {
    let scene = try await Scene()
    try await scene.fixture.registerEve()
    let (operations, hasher) = (RecordedOperations(), CountingHasher())
    let auth = scene.fixture.intercepting(hasher: hasher) { operations.append($0) }
    try await auth.requestEmailChange(sessionID: scene.sessionID, to: email, from: Scene.client)
    #expect(operations.all == [.findSession, .settle, .addEmailChange])
    #expect(hasher.count == .init())
    let messages = try await scene.deliverAll()
    #expect(messages.count == 2)
    #expect(messages.contains { $0.kind == .emailChangeRequested && $0.email.text == AuthFixture.email })
    if email == "free@me.com" {
      #expect(messages.contains { $0.kind == .emailChange && $0.email.text == email })
    } else {
      // As the account has it, whatever the letter case in the request.
      #expect(messages.contains { $0.kind == .accountExists && $0.email.text == "eve@me.com" })
    }
  }

  @Test(arguments: ["Bob@me.com", "bOB@ME.com"])
  func `the present email is refused, in any letter case`(_ email: String) async throws {
    let scene = try await Scene()
    await #expect(throws: AuthError.emailUnchanged) { try await scene.request(email) }
    await #expect(throws: AuthError.invalidEmail(.atSigns(count: 0))) { try await scene.request("bob") }
    #expect(try await scene.deliverAll().isEmpty)
  }

  @Test func `five requests are granted to a user, and five messages to an email, free or taken`() async throws {
    let scene = try await Scene()
    try await scene.fixture.registerEve()
    for index in 1...5 { try await scene.request("bob\(index)@me.com") }
    for email in ["bob6@me.com", "eve@me.com"] {
      await #expect(throws: AuthError.throttled(retryAfter: .seconds(300))) { try await scene.request(email) }
    }
    for email in ["eve@me.com", "free@me.com"] {
      let scene = try await Scene()
      try await scene.fixture.registerEve()
      let limited = Throttle.Attempt.emailChange(
        to: Email(stored: email.uppercased()), of: 99, under: scene.auth.policy.throttling, at: scene.fixture.clock.now)
      for _ in 1...5 { _ = try await scene.fixture.store.settle(limited) }
      await #expect(throws: AuthError.throttled(retryAfter: .seconds(300))) { try await scene.request(email) }
    }
  }

  @Test func `messages of registrations and of changes to one email count together`() async throws {
    var policy = AuthPolicy.strict
    let scene = try await Scene(policy)
    policy.emailVerification.requirement = .beforeLogin
    let auth = scene.fixture.sharing(policy: policy)
    for _ in 1...5 {
      _ = try await auth.requestRegistration(email: Scene.newEmail, password: AuthFixture.password, from: .unknown)
    }
    await #expect(throws: AuthError.throttled(retryAfter: .seconds(300))) { try await scene.request() }
  }

  @Test func `five tries are granted, of codes and passwords together, and passwords count as failed logins`() async throws {
    let scene = try await Scene()
    let (token, code, _) = try await scene.ask()
    let auth = scene.auth
    for _ in 1...3 {
      await #expect(throws: AuthError.invalidVerification) {
        try await auth.confirmEmailChange(code: VerificationCode("00000000"), sessionID: scene.sessionID, from: Scene.client)
      }
    }
    for _ in 1...2 {
      await #expect(throws: AuthError.wrongPassword) {
        try await auth.confirmEmailChange(token: token, password: "wrong", from: Scene.client)
      }
    }
    await #expect(throws: AuthError.invalidVerification) {
      try await auth.confirmEmailChange(code: code, sessionID: scene.sessionID, from: Scene.client)
    }
    await #expect(throws: AuthError.invalidVerification) {
      try await auth.confirmEmailChange(token: token, password: AuthFixture.password, from: Scene.client)
    }
    let key = Throttle.Key(.loginEmail, email: AuthFixture.email)
    #expect(try await scene.fixture.store.findCounters(of: [key])[0].count == 2)
  }

  @Test func `of many guesses at once five count, and of many right codes one changes the email`() async throws {
    let scene = try await Scene()
    let auth = scene.auth
    _ = try await scene.ask()
    let stored = scene.fixture.store
    _ = try await atOnce(40) { _ in
      try? await auth.confirmEmailChange(code: VerificationCode("0"), sessionID: scene.sessionID, from: Scene.client)
    }
    #expect(stored.tables.withLock { $0.emailChanges[1]?.tries } == 5)
    let code = try await scene.ask("second@new.org").code
    let changed = try await atOnce(40) { _ in
      (try? await auth.confirmEmailChange(code: code, sessionID: scene.sessionID, from: Scene.client)) != nil
    }
    #expect(changed.count { $0 } == 1)
  }

  @Test func `a code ends after ten minutes, its link after a day`() async throws {
    let scene = try await Scene()
    let (token, code, stop) = try await scene.ask()
    scene.fixture.clock.advance(by: .seconds(600))
    await #expect(throws: AuthError.invalidVerification) {
      try await scene.auth.confirmEmailChange(code: code, sessionID: scene.sessionID, from: Scene.client)
    }
    scene.fixture.clock.advance(by: .seconds(86_400 - 600))
    await #expect(throws: AuthError.invalidVerification) {
      try await scene.auth.confirmEmailChange(token: token, password: AuthFixture.password, from: Scene.client)
    }
    await #expect(throws: AuthError.invalidTakeBack) {
      try await scene.auth.takeBackEmail(token: stop, newPassword: AuthFixture.otherPassword, from: Scene.client)
    }
    while try await scene.auth.purge() > 0 {}
    #expect(!scene.fixture.everythingStored.contains(Scene.newEmail))
  }

  @Test func `a newer request replaces the older, whose link is void and whose token still stops it`() async throws {
    let scene = try await Scene()
    let older = try await scene.ask("older@new.org")
    let newer = try await scene.ask("newer@new.org")
    await #expect(throws: AuthError.invalidVerification) {
      try await scene.auth.confirmEmailChange(token: older.token, password: AuthFixture.password, from: Scene.client)
    }
    try await scene.auth.takeBackEmail(token: older.stop, newPassword: AuthFixture.otherPassword, from: Scene.client)
    await #expect(throws: AuthError.invalidVerification) {
      try await scene.auth.confirmEmailChange(token: newer.token, password: AuthFixture.otherPassword, from: Scene.client)
    }
    #expect(try await scene.email == AuthFixture.email)
  }

  @Test func `an email that was taken in the meantime stays with its account`() async throws {
    let scene = try await Scene()
    let (token, code, _) = try await scene.ask()
    let other = try await scene.fixture.store.addUser(email: Email(Scene.newEmail), hashedPassword: PasswordHash("x"))
    let taken = AuthError.userExists(email: Scene.newEmail)
    await #expect(throws: taken) {
      try await scene.auth.confirmEmailChange(token: token, password: AuthFixture.password, from: Scene.client)
    }
    await #expect(throws: taken) {
      try await scene.auth.confirmEmailChange(code: code, sessionID: scene.sessionID, from: Scene.client)
    }
    #expect(try await scene.email == AuthFixture.email)
    #expect(try await scene.fixture.store.findUser(by: .id(other.id)) == other)
  }

  @Test func `reset tokens are void after a change`() async throws {
    let scene = try await Scene()
    let reset = try await scene.fixture.resetTokenForBob()
    try await scene.change()
    await #expect(throws: AuthError.invalidResetToken) {
      try await scene.auth.resetPassword(token: reset, password: AuthFixture.otherPassword, from: Scene.client)
    }
  }

  @Test(arguments: [true, false])
  func `a new password voids the change that someone else has begun`(_ isReset: Bool) async throws {
    let scene = try await Scene()
    let (token, _, stop) = try await scene.ask("thief@new.org")
    if isReset {
      try await scene.auth.resetPassword(
        token: scene.fixture.resetTokenForBob(), password: AuthFixture.otherPassword, from: Scene.client)
    } else {
      _ = try await scene.auth.changePassword(
        sessionID: scene.sessionID, current: AuthFixture.password, new: AuthFixture.otherPassword, from: Scene.client)
    }
    await #expect(throws: AuthError.invalidVerification) {
      try await scene.auth.confirmEmailChange(token: token, password: AuthFixture.otherPassword, from: Scene.client)
    }
    await #expect(throws: AuthError.invalidTakeBack) {
      try await scene.auth.takeBackEmail(token: stop, newPassword: AuthFixture.password, from: Scene.client)
    }
    #expect(try await scene.email == AuthFixture.email)
  }

  @Test func `a session that has ended confirms nothing, and asks for nothing`() async throws {
    let scene = try await Scene()
    let (token, code, _) = try await scene.ask("thief@new.org")
    try await scene.auth.endAllSessions(of: 1, from: Scene.client)
    for confirm in [
      { try await scene.auth.confirmEmailChange(token: token, sessionID: scene.sessionID, from: Scene.client) },
      { try await scene.auth.confirmEmailChange(code: code, sessionID: scene.sessionID, from: Scene.client) },
    ] as [() async throws -> User] {
      await #expect(throws: AuthError.invalidSession) { try await confirm() }
    }
    // It ends between the check and the write.
    let again = try await scene.fixture.logInBob()
    let auth = scene.fixture.intercepting { operation throws(StoreError) in
      guard operation == .addEmailChange else { return }
      _ = try await scene.fixture.store.endSessions(
        .all, of: 1, in: Session.Cutoff(expiringAfter: .distantPast, usedAfter: .distantPast))
    }
    await #expect(throws: AuthError.conflict) {
      try await auth.requestEmailChange(sessionID: again.sessionID, to: "late@new.org", from: Scene.client)
    }
    #expect(!scene.fixture.everythingStored.contains("late@new.org"))
  }

  @Test func `a disabled user's change is not confirmed, whatever the proof`() async throws {
    let scene = try await Scene()
    let (token, _, _) = try await scene.ask()
    try await scene.auth.disableUser(1)
    await #expect(throws: AuthError.wrongPassword) {
      try await scene.auth.confirmEmailChange(token: token, password: AuthFixture.password, from: Scene.client)
    }
    #expect(try await scene.email == AuthFixture.email)
  }

  @Test func `a change takes a lock with it, and no one's guesses at the new email`() async throws {
    let scene = try await Scene()
    let (old, new) = (Throttle.Key(.loginEmail, email: AuthFixture.email), Throttle.Key(.loginEmail, email: Scene.newEmail))
    let token = try await scene.ask().token
    try await scene.fixture.store.count(100, for: old, at: scene.fixture.clock.now)
    try await scene.fixture.store.count(7, for: new, at: scene.fixture.clock.now)
    try await scene.auth.confirmEmailChange(token: token, sessionID: scene.sessionID, from: Scene.client)
    #expect(try await scene.fixture.store.findCounters(of: [old, new]).map(\.count) == [0, 100])
    await #expect(throws: AuthError.self) { try await scene.logIn(Scene.newEmail) }
  }

  @Test(arguments: [InterceptingStore.Operation.findSession, .settle, .addEmailChange])
  func `a request to a store that cannot respond is unavailable`(_ failing: InterceptingStore.Operation) async throws {
    let scene = try await Scene()
    await #expect(throws: AuthError.unavailable("disk on fire")) {
      try await scene.fixture.failing(failing).requestEmailChange(
        sessionID: scene.sessionID, to: Scene.newEmail, from: Scene.client)
    }
    #expect(!scene.fixture.everythingStored.contains(Scene.newEmail))
  }

  @Test(arguments: [InterceptingStore.Operation.findSession, .tryEmailChange, .confirmEmailChange])
  func `a confirmation to a store that cannot respond is unavailable`(_ failing: InterceptingStore.Operation) async throws {
    let scene = try await Scene()
    let code = try await scene.ask().code
    await #expect(throws: AuthError.unavailable("disk on fire")) {
      try await scene.fixture.failing(failing).confirmEmailChange(
        code: code, sessionID: scene.sessionID, from: Scene.client)
    }
    #expect(try await scene.email == AuthFixture.email)
  }
}
