import AuthTesting
import Testing

@testable import AuthCore

@Suite struct EqualWorkTests {
  /// `K` written as the Kelvin sign, which NFC makes an ASCII letter.
  @Test(arguments: ["Korrect horse battery", "Korrect horse batterz"])
  func `a password that is not in NFC costs the same checks right or wrong, so that a delay tells nothing`(
    password: String
  ) async throws {
    let (hasher, clock) = (CountingHasher(), ManualClock())
    let auth = Auth(policy: .strict, store: InMemoryStore(), hasher: hasher, clock: clock)
    _ = try await auth.register(email: AuthFixture.email, password: "Korrect horse battery")
    for _ in 1...5 { _ = try await auth.validLogin(email: AuthFixture.email, password: "wrong") }
    let before = hasher.count.verified
    await #expect(throws: AuthError.throttled(retryAfter: .seconds(1))) {
      try await auth.validLogin(email: AuthFixture.email, password: "\u{212A}" + password.dropFirst())
    }
    #expect(hasher.count.verified - before == 2)
  }

  @Test func `a client that asks on in the delay of an email is soon in one of its network`() async throws {
    let (hasher, clock) = (CountingHasher(), ManualClock())
    let auth = Auth(policy: .narrowNetworks, store: InMemoryStore(), hasher: hasher, clock: clock)
    _ = try await auth.register(email: AuthFixture.email, password: AuthFixture.password)
    for index in 1...5 {
      try await auth.from("198.51.100.\(index)").guess()
    }
    let before = hasher.count.verified
    let attacker = auth.from("203.0.113.7")
    for index in 1...20 { _ = try await attacker.guess(index % 2 == 0 ? AuthFixture.password : "wrong") }
    #expect(hasher.count.verified - before == 5)
  }
}
