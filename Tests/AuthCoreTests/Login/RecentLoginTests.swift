import AuthCore
import AuthTesting
import Testing

/// What needs a recent login asks when and how the user authenticated, not how old the session is.
///
/// OWASP ASVS 5.0: 7.5.2.
@Suite struct RecentLoginTests {
  private func session(_ id: SessionID, in fixture: AuthFixture) async throws -> Session {
    try #require(try await fixture.auth.sessions(of: 1).first { $0.id == id.digest })
  }

  @Test func `a login records its time and the password`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    let session = try await session(fixture.logInBob().sessionID, in: fixture)
    #expect(session.authenticatedAt == fixture.clock.now)
    #expect(session.methods == [.password])
  }

  @Test func `a login is recent for fifteen minutes, to the second`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    let login = try await fixture.logInBob()
    fixture.clock.advance(by: .seconds(900))
    #expect(try await fixture.auth.confirm(sessionID: login.sessionID, from: .unknown).id == 1)
    fixture.clock.advance(by: .seconds(1))
    await #expect(throws: AuthError.reauthenticationRequired) {
      try await fixture.auth.confirm(sessionID: login.sessionID, from: .unknown)
    }
    #expect(try await fixture.auth.confirm(sessionID: login.sessionID, password: AuthFixture.password, from: .unknown).id == 1)
  }

  @Test func `a session opened without authentication is never recent`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    let login = try #require(try await fixture.auth.createSession(email: AuthFixture.email))
    let session = try await session(login.sessionID, in: fixture)
    #expect(session.authenticatedAt == nil && session.methods.isEmpty)
    await #expect(throws: AuthError.reauthenticationRequired) {
      try await fixture.auth.confirm(sessionID: login.sessionID, from: .unknown)
    }
    #expect(try await fixture.auth.confirm(sessionID: login.sessionID, password: AuthFixture.password, from: .unknown).id == 1)
  }

  @Test func `a session opened for a user whom the caller has authenticated is recent`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    let methods = [AuthenticationMethod(rawValue: "sc"), AuthenticationMethod(rawValue: "pin")]
    let login = try #require(
      try await fixture.auth.openSession(email: AuthFixture.email, authenticatedBy: methods, from: .unknown))
    #expect(try await session(login.sessionID, in: fixture).methods == methods)
    #expect(try await fixture.auth.confirm(sessionID: login.sessionID, from: .unknown).id == 1)
  }

  @Test func `changing the password counts as a login`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    let login = try await fixture.logInBob()
    fixture.clock.advance(by: .seconds(3600))
    let renewed = try await fixture.auth.changePassword(
      sessionID: login.sessionID, current: AuthFixture.password, new: AuthFixture.otherPassword, from: .unknown)
    #expect(try await session(renewed.sessionID, in: fixture).authenticatedAt == fixture.clock.now)
  }

  @Test(arguments: Preset.allCases)
  func `a session opened without a password says when it ends, and replaces another`(_ preset: Preset) async throws {
    let fixture = try await AuthFixture.withBob(preset)
    let former = try await fixture.logInBob().sessionID
    let login = try #require(try await fixture.auth.createSession(email: AuthFixture.email, replacing: former))
    #expect(login.expiresAt == fixture.clock.now + preset.policy.sessions.lifetime)
    #expect(login.user.sessionID == login.sessionID.digest)
    #expect(try await !fixture.isOpen(former))
  }

  @Test(arguments: [(AuthFixture.password, InterceptingStore.Operation.addSession), ("wrong", .settle)])
  func `a login under strict costs the store one read and one write`(
    _ password: String, _ write: InterceptingStore.Operation
  ) async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    let operations = RecordedOperations()
    let auth = fixture.intercepting { operations.append($0) }
    _ = try await auth.logIn(email: AuthFixture.email, password: password, from: .at("203.0.113.7"))
    #expect(operations.all == [.findUserAndCounters, write])
  }
}
