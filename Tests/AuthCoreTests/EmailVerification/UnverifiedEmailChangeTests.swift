import AuthCore
import AuthTesting
import Testing

/// Changes of the email of unverified accounts, and changes to such an email.
@Suite struct UnverifiedEmailChangeTests {
  private let scene = UnverifiedScene()
  private var auth: Auth { scene.auth }
  private let client = UnverifiedScene.client

  private func challenge(
    to email: String, by sessionID: SessionID
  ) async throws -> (token: EmailChangeToken, code: VerificationCode) {
    try await auth.requestEmailChange(sessionID: sessionID, to: email, from: client)
    return try #require(try await scene.deliverAll().compactMap(\.emailChallenge).last)
  }

  @Test func `a user who mistyped the email changes it, and a stranger at the former one learns and gets nothing`() async throws {
    try await scene.open("bbo@me.com")
    try await scene.deliverAll()
    let sessionID = try #require(try await scene.logIn(email: "bbo@me.com")).sessionID
    try await auth.requestEmailChange(sessionID: sessionID, to: AuthFixture.email, from: client)
    let requested = try await scene.deliverAll()
    #expect(requested.map(\.kind) == [.emailChange])
    let token = try #require(requested[0].emailChallenge?.token)
    let user = try await auth.confirmEmailChange(token: token, sessionID: sessionID, from: client)
    #expect(try await scene.deliverAll().isEmpty)
    #expect(user.email.text == AuthFixture.email)
    #expect(try await auth.emailVerifiedAt(user.id) != nil)
    #expect(try await auth.unverifiedUntil(user.id) == nil)
    _ = try await auth.issueResetToken(email: AuthFixture.email, from: client)
    // The former email is free for the one who reads it.
    #expect(try await scene.open("bbo@me.com").user?.id == 2)
  }

  @Test func `a lost message is asked for again with the present email, which verifies the account`() async throws {
    try await scene.open()
    let sessionID = try #require(try await scene.logIn()).sessionID
    try await auth.guess()
    let (token, _) = try await challenge(to: "BOB@me.com", by: sessionID)
    let user = try await auth.confirmEmailChange(token: token, sessionID: sessionID, from: client)
    #expect(user.id == 1)
    #expect(user.email.text == "BOB@me.com")
    #expect(try await auth.unverifiedUntil(1) == nil)
    #expect(try await auth.profile(for: sessionID)?.id == 1)
    #expect(scene.events.kinds.last == .emailVerified)
    // What was guessed still counts.
    #expect(try await auth.account(1)?.failedLogins.count == 1)
    await #expect(throws: AuthError.emailUnchanged) {
      try await auth.requestEmailChange(sessionID: sessionID, to: AuthFixture.email, from: client)
    }
  }

  @Test func `an unverified account keeps no one from changing to an email that they read`() async throws {
    let (_, theirs) = try await scene.openAndDeliver("eve@me.com", UnverifiedScene.theirs)
    let session = try #require(try await scene.logIn(UnverifiedScene.theirs, email: "eve@me.com")).sessionID
    let (_, owners) = try await scene.openAndDeliver()
    _ = try await scene.verify(owners.token)
    let sessionID = try #require(try await scene.logIn()).sessionID
    let (token, _) = try await challenge(to: "Eve@me.com", by: sessionID)
    let before = scene.events.all.count
    let user = try await auth.confirmEmailChange(token: token, sessionID: sessionID, from: client)
    #expect(user.email.text == "Eve@me.com")
    #expect(scene.events.kinds.dropFirst(before) == [.userDeleted, .emailChanged])
    #expect(try await auth.profile(for: session) == nil)
    await #expect(throws: AuthError.invalidVerification) { try await scene.verify(theirs.token, UnverifiedScene.theirs) }
  }
}
