import AuthCore
import AuthTesting
import Testing

/// OWASP ASVS 5.0: 2.4.1, 6.3.1.
@Suite struct RegistrationThrottlingTests {
  private static let password = AuthFixture.password

  private func register(_ auth: Auth, _ email: String, from address: String) async throws -> Guess {
    try await auth.from(address).guess { auth, client throws(AuthError) in
      do throws(AuthError) { _ = try await auth.register(email: email, password: Self.password, from: client) } catch {
        if case .userExists = error { return false }
        throw error
      }
      return true
    }
  }

  @Test func `a network registers a hundred accounts, taken emails included, then one every ten seconds`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    let (here, there) = ("203.0.113.7", "203.0.113.8")
    for index in 1...60 { #expect(try await register(fixture.auth, "user\(index)@me.com", from: here) == .yes) }
    for _ in 1...40 { #expect(try await register(fixture.auth, AuthFixture.email, from: here) == .no) }
    #expect(try await register(fixture.auth, "one.more@me.com", from: here) == .throttled(after: .seconds(1)))
    #expect(try await register(fixture.auth, AuthFixture.email, from: here) == .throttled(after: .seconds(1)))
    #expect(try await register(fixture.auth, "elsewhere@me.com", from: there) == .yes)
    fixture.clock.advance(by: .seconds(10))
    #expect(try await register(fixture.auth, "one.more@me.com", from: here) == .yes)
    #expect(try await register(fixture.auth, "another@me.com", from: here) == .throttled(after: .seconds(1)))
  }

  @Test func `what is refused costs no hash, and an email or password that is not allowed counts for nothing`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    let client = Client.at("203.0.113.7")
    for _ in 1...200 {
      await #expect(throws: AuthError.self) { try await fixture.auth.register(email: "x", password: Self.password, from: client) }
      await #expect(throws: AuthError.self) {
        try await fixture.auth.register(email: "eve@me.com", password: "short", from: client)
      }
    }
    for _ in 1...100 { #expect(try await register(fixture.auth, AuthFixture.email, from: "203.0.113.7") == .no) }
    let hasher = CountingHasher()
    let auth = fixture.sharing(policy: .strict, hasher: hasher)
    #expect(try await register(auth, "eve@me.com", from: "203.0.113.7").isThrottled)
    #expect(hasher.count == .init())
  }

  @Test func `under classic, and for clients without an address, there is no limit`() async throws {
    let classic = try await AuthFixture.withBob(.classic)
    for _ in 1...150 { #expect(try await register(classic.auth, AuthFixture.email, from: "203.0.113.7") == .no) }
    let strict = try await AuthFixture.withBob(.strict)
    for _ in 1...150 {
      await #expect(throws: AuthError.userExists(email: AuthFixture.email)) {
        try await strict.auth.register(email: AuthFixture.email, password: Self.password, from: .unknown)
      }
    }
  }
}
