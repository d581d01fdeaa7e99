import AuthTesting
import Testing

@testable import AuthCore

extension AuthFixture {
  /// The messages that the outbox holds now, as they are delivered.
  func delivered() async throws -> [AuthMessage] {
    let delivery = RecordingDelivery()
    while try await auth.deliver(through: delivery) == .delivered {}
    return delivery.messages
  }

  /// Their kinds.
  func deliveredKinds() async throws -> [OutboxMessage.Kind] { try await delivered().map(\.kind) }
}

/// Owners hear what becomes of their accounts.
///
/// OWASP ASVS 5.0: 6.3.5, 6.3.7; NIST SP 800-63B-4: 4.6.
@Suite struct AccountNoticeTests {
  @Test func `under strict the owner is told that the account was disabled and enabled, once each`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    let moment = fixture.clock.now
    for _ in 1...2 { try await fixture.auth.disableUser(1) }
    for _ in 1...2 { try await fixture.auth.enableUser(1) }
    fixture.clock.advance(by: .seconds(60))
    let messages = try await fixture.delivered()
    #expect(messages.map(\.kind) == [.accountDisabled, .accountEnabled])
    #expect(messages.allSatisfy { $0.email.text == AuthFixture.email })
    guard case .accountDisabled(moment) = messages[0].content, case .accountEnabled(moment) = messages[1].content else {
      Issue.record("\(messages)")
      return
    }
  }

  @Test func `of a deletion the owner is told who did it, and the message outlives the account`() async throws {
    for cause in [AccountDeletionCause.owner, .operator] {
      let fixture = try await AuthFixture.withBob(.strict)
      switch cause {
      case .owner:
        try await fixture.auth.deleteUser(
          sessionID: fixture.logInBob().sessionID, password: AuthFixture.password, from: .unknown)
      default: try await fixture.auth.deleteUser(1, from: .unknown)
      }
      let messages = try await fixture.delivered()
      guard messages.count == 1, case .accountDeleted(fixture.clock.now, cause) = messages[0].content else {
        Issue.record("\(messages)")
        return
      }
    }
  }

  @Test func `of an unlocking the owner is told if they were kept out, and not after a few mistakes`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    try await fixture.auth.guess(times: 4)
    #expect(try await fixture.auth.unlockUser(1, from: .unknown))
    #expect(try await fixture.deliveredKinds() == [])
    try await fixture.auth.guess(times: 5)
    #expect(try await fixture.auth.unlockUser(1, from: .unknown))
    #expect(try await !fixture.auth.unlockUser(1, from: .unknown))
    #expect(try await fixture.deliveredKinds() == [.accountUnlocked])
  }

  @Test func `under classic, and without the rule, nothing is queued`() async throws {
    var policy = AuthPolicy.strict
    policy.notices = AuthPolicy.classic.notices
    for policy in [.classic, policy] {
      let fixture = AuthFixture(policy)
      _ = try await fixture.registerBob()
      for address in ["192.0.2.1", "198.51.100.1"] {
        _ = try await fixture.auth.logIn(email: AuthFixture.email, password: AuthFixture.password, from: .at(address))
      }
      try await fixture.auth.guess(times: 12)
      try await fixture.auth.unlockUser(1, from: .unknown)
      try await fixture.auth.disableUser(1)
      try await fixture.auth.enableUser(1)
      try await fixture.auth.deleteUser(1, from: .unknown)
      #expect(try await fixture.deliveredKinds() == [])
    }
  }

  @Test func `what fails in the store, or changes nothing, tells no one`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    let auth = fixture.failing(.disableUser, .enableUser, .eraseUser, .deleteUser, .clearCounters)
    let sessionID = try await fixture.logInBob().sessionID
    try await fixture.auth.guess(times: 5)
    await #expect(throws: AuthError.self) { try await auth.unlockUser(1, from: .unknown) }
    await #expect(throws: AuthError.self) { try await auth.disableUser(1) }
    await #expect(throws: AuthError.self) { try await auth.deleteUser(1, from: .unknown) }
    await #expect(throws: AuthError.self) { try await auth.enableUser(1) }
    fixture.clock.advance(by: .seconds(60))
    await #expect(throws: AuthError.self) {
      try await auth.deleteUser(sessionID: sessionID, password: AuthFixture.password, from: .unknown)
    }
    await #expect(throws: AuthError.unknownUserID) { try await fixture.auth.disableUser(7) }
    await #expect(throws: AuthError.unknownUserID) { try await fixture.auth.enableUser(7) }
    await #expect(throws: AuthError.unknownUserID) { try await fixture.auth.deleteUser(7, from: .unknown) }
    #expect(try await fixture.deliveredKinds() == [])
  }
}
