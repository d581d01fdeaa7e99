import AuthCore
import AuthTesting
import Testing

/// OWASP ASVS 5.0: 7.2.1, 7.2.2, 7.3.1, 7.3.2, 7.4.1, 7.4.5; NIST SP 800-63B-4: 5.2.
@Suite struct SessionTests {
  private static let day = Duration.seconds(86400)

  @Test(arguments: Preset.allCases)
  func `a session belongs to its user, and its id is stored as a digest`(_ preset: Preset) async throws {
    let fixture = try await AuthFixture.withBob(preset)
    let sessionID = try #require(try await fixture.auth.createSession(email: "bob@ME.com")?.sessionID)
    #expect(try await fixture.auth.getUserFromSessionID(sessionID)?.email.text == "Bob@me.com")
    #expect(try await fixture.bob.sessionID == sessionID.digest)
  }

  @Test(arguments: ["eve@me.com", "", "Bob@me.com\n", "Bob@me.com "])
  func `an email that no account has gets no session`(_ email: String) async throws {
    #expect(try await AuthFixture.withBob(.classic).auth.createSession(email: email)?.sessionID == nil)
  }

  @Test(arguments: Preset.allCases)
  func `nil, an empty id and an unknown one are nobody's`(_ preset: Preset) async throws {
    let fixture = try await AuthFixture.withBob(preset)
    let sessionID = try await fixture.logInBob().sessionID
    let others = [nil, "", "x", "00000000-0000-4000-8000-000000000000", sessionID.text + " ", String(sessionID.text.dropLast())]
    for other in others.map({ $0.map(SessionID.init) }) {
      #expect(try await fixture.auth.getUserFromSessionID(other) == nil)
      #expect(try await !fixture.auth.logOut(other, from: .unknown))
    }
    #expect(try await fixture.auth.getUserFromSessionID(sessionID)?.id == 1)
  }

  @Test(arguments: Preset.allCases)
  func `what is stored of a session cannot be presented as one`(_ preset: Preset) async throws {
    let fixture = try await AuthFixture.withBob(preset)
    let stored = try await SessionID(fixture.logInBob().sessionID.digest.hex)
    #expect(try await fixture.auth.getUserFromSessionID(stored) == nil)
    #expect(try await !fixture.auth.logOut(stored, from: .unknown))
  }

  @Test(arguments: Preset.allCases)
  func `a reset token is no session id`(_ preset: Preset) async throws {
    let fixture = try await AuthFixture.withBob(preset)
    let token = try await fixture.resetTokenForBob()
    #expect(try await fixture.auth.getUserFromSessionID(SessionID(token.text)) == nil)
  }

  @Test func `under classic a login replaces the former session`() async throws {
    let fixture = try await AuthFixture.withBob(.classic)
    let first = try await fixture.logInBob()
    let second = try await fixture.logInBob()
    #expect(try await fixture.auth.getUserFromSessionID(first.sessionID) == nil)
    #expect(try await fixture.auth.getUserFromSessionID(second.sessionID)?.id == 1)
  }

  @Test func `a login leaves the sessions of others alone`() async throws {
    let fixture = try await AuthFixture.withBob(.classic)
    _ = try await fixture.auth.register(email: "eve@me.com", password: "xxxx")
    let bobs = try await fixture.logInBob()
    let eves = try await fixture.auth.logIn(email: "eve@me.com", password: "xxxx", from: .unknown).login
    #expect(try await fixture.auth.getUserFromSessionID(bobs.sessionID)?.id == 1)
    #expect(try await fixture.auth.getUserFromSessionID(eves?.sessionID)?.id == 2)
  }

  @Test func `under strict a user has 20 sessions, and the 21st ends the oldest`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    var sessions: [SessionID] = []
    for _ in 0..<21 {
      sessions.append(try #require(try await fixture.auth.createSession(email: AuthFixture.email)?.sessionID))
      if sessions.count == 20 { #expect(try await fixture.auth.getUserFromSessionID(sessions[0])?.id == 1) }
    }
    #expect(try await fixture.auth.getUserFromSessionID(sessions[0]) == nil)
    for session in sessions.dropFirst() { #expect(try await fixture.auth.getUserFromSessionID(session)?.id == 1) }
  }

  @Test func `under classic a session ends 30 days after log in, whether used or not`() async throws {
    let fixture = try await AuthFixture.withBob(.classic)
    let sessionID = try await fixture.logInBob().sessionID
    fixture.clock.advance(by: Self.day * 30 - .seconds(1))
    #expect(try await fixture.auth.getUserFromSessionID(sessionID)?.id == 1)
    fixture.clock.advance(by: .seconds(1))
    #expect(try await fixture.auth.getUserFromSessionID(sessionID) == nil)
    #expect(try await !fixture.auth.logOut(sessionID, from: .unknown))
  }

  @Test func `under strict a session in daily use ends after 30 days`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    let sessionID = try await fixture.logInBob().sessionID
    for _ in 1...29 {
      fixture.clock.advance(by: Self.day)
      #expect(try await fixture.auth.getUserFromSessionID(sessionID)?.id == 1)
    }
    fixture.clock.advance(by: Self.day)
    #expect(try await fixture.auth.getUserFromSessionID(sessionID) == nil)
  }

  @Test func `under strict a session ends after 7 days without use`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    let sessionID = try await fixture.logInBob().sessionID
    for _ in 1...2 {
      fixture.clock.advance(by: Self.day * 7 - .seconds(1))
      #expect(try await fixture.auth.getUserFromSessionID(sessionID)?.id == 1)
    }
    fixture.clock.advance(by: Self.day * 7)
    #expect(try await fixture.auth.getUserFromSessionID(sessionID) == nil)
    #expect(try await !fixture.auth.logOut(sessionID, from: .unknown))
  }

  @Test func `use is recorded once a minute`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    let login = try await fixture.logInBob()
    let live = Session.Cutoff(expiringAfter: .distantPast, usedAfter: .distantPast)
    for (seconds, recorded) in [(59, 0), (60, 60), (119, 60), (120, 120)] {
      let start = try #require(try await fixture.store.findSession(login.sessionID.digest, in: live)).session.createdAt
      fixture.clock.advance(by: .seconds(start.secondsSince1970 + Int64(seconds) - fixture.clock.now.secondsSince1970))
      _ = try await fixture.auth.getUserFromSessionID(login.sessionID)
      let stored = try #require(try await fixture.store.findSession(login.sessionID.digest, in: live)).session
      #expect(stored.lastUsedAt == start + .seconds(recorded))
    }
  }

  @Test func `a store that cannot record the use still says whose session it is`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    let sessionID = try await fixture.logInBob().sessionID
    let store = InterceptingStore(fixture.store, failing: .touchSession)
    let auth = Auth(policy: .strict, store: store, hasher: BcryptHasher.fast, clock: fixture.clock)
    fixture.clock.advance(by: Self.day)
    #expect(try await auth.getUserFromSessionID(sessionID)?.id == 1)
  }

  @Test func `a session that ended by time gives way before one that is live`() async throws {
    var policy = AuthPolicy.strict
    policy.sessions.maximumPerUser = 2
    let fixture = AuthFixture(policy)
    _ = try await fixture.registerBob()
    let used = try await fixture.logInBob().sessionID
    _ = try await fixture.logInBob()
    fixture.clock.advance(by: Self.day * 4)
    _ = try await fixture.auth.getUserFromSessionID(used)
    fixture.clock.advance(by: Self.day * 4)
    _ = try await fixture.logInBob()
    #expect(try await fixture.auth.getUserFromSessionID(used)?.id == 1)
  }

  @Test(arguments: Preset.allCases)
  func `a logout ends this session, once`(_ preset: Preset) async throws {
    let fixture = try await AuthFixture.withBob(preset)
    let other = try await fixture.logInBob().sessionID
    let sessionID = try await fixture.logInBob().sessionID
    #expect(try await fixture.auth.logOut(sessionID, from: .unknown))
    #expect(try await fixture.auth.getUserFromSessionID(sessionID) == nil)
    #expect(try await !fixture.auth.logOut(sessionID, from: .unknown))
    #expect(try await (fixture.auth.getUserFromSessionID(other) != nil) == (preset == .strict))
  }

  @Test(arguments: Preset.allCases)
  func `destroying a user's session ends every one of theirs, and nobody else's`(_ preset: Preset) async throws {
    let fixture = try await AuthFixture.withBob(preset)
    _ = try await fixture.auth.register(email: "eve@me.com", password: AuthFixture.password)
    let eves = try await fixture.auth.createSession(email: "eve@me.com")?.sessionID
    let bobs = [try await fixture.logInBob().sessionID, try await fixture.logInBob().sessionID]
    try await fixture.auth.destroySession(userID: 1)
    for sessionID in bobs { #expect(try await fixture.auth.getUserFromSessionID(sessionID) == nil) }
    #expect(try await fixture.bob.sessionID == nil)
    #expect(try await fixture.auth.getUserFromSessionID(eves)?.id == 2)
  }

  @Test(arguments: [0, 2, -1, .max] as [User.ID])
  func `destroying the session of nobody is no error`(_ id: User.ID) async throws {
    let fixture = try await AuthFixture.withBob(.classic)
    let sessionID = try await fixture.logInBob().sessionID
    try await fixture.auth.destroySession(userID: id)
    #expect(try await fixture.auth.getUserFromSessionID(sessionID)?.id == 1)
  }
}
