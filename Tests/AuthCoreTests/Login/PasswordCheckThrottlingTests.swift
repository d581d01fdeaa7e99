import AuthCore
import AuthTesting
import Testing

/// Where whoever has a session is asked for the password again, a wrong one counts like a failed login.
///
/// OWASP ASVS 5.0: 6.2.3, 6.3.4.
@Suite struct PasswordCheckThrottlingTests {
  enum Check: CaseIterable {
    case changePassword, deleteUser

    func callAsFunction(_ auth: Auth, _ sessionID: SessionID, _ password: String) async throws -> Guess {
      try await self(auth.from(.unknown), sessionID, password)
    }

    func callAsFunction(_ guesser: Guesser, _ sessionID: SessionID, _ password: String) async throws -> Guess {
      try await guesser.guess { auth, client throws(AuthError) in
        switch self {
        case .changePassword:
          _ = try await auth.changePassword(sessionID: sessionID, current: password, new: AuthFixture.otherPassword, from: client)
        case .deleteUser:
          try await auth.deleteUser(sessionID: sessionID, password: password, from: client)
        }
        return true
      }
    }
  }

  @Test(arguments: Check.allCases)
  func `a wrong password counts as a failed login`(_ check: Check) async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    let sessionID = try await fixture.logInBob().sessionID
    try await fixture.auth.guess(times: 2)
    for _ in 1...3 { #expect(try await check(fixture.auth, sessionID, "wrong") == .no) }
    #expect(try await fixture.auth.guess(AuthFixture.password) == .throttled(after: .seconds(1)))
  }

  @Test(arguments: Check.allCases)
  func `during a delay the right password is refused, nothing changes, and the session goes on`(_ check: Check) async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    let sessionID = try await fixture.logInBob().sessionID
    try await fixture.auth.guess(times: 5)
    let before = try await fixture.bob
    #expect(try await check(fixture.auth, sessionID, AuthFixture.password) == .throttled(after: .seconds(1)))
    #expect(try await fixture.bob == before)
    #expect(try await fixture.auth.getUserFromSessionID(sessionID)?.id == 1)
    fixture.clock.advance(by: .seconds(1))
    #expect(try await check(fixture.auth, sessionID, AuthFixture.password) == .yes)
  }

  @Test(arguments: Check.allCases)
  func `a session is worth more than what others in its network did wrong`(_ check: Check) async throws {
    let fixture = try await AuthFixture.withNarrowNetworks()
    let sessionID = try await fixture.logInBob().sessionID
    let auth = fixture.auth.from("203.0.113.7")
    for index in 1...4 { try await auth.guess(for: "user\(index)") }
    #expect(try await check(auth, sessionID, "wrong") == .no)
    #expect(try await auth.guess(for: "user5") == .no)
    #expect(try await auth.guess(for: "user6").isThrottled)
    #expect(try await check(auth, sessionID, AuthFixture.password) == .yes)
  }

  @Test(arguments: Check.allCases)
  func `guesses at the password of a session cost no more hashes than others`(_ check: Check) async throws {
    let fixture = try await AuthFixture.withNarrowNetworks()
    let sessionID = try await fixture.logInBob().sessionID
    let hasher = CountingHasher()
    let auth = fixture.sharing(policy: .narrowNetworks, hasher: hasher).from("203.0.113.7")
    for _ in 1...100 { _ = try await check(auth, sessionID, "wrong") }
    // Five are answered, and five more are counted for the network while the email is delayed.
    #expect(hasher.count.verified == 10)
  }

  @Test func `the right password ends the row of failures`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    let sessionID = try await fixture.logInBob().sessionID
    try await fixture.auth.guess(times: 4)
    #expect(try await Check.changePassword(fixture.auth, sessionID, AuthFixture.password) == .yes)
    #expect(try await Set(fixture.auth.guess(times: 4)) == [.no])
    #expect(try await fixture.auth.guess(AuthFixture.otherPassword) == .yes)
  }

  @Test(arguments: Check.allCases)
  func `without a session nothing is counted, and no password is looked at`(_ check: Check) async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    let hasher = CountingHasher()
    let auth = fixture.sharing(policy: .strict, hasher: hasher)
    for _ in 1...10 {
      await #expect(throws: AuthError.invalidSession) { try await check(auth, SessionID("made up"), "wrong") }
    }
    #expect(hasher.count == .init())
    #expect(try await fixture.auth.guess() == .no)
  }
}
