import AuthClient
import AuthCore
import AuthTesting
import Testing

/// Registrations that are verified, and changes of the email, over an `Auth` and over an `AuthClient` of its server.
@Suite(.timeLimit(.minutes(10))) struct EmailTests {
  private static let setups: [Setup] = [.embedded(.strict), .remote(.strict)]
  private static let other = "staple of another colour"

  private let client = Client(ipAddress: IPAddress("203.0.113.7"), userAgent: "Firefox")
  private let mailbox = Mailbox()

  private func verification(from auth: Auth) async throws -> (token: VerificationToken, code: VerificationCode) {
    guard case .emailVerification(let token, let code, _, _)? = try await mailbox.take(from: auth).last else {
      throw AuthError.unavailable("no message of a registration")
    }
    return (token, code)
  }

  /// The secrets of a change that was just asked for.
  private func change(from auth: Auth) async throws -> (
    token: EmailChangeToken, code: VerificationCode, stop: TakeBackToken
  ) {
    var (challenge, stop): ((EmailChangeToken, VerificationCode)?, TakeBackToken?)
    for content in try await mailbox.take(from: auth) {
      switch content {
      case .emailChange(let token, let code, _, _): challenge = (token, code)
      case .emailChangeRequested(_, let token, _): stop = token
      default: continue
      }
    }
    let (token, code) = try #require(challenge)
    return (token, code, try #require(stop))
  }

  private func logIn(_ auth: Auth, _ email: String, _ password: String = Auth.password) async throws -> Login? {
    try await auth.logIn(email: email, password: password, from: client).login
  }

  @Test(arguments: setups)
  func `an account exists at once, or when the link and the password came`(setup: Setup) async throws {
    try await setup.run { auth, accounts in
      let id = try await accounts.open("bob@me.com", Auth.password, from: client)
      #expect(id == nil)
      #expect(try await logIn(auth, "bob@me.com") != nil)
    }
    try await setup.run(verifyingEmails: .beforeLogin) { auth, accounts in
      #expect(try await accounts.open("bob@me.com", Auth.password, from: client) != nil)
      #expect(try await logIn(auth, "bob@me.com") == nil)
      let token = try await verification(from: auth).token
      await #expect(throws: AuthError.wrongPassword) { try await accounts.verified(token, "wrong", from: client) }
      await #expect(throws: AuthError.wrongPassword) {
        try await accounts.verified(token, String(repeating: "x", count: 5_000), from: client)
      }
      let profile = try await accounts.verified(token, Auth.password, from: client)
      #expect(try await logIn(auth, "bob@me.com")?.user.profile == profile)
      await #expect(throws: AuthError.invalidVerification) { try await accounts.verified(token, Auth.password, from: client) }
    }
  }

  @Test(arguments: [
    (AuthPolicy.EmailVerification.Requirement.off, "accountOpened"), (.beforeRecovery, "unverifiedAccountOpened"),
    (.beforeLogin, "messageSent"),
  ])
  func `a registration says whether the account exists, and whether it is to be verified`(
    requirement: AuthPolicy.EmailVerification.Requirement, expected: String
  ) async throws {
    var policy = AuthPolicy.strict
    policy.emailVerification.requirement = requirement
    try await withServer(of: Auth(policy: policy, store: InMemoryStore(), hasher: FastHasher())) { accounts in
      let outcome = try await accounts.register(email: "bob@me.com", password: Auth.password, from: client)
      let name =
        switch outcome {
        case .accountOpened: "accountOpened"
        case .unverifiedAccountOpened: "unverifiedAccountOpened"
        case .messageSent: "messageSent"
        }
      #expect(name == expected)
    }
  }

  @Test(arguments: setups)
  func `an account that exists at once is verified later`(setup: Setup) async throws {
    try await setup.run(verifyingEmails: .beforeRecovery) { auth, accounts in
      let id = try #require(try await accounts.open("bob@me.com", Auth.password, from: client))
      let user = try #require(try await logIn(auth, "bob@me.com")).user
      #expect(try await auth.unverifiedUntil(user.id) != nil)
      let code = try await verification(from: auth).code
      #expect(try await accounts.verified(code, of: id, from: client) == user.profile)
      #expect(try await auth.unverifiedUntil(user.id) == nil)
    }
  }

  @Test(arguments: setups)
  func `a code verifies the registration that it belongs to, and the email of an account gets the same response`(
    setup: Setup
  ) async throws {
    try await setup.run(verifyingEmails: .beforeLogin) { auth, accounts in
      let first = try #require(try await accounts.open("bob@me.com", Auth.password, from: client))
      let code = try await verification(from: auth).code
      let second = try #require(try await accounts.open("eve@me.com", Auth.password, from: client))
      for (code, id) in [
        (VerificationCode("00000000"), first), (code, second), (code, RegistrationID("x")),
        (code, RegistrationID(String(repeating: "x", count: 300))), (VerificationCode(String(repeating: "x", count: 99)), first),
      ] {
        await #expect(throws: AuthError.invalidVerification) { try await accounts.verified(code, of: id, from: client) }
      }
      #expect(try await accounts.verified(code, of: first, from: client).email.text == "bob@me.com")
      _ = try await mailbox.take(from: auth)
      #expect(try await accounts.open("Bob@me.com", Auth.password, from: client) != nil)
      guard case .accountExists? = try await mailbox.take(from: auth).last else {
        Issue.record("the owner is not told")
        return
      }
    }
  }

  @Test(arguments: setups)
  func `the email changes with the link or the code`(setup: Setup) async throws {
    try await setup.run { auth, accounts in
      let login = try await auth.registerAndLogIn()
      let id = login.user.id
      try await accounts.requestEmailChange(sessionID: login.sessionID, to: "one@me.com", password: nil, from: client)
      var secrets = try await change(from: auth)
      await #expect(throws: AuthError.wrongPassword) { try await accounts.confirmed(secrets.token, "wrong", from: client) }
      var profile = try await accounts.confirmed(secrets.token, Auth.password, from: client)
      #expect(profile.id == id && profile.email.text == "one@me.com")
      try await accounts.requestEmailChange(
        sessionID: login.sessionID, to: "two@me.com", password: Auth.password, from: client)
      secrets = try await change(from: auth)
      await #expect(throws: AuthError.invalidSession) {
        try await accounts.confirmed(secrets.token, by: SessionID("x"), from: client)
      }
      profile = try await accounts.confirmed(secrets.token, by: login.sessionID, from: client)
      #expect(profile.id == id && profile.email.text == "two@me.com")
      try await accounts.requestEmailChange(sessionID: login.sessionID, to: "three@me.com", password: nil, from: client)
      secrets = try await change(from: auth)
      await #expect(throws: AuthError.invalidVerification) {
        try await accounts.confirmed(VerificationCode("00000000"), by: login.sessionID, from: client)
      }
      profile = try await accounts.confirmed(secrets.code, by: login.sessionID, from: client)
      #expect(profile.id == id && profile.email.text == "three@me.com")
      #expect(try await logIn(auth, "three@me.com") != nil)
    }
  }

  @Test(arguments: setups)
  func `a former email takes the account back, once`(setup: Setup) async throws {
    try await setup.run { auth, accounts in
      let login = try await auth.registerAndLogIn()
      try await accounts.requestEmailChange(sessionID: login.sessionID, to: "new@me.com", password: nil, from: client)
      let stop = try await change(from: auth).stop
      await #expect(throws: AuthError.invalidPassword(.tooShort(scalars: 5, minimum: 15))) {
        try await accounts.takenBack(stop, "short", from: client)
      }
      #expect(try await accounts.takenBack(stop, Self.other, from: client).text == "bob@me.com")
      #expect(try await auth.user(for: login.sessionID) == nil)
      #expect(try await logIn(auth, "bob@me.com", Self.other) != nil)
      for token in [stop, TakeBackToken(String(repeating: "x", count: 300))] {
        await #expect(throws: AuthError.invalidTakeBack) { try await accounts.takenBack(token, Self.other, from: client) }
      }
    }
  }

  @Test(arguments: setups)
  func `what is wrong with a request for another email is said`(setup: Setup) async throws {
    let clock = ManualClock()
    try await setup.run(clock: clock) { auth, accounts in
      let login = try await auth.registerAndLogIn()
      func request(_ email: String, _ password: String? = nil, by sessionID: SessionID? = nil) async throws {
        try await accounts.requestEmailChange(
          sessionID: sessionID ?? login.sessionID, to: email, password: password, from: client)
      }
      for (email, error) in [
        ("Bob@me.com", AuthError.emailUnchanged), ("bob", .invalidEmail(.atSigns(count: 0))),
        (String(repeating: "a", count: 251), .invalidEmail(.tooLong(bytes: 251))),
      ] {
        await #expect(throws: error) { try await request(email) }
      }
      await #expect(throws: AuthError.invalidSession) { try await request("new@me.com", by: SessionID("x")) }
      await #expect(throws: AuthError.wrongPassword) { try await request("new@me.com", "wrong") }
      clock.advance(by: .seconds(3600))
      await #expect(throws: AuthError.reauthenticationRequired) { try await request("new@me.com") }
      for _ in 1...5 { try await request("new@me.com", Auth.password) }
      await #expect(throws: AuthError.throttled(retryAfter: .seconds(300))) { try await request("new@me.com", Auth.password) }
    }
  }

  @Test(arguments: setups)
  func `an email that another account got in the meantime is that account's`(setup: Setup) async throws {
    let store = InMemoryStore()
    try await setup.run(store: store) { auth, accounts in
      let login = try await auth.registerAndLogIn()
      try await accounts.requestEmailChange(sessionID: login.sessionID, to: "new@me.com", password: nil, from: client)
      let token = try await change(from: auth).token
      _ = try await store.addUser(email: Email("new@me.com"), hashedPassword: PasswordHash("x"))
      let error = await #expect(throws: AuthError.self) { try await accounts.confirmed(token, Auth.password, from: client) }
      guard case .userExists? = error else {
        Issue.record("not taken: \(String(describing: error))")
        return
      }
    }
  }

  @Test(arguments: setups)
  func `wrong tokens and codes begin a delay, with its length`(setup: Setup) async throws {
    try await setup.run(clock: ManualClock()) { auth, accounts in
      let login = try await auth.registerAndLogIn()
      try await accounts.requestEmailChange(sessionID: login.sessionID, to: "new@me.com", password: nil, from: client)
      let secrets = try await change(from: auth)
      for _ in 1...100 {
        await #expect(throws: AuthError.invalidTakeBack) {
          try await accounts.takenBack(TakeBackToken("x"), Self.other, from: client)
        }
      }
      let delayed = AuthError.throttled(retryAfter: .seconds(1))
      await #expect(throws: delayed) { try await accounts.takenBack(secrets.stop, Self.other, from: client) }
      await #expect(throws: delayed) { try await accounts.confirmed(secrets.token, Auth.password, from: client) }
      await #expect(throws: delayed) { try await accounts.confirmed(secrets.code, by: login.sessionID, from: client) }
      await #expect(throws: delayed) { try await accounts.verified(VerificationToken("x"), "y", from: client) }
      await #expect(throws: delayed) {
        try await accounts.verified(VerificationCode("x"), of: RegistrationID("y"), from: client)
      }
    }
  }
}
