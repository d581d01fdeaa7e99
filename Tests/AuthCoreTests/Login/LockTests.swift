import AuthCore
import AuthTesting
import Testing

/// NIST SP 800-63B-4, 3.2.2: after 100 failures in a row a password is locked until it is reset.
///
/// NIST SP 800-63B-4: 3.2.2.
@Suite struct LockTests {
  @Test(arguments: [AuthFixture.email, "nobody@me.com"])
  func `after a hundred failures in a row no wait helps, known email or not`(email: String) async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    for _ in 1...100 {
      #expect(try await fixture.auth.logIn(email: email, password: "wrong", from: .unknown).login == nil)
      fixture.clock.advance(by: .seconds(3600))
    }
    for _ in 1...3 {
      await #expect(throws: AuthError.throttled(retryAfter: .seconds(3600))) {
        try await fixture.auth.logIn(email: email, password: AuthFixture.password, from: .unknown).login
      }
      // Longer than failures are remembered that lock nothing.
      fixture.clock.advance(by: .seconds(40 * 86_400))
      while try await fixture.auth.purge() > 0 {}
    }
  }

  @Test func `a policy whose lock no reset could end makes no Auth`() async {
    await #expect(processExitsWith: .failure) {
      var policy = AuthPolicy.strict
      policy.throttling.resetPerEmail?.lockThreshold = 100
      _ = Auth(policy: policy, store: InMemoryStore(), hasher: FastHasher())
    }
  }

  @Test func `a new password set with a reset token opens the account again`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    for _ in 1...100 {
      _ = try await fixture.auth.logIn(email: AuthFixture.email, password: "wrong", from: .unknown).login
      fixture.clock.advance(by: .seconds(3600))
    }
    let token = try await fixture.resetTokenForBob()
    try await fixture.auth.updatePassword(resetToken: token, password: AuthFixture.otherPassword)
    #expect(try await fixture.auth.validLogin(email: AuthFixture.email, password: AuthFixture.otherPassword))
  }

  @Test func `when the lock cannot be ended, the token is not used up`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    let token = try await fixture.resetTokenForBob()
    let failing = fixture.intercepting { operation throws(StoreError) in
      if operation == .consumeResetToken { throw .unavailable("disk on fire") }
    }
    await #expect(throws: AuthError.unavailable("disk on fire")) {
      try await failing.updatePassword(resetToken: token, password: AuthFixture.otherPassword)
    }
    #expect(try await fixture.auth.validLogin(email: AuthFixture.email, password: AuthFixture.password))
    try await fixture.auth.updatePassword(resetToken: token, password: AuthFixture.otherPassword)
  }
}
