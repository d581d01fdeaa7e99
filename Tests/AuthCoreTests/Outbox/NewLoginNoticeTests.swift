import AuthTesting
import Testing

@testable import AuthCore

/// Owners hear of logins from devices and networks that are new to the account.
///
/// OWASP ASVS 5.0: 6.3.5.
@Suite struct NewLoginNoticeTests {
  private static let chrome = """
    Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36
    """
  private static let newerChrome = chrome.replacing("131", with: "148")
  private static let phone = """
    Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 \
    Safari/604.1
    """

  private func client(_ address: String, _ userAgent: String? = chrome) -> Client {
    Client(ipAddress: IPAddress(address), userAgent: userAgent)
  }

  /// Logs Bob in, and returns the messages that it caused.
  private func logIn(
    _ fixture: AuthFixture, from client: Client, email: String = AuthFixture.email
  ) async throws -> [AuthMessage] {
    let outcome = try await fixture.auth.logIn(email: email, password: AuthFixture.password, from: client)
    #expect(outcome.login != nil)
    return try await fixture.delivered()
  }

  @Test func `the first login of an account tells no one, and the first from another client does`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    try await fixture.registerEve()
    #expect(try await logIn(fixture, from: client("192.0.2.7")).isEmpty)
    #expect(try await logIn(fixture, from: client("192.0.2.7")).isEmpty)
    let messages = try await logIn(fixture, from: client("192.0.2.7", Self.phone))
    guard messages.count == 1, case .newLogin(fixture.clock.now, "192.0.2.7", Self.phone) = messages[0].content else {
      Issue.record("\(messages)")
      return
    }
    #expect(messages[0].email.text == AuthFixture.email)
    #expect(try await logIn(fixture, from: client("192.0.2.7", Self.phone)).isEmpty)
    #expect(try await logIn(fixture, from: client("192.0.2.7"), email: "eve@me.com").isEmpty, "her first")
  }

  @Test(
    arguments: [
      ("192.0.2.7", newerChrome, false), ("192.0.2.200", chrome, false), ("192.0.3.7", chrome, true),
      ("192.0.2.7", phone, true), ("2001:db8::1", chrome, true), ("192.0.2.7", nil, true),
    ])
  func `a newer browser or another address nearby is known, another browser or network is new`(
    _ address: String, _ userAgent: String?, _ isNew: Bool
  ) async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    #expect(try await logIn(fixture, from: client("192.0.2.7")).isEmpty)
    #expect(try await logIn(fixture, from: client(address, userAgent)).map(\.kind) == (isNew ? [.newLogin] : []))
  }

  @Test func `all of a site's IPv6 addresses are one network`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    #expect(try await logIn(fixture, from: client("2001:db8:1:2::3")).isEmpty)
    #expect(try await logIn(fixture, from: client("2001:db8:1:ffff::4")).isEmpty)
    #expect(try await logIn(fixture, from: client("2001:db8:2:2::3")).map(\.kind) == [.newLogin])
  }

  @Test func `a login from an unknown network tells no one and is not remembered`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    #expect(try await logIn(fixture, from: client("192.0.2.7")).isEmpty)
    #expect(try await logIn(fixture, from: .unknown).isEmpty)
    #expect(fixture.store.tables.withLock { $0.knownClients[1]?.count } == 2, "the client, and that there was one")
  }

  @Test func `a client is known for ninety days after its last login, and after them even an only client is new`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    for _ in 1...3 {
      #expect(try await logIn(fixture, from: client("192.0.2.7")).isEmpty)
      fixture.clock.advance(by: .seconds(90 * 86_400))
    }
    fixture.clock.advance(by: .seconds(1))
    while try await fixture.auth.purge() > 0 {}
    #expect(fixture.store.tables.withLock { $0.knownClients[1]?.count } == 1)
    #expect(try await logIn(fixture, from: client("192.0.2.7")).map(\.kind) == [.newLogin])
  }

  @Test func `a client is written down again once a day`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    func lastSeen() -> Timestamp? {
      fixture.store.tables.withLock { $0.knownClients[1]?.values.min() }
    }
    let first = fixture.clock.now
    _ = try await logIn(fixture, from: client("192.0.2.7"))
    fixture.clock.advance(by: .seconds(86_399))
    _ = try await logIn(fixture, from: client("192.0.2.7"))
    #expect(lastSeen() == first)
    fixture.clock.advance(by: .seconds(1))
    _ = try await logIn(fixture, from: client("192.0.2.7"))
    #expect(lastSeen() == fixture.clock.now)
  }

  @Test func `simultaneous logins from one new client tell once`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    #expect(try await logIn(fixture, from: client("192.0.2.7")).isEmpty)
    let phone = client("198.51.100.7", Self.phone)
    _ = try await atOnce(10) { _ in
      try await fixture.auth.logIn(email: AuthFixture.email, password: AuthFixture.password, from: phone)
    }
    #expect(try await fixture.deliveredKinds() == [.newLogin])
  }

  @Test func `a login that fails, by its password or by the store, is not remembered`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    #expect(try await logIn(fixture, from: client("192.0.2.7")).isEmpty)
    let phone = client("198.51.100.7", Self.phone)
    #expect(try await fixture.auth.logIn(email: AuthFixture.email, password: "wrong", from: phone).login == nil)
    await #expect(throws: AuthError.self) {
      try await fixture.failing(.addSession).logIn(email: AuthFixture.email, password: AuthFixture.password, from: phone)
    }
    #expect(try await fixture.deliveredKinds() == [])
    #expect(try await logIn(fixture, from: phone).map(\.kind) == [.newLogin])
  }

  @Test func `only a digest is stored, which differs between users, and it goes with the account`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    try await fixture.registerEve()
    for email in [AuthFixture.email, "eve@me.com"] {
      #expect(try await logIn(fixture, from: client("192.0.2.7"), email: email).isEmpty)
    }
    let clients = fixture.store.tables.withLock { $0.knownClients.mapValues { $0.keys.filter { $0 != KnownClient.any } } }
    #expect(clients[1]?.count == 1 && clients[2]?.count == 1 && clients[1] != clients[2])
    #expect(clients.values.joined().allSatisfy { $0.hex.utf8.count == 64 })
    try await fixture.auth.deleteUser(1, from: .unknown)
    #expect(fixture.store.tables.withLock { $0.knownClients.keys.sorted() } == [2])
  }

  @Test func `a session that is opened for a user whom the caller has authenticated is a login`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    #expect(try await logIn(fixture, from: client("192.0.2.7")).isEmpty)
    _ = try await fixture.auth.openSession(email: AuthFixture.email, from: client("198.51.100.7"))
    #expect(try await fixture.deliveredKinds() == [.newLogin])
  }
}
