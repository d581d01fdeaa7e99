import AuthCore
import AuthTesting
import Testing

/// OWASP ASVS 5.0: 7.6.2.
@Suite struct LoginTests {
  @Test(arguments: Preset.allCases, ["Bob@me.com", "bob@me.com", "BOB@ME.COM"])
  func `the email in any ASCII letter case and the password log in`(_ preset: Preset, _ email: String) async throws {
    let fixture = try await AuthFixture.withBob(preset)
    #expect(try await fixture.auth.validLogin(email: email, password: AuthFixture.password))
    let login = try #require(try await fixture.auth.logIn(email: email, password: AuthFixture.password, from: .unknown).login)
    #expect(login.user.email.text == "Bob@me.com")
    #expect(login.expiresAt == fixture.clock.now + .seconds(preset == .strict ? 86400 : 30 * 86400))
    #expect(!login.isRemembered)
    #expect(try await fixture.auth.getUserFromSessionID(login.sessionID)?.id == 1)
    #expect(try await login.user == fixture.bob)
    let remembered = try #require(
      try await fixture.auth.logIn(email: email, password: AuthFixture.password, remember: true, from: .unknown).login)
    #expect(remembered.expiresAt == fixture.clock.now + .seconds(30 * 86400))
    #expect(remembered.isRemembered)
  }

  private static let wrong = [
    ("Bob@me.com", "t4rt1fl3tt3"), ("Bob@me.com", ""), ("Bob@me.com", "Correct horse battery"),
    ("Bob@me.com", "correct horse battery "), ("Bob@me.com", "correct horse battery\0"),
    ("Bob@me.com", String(repeating: "x", count: 5000)),
    ("eve@me.com", AuthFixture.password), ("", AuthFixture.password), ("", ""), ("Bob@me.com\n", AuthFixture.password),
    ("Bob@me.com ", AuthFixture.password), (String(repeating: "x", count: 251), AuthFixture.password),
  ]

  @Test(arguments: Preset.allCases, wrong)
  func `any other email or password does not log in`(_ preset: Preset, _ given: (String, String)) async throws {
    let fixture = try await AuthFixture.withBob(preset)
    #expect(try await !fixture.auth.validLogin(email: given.0, password: given.1))
    #expect(try await fixture.auth.logIn(email: given.0, password: given.1, from: .unknown).login == nil)
    #expect(try await fixture.bob.sessionID == nil)
  }

  @Test(arguments: Preset.allCases, wrong)
  func `a failed login asks for the same work, whatever failed`(_ preset: Preset, _ given: (String, String)) async throws {
    let hasher = CountingHasher()
    let auth = try await AuthFixture.withBob(preset).sharing(policy: preset.policy, hasher: hasher)
    _ = try await auth.validLogin(email: given.0, password: given.1)
    #expect(hasher.count == .init(hashed: 0, verified: 1))
  }

  @Test func `asking whether a login is valid opens no session`() async throws {
    let fixture = try await AuthFixture.withBob(.classic)
    let open = try await fixture.logInBob()
    #expect(try await fixture.auth.validLogin(email: AuthFixture.email, password: AuthFixture.password))
    #expect(try await fixture.bob.sessionID == open.sessionID.digest)
  }

  @Test(arguments: [PasswordHash(""), PasswordHash("*"), PasswordHash("secret")])
  func `a user whose stored hash nobody can read cannot log in`(_ hash: PasswordHash) async throws {
    let fixture = try await AuthFixture.withBob(.classic)
    try await fixture.store.updateUser(1, .hashedPassword(hash))
    for password in ["", "*", "secret", AuthFixture.password] {
      #expect(try await !fixture.auth.validLogin(email: AuthFixture.email, password: password))
    }
    #expect(try await fixture.bob.hashedPassword == hash)
  }

  @Test(arguments: [PasswordHasherError.overloaded(retryAfter: .seconds(3)), .cancelled])
  func `when the hasher cannot answer, neither do we`(_ error: PasswordHasherError) async throws {
    let fixture = try await AuthFixture.withBob(.classic)
    let token = try await fixture.resetTokenForBob()
    let auth = fixture.sharing(policy: .classic, hasher: CountingHasher(error: error))
    let expected: AuthError = error == .cancelled ? .cancelled : .overloaded(retryAfter: .seconds(3))
    let (email, password) = (AuthFixture.email, AuthFixture.password)
    await #expect(throws: expected) { try await auth.validLogin(email: email, password: password) }
    await #expect(throws: expected) { try await auth.validLogin(email: "eve@me.com", password: password) }
    await #expect(throws: expected) { try await auth.logIn(email: email, password: password, from: .unknown).login }
    await #expect(throws: expected) { try await auth.register(email: "eve@me.com", password: password) }
    await #expect(throws: expected) { try await auth.updatePassword(resetToken: token, password: "new") }
    #expect(try await fixture.auth.updatePassword(resetToken: token, password: "new").id == 1)
  }
}
