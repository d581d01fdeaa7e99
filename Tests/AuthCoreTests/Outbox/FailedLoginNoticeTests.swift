import AuthTesting
import Testing

@testable import AuthCore

/// Owners hear of many wrong passwords in a row.
///
/// OWASP ASVS 5.0: 6.3.5.
@Suite struct FailedLoginNoticeTests {
  /// Guesses once an hour, so that no delay is in the way.
  private func guess(_ count: Int, _ fixture: AuthFixture, for email: String = AuthFixture.email) async throws {
    for _ in 0..<count {
      fixture.clock.advance(by: .seconds(3600))
      #expect(try await fixture.auth.from("192.0.2.7").guess(for: email) == .no)
    }
  }

  @Test func `the tenth failure in a row warns the owner, with its time and address`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    try await guess(9, fixture)
    #expect(try await fixture.deliveredKinds() == [])
    try await guess(1, fixture)
    let messages = try await fixture.delivered()
    guard messages.count == 1, case .failedLogins(fixture.clock.now, "192.0.2.7") = messages[0].content else {
      Issue.record("\(messages)")
      return
    }
    #expect(messages[0].email.text == AuthFixture.email)
  }

  @Test func `a success begins the count again`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    try await guess(9, fixture)
    fixture.clock.advance(by: .seconds(3600))
    #expect(try await fixture.auth.from("192.0.2.7").guess(AuthFixture.password) == .yes)
    try await guess(9, fixture)
    #expect(try await fixture.deliveredKinds() == [])
  }

  @Test func `a guesser who goes on causes one warning a day`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    try await guess(10 + 23, fixture)
    #expect(try await fixture.deliveredKinds() == [.failedLogins])
    try await guess(1, fixture)
    #expect(try await fixture.deliveredKinds() == [.failedLogins])
    try await guess(23, fixture)
    #expect(try await fixture.deliveredKinds() == [])
  }

  @Test func `the failure that locks is told, even on the day of a warning, and attempts after it are not`() async throws {
    var policy = AuthPolicy.strict
    policy.throttling.loginPerEmail.lockThreshold = 12
    let fixture = AuthFixture(policy)
    _ = try await fixture.registerBob()
    try await guess(12, fixture)
    #expect(try await fixture.deliveredKinds() == [.failedLogins, .accountLocked])
    fixture.clock.advance(by: .seconds(10 * 86_400))
    #expect(try await fixture.auth.guess().isThrottled)
    #expect(try await fixture.deliveredKinds() == [])
  }

  @Test func `an email without an account is told nothing`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    try await guess(12, fixture, for: "no one@me.com")
    #expect(try await fixture.store.claimMessage(now: .distantFuture, until: .distantFuture) == nil)
  }

  @Test func `an account that is deleted while a password is checked is told nothing`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    try await guess(9, fixture)
    fixture.clock.advance(by: .seconds(3600))
    let auth = fixture.intercepting { operation throws(StoreError) in
      if operation == .settle { _ = try await fixture.store.eraseUser(1, clearing: []) }
    }
    #expect(try await auth.guess() == .no)
    #expect(try await fixture.deliveredKinds() == [])
  }

  @Test func `of simultaneous failures exactly one warns`() async throws {
    var policy = AuthPolicy.strict
    policy.throttling.loginPerEmail.threshold = 90
    let fixture = AuthFixture(policy)
    _ = try await fixture.registerBob()
    _ = try await atOnce(40) { index in try await fixture.auth.from("192.0.2.\(index)").guess() }
    #expect(try await fixture.deliveredKinds() == [.failedLogins])
  }

  @Test func `a wrong password in a session counts, too`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    let sessionID = try await fixture.logInBob().sessionID
    for _ in 1...10 {
      fixture.clock.advance(by: .seconds(3600))
      await #expect(throws: AuthError.wrongPassword) {
        try await fixture.auth.confirm(sessionID: sessionID, password: "wrong", from: .unknown)
      }
    }
    let messages = try await fixture.delivered()
    guard messages.count == 1, case .failedLogins(_, nil) = messages[0].content else {
      Issue.record("\(messages)")
      return
    }
  }

  @Test func `a failure that cannot be counted warns no one`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    try await guess(9, fixture)
    fixture.clock.advance(by: .seconds(3600))
    await #expect(throws: AuthError.self) { try await fixture.failing(.settle).guess() }
    #expect(try await fixture.deliveredKinds() == [])
  }

  @Test func `deleting an account deletes when its owner was warned`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    try await guess(10, fixture)
    try await fixture.auth.deleteUser(1, from: .unknown)
    #expect(fixture.store.tables.withLock { $0.counters.keys.filter { $0.kind == .alertEmail } } == [])
  }
}
