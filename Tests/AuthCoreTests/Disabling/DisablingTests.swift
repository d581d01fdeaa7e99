import AuthTesting
import Testing

@testable import AuthCore

/// OWASP ASVS 5.0: 7.4.2.
@Suite struct DisablingTests {
  @Test(arguments: Preset.allCases)
  func `a disabled user has no session, and gets none`(_ preset: Preset) async throws {
    let fixture = try await AuthFixture.withBob(preset)
    let sessionID = try await fixture.logInBob().sessionID
    #expect(try await fixture.auth.disableUser(1))
    #expect(try await fixture.auth.profile(for: sessionID) == nil)
    #expect(try await fixture.auth.user(for: sessionID) == nil)
    let login = try await fixture.auth.logIn(email: AuthFixture.email, password: AuthFixture.password, from: .unknown)
    guard case .wrongCredentials = login else { return #expect(Bool(false), "\(login)") }
    #expect(try await fixture.auth.openSession(email: AuthFixture.email, from: .unknown) == nil)
    #expect(try await !fixture.auth.verifyPassword(AuthFixture.password, email: AuthFixture.email, from: .unknown))
    #expect(try await fixture.auth.sessions(of: 1).isEmpty)
    #expect(try await fixture.auth.disabledAt(1) == fixture.clock.now)
  }

  @Test(arguments: Preset.allCases)
  func `an enabled user logs in with the password that they had`(_ preset: Preset) async throws {
    let fixture = try await AuthFixture.withBob(preset)
    let former = try await fixture.logInBob().sessionID
    try await fixture.auth.disableUser(1)
    #expect(try await !fixture.auth.disableUser(1))
    #expect(try await fixture.auth.enableUser(1))
    #expect(try await !fixture.auth.enableUser(1))
    #expect(try await !fixture.isOpen(former))
    #expect(try await fixture.isOpen(fixture.logInBob().sessionID))
    #expect(try await fixture.auth.disabledAt(1) == nil)
  }

  @Test(arguments: Preset.allCases)
  func `a reset sets the password of a disabled user, who is still disabled`(_ preset: Preset) async throws {
    let fixture = try await AuthFixture.withBob(preset)
    try await fixture.auth.disableUser(1)
    let token = try await fixture.resetTokenForBob()
    try await fixture.auth.updatePassword(resetToken: token, password: AuthFixture.otherPassword)
    #expect(try await fixture.auth.guess(AuthFixture.otherPassword) == .no)
    try await fixture.auth.enableUser(1)
    #expect(try await fixture.auth.guess(AuthFixture.otherPassword) == .yes)
  }

  @Test func `a reset request is the same for a disabled user as for any`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    try await fixture.auth.disableUser(1)
    try await fixture.auth.requestPasswordReset(email: AuthFixture.email, from: .unknown)
    let delivery = RecordingDelivery()
    #expect(try await fixture.auth.deliver(through: delivery) == .delivered)
    #expect(delivery.messages.map(\.email.text) == [AuthFixture.email])
  }

  @Test(arguments: Preset.allCases)
  func `the right password of a disabled user costs and counts as much as a wrong one`(_ preset: Preset) async throws {
    let (fixture, hasher) = (try await AuthFixture.withBob(preset), CountingHasher())
    try await fixture.registerEve()
    try await fixture.auth.disableUser(1)
    func logIn(_ email: String, _ password: String, from network: String) async throws -> (
      [InterceptingStore.Operation], Int, Guess
    ) {
      let (operations, before) = (RecordedOperations(), hasher.count.verified)
      let auth = fixture.intercepting(hasher: hasher) { operation in operations.append(operation) }
      let outcome = try await auth.from(network).guess { auth, client throws(AuthError) in
        try await auth.logIn(email: email, password: password, from: client).login != nil
      }
      return (operations.all, hasher.count.verified - before, outcome)
    }
    for _ in 1...8 {
      let disabled = try await logIn(AuthFixture.email, AuthFixture.password, from: "203.0.113.7")
      let wrong = try await logIn("eve@me.com", AuthFixture.otherPassword, from: "203.0.113.8")
      fixture.clock.advance(by: .seconds(1))
      #expect(disabled == wrong)
      #expect(disabled.2 != .yes)
    }
    let keys = [AuthFixture.email, "eve@me.com"].map { Throttle.Key(.loginEmail, email: $0) }
    let counters = try await fixture.store.findCounters(of: keys)
    #expect(counters[0].count == counters[1].count && counters[0].count > 0)
  }

  @Test func `a login is one read and one write, refused or not`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    let operations = RecordedOperations()
    let auth = fixture.intercepting { operation in operations.append(operation) }
    _ = try await auth.logIn(email: AuthFixture.email, password: AuthFixture.password, from: .unknown)
    try await fixture.auth.disableUser(1)
    _ = try await auth.logIn(email: AuthFixture.email, password: AuthFixture.password, from: .unknown)
    #expect(operations.all == [.findUserAndCounters, .addSession, .findUserAndCounters, .settle])
  }

  @Test func `a user who is disabled while their password is checked is not logged in`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    let hasher = MeddlingHasher { _ = try? await fixture.store.disableUser(1, at: fixture.clock.now, endingSessionsIn: .all) }
    let auth = fixture.sharing(policy: .strict, hasher: hasher)
    let outcome = try await auth.logIn(email: AuthFixture.email, password: AuthFixture.password, from: .unknown)
    #expect(outcome.login == nil)
    #expect(try await fixture.store.findSessions(of: 1, in: .all).isEmpty)
  }

  @Test func `a user who is disabled while their password changes keeps the old one, and gets no session`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    let sessionID = try await fixture.logInBob().sessionID
    let auth = fixture.intercepting { operation throws(StoreError) in
      guard operation == .changePassword else { return }
      _ = try await fixture.store.disableUser(1, at: fixture.clock.now, endingSessionsIn: .all)
    }
    await #expect(throws: AuthError.conflict) {
      try await auth.changePassword(
        sessionID: sessionID, current: AuthFixture.password, new: AuthFixture.otherPassword, from: .unknown)
    }
    #expect(try await fixture.store.findSessions(of: 1, in: .all).isEmpty)
    try await fixture.auth.enableUser(1)
    #expect(try await fixture.auth.guess(AuthFixture.password) == .yes)
  }

  @Test func `an id that no user has is an error`() async throws {
    let auth = AuthFixture(.strict).auth
    await #expect(throws: AuthError.unknownUserID) { try await auth.disableUser(1) }
    await #expect(throws: AuthError.unknownUserID) { try await auth.enableUser(1) }
    #expect(try await auth.disabledAt(1) == nil)
  }

  @Test func `when the store cannot disable, nothing has changed`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    let sessionID = try await fixture.logInBob().sessionID
    await #expect(throws: AuthError.unavailable("disk on fire")) { try await fixture.failing(.disableUser).disableUser(1) }
    #expect(try await fixture.isOpen(sessionID))
    try await fixture.auth.disableUser(1)
    await #expect(throws: AuthError.unavailable("disk on fire")) { try await fixture.failing(.enableUser).enableUser(1) }
    await #expect(throws: AuthError.unavailable("disk on fire")) { try await fixture.failing(.disabledAt).disabledAt(1) }
    #expect(try await fixture.auth.disabledAt(1) != nil)
  }
}

extension Session.Cutoff {
  fileprivate static let all = Self(expiringAfter: .distantPast, usedAfter: .distantPast)
}
