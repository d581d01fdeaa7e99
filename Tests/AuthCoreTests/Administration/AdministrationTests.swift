import AuthTesting
import Testing

@testable import AuthCore

/// OWASP ASVS 5.0: 6.4.1, 6.4.6.
@Suite struct AdministrationTests {
  @Test(arguments: Preset.allCases)
  func `a created account has no password until its owner sets one with the token that only they are sent`(
    _ preset: Preset
  ) async throws {
    let fixture = AuthFixture(preset)
    let user = try await fixture.auth.createUser(email: AuthFixture.email, from: .unknown)
    #expect(try await fixture.auth.account(user.id)?.hasPassword == false)
    for password in ["!", "", "x", AuthFixture.password] { #expect(try await fixture.auth.guess(password) == .no) }
    let delivery = RecordingDelivery()
    #expect(try await fixture.auth.deliver(through: delivery) == .delivered)
    let message = try #require(delivery.messages.first)
    #expect(message.email.text == AuthFixture.email)
    try await fixture.auth.updatePassword(resetToken: message.token, password: AuthFixture.password)
    #expect(try await fixture.auth.guess(AuthFixture.password) == .yes)
    #expect(try await fixture.auth.account(email: "bob@me.com")?.hasPassword == true)
    #expect(delivery.messages.count == 1)
  }

  @Test func `an operator creates accounts while registration is closed, by the same rules`() async throws {
    var policy = AuthPolicy.strict
    policy.registration = .closed
    let fixture = AuthFixture(policy)
    _ = try await fixture.auth.createUser(email: AuthFixture.email, from: .unknown)
    await #expect(throws: AuthError.userExists(email: "BOB@me.com")) {
      try await fixture.auth.createUser(email: "BOB@me.com", from: .unknown)
    }
    await #expect(throws: AuthError.invalidEmail(.atSigns(count: 0))) {
      try await fixture.auth.createUser(email: "bob", from: .unknown)
    }
    #expect(try await fixture.auth.statistics().messages == 1)
  }

  @Test func `a reset that an operator sends is not counted`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    for _ in 1...20 { try await fixture.auth.sendPasswordReset(to: 1, from: .unknown) }
    #expect(try await fixture.auth.messages(to: 1).count == 20)
    #expect(try await fixture.auth.statistics().counters == 0)
    await #expect(throws: AuthError.unknownUserID) { try await fixture.auth.sendPasswordReset(to: 2, from: .unknown) }
  }

  @Test func `unlocking ends a delay and a lock`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    for count in [5, 100] {
      for _ in 0..<count {
        _ = try? await fixture.auth.guess()
        fixture.clock.advance(by: .seconds(3_600))
      }
      if count == 5 { try await fixture.auth.guess() }
      let locked = try #require(try await fixture.auth.account(1))
      #expect(locked.state == .locked && locked.delay != nil && locked.failedLogins.count >= count)
      #expect(try await fixture.auth.guess(AuthFixture.password).isThrottled)
      #expect(try await fixture.auth.unlockUser(1, from: .unknown))
      #expect(try await fixture.auth.account(1)?.state == .active)
      #expect(try await fixture.auth.guess(AuthFixture.password) == .yes)
      #expect(try await !fixture.auth.unlockUser(1, from: .unknown))
    }
    await #expect(throws: AuthError.unknownUserID) { try await fixture.auth.unlockUser(2, from: .unknown) }
  }

  @Test func `of a deleted account nothing is stored but the notice of it, until that is delivered`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    _ = try await fixture.logInBob()
    _ = try await fixture.resetTokenForBob()
    try await fixture.auth.guess()
    try await fixture.auth.requestPasswordReset(email: AuthFixture.email, from: .unknown)
    try await fixture.auth.deleteUser(1, from: .unknown)
    #expect(try await fixture.deliveredKinds() == [.accountDeleted])
    #expect(try await fixture.auth.statistics() == StoreStatistics())
    await #expect(throws: AuthError.unknownUserID) { try await fixture.auth.deleteUser(1, from: .unknown) }
    #expect(try await fixture.auth.account(1) == nil)
    #expect(try await fixture.registerBob().id == 2)
  }

  @Test func `when the store cannot respond, each operation says so`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    let auth = fixture.failing(
      .findUser, .findAccounts, .addUserAndMessage, .importUsers, .eraseUser, .clearCounters, .findMessages, .statistics)
    let unavailable = AuthError.unavailable("disk on fire")
    await #expect(throws: unavailable) { try await auth.account(1) }
    await #expect(throws: unavailable) { try await auth.createUser(email: "eve@me.com", from: .unknown) }
    await #expect(throws: unavailable) { try await auth.sendPasswordReset(to: 1, from: .unknown) }
    await #expect(throws: unavailable) { try await auth.unlockUser(1, from: .unknown) }
    await #expect(throws: unavailable) { try await auth.deleteUser(1, from: .unknown) }
    await #expect(throws: unavailable) { try await auth.messages(to: 1) }
    await #expect(throws: unavailable) { try await auth.statistics() }
    await #expect(throws: unavailable) { try await auth.importUsers([], from: .unknown) }
    await #expect(throws: unavailable) { try await auth.exportUsers(after: nil, limit: 1) }
  }
}
