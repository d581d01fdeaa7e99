import AuthCore
import AuthTesting
import Testing

/// Asking for a reset token that is delivered out of band.
///
/// OWASP ASVS 5.0: 6.3.8, 6.4.3.
@Suite struct ResetRequestTests {
  private func request(
    _ auth: Auth, for email: String = AuthFixture.email, from client: Client = .unknown, times count: Int = 1
  ) async throws -> [Duration?] {
    var delays: [Duration?] = []
    for _ in 0..<count {
      do throws(AuthError) {
        try await auth.requestPasswordReset(email: email, from: client)
        delays.append(nil)
      } catch {
        guard case .throttled(let delay) = error else { throw error }
        delays.append(delay)
      }
    }
    return delays
  }

  private static let granted: [Duration?] = [nil, nil, nil, nil, nil]

  @Test(arguments: Preset.allCases, [Client.unknown, .at("203.0.113.7")])
  func `the store is asked the same whether there is such an account or not`(_ preset: Preset, _ client: Client) async throws {
    let fixture = try await AuthFixture.withBob(preset)
    let sequences = try await [AuthFixture.email, "eve@me.com"].asyncMap { email in
      let operations = RecordedOperations()
      try await fixture.intercepting { operations.append($0) }.requestPasswordReset(email: email, from: client)
      return operations.all
    }
    #expect(sequences[0] == sequences[1])
    #expect(sequences[0].last == .addMessage)
  }

  @Test(arguments: Preset.allCases)
  func `asking hashes nothing, issues nothing and changes nothing of the account`(_ preset: Preset) async throws {
    let fixture = try await AuthFixture.withBob(preset)
    let sessionID = try await fixture.logInBob().sessionID
    let token = try await fixture.resetTokenForBob()
    let before = try await fixture.bob
    let hasher = CountingHasher()
    _ = try await request(fixture.sharing(policy: preset.policy, hasher: hasher))
    #expect(hasher.count == .init())
    #expect(try await fixture.bob == before)
    #expect(try await fixture.isOpen(sessionID))
    #expect(try await fixture.auth.updatePassword(resetToken: token, password: AuthFixture.otherPassword).id == 1)
  }

  @Test(arguments: ["", "Bob@me.com\n", String(repeating: "x", count: 251), String(repeating: "x", count: 100_000)])
  func `a text that is not an email gets the same response, and nothing waits to be delivered`(_ email: String) async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    #expect(try await request(fixture.auth, for: email, times: 6) == Self.granted + [.seconds(300)])
    let delivery = RecordingDelivery()
    guard case .nothingDue = try await fixture.auth.deliverNextMessage(through: delivery) else {
      Issue.record("a request for no address waits")
      return
    }
  }

  @Test(arguments: ["Bob@me.com", "eve@me.com"])
  func `under strict five requests for an email are granted, and then there are delays`(_ email: String) async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    #expect(try await request(fixture.auth, for: email, times: 7) == Self.granted + [.seconds(300), .seconds(300)])
    #expect(try await request(fixture.auth, for: email.uppercased()) == [.seconds(300)])
    #expect(try await request(fixture.auth, for: "alice@me.com") == [nil])
    for delay in [300, 600, 1200, 2400] {
      fixture.clock.advance(by: .seconds(delay))
      #expect(try await request(fixture.auth, for: email, times: 2) == [nil, .seconds(delay * 2).capped])
    }
    fixture.clock.advance(by: .seconds(10 * 3600))
    #expect(try await request(fixture.auth, for: email, times: 5) == Self.granted)
  }

  @Test func `under strict fifty requests from a network are granted, and then there are delays`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    let client = Client.at("203.0.113.7")
    for index in 1...50 { try await fixture.auth.requestPasswordReset(email: "user\(index)@me.com", from: client) }
    #expect(try await request(fixture.auth, from: client) == [.seconds(1)])
    #expect(try await request(fixture.auth, from: .at("203.0.113.8")) == [nil])
    fixture.clock.advance(by: .seconds(1))
    #expect(try await request(fixture.auth, from: client, times: 2) == [nil, .seconds(2)])
  }

  @Test func `of many requests at once for one email five are granted`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    let delays = try await atOnce(60) { _ in try await request(fixture.auth)[0] }
    #expect(delays.count { $0 == nil } == 5)
  }

  @Test func `under classic requests are not limited`() async throws {
    let fixture = try await AuthFixture.withBob(.classic)
    #expect(try await request(fixture.auth, from: .at("203.0.113.7"), times: 200).allSatisfy { $0 == nil })
  }

  @Test func `no request keeps anybody from logging in, and no failure from asking`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    let client = Client.at("203.0.113.7")
    for index in 1...50 { try await fixture.auth.requestPasswordReset(email: "user\(index)@me.com", from: client) }
    _ = try await request(fixture.auth, times: 10)
    #expect(try await fixture.auth.from(client).guess(AuthFixture.password) == .yes)
    #expect(try await fixture.auth.from(client).guess(times: 5) == Array(repeating: .no, count: 5))

    let other = try await AuthFixture.withBob(.strict)
    try await other.auth.from(client).guess(times: 6)
    #expect(try await request(other.auth, from: client, times: 5) == Self.granted)
  }

  @Test func `while 10,000 requests wait no more are taken`() async throws {
    let fixture = try await AuthFixture.withBob(.classic)
    for index in 1..<Auth.maximumResetRequests {
      let request = OutboxMessage(
        id: "\(index)", kind: .passwordReset, email: Email(stored: "user\(index)"), createdAt: fixture.clock.now)
      #expect(try await fixture.store.addMessage(request, limit: .max))
    }
    #expect(Auth.maximumResetRequests == 10_000)
    #expect(try await request(fixture.auth) == [nil])
    for email in [AuthFixture.email, "eve@me.com"] {
      let error = await #expect(throws: AuthError.self) {
        try await fixture.auth.requestPasswordReset(email: email, from: .unknown)
      }
      guard case .unavailable = error else {
        Issue.record("\(String(describing: error))")
        return
      }
    }
    _ = try await fixture.auth.deliverNextMessage(through: RecordingDelivery())
    #expect(try await request(fixture.auth) == [nil])
  }

  @Test(arguments: [InterceptingStore.Operation.settle, .findUser, .addMessage])
  func `a store that cannot answer is unavailable`(_ failing: InterceptingStore.Operation) async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    for email in [AuthFixture.email, "eve@me.com"] {
      await #expect(throws: AuthError.unavailable("disk on fire")) {
        try await fixture.failing(failing).requestPasswordReset(email: email, from: .unknown)
      }
    }
  }
}

extension Duration {
  /// What strict lets a delay between requests come to.
  fileprivate var capped: Duration { min(self, .seconds(3600)) }
}
