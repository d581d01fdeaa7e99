import AuthCore
import AuthTesting
import Testing

/// OWASP ASVS 5.0: 6.2.2, 6.2.3, 7.2.4, 7.4.3, 7.5.1, 7.5.3.
@Suite struct PasswordChangeTests {
  private static let new = AuthFixture.otherPassword

  private func change(
    _ auth: Auth, _ sessionID: SessionID, current: String = AuthFixture.password, new: String = new,
    from client: Client = .unknown
  ) async throws(AuthError) -> Login {
    try await auth.changePassword(sessionID: sessionID, current: current, new: new, from: client)
  }

  @Test(arguments: Preset.allCases)
  func `the new password counts, and the session goes on under a new id, as after a login`(_ preset: Preset) async throws {
    let fixture = try await AuthFixture.withBob(preset)
    let old = try await fixture.logInBob().sessionID
    fixture.clock.advance(by: .seconds(86400))
    let login = try await change(fixture.auth, old)
    #expect(try await login.user == fixture.bob)
    #expect(login.user.sessionID == login.sessionID.digest)
    #expect(login.expiresAt == fixture.clock.now + .seconds(30 * 86400))
    #expect(try await fixture.auth.getUserFromSessionID(login.sessionID) == fixture.bob)
    #expect(try await !fixture.isOpen(old))
    #expect(try await fixture.auth.guess(Self.new) == .yes)
    #expect(try await fixture.auth.guess(AuthFixture.password) == .no)
    fixture.clock.advance(by: .seconds(7 * 86400 - 1))
    #expect(try await fixture.isOpen(login.sessionID))
  }

  @Test func `the session that goes on is that of the client that asks`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    let old = try await fixture.auth.createSession(email: AuthFixture.email, from: .at("203.0.113.7"))?.sessionID
    let client = Client(ipAddress: IPAddress("2001:db8::1"), userAgent: "curl/8")
    _ = try await change(fixture.auth, #require(old), from: client)
    let session = try #require(try await fixture.auth.sessions(of: 1).first)
    #expect(session.ipAddress == "2001:db8::1")
    #expect(session.userAgent == "curl/8")
  }

  @Test(arguments: [true, false])
  func `the user's other sessions end if the policy says so, and nobody else's do`(endsOthers: Bool) async throws {
    var policy = AuthPolicy.classic
    policy.sessions.maximumPerUser = 5
    let fixture = AuthFixture(endsOthers ? .strict : policy)
    _ = try await fixture.registerBob()
    try await fixture.registerEve()
    let eves = try await fixture.auth.createSession(email: "eve@me.com")?.sessionID
    let bobs = [
      try await fixture.logInBob().sessionID, try await fixture.logInBob().sessionID, try await fixture.logInBob().sessionID,
    ]
    let new = try await change(fixture.auth, bobs[1]).sessionID
    let areOpen = try await (bobs + [new]).asyncMap { try await fixture.isOpen($0) }
    #expect(areOpen == [!endsOthers, false, !endsOthers, true])
    #expect(try await fixture.isOpen(eves))
    #expect(try await fixture.auth.guess(AuthFixture.password, for: "eve@me.com") == .yes)
  }

  @Test(arguments: Preset.allCases)
  func `the reset token is taken back`(_ preset: Preset) async throws {
    let fixture = try await AuthFixture.withBob(preset)
    let token = try await fixture.resetTokenForBob()
    let login = try await change(fixture.auth, fixture.logInBob().sessionID)
    #expect(login.user.resetToken == nil)
    await #expect(throws: AuthError.invalidResetToken) {
      try await fixture.auth.updatePassword(resetToken: token, password: AuthFixture.password)
    }
  }

  @Test(
    arguments: Preset.allCases,
    ["wrong", "", AuthFixture.password + " ", AuthFixture.otherPassword, String(repeating: "x", count: 5000)])
  func `with a wrong password nothing changes`(_ preset: Preset, _ current: String) async throws {
    let fixture = try await AuthFixture.withBob(preset)
    let sessionID = try await fixture.logInBob().sessionID
    let token = try await fixture.resetTokenForBob()
    let before = try await fixture.bob
    await #expect(throws: AuthError.wrongPassword) { try await change(fixture.auth, sessionID, current: current) }
    #expect(try await fixture.bob == before)
    #expect(try await fixture.isOpen(sessionID))
    #expect(try await fixture.auth.updatePassword(resetToken: token, password: Self.new).id == 1)
  }

  @Test(arguments: [
    ("", PasswordProblem.empty), ("too short", .tooShort(scalars: 9, minimum: 15)),
    (String(repeating: "x", count: 4097), .tooLong(bytes: 4097)), ("123456789012345", .common),
  ])
  func `a password that the policy refuses is refused before anything is counted or hashed`(
    _ new: String, _ problem: PasswordProblem
  ) async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    let sessionID = try await fixture.logInBob().sessionID
    let hasher = CountingHasher()
    let auth = fixture.sharing(policy: .strict, hasher: hasher)
    for current in ["wrong", "wrong", "wrong", "wrong", "wrong", AuthFixture.password] {
      await #expect(throws: AuthError.invalidPassword(problem)) { try await change(auth, sessionID, current: current, new: new) }
    }
    #expect(hasher.count == .init())
    #expect(try await fixture.auth.guess(AuthFixture.password) == .yes)
    #expect(try await fixture.isOpen(sessionID))
  }

  @Test(arguments: Preset.allCases)
  func `whoever is not logged in changes nothing`(_ preset: Preset) async throws {
    let fixture = try await AuthFixture.withBob(preset)
    let ended = try await fixture.logInBob().sessionID
    try await fixture.auth.logOut(ended, from: .unknown)
    let expired = try await fixture.logInBob().sessionID
    let token = try await fixture.resetTokenForBob()
    let texts = try await ["", "x", fixture.bob.sessionID?.hex, token.text]
    fixture.clock.advance(by: .seconds(30 * 86400))
    let before = try await fixture.bob
    for sessionID in texts.compactMap({ $0.map(SessionID.init) }) + [ended, expired] {
      await #expect(throws: AuthError.invalidSession) { try await change(fixture.auth, sessionID) }
    }
    #expect(try await fixture.bob == before)
  }

  @Test(arguments: [
    "x", "\0", "b4l0u\0", String(repeating: "x", count: 72), String(repeating: "x", count: 73),
    String(repeating: "é", count: 2048),
  ])
  func `every byte of a new password counts, and of the current one`(_ new: String) async throws {
    let fixture = try await AuthFixture.withBob(.classic)
    let login = try await change(fixture.auth, fixture.logInBob().sessionID, new: new)
    #expect(try await fixture.auth.guess(new) == .yes)
    for wrong in [String(new.dropLast()), new + "\0", new + "x"] {
      #expect(try await fixture.auth.guess(wrong) == .no)
      await #expect(throws: AuthError.wrongPassword) { try await change(fixture.auth, login.sessionID, current: wrong) }
    }
    _ = try await change(fixture.auth, login.sessionID, current: new)
    #expect(try await fixture.auth.guess(Self.new) == .yes)
  }

  @Test func `under strict a new password is stored in NFC, and the current one known in either form`() async throws {
    let (decomposed, composed) = ("cafe\u{301} au lait et croissant", "caf\u{e9} au lait et croissant")
    let fixture = try await AuthFixture.withBob(.classic)
    let first = try await change(fixture.auth, fixture.logInBob().sessionID, new: decomposed)
    let strict = fixture.sharing(policy: .strict)
    let second = try await change(strict, first.sessionID, current: decomposed, new: decomposed)
    #expect(try await fixture.auth.guess(composed) == .yes)
    #expect(try await fixture.auth.guess(decomposed) == .no)
    _ = try await change(strict, second.sessionID, current: decomposed)
    #expect(try await fixture.auth.guess(Self.new) == .yes)
  }
}
