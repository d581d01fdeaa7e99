import AuthCore
import AuthTesting
import Testing

/// A store that cannot answer is never taken for "no", and never for "yes".
@Suite struct StoreFailureTests {
  private static let operations: [(name: String, call: @Sendable (Auth, Login, ResetToken) async throws -> Void)] = [
    ("register", { auth, _, _ in _ = try await auth.register(email: "eve@me.com", password: AuthFixture.password) }),
    ("validLogin", { auth, _, _ in _ = try await auth.validLogin(email: AuthFixture.email, password: AuthFixture.password) }),
    ("wrong password", { auth, _, _ in _ = try await auth.validLogin(email: AuthFixture.email, password: "wrong") }),
    (
      "logIn",
      { auth, _, _ in _ = try await auth.logIn(email: AuthFixture.email, password: AuthFixture.password, from: .unknown).login }
    ),
    ("createSession", { auth, _, _ in _ = try await auth.createSession(email: AuthFixture.email)?.sessionID }),
    ("getUserFromSessionID", { auth, login, _ in _ = try await auth.getUserFromSessionID(login.sessionID) }),
    ("logOut", { auth, login, _ in try await auth.logOut(login.sessionID, from: .unknown) }),
    ("destroySession", { auth, login, _ in try await auth.destroySession(userID: login.user.id) }),
    ("getResetPasswordToken", { auth, _, _ in _ = try await auth.getResetPasswordToken(email: AuthFixture.email) }),
    ("updatePassword", { auth, _, token in try await auth.updatePassword(resetToken: token, password: "the new password") }),
    (
      "changePassword",
      { auth, login, _ in
        _ = try await auth.changePassword(
          sessionID: login.sessionID, current: AuthFixture.password, new: AuthFixture.otherPassword, from: .unknown)
      }
    ),
    (
      "deleteUser",
      { auth, login, _ in try await auth.deleteUser(sessionID: login.sessionID, password: AuthFixture.password, from: .unknown) }
    ),
    ("sessions", { auth, login, _ in _ = try await auth.sessions(of: login.user.id) }),
    ("endSession", { auth, login, _ in try await auth.endSession(login.sessionID.digest, of: login.user.id, from: .unknown) }),
    ("endSessions", { auth, login, _ in try await auth.endSessions(of: login.user.id, except: login.sessionID, from: .unknown) }),
    ("requestPasswordReset", { auth, _, _ in try await auth.requestPasswordReset(email: AuthFixture.email, from: .unknown) }),
    ("deliverNextMessage", { auth, _, _ in _ = try await auth.deliverNextMessage(through: RecordingDelivery()) }),
    ("purge", { auth, _, _ in _ = try await auth.purge() }),
    ("profile", { auth, login, _ in _ = try await auth.profile(for: login.sessionID) }),
  ]

  /// The errors that a store gives, and those that one which breaks its contract could give.
  private static let errors: [StoreError] = [
    .unavailable("disk on fire"), .invalidRequest("x"),
  ]

  @Test(arguments: operations.indices, errors)
  func `when the store cannot answer, neither do we`(_ index: Int, _ error: StoreError) async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    let (login, token) = (try await fixture.logInBob(), try await fixture.resetTokenForBob())
    let before = try await fixture.bob
    let store = InterceptingStore(fixture.store) { _ throws(StoreError) in throw error }
    let auth = Auth(policy: .strict, store: store, hasher: BcryptHasher.fast, clock: fixture.clock)
    let thrown = await #expect(throws: AuthError.self, "\(Self.operations[index].name)") {
      try await Self.operations[index].call(auth, login, token)
    }
    guard case .unavailable = thrown else {
      Issue.record("\(Self.operations[index].name) threw \(String(describing: thrown))")
      return
    }
    #expect(try await fixture.bob == before)
  }

  /// Each operation fails at its last step, after the reads before it went well.
  @Test(
    arguments: [
      (0, .addUser), (3, .addSession), (4, .addSession), (5, .findUserOfSession), (6, .endSession), (7, .endSessions),
      (8, .addResetToken), (9, .consumeResetToken),
    ] as [(Int, InterceptingStore.Operation)])
  func `when only the write fails, nothing has changed`(_ index: Int, _ failing: InterceptingStore.Operation) async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    let (login, token) = (try await fixture.logInBob(), try await fixture.resetTokenForBob())
    let before = try await fixture.bob
    let store = InterceptingStore(fixture.store, failing: failing)
    let auth = Auth(policy: .strict, store: store, hasher: BcryptHasher.fast, clock: fixture.clock)
    await #expect(throws: AuthError.unavailable("disk on fire"), "\(Self.operations[index].name)") {
      try await Self.operations[index].call(auth, login, token)
    }
    #expect(try await fixture.bob == before)
    #expect(try await fixture.auth.getUserFromSessionID(login.sessionID)?.id == 1)
  }
}
