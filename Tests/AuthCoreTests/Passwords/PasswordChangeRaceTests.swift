import AuthCore
import AuthTesting
import Testing

/// What comes to pass between the check of a password and the change that it allows.
@Suite struct PasswordChangeRaceTests {
  private static let new = AuthFixture.otherPassword

  /// Bob, logged in, and an `Auth` where `meddle` happens just before the operation.
  private func meddling(
    before operation: InterceptingStore.Operation,
    _ meddle: @escaping @Sendable (AuthFixture, Login) async throws -> Void
  ) async throws -> (auth: Auth, logIn: Login, fixture: AuthFixture) {
    let fixture = try await AuthFixture.withBob(.strict)
    let login = try await fixture.logInBob()
    let auth = fixture.intercepting { next throws(StoreError) in
      guard next == operation else { return }
      do { try await meddle(fixture, login) } catch { throw .unavailable("\(error)") }
    }
    return (auth, login, fixture)
  }

  @Test func `no login with the old password slips past a change`() async throws {
    let (auth, _, fixture) = try await meddling(before: .addSession) { fixture, login in
      _ = try await fixture.auth.changePassword(
        sessionID: login.sessionID, current: AuthFixture.password, new: Self.new, from: .unknown)
    }
    // The second time, the check fails before there is a session to add.
    #expect(try await auth.logIn(email: AuthFixture.email, password: AuthFixture.password, from: .unknown).login == nil)
    #expect(try await fixture.auth.sessions(of: 1).count == 1)
  }

  @Test func `a password that was set meanwhile is not overwritten`() async throws {
    let hash = try await BcryptHasher.fast.hash(Password("set by somebody else"))
    let (auth, login, fixture) = try await meddling(before: .changePassword) { fixture, _ in
      try await fixture.store.updateUser(1, .hashedPassword(hash))
    }
    await #expect(throws: AuthError.conflict) {
      try await auth.changePassword(sessionID: login.sessionID, current: AuthFixture.password, new: Self.new, from: .unknown)
    }
    #expect(try await fixture.bob.hashedPassword == hash)
    #expect(try await fixture.isOpen(login.sessionID))
    #expect(try await fixture.auth.sessions(of: 1).count == 1)
  }

  @Test func `a password that was set while the current one is checked is not overwritten`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    let sessionID = try await fixture.logInBob().sessionID
    let hash = try await BcryptHasher.fast.hash(Password("set by somebody else"))
    let hasher = MeddlingHasher { try? await fixture.store.updateUser(1, .hashedPassword(hash)) }
    let auth = fixture.sharing(policy: .strict, hasher: hasher)
    await #expect(throws: AuthError.conflict) {
      try await auth.changePassword(sessionID: sessionID, current: AuthFixture.password, new: Self.new, from: .unknown)
    }
    await #expect(throws: AuthError.wrongPassword) {
      try await auth.deleteUser(sessionID: sessionID, password: AuthFixture.password, from: .unknown)
    }
    #expect(try await fixture.bob.hashedPassword == hash)
  }

  @Test func `a session that ends meanwhile changes no password`() async throws {
    let (auth, login, fixture) = try await meddling(before: .changePassword) { fixture, login in
      try await fixture.auth.logOut(login.sessionID, from: .unknown)
    }
    await #expect(throws: AuthError.conflict) {
      try await auth.changePassword(sessionID: login.sessionID, current: AuthFixture.password, new: Self.new, from: .unknown)
    }
    #expect(try await fixture.auth.guess(AuthFixture.password) == .yes)
    #expect(try await fixture.auth.sessions(of: 1).isEmpty)
  }

  @Test func `of a change and a reset at the same time the reset stays`() async throws {
    let (auth, login, fixture) = try await meddling(before: .changePassword) { fixture, _ in
      try await fixture.auth.updatePassword(resetToken: fixture.resetTokenForBob(), password: "the password of the owner")
    }
    await #expect(throws: AuthError.conflict) {
      try await auth.changePassword(sessionID: login.sessionID, current: AuthFixture.password, new: Self.new, from: .unknown)
    }
    #expect(try await fixture.auth.guess("the password of the owner") == .yes)
    #expect(try await fixture.auth.sessions(of: 1).isEmpty)
  }

  @Test func `a reset token that is issued while the password changes is taken back`() async throws {
    let tokens = TokenBox()
    let (auth, login, fixture) = try await meddling(before: .changePassword) { fixture, _ in
      tokens.append(try await fixture.resetTokenForBob())
    }
    _ = try await auth.changePassword(sessionID: login.sessionID, current: AuthFixture.password, new: Self.new, from: .unknown)
    for token in tokens.all {
      await #expect(throws: AuthError.invalidResetToken) {
        try await fixture.auth.updatePassword(resetToken: token, password: AuthFixture.password)
      }
    }
    #expect(tokens.all.count == 1)
  }

  @Test(arguments: Preset.allCases)
  func `of many changes at once with one session exactly one succeeds, and its password counts`(_ preset: Preset) async throws {
    let fixture = try await AuthFixture.withBob(preset)
    let sessionID = try await fixture.logInBob().sessionID
    let changes = try await atOnce(20) { index -> Login? in
      do throws(AuthError) {
        return try await fixture.auth.changePassword(
          sessionID: sessionID, current: AuthFixture.password, new: "the new password, number \(index)", from: .unknown)
      } catch {
        // Who comes later finds the old session ended or the old password wrong, and the last of them a delay.
        switch error {
        case .conflict, .invalidSession, .wrongPassword, .throttled: return nil
        default: throw error
        }
      }
    }
    let winners = changes.enumerated().compactMap { index, login in login.map { (index, $0) } }
    #expect(winners.count == 1)
    let (index, login) = try #require(winners.first)
    #expect(try await fixture.auth.getUserFromSessionID(login.sessionID)?.id == 1)
    #expect(try await fixture.auth.sessions(of: 1).count == 1)
    fixture.clock.advance(by: .seconds(3600))
    #expect(try await fixture.auth.guess("the new password, number \(index)") == .yes)
  }

  @Test func `when the store cannot change it, nothing has changed`() async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    let login = try await fixture.logInBob()
    let before = try await fixture.bob
    await #expect(throws: AuthError.unavailable("disk on fire")) {
      try await fixture.failing(.changePassword).changePassword(
        sessionID: login.sessionID, current: AuthFixture.password, new: Self.new, from: .unknown)
    }
    #expect(try await fixture.bob == before)
    #expect(try await fixture.isOpen(login.sessionID))
  }
}
