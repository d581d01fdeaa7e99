import AuthCore
import AuthTesting
import Testing

/// OWASP ASVS 5.0: 6.3.6, 6.4.3; NIST SP 800-63B-4: 4.2.1.2.
@Suite struct PasswordResetTests {
  private static let new = AuthFixture.otherPassword

  @Test(arguments: Preset.allCases, ["Bob@me.com", "BOB@ME.COM"])
  func `a reset token sets a new password, and the old one is refused`(_ preset: Preset, _ email: String) async throws {
    let fixture = try await AuthFixture.withBob(preset)
    let reset = try await fixture.auth.getResetPasswordToken(email: email)
    #expect(reset.user.email.text == "Bob@me.com")
    #expect(reset.expiresAt == fixture.clock.now + .seconds(3600))
    #expect(try await fixture.bob.resetToken == reset.token.digest)
    #expect(try await fixture.auth.updatePassword(resetToken: reset.token, password: Self.new).email.text == "Bob@me.com")
    #expect(try await fixture.bob.resetToken == nil)
    #expect(try await fixture.auth.validLogin(email: AuthFixture.email, password: Self.new))
    #expect(try await !fixture.auth.validLogin(email: AuthFixture.email, password: AuthFixture.password))
  }

  @Test(arguments: ["eve@me.com", "", "Bob@me.com\n"])
  func `an email that no account has gets no token`(_ email: String) async throws {
    let fixture = try await AuthFixture.withBob(.classic)
    await #expect(throws: AuthError.unknownUser) { try await fixture.auth.getResetPasswordToken(email: email) }
  }

  @Test(arguments: Preset.allCases)
  func `asking for a token changes neither password nor sessions`(_ preset: Preset) async throws {
    let fixture = try await AuthFixture.withBob(preset)
    let sessionID = try await fixture.logInBob().sessionID
    _ = try await fixture.resetTokenForBob()
    #expect(try await fixture.auth.getUserFromSessionID(sessionID)?.id == 1)
    #expect(try await fixture.auth.validLogin(email: AuthFixture.email, password: AuthFixture.password))
  }

  @Test(arguments: Preset.allCases)
  func `a reset token works once`(_ preset: Preset) async throws {
    let fixture = try await AuthFixture.withBob(preset)
    let token = try await fixture.resetTokenForBob()
    try await fixture.auth.updatePassword(resetToken: token, password: Self.new)
    await #expect(throws: AuthError.invalidResetToken) {
      try await fixture.auth.updatePassword(resetToken: token, password: AuthFixture.password)
    }
    #expect(try await fixture.auth.validLogin(email: AuthFixture.email, password: Self.new))
  }

  @Test(arguments: Preset.allCases)
  func `the newest token replaces the older one`(_ preset: Preset) async throws {
    let fixture = try await AuthFixture.withBob(preset)
    let older = try await fixture.resetTokenForBob()
    let newest = try await fixture.resetTokenForBob()
    await #expect(throws: AuthError.invalidResetToken) {
      try await fixture.auth.updatePassword(resetToken: older, password: Self.new)
    }
    #expect(try await fixture.auth.updatePassword(resetToken: newest, password: Self.new).id == 1)
  }

  @Test(arguments: Preset.allCases)
  func `a token for another email is refused, and stays valid for its owner`(_ preset: Preset) async throws {
    let fixture = try await AuthFixture.withBob(preset)
    _ = try await fixture.auth.register(email: "eve@me.com", password: AuthFixture.password)
    let token = try await fixture.resetTokenForBob()
    for email in ["eve@me.com", "nobody@me.com", "", "Bob@me.com\n", "Bob@me.com "] {
      await #expect(throws: AuthError.invalidResetToken) {
        try await fixture.auth.updatePassword(resetToken: token, password: Self.new, email: email)
      }
    }
    #expect(try await fixture.auth.updatePassword(resetToken: token, password: Self.new, email: "bob@ME.com").id == 1)
    #expect(try await !fixture.auth.validLogin(email: "eve@me.com", password: Self.new))
  }

  @Test(arguments: Preset.allCases)
  func `a reset token ends after an hour`(_ preset: Preset) async throws {
    let fixture = try await AuthFixture.withBob(preset)
    let first = try await fixture.resetTokenForBob()
    fixture.clock.advance(by: .seconds(3599))
    try await fixture.auth.updatePassword(resetToken: first, password: Self.new)
    let second = try await fixture.resetTokenForBob()
    fixture.clock.advance(by: .seconds(3600))
    await #expect(throws: AuthError.invalidResetToken) {
      try await fixture.auth.updatePassword(resetToken: second, password: AuthFixture.password)
    }
  }

  @Test func `a token that ends while the new password is hashed is refused`() async throws {
    let fixture = try await AuthFixture.withBob(.classic)
    let token = try await fixture.resetTokenForBob()
    fixture.clock.advance(by: .seconds(3599))
    let store = InterceptingStore(fixture.store) { operation in
      if operation == .findResetToken { fixture.clock.advance(by: .seconds(1)) }
    }
    let auth = Auth(policy: .classic, store: store, hasher: BcryptHasher.fast, clock: fixture.clock)
    await #expect(throws: AuthError.invalidResetToken) { try await auth.updatePassword(resetToken: token, password: Self.new) }
    #expect(try await fixture.auth.validLogin(email: AuthFixture.email, password: AuthFixture.password))
  }

  @Test(arguments: [true, false])
  func `an empty or made-up token matches nobody, and hashes nothing`(hasToken: Bool) async throws {
    let fixture = try await AuthFixture.withBob(.classic)
    var texts = ["", "x", " ", "nil", "null", "00000000-0000-4000-8000-000000000000"]
    if hasToken { texts.append(try await fixture.resetTokenForBob().text + " ") }
    let hasher = CountingHasher()
    let auth = fixture.sharing(policy: .classic, hasher: hasher)
    for text in texts {
      await #expect(throws: AuthError.invalidResetToken) {
        try await auth.updatePassword(resetToken: ResetToken(text), password: Self.new)
      }
    }
    #expect(hasher.count == .init())
  }

  @Test(arguments: Preset.allCases)
  func `neither a session id nor what is stored of a token is a reset token`(_ preset: Preset) async throws {
    let fixture = try await AuthFixture.withBob(preset)
    let sessionID = try await fixture.logInBob().sessionID
    let token = try await fixture.resetTokenForBob()
    for text in [sessionID.text, sessionID.digest.hex, token.digest.hex] {
      await #expect(throws: AuthError.invalidResetToken) {
        try await fixture.auth.updatePassword(resetToken: ResetToken(text), password: Self.new)
      }
    }
    #expect(try await fixture.auth.updatePassword(resetToken: token, password: Self.new).id == 1)
  }

  @Test func `under classic open sessions survive a new password`() async throws {
    let fixture = try await AuthFixture.withBob(.classic)
    let sessionID = try await fixture.logInBob().sessionID
    let user = try await fixture.auth.updatePassword(resetToken: fixture.resetTokenForBob(), password: Self.new)
    #expect(try await fixture.auth.getUserFromSessionID(sessionID)?.id == 1)
    #expect(try await user == fixture.bob)
  }

  @Test func `under strict a new password ends all sessions of its user, and nobody else's`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    _ = try await fixture.auth.register(email: "eve@me.com", password: AuthFixture.password)
    let eves = try await fixture.auth.createSession(email: "eve@me.com")?.sessionID
    let bobs = [try await fixture.logInBob().sessionID, try await fixture.logInBob().sessionID]
    let user = try await fixture.auth.updatePassword(resetToken: fixture.resetTokenForBob(), password: Self.new)
    for sessionID in bobs { #expect(try await fixture.auth.getUserFromSessionID(sessionID) == nil) }
    #expect(try await fixture.auth.getUserFromSessionID(eves)?.id == 2)
    #expect(try await user == fixture.bob)
  }

  @Test(arguments: ["", String(repeating: "x", count: 4097)])
  func `a password that no account may have leaves the token valid`(_ password: String) async throws {
    let fixture = try await AuthFixture.withBob(.classic)
    let token = try await fixture.resetTokenForBob()
    let problem: PasswordProblem = password.isEmpty ? .empty : .tooLong(bytes: 4097)
    await #expect(throws: AuthError.invalidPassword(problem)) {
      try await fixture.auth.updatePassword(resetToken: token, password: password)
    }
    #expect(try await fixture.auth.updatePassword(resetToken: token, password: "x").id == 1)
  }

  @Test(arguments: Preset.allCases)
  func `one token used many times at once succeeds exactly once, and that password counts`(_ preset: Preset) async throws {
    let fixture = try await AuthFixture.withBob(preset)
    let token = try await fixture.resetTokenForBob()
    let passwords = (0..<30).map { "the new password, number \($0)" }
    let set = try await withThrowingTaskGroup(of: String?.self) { group in
      for password in passwords {
        group.addTask {
          do throws(AuthError) {
            try await fixture.auth.updatePassword(resetToken: token, password: password)
            return password
          } catch .invalidResetToken {
            return nil
          }
        }
      }
      return try await group.reduce(into: [String]()) { set, password in if let password { set.append(password) } }
    }
    #expect(set.count == 1)
    #expect(try await fixture.auth.validLogin(email: AuthFixture.email, password: #require(set.first)))
  }
}
