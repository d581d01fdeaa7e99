import AuthClient
import AuthCore
import AuthTesting
import Testing

/// Recovery emails, over an `Auth` and over an `AuthClient` of its server.
@Suite(.timeLimit(.minutes(10))) struct RecoveryEmailTests {
  private static let setups: [Setup] = [.embedded(.strict), .remote(.strict)]

  private let client = Client(ipAddress: IPAddress("203.0.113.7"), userAgent: "Firefox")
  private let mailbox = Mailbox()

  /// The secrets of a request that was just made.
  private func challenge(from auth: Auth) async throws -> (token: RecoveryEmailToken, code: VerificationCode) {
    let contents = try await mailbox.take(from: auth)
    guard case .recoveryEmail(let token, let code, _, _)? = contents.last else {
      return try #require(nil, "no message to the recovery email, but \(contents)")
    }
    return (token, code)
  }

  @Test(arguments: setups)
  func `a recovery email is set with the link or the code, found and removed`(setup: Setup) async throws {
    let clock = ManualClock()
    try await setup.run(clock: clock) { auth, accounts in
      let session = try await auth.registerAndLogIn().sessionID
      #expect(try await accounts.recoveryEmail(sessionID: session) == nil)
      await #expect(throws: AuthError.noRecoveryEmail) {
        try await accounts.removeRecoveryEmail(sessionID: session, password: nil, from: client)
      }

      try await accounts.requestRecoveryEmail(sessionID: session, to: "one@me.com", password: nil, from: client)
      let first = try await challenge(from: auth).token
      for wrong in ["wrong", String(repeating: "x", count: 5_000)] {
        await #expect(throws: AuthError.wrongPassword) {
          try await accounts.recoveryEmail(confirmedWith: first, wrong, from: client)
        }
      }
      #expect(try await accounts.recoveryEmail(confirmedWith: first, Auth.password, from: client).text == "one@me.com")
      let expected = try RecoveryEmail(email: Email("one@me.com"), verifiedAt: clock.now)
      #expect(try await accounts.recoveryEmail(sessionID: session) == expected)

      try await accounts.requestRecoveryEmail(sessionID: session, to: "two@me.com", password: Auth.password, from: client)
      let second = try await challenge(from: auth).token
      #expect(try await accounts.recoveryEmail(confirmedWith: second, by: session, from: client).text == "two@me.com")

      try await accounts.requestRecoveryEmail(sessionID: session, to: "three@me.com", password: nil, from: client)
      let code = try await challenge(from: auth).code
      await #expect(throws: AuthError.invalidVerification) {
        try await accounts.recoveryEmail(confirmedWith: VerificationCode("00000000"), by: session, from: client)
      }
      #expect(try await accounts.recoveryEmail(confirmedWith: code, by: session, from: client).text == "three@me.com")

      try await accounts.removeRecoveryEmail(sessionID: session, password: Auth.password, from: client)
      #expect(try await accounts.recoveryEmail(sessionID: session) == nil)
    }
  }

  @Test(arguments: setups)
  func `a reset token goes where the request says`(setup: Setup) async throws {
    try await setup.run { auth, accounts in
      let session = try await auth.registerAndLogIn().sessionID
      try await accounts.requestRecoveryEmail(sessionID: session, to: "one@me.com", password: nil, from: client)
      let token = try await challenge(from: auth).token
      _ = try await accounts.recoveryEmail(confirmedWith: token, by: session, from: client)
      _ = try await mailbox.take(from: auth)
      for (recipient, email) in [(ResetRecipient.email, "bob@me.com"), (.recoveryEmail, "one@me.com")] {
        try await accounts.requestPasswordReset(email: "bob@me.com", to: recipient, from: client)
        #expect(try await mailbox.takeMessages(from: auth).map(\.email.text) == [email])
      }
    }
  }

  @Test(arguments: setups)
  func `what is wrong with a request for a recovery email is said`(setup: Setup) async throws {
    let clock = ManualClock()
    try await setup.run(clock: clock) { auth, accounts in
      let session = try await auth.registerAndLogIn().sessionID
      func request(_ email: String, _ password: String? = nil, by sessionID: SessionID? = nil) async throws {
        try await accounts.requestRecoveryEmail(
          sessionID: sessionID ?? session, to: email, password: password, from: client)
      }
      for (email, error) in [
        ("Bob@me.com", AuthError.emailUnchanged), ("bob", .invalidEmail(.atSigns(count: 0))),
        (String(repeating: "a", count: 251), .invalidEmail(.tooLong(bytes: 251))),
      ] {
        await #expect(throws: error) { try await request(email) }
      }
      let unknown = SessionID("x")
      await #expect(throws: AuthError.invalidSession) { try await request("one@me.com", by: unknown) }
      await #expect(throws: AuthError.invalidSession) { try await accounts.recoveryEmail(sessionID: unknown) }
      await #expect(throws: AuthError.invalidSession) {
        try await accounts.removeRecoveryEmail(sessionID: unknown, password: nil, from: client)
      }
      for token in [RecoveryEmailToken("x"), RecoveryEmailToken(String(repeating: "x", count: 300))] {
        await #expect(throws: AuthError.invalidVerification) {
          try await accounts.recoveryEmail(confirmedWith: token, Auth.password, from: client)
        }
        await #expect(throws: AuthError.invalidVerification) {
          try await accounts.recoveryEmail(confirmedWith: token, by: session, from: client)
        }
      }
      await #expect(throws: AuthError.wrongPassword) { try await request("one@me.com", "wrong") }
      clock.advance(by: .seconds(3600))
      await #expect(throws: AuthError.reauthenticationRequired) { try await request("one@me.com") }
      await #expect(throws: AuthError.reauthenticationRequired) {
        try await accounts.removeRecoveryEmail(sessionID: session, password: nil, from: client)
      }
      for _ in 1...5 { try await request("one@me.com", Auth.password) }
      await #expect(throws: AuthError.throttled(retryAfter: .seconds(300))) { try await request("one@me.com", Auth.password) }
    }
  }
}
