import AuthCore
import AuthTesting
import Testing

@Suite struct PurgeTests {
  private static let day = Duration.seconds(86400)

  /// Bob, with so many sessions.
  private static func bob(_ preset: Preset, sessions count: Int) async throws -> (AuthFixture, Set<TokenDigest>) {
    let fixture = try await AuthFixture.withBob(preset)
    var digests: Set<TokenDigest> = []
    for _ in 0..<count {
      digests.insert(try #require(try await fixture.auth.createSession(email: AuthFixture.email)?.sessionID).digest)
    }
    return (fixture, digests)
  }

  @Test func `what has ended goes in batches, and each expired session is recorded once`() async throws {
    let (fixture, digests) = try await Self.bob(.strict, sessions: 20)
    _ = try await fixture.resetTokenForBob()
    for index in 0..<4 { try await fixture.auth.guess(times: 1, for: "user\(index)") }
    fixture.clock.advance(by: Self.day * 30 + .seconds(1))
    let events = RecordedEvents()
    let auth = fixture.sharing(policy: .strict, events: events)
    var counts: [Int] = []
    repeat { counts.append(try await auth.purge(limit: 10)) } while counts.last == 10
    #expect(counts == [10, 10, 5])
    #expect(events.all.allSatisfy { $0.kind == .sessionExpired && $0.userID == 1 })
    #expect(events.all.count == 20)
    #expect(Set(events.all.compactMap(\.sessionID)) == digests)
    #expect(try await auth.purge(limit: 10) == 0)
    #expect(try await fixture.bob.sessionID == nil)
    #expect(try await fixture.bob.resetToken == nil)
  }

  @Test func `what lives stays, to the last second`() async throws {
    let (fixture, _) = try await Self.bob(.strict, sessions: 3)
    let token = try await fixture.resetTokenForBob()
    try await fixture.auth.guess(times: 5, for: "eve@me.com")
    #expect(try await fixture.auth.purge() == 0)
    #expect(try await fixture.auth.guess(for: "eve@me.com") == .throttled(after: .seconds(1)))
    fixture.clock.advance(by: .seconds(3599))
    #expect(try await fixture.auth.purge() == 0)
    #expect(try await fixture.auth.updatePassword(resetToken: token, password: AuthFixture.password).id == 1)
  }

  @Test func `sessions go when they have not been used for 7 days, and others stay`() async throws {
    let (fixture, _) = try await Self.bob(.strict, sessions: 2)
    let used = try await fixture.logInBob().sessionID
    fixture.clock.advance(by: Self.day * 6)
    #expect(try await fixture.isOpen(used))
    fixture.clock.advance(by: Self.day - .seconds(1))
    #expect(try await fixture.auth.purge() == 0)
    fixture.clock.advance(by: .seconds(1))
    #expect(try await fixture.auth.purge() == 2)
    #expect(try await fixture.isOpen(used))
    #expect(try await fixture.bob.sessionID == used.digest)
  }

  @Test func `under classic sessions go 30 days after log in`() async throws {
    let (fixture, _) = try await Self.bob(.classic, sessions: 1)
    fixture.clock.advance(by: Self.day * 30 - .seconds(1))
    #expect(try await fixture.auth.purge() == 0)
    fixture.clock.advance(by: .seconds(1))
    #expect(try await fixture.auth.purge() == 1)
  }

  @Test func `reset tokens go an hour after their issue`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    _ = try await fixture.resetTokenForBob()
    fixture.clock.advance(by: .seconds(3599))
    #expect(try await fixture.auth.purge() == 0)
    fixture.clock.advance(by: .seconds(1))
    #expect(try await fixture.auth.purge() == 1)
    #expect(try await fixture.bob.resetToken == nil)
  }

  @Test func `failures go when they are forgotten`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    try await fixture.auth.from("203.0.113.7").guess(times: 2)
    fixture.clock.advance(by: Self.day * 30)
    #expect(try await fixture.auth.purge() == 0)
    fixture.clock.advance(by: .seconds(1))
    #expect(try await fixture.auth.purge() == 2)
  }

  @Test func `requests for reset tokens that wait stay`() async throws {
    let fixture = try await AuthFixture.withBob(.classic)
    try await fixture.auth.requestPasswordReset(email: AuthFixture.email, from: .unknown)
    fixture.clock.advance(by: Self.day - .seconds(1))
    #expect(try await fixture.auth.purge() == 0)
    #expect(try await fixture.auth.deliver(through: RecordingDelivery()) == .delivered)
  }

  @Test func `of many that purge at once each expired session is recorded by one`() async throws {
    let (fixture, digests) = try await Self.bob(.strict, sessions: 20)
    fixture.clock.advance(by: Self.day * 7)
    let events = RecordedEvents()
    let auth = fixture.sharing(policy: .strict, events: events)
    let counts = try await atOnce(10) { _ in try await auth.purge(limit: 3) }
    #expect(counts.reduce(0, +) == 20)
    #expect(events.all.count == 20)
    #expect(Set(events.all.compactMap(\.sessionID)) == digests)
  }

  @Test func `a store that cannot purge is unavailable, and nothing is recorded`() async throws {
    let (fixture, _) = try await Self.bob(.strict, sessions: 1)
    fixture.clock.advance(by: Self.day * 7)
    await #expect(throws: AuthError.unavailable("disk on fire")) { try await fixture.failing(.purge).purge() }
    #expect(try await fixture.auth.purge() == 1)
  }
}
