import AuthCore
import AuthTesting
import Testing

/// Who is known in a network, by a login there or by a session, is not refused for what others in it do.
///
/// OWASP ASVS 5.0: 6.3.1.
@Suite struct KnownNetworkTests {
  /// Makes the mistakes with which a delay of the network begins, each by somebody else.
  private func delay(_ office: Guesser) async throws {
    for index in 1...5 { #expect(try await office.guess(for: "user\(index)@me.com") == .no) }
    #expect(try await office.guess(for: "newcomer@me.com").isThrottled)
  }

  private func logIn(_ guesser: Guesser, replacing former: SessionID? = nil) async throws -> Guess {
    try await guesser.guess { auth, client throws(AuthError) in
      try await auth.logIn(email: AuthFixture.email, password: AuthFixture.password, replacing: former, from: client).login != nil
    }
  }

  @Test(arguments: [true, false])
  func `whoever has logged in from the network is not delayed with it, nor are their mistakes counted`(
    opensSession: Bool
  ) async throws {
    let fixture = try await AuthFixture.withNarrowNetworks()
    let office = fixture.auth.from("203.0.113.7")
    let login = try await opensSession ? logIn(office) : office.guess(AuthFixture.password)
    #expect(login == .yes)
    #expect(try await Set(office.guess(times: 4)) == [.no])
    try await delay(office)
    #expect(try await logIn(office) == .yes)
    #expect(try await Set(office.guess(times: 4, for: AuthFixture.email.uppercased())) == [.no])
    #expect(try await office.guess(AuthFixture.password) == .yes)
    #expect(try await office.guess(for: "newcomer@me.com") == .throttled(after: .seconds(1)))
  }

  @Test func `a login elsewhere, or by somebody else, does not help`() async throws {
    let fixture = try await AuthFixture.withNarrowNetworks()
    try await fixture.registerEve()
    let office = fixture.auth.from("203.0.113.7")
    #expect(try await office.guess(AuthFixture.password, for: "eve@me.com") == .yes)
    #expect(try await logIn(fixture.auth.from("203.0.113.8")) == .yes)
    #expect(try await logIn(fixture.auth.from(.unknown)) == .yes)
    try await delay(office)
    #expect(try await logIn(office).isThrottled)
  }

  @Test func `a login is remembered for as long as attempts are, from the last one`() async throws {
    let fixture = try await AuthFixture.withNarrowNetworks()
    let office = fixture.auth.from("203.0.113.7")
    let day = Duration.seconds(86_400)
    for _ in 1...3 {
      #expect(try await logIn(office) == .yes)
      fixture.clock.advance(by: day * 29)
      while try await fixture.auth.purge() > 0 {}
      try await delay(office)
      #expect(try await logIn(office) == .yes)
      fixture.clock.advance(by: .seconds(1))
    }
    fixture.clock.advance(by: day * 30)
    try await delay(office)
    #expect(try await logIn(office).isThrottled)
  }

  @Test func `a session of the account is enough, and no other`() async throws {
    let fixture = try await AuthFixture.withNarrowNetworks()
    try await fixture.registerEve()
    let office = fixture.auth.from("203.0.113.7")
    let phone = try await fixture.logInBob().sessionID
    let ended = try await fixture.logInBob().sessionID
    try await fixture.auth.logOut(ended, from: .unknown)
    let eves = try await fixture.auth.logIn(email: "eve@me.com", password: AuthFixture.password, from: .unknown).login
    try await delay(office)
    for former in [nil, SessionID("made up"), ended, try #require(eves).sessionID] {
      #expect(try await logIn(office, replacing: former).isThrottled)
    }
    #expect(try await logIn(office, replacing: phone) == .yes)
  }

  @Test func `the delay of the email holds all the same, and costs no hash while the network is delayed, too`() async throws {
    let fixture = try await AuthFixture.withNarrowNetworks()
    let office = fixture.auth.from("203.0.113.7")
    #expect(try await logIn(office) == .yes)
    try await delay(office)
    #expect(try await Set(office.guess(times: 5)) == [.no])
    let hasher = CountingHasher()
    let auth = fixture.sharing(policy: .narrowNetworks, hasher: hasher).from("203.0.113.7")
    #expect(try await auth.guess(AuthFixture.password) == .throttled(after: .seconds(1)))
    #expect(hasher.count == .init())
  }

  @Test func `an account of their own gives no one an unlimited number of hashes`() async throws {
    let fixture = try await AuthFixture.withNarrowNetworks()
    #expect(try await logIn(fixture.auth.from("203.0.113.7")) == .yes)
    let hasher = CountingHasher()
    let auth = fixture.sharing(policy: .narrowNetworks, hasher: hasher).from("203.0.113.7")
    try await auth.guess(times: 100)
    // Five are answered, and five more are counted for the network while the email is delayed.
    #expect(hasher.count.verified == 10)
  }

  @Test func `one network tries no more passwords in a day than 1,445`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    let network = fixture.auth.from("203.0.113.7")
    // The best that there is: as many at once as are free, then one at each moment at which one is forgiven.
    let start = fixture.clock.now
    var count = 0
    while fixture.clock.now < start + .seconds(86_400) {
      let guess = try await network.guess(for: "user\(count)@me.com")
      if case .throttled(let delay) = guess { fixture.clock.advance(by: delay) } else { count += 1 }
      if count >= 99 { fixture.clock.advance(by: .seconds(75)) }
    }
    #expect((1_000...1_445).contains(count))
  }
}
