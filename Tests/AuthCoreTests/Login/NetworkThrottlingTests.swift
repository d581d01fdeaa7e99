import AuthCore
import AuthTesting
import Testing

/// What wrong passwords from one client network lead to, under strict.
///
/// OWASP ASVS 5.0: 6.3.1; NIST SP 800-63B-4: 3.2.2.
@Suite struct NetworkThrottlingTests {
  /// One wrong password for each of so many addresses.
  private func spray(_ guesser: Guesser, _ count: Int) async throws -> [Guess] {
    var guesses: [Guess] = []
    for index in 0..<count { guesses.append(try await guesser.guess(for: "user\(index)@me.com")) }
    return guesses
  }

  @Test func `a network is delayed from the hundredth failure on, and a success there counts for nothing`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    let office = fixture.auth.from("203.0.113.7")
    #expect(try await Set(spray(office, 50)) == [.no])
    #expect(try await office.guess(AuthFixture.password) == .yes)
    #expect(try await Set(spray(office, 50)) == [.no])
    #expect(try await spray(office, 1) == [.throttled(after: .seconds(1))])
    fixture.clock.advance(by: .seconds(75))
    #expect(try await spray(office, 2) == [.no, .throttled(after: .seconds(1))])
  }

  @Test func `failures with different emails count together, and other networks are not affected`() async throws {
    let fixture = try await AuthFixture.withNarrowNetworks()
    let attacker = fixture.auth.from("203.0.113.7")
    #expect(try await spray(attacker, 6) == [.no, .no, .no, .no, .no, .throttled(after: .seconds(1))])
    #expect(try await attacker.guess(AuthFixture.password) == .throttled(after: .seconds(1)))
    #expect(try await fixture.auth.from("203.0.113.8").guess(AuthFixture.password) == .yes)
    #expect(try await fixture.auth.guess(AuthFixture.password) == .yes)
    fixture.clock.advance(by: .seconds(1))
    #expect(try await attacker.guess(AuthFixture.password) == .yes)
  }

  @Test func `a success does not end the row`() async throws {
    let fixture = try await AuthFixture.withNarrowNetworks()
    let attacker = fixture.auth.from("203.0.113.7")
    for _ in 1...2 {
      _ = try await spray(attacker, 2)
      #expect(try await attacker.guess(AuthFixture.password) == .yes)
    }
    #expect(try await spray(attacker, 2) == [.no, .throttled(after: .seconds(1))])
  }

  @Test func `a failure is forgiven each minute`() async throws {
    let fixture = try await AuthFixture.withNarrowNetworks()
    let attacker = fixture.auth.from("203.0.113.7")
    _ = try await spray(attacker, 5)
    for (seconds, delay) in [(59, 2), (60, 2), (120, 1)] {
      fixture.clock.advance(by: .seconds(seconds))
      #expect(try await spray(attacker, 2) == [.no, .throttled(after: .seconds(delay))])
    }
    fixture.clock.advance(by: .seconds(300))
    #expect(try await Set(spray(attacker, 5)) == [.no])
  }

  @Test func `delays grow to 15 minutes`() async throws {
    let fixture = try await AuthFixture.withNarrowNetworks()
    let attacker = fixture.auth.from("203.0.113.7")
    _ = try await spray(attacker, 4)
    for (index, seconds) in [1, 2, 4, 8, 16, 32, 64, 64, 64].enumerated() {
      #expect(try await attacker.guess(for: "eve\(index)") == .no)
      #expect(try await attacker.guess(for: "eve\(index)") == .throttled(after: .seconds(seconds)))
      fixture.clock.advance(by: .seconds(seconds))
    }
    // All at once they come to the longest.
    var policy = AuthPolicy.narrowNetworks
    policy.throttling.loginPerNetwork?.firstDelay = .seconds(800)
    let auth = fixture.sharing(policy: policy).from("203.0.113.8")
    _ = try await spray(auth, 5)
    fixture.clock.advance(by: .seconds(800))
    policy.throttling.loginPerNetwork?.forgiveness = nil
    let unforgiving = fixture.sharing(policy: policy).from("203.0.113.8")
    #expect(try await spray(unforgiving, 2) == [.no, .throttled(after: .seconds(900))])
  }

  @Test func `IPv6 addresses that share their first half count together`() async throws {
    let fixture = try await AuthFixture.withNarrowNetworks()
    for index in 1...5 {
      let auth = fixture.auth.from("2001:db8:1:2:\(index)::\(index)")
      #expect(try await auth.guess(for: "user\(index)@me.com") == .no)
    }
    #expect(try await fixture.auth.from("2001:db8:1:2:ffff::").guess(AuthFixture.password).isThrottled)
    #expect(try await fixture.auth.from("2001:db8:1:3::1").guess(AuthFixture.password) == .yes)
  }

  @Test func `an IPv4 address is one client, through whichever socket it comes`() async throws {
    let fixture = try await AuthFixture.withNarrowNetworks()
    _ = try await spray(fixture.auth.from("203.0.113.7"), 3)
    _ = try await spray(fixture.auth.from("::ffff:203.0.113.7"), 2)
    #expect(try await fixture.auth.from("203.0.113.7").guess(AuthFixture.password).isThrottled)
  }

  @Test func `of a client without an IP address nothing is counted but for the email of the account`() async throws {
    let fixture = try await AuthFixture.withNarrowNetworks()
    #expect(try await Set(spray(fixture.auth.from(.unknown), 20)) == [.no])
    #expect(try await fixture.auth.from(Client(userAgent: "curl")).guess(AuthFixture.password) == .yes)
  }

  @Test func `under classic networks are not counted`() async throws {
    let auth = try await AuthFixture.withBob(.classic).auth.from("203.0.113.7")
    #expect(try await Set(spray(auth, 110)) == [.no])
    #expect(try await auth.guess(AuthFixture.password) == .yes)
  }

  @Test func `what a network is refused during its delay does not count for the email`() async throws {
    let fixture = try await AuthFixture.withNarrowNetworks()
    let attacker = fixture.auth.from("203.0.113.7")
    _ = try await spray(attacker, 5)
    #expect(try await attacker.guess(times: 10).allSatisfy(\.isThrottled))
    #expect(try await Set(fixture.auth.guess(times: 4)) == [.no])
    #expect(try await fixture.auth.guess(AuthFixture.password) == .yes)
  }

  @Test func `what is refused during the delay of an email counts for the network, the right password too`() async throws {
    let fixture = try await AuthFixture.withNarrowNetworks()
    let asking = fixture.auth.from("203.0.113.7")
    try await fixture.auth.guess(times: 5)
    for password in ["wrong", AuthFixture.password, "wrong", AuthFixture.password] {
      #expect(try await asking.guess(password).isThrottled)
    }
    #expect(try await spray(asking, 1) == [.no])
    #expect(try await asking.guess("wrong", for: "alice@me.com").isThrottled)
    fixture.clock.advance(by: .seconds(1))
    #expect(try await asking.guess(AuthFixture.password) == .yes)
  }

  @Test func `of two delays that begin while a password is checked the longer is told`() async throws {
    let fixture = try await AuthFixture.withNarrowNetworks()
    let client = Client.at("203.0.113.7")
    try await fixture.auth.guess(times: 5)
    fixture.clock.advance(by: .seconds(1))
    let hasher = MeddlingHasher {
      _ = try? await fixture.auth.guess()
      _ = try? await spray(fixture.auth.from(client), 5)
    }
    let auth = fixture.sharing(policy: .narrowNetworks, hasher: hasher).from(client)
    #expect(try await auth.guess(AuthFixture.password) == .throttled(after: .seconds(2)))
    fixture.clock.advance(by: .seconds(2))
    #expect(try await fixture.auth.from(client).guess(AuthFixture.password) == .yes)
  }
}
