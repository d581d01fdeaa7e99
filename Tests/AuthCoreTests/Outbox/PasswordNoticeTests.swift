import AuthTesting
import Testing

@testable import AuthCore

/// Owners hear of a new password.
///
/// OWASP ASVS 5.0: 6.3.7; NIST SP 800-63B-4: 4.6.
@Suite struct PasswordNoticeTests {
  /// The notices that the outbox holds now, as they are delivered.
  private func notices(_ fixture: AuthFixture) async throws -> [AuthMessage] {
    let delivery = RecordingDelivery()
    while try await fixture.auth.deliver(through: delivery) == .delivered {}
    return delivery.messages.filter { $0.kind == .passwordChanged }
  }

  private func change(_ fixture: AuthFixture, current: String = AuthFixture.password) async throws {
    _ = try await fixture.auth.changePassword(
      sessionID: fixture.logInBob().sessionID, current: current, new: AuthFixture.otherPassword, from: .unknown)
  }

  private func reset(_ fixture: AuthFixture) async throws {
    try await fixture.auth.resetPassword(token: fixture.resetTokenForBob(), password: AuthFixture.otherPassword, from: .unknown)
  }

  @Test(arguments: [PasswordChangeCause.change, .reset])
  func `under strict the owner is told of a new password, when and why it was set`(_ cause: PasswordChangeCause) async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    let moment = fixture.clock.now
    if cause == .change { try await change(fixture) } else { try await reset(fixture) }
    fixture.clock.advance(by: .seconds(60))
    let notices = try await notices(fixture)
    #expect(notices.map(\.email.text) == ["Bob@me.com"])
    guard case .passwordChanged(let at, let found) = try #require(notices.first).content else { return }
    #expect(at == moment && found == cause)
  }

  @Test func `under classic nothing is queued`() async throws {
    let fixture = try await AuthFixture.withBob(.classic)
    try await reset(fixture)
    #expect(try await fixture.auth.deliver(through: RecordingDelivery()) == .nothingDue)
  }

  @Test func `a change that is refused tells no one`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    await #expect(throws: AuthError.wrongPassword) { try await change(fixture, current: "wrong") }
    await #expect(throws: AuthError.invalidResetToken) {
      try await fixture.auth.resetPassword(token: ResetToken("made up"), password: AuthFixture.otherPassword, from: .unknown)
    }
    #expect(try await notices(fixture).isEmpty)
  }

  @Test func `a notice outlives the account`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    let login = try await fixture.auth.changePassword(
      sessionID: fixture.logInBob().sessionID, current: AuthFixture.password, new: AuthFixture.otherPassword, from: .unknown)
    try await fixture.auth.deleteUser(sessionID: login.sessionID, password: AuthFixture.otherPassword, from: .unknown)
    #expect(try await notices(fixture).count == 1)
  }

  @Test func `as many reset requests as may wait keep no notice out`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    for index in 0..<Auth.maximumResetRequests {
      let request = OutboxMessage(
        id: "\(index)", kind: .passwordReset, email: try Email("\(index)@me.com"), createdAt: fixture.clock.now)
      fixture.store.tables.withLock { $0.queue(request) }
    }
    try await change(fixture)
    fixture.store.tables.withLock { tables in tables.outbox.removeAll { $0.message.kind == .passwordReset } }
    #expect(try await notices(fixture).count == 1)
  }

  @Test func `a kind that only a newer release knows stays in the outbox`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    let message = OutboxMessage(
      id: "1", kind: .init(rawValue: "of_the_future"), email: try Email(AuthFixture.email), createdAt: fixture.clock.now)
    #expect(try await fixture.store.addMessage(message, limit: 1))
    await #expect(throws: AuthError.self) { try await fixture.auth.deliver(through: RecordingDelivery()) }
    fixture.clock.advance(by: .seconds(120))
    #expect(try await fixture.store.claimMessage(now: fixture.clock.now, until: fixture.clock.now)?.id == "1")
  }
}
