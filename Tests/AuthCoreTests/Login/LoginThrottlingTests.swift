import AuthCore
import AuthTesting
import Testing

/// What wrong passwords for one address lead to.
///
/// OWASP ASVS 5.0: 6.3.1, 6.3.8; NIST SP 800-63B-4: 3.2.2.
@Suite struct LoginThrottlingTests {
  private static func noes(_ count: Int) -> [Guess] { Array(repeating: .no, count: count) }

  @Test func `under strict four failures have no effect, and the fifth begins a delay`() async throws {
    let auth = try await AuthFixture.withBob(.strict).auth
    #expect(try await auth.guess(times: 4) == Self.noes(4))
    #expect(try await auth.guess(AuthFixture.password) == .yes)
    #expect(try await auth.guess(times: 5) == Self.noes(5))
    #expect(try await auth.guess() == .throttled(after: .seconds(1)))
  }

  @Test func `under strict each further failure doubles the delay, up to an hour`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    try await fixture.auth.guess(times: 4)
    for seconds in [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 3600, 3600] {
      #expect(try await fixture.auth.guess() == .no)
      #expect(try await fixture.auth.guess() == .throttled(after: .seconds(seconds)))
      fixture.clock.advance(by: .seconds(seconds - 1))
      #expect(try await fixture.auth.guess() == .throttled(after: .seconds(1)))
      fixture.clock.advance(by: .seconds(1))
    }
    #expect(try await fixture.auth.guess(AuthFixture.password) == .yes)
  }

  @Test(arguments: Preset.allCases)
  func `during a delay the right password is refused like a wrong one, and opens nothing`(_ preset: Preset) async throws {
    let fixture = try await AuthFixture.withBob(preset)
    try await fixture.auth.guess(times: preset.policy.throttling.loginPerEmail.threshold)
    let delay = preset.policy.throttling.loginPerEmail.firstDelay
    #expect(try await fixture.auth.guess() == .throttled(after: delay))
    #expect(try await fixture.auth.guess(AuthFixture.password) == .throttled(after: delay))
    await #expect(throws: AuthError.throttled(retryAfter: delay)) { try await fixture.logInBob() }
    #expect(try await fixture.auth.sessions(of: 1).isEmpty)
    fixture.clock.advance(by: delay - .seconds(1))
    await #expect(throws: AuthError.throttled(retryAfter: .seconds(1))) { try await fixture.logInBob() }
    fixture.clock.advance(by: .seconds(1))
    #expect(try await fixture.auth.getUserFromSessionID(fixture.logInBob().sessionID)?.id == 1)
  }

  @Test func `a success ends the row of failures`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    for _ in 1...3 {
      try await fixture.auth.guess(times: 5)
      fixture.clock.advance(by: .seconds(1))
      #expect(try await fixture.auth.guess(AuthFixture.password) == .yes)
    }
    try await fixture.auth.guess(times: 4)
    _ = try await fixture.logInBob()
    #expect(try await fixture.auth.guess(times: 5) == Self.noes(5))
  }

  @Test func `asking during a delay does not lengthen it`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    try await fixture.auth.guess(times: 5)
    fixture.clock.advance(by: .seconds(1))
    try await fixture.auth.guess()
    fixture.clock.advance(by: .seconds(1))
    #expect(try await Set(fixture.auth.guess(times: 20)) == [.throttled(after: .seconds(1))])
    fixture.clock.advance(by: .seconds(1))
    #expect(try await fixture.auth.guess() == .no)
    #expect(try await fixture.auth.guess() == .throttled(after: .seconds(4)))
  }

  /// What becomes of logins with the address and their times to wait, in changing letter case.
  private func script(of email: String) async throws -> [Guess] {
    let fixture = try await AuthFixture.withBob(.strict)
    let letterCases = [email, email.uppercased(), email.lowercased()]
    var guesses: [Guess] = []
    for index in 0..<20 {
      guesses.append(try await fixture.auth.guess("wrong \(index)", for: letterCases[index % 3]))
      if index.isMultiple(of: 2) { fixture.clock.advance(by: .seconds(1)) }
    }
    return guesses
  }

  @Test(arguments: [
    "eve@me.com", "", "Bob", "Bob@me.com\n", "Bob@me.com\0", " Bob@me.com", String(repeating: "x", count: 100_000),
  ])
  func `an email that no account has, or none, meets the same as one of an account`(_ email: String) async throws {
    let known = try await script(of: AuthFixture.email)
    #expect(known.contains(.no) && known.contains { $0.isThrottled })
    #expect(try await script(of: email) == known)
  }

  @Test func `failures with one email leave others alone`() async throws {
    let auth = try await AuthFixture.withBob(.strict).auth
    for email in ["eve@me.com", "", "\n", "Bob@me.com\n", "Bob@me.com ", "b\u{f6}b@me.com"] {
      #expect(try await auth.guess(for: email) == .no)
      try await auth.guess(times: 4, for: email)
      #expect(try await auth.guess(for: email).isThrottled)
    }
    #expect(try await auth.guess(AuthFixture.password) == .yes)
    #expect(try await auth.guess(for: "bo\u{308}b@me.com") == .no)
  }

  @Test func `under classic 99 failures have no effect, and the hundredth begins a delay of 15 minutes`() async throws {
    let fixture = try await AuthFixture.withBob(.classic)
    #expect(try await fixture.auth.guess(times: 99) == Self.noes(99))
    #expect(try await fixture.auth.guess(AuthFixture.password) == .yes)
    #expect(try await fixture.auth.guess(times: 100) == Self.noes(100))
    for _ in 1...3 {
      #expect(try await fixture.auth.guess(AuthFixture.password) == .throttled(after: .seconds(900)))
      fixture.clock.advance(by: .seconds(900))
      #expect(try await fixture.auth.guess() == .no)
    }
    fixture.clock.advance(by: .seconds(900))
    #expect(try await fixture.auth.guess(AuthFixture.password) == .yes)
    #expect(try await fixture.auth.guess(times: 99) == Self.noes(99))
  }

  @Test(arguments: [false, true])
  func `failures are forgotten after 30 days, whether they are purged or not`(isPurged: Bool) async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    let auth = fixture.auth.from("203.0.113.7")
    for (seconds, isForgotten) in [(30 * 86400, false), (30 * 86400 + 1, true)] as [(Int64, Bool)] {
      _ = try await auth.guess(AuthFixture.password)
      try await auth.guess(times: 4)
      fixture.clock.advance(by: .seconds(seconds))
      if isPurged { _ = try await fixture.auth.purge() }
      #expect(try await auth.guess() == .no)
      #expect(try await auth.guess().isThrottled != isForgotten)
      fixture.clock.advance(by: .seconds(86400))
    }
  }

  @Test func `a clock that is set back does not make a delay longer`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    let auth = fixture.auth.from("203.0.113.7")
    try await auth.guess(times: 5)
    fixture.clock.advance(by: .seconds(-365 * 86400))
    #expect(try await auth.guess(AuthFixture.password) == .yes)
    #expect(try await fixture.auth.guess(times: 5) == Self.noes(5))
    #expect(try await fixture.auth.guess() == .throttled(after: .seconds(1)))
  }

  @Test(arguments: Preset.allCases)
  func `a new password by reset token ends the delay of the email, and not that of the network`(_ preset: Preset) async throws {
    let fixture = try await preset == .strict ? AuthFixture.withNarrowNetworks() : .withBob(.classic)
    let attacker = fixture.auth.from("203.0.113.7")
    try await attacker.guess(times: preset.policy.throttling.loginPerEmail.threshold)
    #expect(try await fixture.auth.guess(AuthFixture.password).isThrottled)
    let token = try await fixture.resetTokenForBob()
    #expect(try await fixture.auth.guess(AuthFixture.password).isThrottled)
    try await fixture.auth.updatePassword(resetToken: token, password: AuthFixture.otherPassword)
    #expect(try await fixture.auth.guess(AuthFixture.otherPassword) == .yes)
    #expect(try await attacker.guess(AuthFixture.otherPassword).isThrottled == (preset == .strict))
  }
}
