import AuthCore
import AuthTesting
import Testing

/// A hash of weaker settings is replaced when its password is known: at login.
///
/// NIST SP 800-63B-4: 3.1.1.2.
@Suite struct RehashTests {
  private static let stronger = BcryptHasher(cost: 5, threads: 1, maximumWait: .seconds(1_000_000))

  private func auth(_ store: some AuthStore) -> Auth {
    Auth(policy: .classic, store: store, hasher: Self.stronger, clock: ManualClock())
  }

  @Test(arguments: ["validLogin", "logIn"])
  func `a login replaces a hash of a lower cost, and the password stays`(_ operation: String) async throws {
    let fixture = try await AuthFixture.withBob(.classic)
    let auth = auth(fixture.store)
    if operation == "logIn" {
      let login = try await auth.logIn(email: AuthFixture.email, password: AuthFixture.password, from: .unknown).login
      #expect(try await auth.getUserFromSessionID(login?.sessionID) != nil)
    } else {
      #expect(try await auth.validLogin(email: AuthFixture.email, password: AuthFixture.password))
    }
    #expect(try await fixture.bob.hashedPassword.text.hasPrefix("$2b$05$"))
    #expect(try await auth.validLogin(email: AuthFixture.email, password: AuthFixture.password))
  }

  @Test func `a wrong password replaces nothing`() async throws {
    let fixture = try await AuthFixture.withBob(.classic)
    let before = try await fixture.bob
    #expect(try await !auth(fixture.store).validLogin(email: AuthFixture.email, password: "wrong"))
    #expect(try await fixture.bob == before)
  }

  @Test(arguments: ["$2a$", "$2y$", "$2b$"])
  func `a hash of a higher cost is left alone, and one of the same in today's form`(_ prefix: String) async throws {
    let fixture = try await AuthFixture.withBob(.classic)
    let hash = try await PasswordHash(prefix + Self.stronger.hash(Password(AuthFixture.password)).text.dropFirst(4))
    try await fixture.store.updateUser(1, .hashedPassword(hash))
    for hasher in prefix == "$2b$" ? [Self.stronger, .fast] : [.fast] {
      let auth = fixture.sharing(policy: .classic, hasher: hasher)
      #expect(try await auth.validLogin(email: AuthFixture.email, password: AuthFixture.password))
    }
    #expect(try await fixture.bob.hashedPassword == hash)
  }

  @Test func `a hash of a higher cost is left alone, even if the password would be stored in another form today`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    let decomposed = "cafe\u{301} au lait et croissant"
    let hash = try await Self.stronger.hash(Password(decomposed))
    try await fixture.store.updateUser(1, .hashedPassword(hash))
    #expect(try await fixture.auth.validLogin(email: AuthFixture.email, password: decomposed))
    #expect(try await fixture.bob.hashedPassword == hash)
  }

  @Test(arguments: ["$2a$", "$2y$"])
  func `a hash of the same cost in another form is replaced`(_ prefix: String) async throws {
    let fixture = try await AuthFixture.withBob(.classic)
    let hash = try await PasswordHash(prefix + Self.stronger.hash(Password(AuthFixture.password)).text.dropFirst(4))
    try await fixture.store.updateUser(1, .hashedPassword(hash))
    #expect(try await auth(fixture.store).validLogin(email: AuthFixture.email, password: AuthFixture.password))
    #expect(try await fixture.bob.hashedPassword.text.hasPrefix("$2b$05$"))
    #expect(try await auth(fixture.store).validLogin(email: AuthFixture.email, password: AuthFixture.password))
  }

  @Test func `a password that was set meanwhile is not overwritten`() async throws {
    let fixture = try await AuthFixture.withBob(.classic)
    let new = try await BcryptHasher.fast.hash(Password("new"))
    let store = InterceptingStore(fixture.store) { operation throws(StoreError) in
      if operation == .replaceHashedPassword { try await fixture.store.updateUser(1, .hashedPassword(new)) }
    }
    #expect(try await auth(store).validLogin(email: AuthFixture.email, password: AuthFixture.password))
    #expect(try await fixture.bob.hashedPassword == new)
  }

  @Test func `a store that cannot replace the hash does not fail the login`() async throws {
    let fixture = try await AuthFixture.withBob(.classic)
    let auth = auth(InterceptingStore(fixture.store, failing: .replaceHashedPassword))
    #expect(try await auth.validLogin(email: AuthFixture.email, password: AuthFixture.password))
    let login = try await auth.logIn(email: AuthFixture.email, password: AuthFixture.password, from: .unknown).login
    #expect(try await auth.getUserFromSessionID(login?.sessionID)?.id == 1)
  }

  @Test func `a session opened before the hash is replaced stays open`() async throws {
    let fixture = try await AuthFixture.withBob(.classic)
    let before = try await fixture.logInBob()
    #expect(try await auth(fixture.store).validLogin(email: AuthFixture.email, password: AuthFixture.password))
    #expect(try await fixture.auth.getUserFromSessionID(before.sessionID)?.id == 1)
  }
}

/// Between the check of a password and the opening of the session the password is replaced.
@Suite struct LogInRaceTests {
  private func logIn(with password: String, whenReplacedBy replacement: String) async throws -> (Login?, AuthFixture) {
    let fixture = try await AuthFixture.withBob(.classic)
    let hash = try await BcryptHasher.fast.hash(Password(replacement))
    let store = InterceptingStore(fixture.store) { operation throws(StoreError) in
      if operation == .addSession { try await fixture.store.updateUser(1, .hashedPassword(hash)) }
    }
    let auth = Auth(policy: .classic, store: store, hasher: BcryptHasher.fast, clock: fixture.clock)
    return (try await auth.logIn(email: AuthFixture.email, password: password, from: .unknown).login, fixture)
  }

  @Test func `no session is opened with a password that is no longer the user's`() async throws {
    let (login, fixture) = try await logIn(with: AuthFixture.password, whenReplacedBy: "new password")
    #expect(login == nil)
    #expect(try await fixture.bob.sessionID == nil)
  }

  @Test func `a session is opened when the same password was only hashed again`() async throws {
    let (login, fixture) = try await logIn(with: AuthFixture.password, whenReplacedBy: AuthFixture.password)
    #expect(try await fixture.auth.getUserFromSessionID(login?.sessionID)?.id == 1)
  }
}
