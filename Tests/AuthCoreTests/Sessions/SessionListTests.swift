import AuthCore
import AuthTesting
import Testing

/// OWASP ASVS 5.0: 7.2.4.
@Suite struct SessionListTests {
  private static let day = Duration.seconds(86400)

  @Test func `a user's open sessions are listed, the newest first, and nobody else's`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    try await fixture.registerEve()
    var logIns: [Login] = []
    for _ in 1...3 {
      logIns.append(try await fixture.logInBob())
      _ = try await fixture.auth.createSession(email: "eve@me.com")?.sessionID
      fixture.clock.advance(by: .seconds(1))
    }
    let sessions = try await fixture.auth.sessions(of: 1)
    #expect(sessions.map(\.id) == logIns.reversed().map(\.sessionID.digest))
    #expect(sessions.map(\.expiresAt) == logIns.reversed().map(\.expiresAt))
    #expect(sessions.allSatisfy { $0.userID == 1 && $0.createdAt == $0.lastUsedAt })
    #expect(try await fixture.auth.sessions(of: 2).count == 3)
    for nobody in [0, 3, -1, .max] as [User.ID] { #expect(try await fixture.auth.sessions(of: nobody).isEmpty) }
  }

  @Test func `the name of a session in the list cannot be presented as one`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    _ = try await fixture.logInBob()
    let listed = try #require(try await fixture.auth.sessions(of: 1).first)
    #expect(try await !fixture.isOpen(SessionID(listed.id.hex)))
  }

  @Test func `a session remembers the client that opened it`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    let client = Client(ipAddress: IPAddress("::ffff:203.0.113.7"), userAgent: "curl\n/8", requestID: "42")
    let login = try await fixture.auth.logIn(
      email: AuthFixture.email, password: AuthFixture.password, remember: true, from: client
    ).login
    _ = try await fixture.auth.createSession(email: AuthFixture.email, from: .at("2001:DB8::1"))?.sessionID
    _ = try await fixture.logInBob()
    // Whoever uses it later does not change that.
    fixture.clock.advance(by: Self.day)
    _ = try await fixture.auth.getUserFromSessionID(login?.sessionID)
    let sessions = try await fixture.auth.sessions(of: 1)
    #expect(sessions.map(\.ipAddress) == [nil, "2001:db8::1", "203.0.113.7"])
    #expect(sessions.map(\.userAgent) == [nil, nil, "curl/8"])
    #expect(sessions.last?.lastUsedAt == fixture.clock.now)
  }

  @Test(arguments: Preset.allCases)
  func `a user ends one of their sessions, once`(_ preset: Preset) async throws {
    let fixture = try await AuthFixture.withBob(preset)
    let login = try await fixture.logInBob()
    #expect(try await fixture.auth.endSession(login.sessionID.digest, of: 1, from: .unknown))
    #expect(try await !fixture.isOpen(login.sessionID))
    #expect(try await fixture.bob.sessionID == nil)
    #expect(try await !fixture.auth.endSession(login.sessionID.digest, of: 1, from: .unknown))
  }

  @Test func `a user ends none of somebody else's sessions, and no other of their own`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    try await fixture.registerEve()
    let eves = try #require(try await fixture.auth.createSession(email: "eve@me.com")?.sessionID)
    let bobs = [try await fixture.logInBob().sessionID, try await fixture.logInBob().sessionID]
    for id in [eves.digest, TokenDigest(hex: ""), TokenDigest(hex: bobs[0].text)] {
      #expect(try await !fixture.auth.endSession(id, of: 1, from: .unknown))
    }
    #expect(try await fixture.auth.endSession(bobs[0].digest, of: 1, from: .unknown))
    #expect(try await (bobs + [eves]).asyncMap { try await fixture.isOpen($0) } == [false, true, true])
  }

  @Test func `a user ends all sessions but this one`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    try await fixture.registerEve()
    let eves = try #require(try await fixture.auth.createSession(email: "eve@me.com")?.sessionID)
    let bobs = [
      try await fixture.logInBob().sessionID, try await fixture.logInBob().sessionID, try await fixture.logInBob().sessionID,
    ]
    #expect(try await fixture.auth.endSessions(of: 1, except: bobs[1], from: .unknown) == 2)
    #expect(try await (bobs + [eves]).asyncMap { try await fixture.isOpen($0) } == [false, true, false, true])
    #expect(try await fixture.auth.endSessions(of: 1, except: bobs[1], from: .unknown) == 0)
    #expect(try await fixture.auth.endSessions(of: 1, except: eves, from: .unknown) == 1)
    #expect(try await fixture.auth.sessions(of: 1).isEmpty)
    #expect(try await fixture.isOpen(eves))
  }

  @Test func `a session that ended by time is neither listed nor counted as ended`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    let unused = try await fixture.logInBob().sessionID
    let used = try await fixture.logInBob().sessionID
    fixture.clock.advance(by: Self.day * 6)
    #expect(try await fixture.isOpen(used))
    fixture.clock.advance(by: Self.day - .seconds(1))
    #expect(try await fixture.auth.sessions(of: 1).count == 2)
    fixture.clock.advance(by: .seconds(1))
    #expect(try await fixture.auth.sessions(of: 1).map(\.id) == [used.digest])
    #expect(try await !fixture.auth.endSession(unused.digest, of: 1, from: .unknown))
    #expect(try await fixture.auth.endSessions(of: 1, except: SessionID("none"), from: .unknown) == 1)
  }

  @Test(arguments: Preset.allCases)
  func `a session in use is listed until 30 days after log in`(_ preset: Preset) async throws {
    let fixture = try await AuthFixture.withBob(preset)
    let sessionID = try await fixture.logInBob().sessionID
    for _ in 1..<30 {
      fixture.clock.advance(by: Self.day)
      #expect(try await fixture.isOpen(sessionID))
    }
    fixture.clock.advance(by: Self.day - .seconds(1))
    #expect(try await fixture.auth.sessions(of: 1).map(\.id) == [sessionID.digest])
    fixture.clock.advance(by: .seconds(1))
    #expect(try await fixture.auth.sessions(of: 1).isEmpty)
  }

  @Test(arguments: Preset.allCases)
  func `a login ends the session that the client has so far, whoever's it is`(_ preset: Preset) async throws {
    let fixture = try await AuthFixture.withBob(preset)
    try await fixture.registerEve()
    let eves = try #require(try await fixture.auth.createSession(email: "eve@me.com")?.sessionID)
    let (email, password) = (AuthFixture.email, AuthFixture.password)
    let first = try #require(
      try await fixture.auth.logIn(email: email, password: password, replacing: eves, from: .unknown).login?.sessionID)
    #expect(try await !fixture.isOpen(eves))
    #expect(try await fixture.store.findUser(by: .id(2)).sessionID == nil)
    let second = try await fixture.auth.logIn(email: email, password: password, replacing: first, from: .unknown).login?.sessionID
    #expect(try await !fixture.isOpen(first))
    #expect(try await fixture.auth.sessions(of: 1).map(\.id) == [second?.digest])
  }

  @Test(arguments: ["", "x", "00000000-0000-4000-8000-000000000000"])
  func `a login in the place of no session is one like any other`(_ former: String) async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    let other = try await fixture.logInBob().sessionID
    let login = try await fixture.auth.logIn(
      email: AuthFixture.email, password: AuthFixture.password, replacing: SessionID(former), from: .unknown
    ).login
    #expect(try await fixture.auth.sessions(of: 1).map(\.id) == [login?.sessionID.digest, other.digest])
  }

  @Test func `a login that fails ends no session`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    let former = try await fixture.logInBob().sessionID
    for _ in 1...5 {
      #expect(
        try await fixture.auth.logIn(email: AuthFixture.email, password: "wrong", replacing: former, from: .unknown).login == nil)
    }
    await #expect(throws: AuthError.throttled(retryAfter: .seconds(1))) {
      try await fixture.auth.logIn(email: AuthFixture.email, password: AuthFixture.password, replacing: former, from: .unknown)
        .login
    }
    await #expect(throws: AuthError.unavailable("disk on fire")) {
      fixture.clock.advance(by: .seconds(1))
      return try await fixture.failing(.addSession).logIn(
        email: AuthFixture.email, password: AuthFixture.password, replacing: former, from: .unknown
      ).login
    }
    #expect(try await fixture.isOpen(former))
  }
}
