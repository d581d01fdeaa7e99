import AuthCore
import AuthTesting
import Testing

/// OWASP ASVS 5.0: 7.4.2, 7.5.3; NIST SP 800-63B-4: 4.5.
@Suite struct DeletionTests {
  @Test(arguments: Preset.allCases)
  func `a deleted account is gone with its sessions and tokens, and its email is free`(_ preset: Preset) async throws {
    let fixture = try await AuthFixture.withBob(preset)
    let other = try await fixture.logInBob().sessionID
    let sessionID = try await fixture.logInBob().sessionID
    let token = try await fixture.resetTokenForBob()
    try await fixture.auth.deleteUser(sessionID: sessionID, password: AuthFixture.password, from: .unknown)
    await #expect(throws: StoreError.noResultFound) { try await fixture.bob }
    #expect(try await fixture.auth.guess(AuthFixture.password) == .no)
    #expect(try await fixture.auth.sessions(of: 1).isEmpty)

    #expect(try await fixture.auth.register(email: "BOB@me.com", password: AuthFixture.otherPassword).id == 2)
    for sessionID in [sessionID, other] { #expect(try await !fixture.isOpen(sessionID)) }
    await #expect(throws: AuthError.invalidResetToken) {
      try await fixture.auth.updatePassword(resetToken: token, password: AuthFixture.password)
    }
    #expect(try await fixture.auth.guess(AuthFixture.otherPassword) == .yes)
    #expect(try await fixture.auth.guess(AuthFixture.password) == .no)
  }

  @Test func `other accounts stay as they are`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    let eve = try await fixture.registerEve()
    let eves = try await fixture.auth.createSession(email: "eve@me.com")?.sessionID
    let token = try await fixture.auth.getResetPasswordToken(email: "eve@me.com").token
    try await fixture.auth.deleteUser(sessionID: fixture.logInBob().sessionID, password: AuthFixture.password, from: .unknown)
    #expect(try await fixture.auth.getUserFromSessionID(eves)?.id == eve.id)
    #expect(try await fixture.auth.updatePassword(resetToken: token, password: AuthFixture.otherPassword).id == eve.id)
  }

  @Test(arguments: Preset.allCases, ["wrong", "", AuthFixture.password + "\0", String(repeating: "x", count: 5000)])
  func `with a wrong password nothing is deleted`(_ preset: Preset, _ password: String) async throws {
    let fixture = try await AuthFixture.withBob(preset)
    let sessionID = try await fixture.logInBob().sessionID
    let before = try await fixture.bob
    await #expect(throws: AuthError.wrongPassword) {
      try await fixture.auth.deleteUser(sessionID: sessionID, password: password, from: .unknown)
    }
    #expect(try await fixture.bob == before)
    #expect(try await fixture.isOpen(sessionID))
  }

  @Test func `the password of one account does not delete another`() async throws {
    let fixture = try await AuthFixture.withBob(.classic)
    _ = try await fixture.auth.register(email: "eve@me.com", password: "xxxx")
    let sessionID = try await fixture.logInBob().sessionID
    await #expect(throws: AuthError.wrongPassword) {
      try await fixture.auth.deleteUser(sessionID: sessionID, password: "xxxx", from: .unknown)
    }
    #expect(try await fixture.bob.id == 1)
  }

  @Test(arguments: Preset.allCases)
  func `whoever is not logged in deletes nothing`(_ preset: Preset) async throws {
    let fixture = try await AuthFixture.withBob(preset)
    let ended = try await fixture.logInBob().sessionID
    try await fixture.auth.logOut(ended, from: .unknown)
    let expired = try await fixture.logInBob().sessionID
    fixture.clock.advance(by: .seconds(30 * 86400))
    for sessionID in [SessionID(""), SessionID("x"), ended, expired] {
      await #expect(throws: AuthError.invalidSession) {
        try await fixture.auth.deleteUser(sessionID: sessionID, password: AuthFixture.password, from: .unknown)
      }
    }
    #expect(try await fixture.auth.guess(AuthFixture.password) == .yes)
  }

  @Test func `an account whose password was set meanwhile is not deleted`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    let sessionID = try await fixture.logInBob().sessionID
    let hash = try await BcryptHasher.fast.hash(Password("set by somebody else"))
    let auth = fixture.intercepting { operation throws(StoreError) in
      if operation == .deleteUser { try await fixture.store.updateUser(1, .hashedPassword(hash)) }
    }
    await #expect(throws: AuthError.conflict) {
      try await auth.deleteUser(sessionID: sessionID, password: AuthFixture.password, from: .unknown)
    }
    #expect(try await fixture.bob.hashedPassword == hash)
    #expect(try await fixture.isOpen(sessionID))
  }

  @Test func `no login slips past a deletion`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    let hash = try await fixture.bob.hashedPassword
    let auth = fixture.intercepting { operation throws(StoreError) in
      if operation == .addSession { _ = try await fixture.store.deleteUser(1, ifPassword: hash) }
    }
    #expect(try await auth.logIn(email: AuthFixture.email, password: AuthFixture.password, from: .unknown).login == nil)
    #expect(try await fixture.auth.sessions(of: 1).isEmpty)
  }

  @Test func `of many deletions at once exactly one succeeds`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    let sessionID = try await fixture.logInBob().sessionID
    let deletions = try await atOnce(20) { _ in
      do throws(AuthError) {
        try await fixture.auth.deleteUser(sessionID: sessionID, password: AuthFixture.password, from: .unknown)
        return true
      } catch {
        guard error == .conflict || error == .invalidSession else { throw error }
        return false
      }
    }
    #expect(deletions.count { $0 } == 1)
  }

  @Test func `when the store cannot delete it, the account stays`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    let sessionID = try await fixture.logInBob().sessionID
    await #expect(throws: AuthError.unavailable("disk on fire")) {
      try await fixture.failing(.deleteUser).deleteUser(sessionID: sessionID, password: AuthFixture.password, from: .unknown)
    }
    #expect(try await fixture.isOpen(sessionID))
  }
}
