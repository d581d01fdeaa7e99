import AuthCore
import AuthTesting
import Testing

/// A store that cannot answer is never taken for "no", and never for "yes".
@Suite struct StoreFailureTests {
  private static let operations: [(name: String, call: @Sendable (Auth, LogIn, ResetToken) async throws -> Void)] = [
    ("register", { auth, _, _ in _ = try await auth.register(email: "eve@me.com", password: AuthFixture.password) }),
    ("validLogin", { auth, _, _ in _ = try await auth.validLogin(email: AuthFixture.email, password: AuthFixture.password) }),
    ("wrong password", { auth, _, _ in _ = try await auth.validLogin(email: AuthFixture.email, password: "wrong") }),
    ("logIn", { auth, _, _ in _ = try await auth.logIn(email: AuthFixture.email, password: AuthFixture.password) }),
    ("createSession", { auth, _, _ in _ = try await auth.createSession(email: AuthFixture.email) }),
    ("getUserFromSessionID", { auth, logIn, _ in _ = try await auth.getUserFromSessionID(logIn.sessionID) }),
    ("logOut", { auth, logIn, _ in try await auth.logOut(logIn.sessionID) }),
    ("destroySession", { auth, logIn, _ in try await auth.destroySession(userID: logIn.user.id) }),
    ("getResetPasswordToken", { auth, _, _ in _ = try await auth.getResetPasswordToken(email: AuthFixture.email) }),
    ("updatePassword", { auth, _, token in try await auth.updatePassword(resetToken: token, password: "the new password") }),
    (
      "changePassword",
      { auth, logIn, _ in
        _ = try await auth.changePassword(
          sessionID: logIn.sessionID, current: AuthFixture.password, new: AuthFixture.otherPassword)
      }
    ),
    ("deleteUser", { auth, logIn, _ in try await auth.deleteUser(sessionID: logIn.sessionID, password: AuthFixture.password) }),
    ("sessions", { auth, logIn, _ in _ = try await auth.sessions(of: logIn.user.id) }),
    ("endSession", { auth, logIn, _ in try await auth.endSession(logIn.sessionID.digest, of: logIn.user.id) }),
    ("endSessions", { auth, logIn, _ in try await auth.endSessions(of: logIn.user.id, except: logIn.sessionID) }),
    ("requestPasswordReset", { auth, _, _ in try await auth.requestPasswordReset(email: AuthFixture.email) }),
    ("deliverNextReset", { auth, _, _ in _ = try await auth.deliverNextReset(through: RecordingDelivery()) }),
    ("purge", { auth, _, _ in _ = try await auth.purge() }),
    ("profile", { auth, logIn, _ in _ = try await auth.profile(for: logIn.sessionID) }),
  ]

  /// The errors that a store gives, and those that one which breaks its contract could give.
  private static let errors: [RepositoryError] = [
    .unavailable("disk on fire"), .invalidRequest("x"),
  ]

  @Test(arguments: operations.indices, errors)
  func `when the store cannot answer, neither do we`(_ index: Int, _ error: RepositoryError) async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    let (logIn, token) = (try await fixture.logInBob(), try await fixture.resetTokenForBob())
    let before = try await fixture.bob
    let repository = InterceptedRepository(fixture.repository) { _ throws(RepositoryError) in throw error }
    let auth = Auth(policy: .strict, repository: repository, hasher: BcryptHasher.fast, clock: fixture.clock)
    let thrown = await #expect(throws: AuthError.self, "\(Self.operations[index].name)") {
      try await Self.operations[index].call(auth, logIn, token)
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
      (0, .addUser), (3, .addSession), (4, .addSession), (5, .findSession), (6, .endSession), (7, .endSessions),
      (8, .addResetToken), (9, .consumeResetToken),
    ] as [(Int, InterceptedRepository.Operation)])
  func `when only the write fails, nothing has changed`(_ index: Int, _ failing: InterceptedRepository.Operation) async throws {
    let fixture = try await AuthFixture.withBob(.strict)
    let (logIn, token) = (try await fixture.logInBob(), try await fixture.resetTokenForBob())
    let before = try await fixture.bob
    let repository = InterceptedRepository(fixture.repository, failing: failing)
    let auth = Auth(policy: .strict, repository: repository, hasher: BcryptHasher.fast, clock: fixture.clock)
    await #expect(throws: AuthError.unavailable("disk on fire"), "\(Self.operations[index].name)") {
      try await Self.operations[index].call(auth, logIn, token)
    }
    #expect(try await fixture.bob == before)
    #expect(try await fixture.auth.getUserFromSessionID(logIn.sessionID)?.id == 1)
  }
}
