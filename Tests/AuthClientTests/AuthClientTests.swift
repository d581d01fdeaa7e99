import AsyncHTTPClient
import AuthClient
import AuthCore
import AuthHTTP
import AuthTesting
import HTTPTypes
import Hummingbird
import NIOCore
import Testing

@Suite(.timeLimit(.minutes(10))) struct AuthClientTests {
  private static let password = Auth.password
  private static let other = "staple of another colour"
  private let client = AuthCore.Client(ipAddress: IPAddress("203.0.113.7"), userAgent: "Firefox")

  private func withStrictServer(
    store: some AuthStore = InMemoryStore(), _ test: @Sendable (AuthClient, Auth) async throws -> Void
  ) async throws {
    let auth = Auth(policy: .strict, store: store, hasher: FastHasher(), clock: ManualClock())
    try await withServer(of: auth) { try await test($0, auth) }
  }

  @Test func `the journey works as it does with an Auth`() async throws {
    try await withStrictServer { remote, auth in
      let client = client
      _ = try await remote.register(email: "bob@me.com", password: Self.password, from: client)
      #expect(try await remote.logIn(email: "bob@me.com", password: "wrong", from: client) == nil)
      #expect(try await remote.logIn(email: "nobody@me.com", password: Self.password, from: client) == nil)
      let login = try #require(try await remote.logIn(email: "bob@me.com", password: Self.password, from: client))
      #expect(login.user.email.text == "bob@me.com")
      #expect(try await remote.profile(for: login.sessionID) == login.user)

      let changed = try await remote.changePassword(
        sessionID: login.sessionID, current: Self.password, new: Self.other, from: client)
      #expect(try await remote.profile(for: login.sessionID) == nil)
      #expect(try await remote.profile(for: changed.sessionID) == login.user)
      #expect(try await remote.logOut(changed.sessionID, from: client))
      #expect(try await !remote.logOut(changed.sessionID, from: client))

      try await remote.requestPasswordReset(email: "bob@me.com", from: client)
      let token = try await remote.issueResetToken(email: "bob@me.com", from: client)
      try await remote.resetPassword(token: token, password: Self.password, email: "bob@me.com", from: client)
      await #expect(throws: AuthError.invalidResetToken) {
        try await remote.resetPassword(token: token, password: Self.password, email: "bob@me.com", from: client)
      }
      let last = try #require(
        try await remote.logIn(email: "bob@me.com", password: Self.password, remember: true, from: client))
      #expect(last.expiresAt > login.expiresAt)
      try await remote.deleteUser(sessionID: last.sessionID, password: Self.password, from: client)
      #expect(try await auth.account(email: "bob@me.com") == nil)
    }
  }

  @Test func `sessions are listed with the client that the program named, and ended`() async throws {
    try await withStrictServer { remote, _ in
      let client = client
      _ = try await remote.register(email: "bob@me.com", password: Self.password, from: client)
      let one = try #require(try await remote.logIn(email: "bob@me.com", password: Self.password, from: client))
      let two = try #require(try await remote.logIn(email: "bob@me.com", password: Self.password, from: client))
      let sessions = try await remote.sessions(of: two.sessionID)
      #expect(sessions.map(\.id) == [two.sessionID.digest, one.sessionID.digest])
      #expect(sessions.map(\.isCurrent) == [true, false])
      #expect(sessions.allSatisfy { $0.ipAddress == "203.0.113.7" && $0.userAgent == "Firefox" })
      #expect(sessions.first?.expiresAt == two.expiresAt)
      #expect(try await remote.endSession(one.sessionID.digest, by: two.sessionID, from: client))
      #expect(try await !remote.endSession(one.sessionID.digest, by: two.sessionID, from: client))
      let three = try #require(
        try await remote.logIn(email: "bob@me.com", password: Self.password, replacing: two.sessionID, from: client))
      #expect(try await remote.profile(for: two.sessionID) == nil)
      _ = try await remote.logIn(email: "bob@me.com", password: Self.password, from: client)
      try await remote.endOtherSessions(than: three.sessionID, password: Self.password, from: client)
      #expect(try await remote.sessions(of: three.sessionID).count == 1)
    }
  }

  @Test func `every refusal is the error that an Auth throws`() async throws {
    try await withStrictServer { remote, _ in
      let client = client
      _ = try await remote.register(email: "bob@me.com", password: Self.password, from: client)
      let login = try #require(try await remote.logIn(email: "bob@me.com", password: Self.password, from: client))
      func expect(_ expected: AuthError, _ operation: () async throws -> Void) async {
        await #expect(throws: expected) { try await operation() }
      }
      await expect(.userExists(email: "bob@me.com")) {
        _ = try await remote.register(email: "bob@me.com", password: Self.password, from: client)
      }
      for (email, problem) in [
        ("", EmailProblem.empty), ("bob", .atSigns(count: 0)), ("a@b@c", .atSigns(count: 2)), ("a b@c", .space),
        ("@c", .emptyLocalPart), ("é@c", .nonASCIILocalPart), ("a\"@c", .invalidLocalPart),
        (String(repeating: "a", count: 65) + "@c", .localPartTooLong(bytes: 65)), ("a@", .emptyDomain), ("a@é", .nonASCIIDomain),
        ("a@-", .invalidDomain), ("a\u{7}@c", .controlCharacter), (String(repeating: "a", count: 251), .tooLong(bytes: 251)),
      ] {
        await expect(.invalidEmail(problem)) {
          _ = try await remote.register(email: email, password: Self.password, from: client)
        }
      }
      for (password, problem) in [
        ("", PasswordProblem.empty), ("short", .tooShort(scalars: 5, minimum: 15)), ("passwordpassword", .common),
        ("eve-long-name@me.com", .sameAsEmail), (String(repeating: "x", count: 4097), .tooLong(bytes: 4097)),
      ] {
        await expect(.invalidPassword(problem)) {
          _ = try await remote.register(email: "eve-long-name@me.com", password: password, from: client)
        }
      }
      await expect(.wrongPassword) {
        _ = try await remote.changePassword(sessionID: login.sessionID, current: "wrong", new: Self.other, from: client)
      }
      await expect(.wrongPassword) {
        try await remote.deleteUser(
          sessionID: login.sessionID, password: String(repeating: "x", count: 5_000), from: client)
      }
      await expect(.invalidResetToken) {
        try await remote.resetPassword(
          token: ResetToken(String(repeating: "x", count: 300)), password: Self.other, email: "bob@me.com", from: client)
      }
      await expect(.invalidPassword(.tooShort(scalars: 1, minimum: 15))) {
        _ = try await remote.changePassword(sessionID: login.sessionID, current: Self.password, new: "x", from: client)
      }
      await expect(.invalidSession) { _ = try await remote.sessions(of: SessionID("nope")) }
      await expect(.invalidSession) { _ = try await remote.sessions(of: SessionID("a b")) }
      await expect(.unknownUser) { _ = try await remote.issueResetToken(email: "nobody@me.com", from: client) }
    }
  }

  @Test func `a delay comes with its length`() async throws {
    try await withStrictServer { remote, _ in
      let client = client
      _ = try await remote.register(email: "bob@me.com", password: Self.password, from: client)
      for _ in 1...5 { _ = try await remote.logIn(email: "bob@me.com", password: "wrong", from: client) }
      let error = await #expect(throws: AuthError.self) {
        _ = try await remote.logIn(email: "bob@me.com", password: Self.password, from: client)
      }
      guard case .throttled(let delay)? = error else {
        Issue.record("not throttled: \(String(describing: error))")
        return
      }
      #expect(delay >= .seconds(1))
    }
  }

  @Test func `without the service key what needs it is not asked`() async throws {
    let remote = AuthClient("http://127.0.0.1:1")
    await #expect(throws: AuthError.unavailable("this AuthClient was made without a service key")) {
      try await remote.details(for: SessionID("x"))
    }
  }

  @Test func `a server that is not there is an error, and no one is let in`() async throws {
    let remote = AuthClient("http://127.0.0.1:1", serviceKey: Setup.serviceKey, timeout: .seconds(5))
    await #expect(throws: AuthError.self) { try await remote.profile(for: SessionID("x")) }
    await #expect(throws: AuthError.self) { try await remote.details(for: SessionID("x")) }
    await #expect(throws: AuthError.self) { try await remote.logIn(email: "a", password: "b", from: .unknown) }
    await #expect(throws: AuthError.self) { try await remote.logOut(SessionID("x"), from: .unknown) }
  }

  @Test(arguments: [200, 201, 204, 301, 302, 308, 401, 403, 404, 418, 500, 502, 504])
  func `a response of another program is an error, not a no`(status: Int) async throws {
    let router = Router(context: BasicSessionRequestContext.self)
    for method in [HTTPRequest.Method.get, .post, .put, .delete] {
      router.on("**", method: method) { _, _ in
        Response(
          status: .init(code: status), headers: [.location: "/elsewhere"], body: .init(byteBuffer: ByteBuffer(string: "<html>")))
      }
    }
    try await withServer(router) { url in
      let remote = AuthClient(url, serviceKey: Setup.serviceKey, timeout: .seconds(3600), http: patientHTTPClient)
      let id = SessionID("x")
      await #expect(throws: AuthError.self) { try await remote.profile(for: id) }
      await #expect(throws: AuthError.self) { try await remote.details(for: id) }
      await #expect(throws: AuthError.self) { try await remote.logIn(email: "a", password: "b", from: .unknown) }
      await #expect(throws: AuthError.self) { try await remote.sessions(of: id) }
      await #expect(throws: AuthError.self) { try await remote.logOut(id, from: .unknown) }
      await #expect(throws: AuthError.self) { try await remote.endSession(id.digest, by: id, from: .unknown) }
      await #expect(throws: AuthError.self) { try await remote.endOtherSessions(than: id, from: .unknown) }
      await #expect(throws: AuthError.self) { try await remote.register(email: "a", password: "b", from: .unknown) }
      await #expect(throws: AuthError.self) { try await remote.requestPasswordReset(email: "a", from: .unknown) }
      await #expect(throws: AuthError.self) { try await remote.issueResetToken(email: "a", from: .unknown) }
      await #expect(throws: AuthError.self) {
        try await remote.resetPassword(token: ResetToken("t"), password: "b", email: "a", from: .unknown)
      }
      await #expect(throws: AuthError.self) {
        try await remote.changePassword(sessionID: id, current: "a", new: "b", from: .unknown)
      }
      await #expect(throws: AuthError.self) { try await remote.deleteUser(sessionID: id, password: "a", from: .unknown) }
      await #expect(throws: AuthError.self) {
        try await remote.verifyEmail(token: VerificationToken("t"), password: "a", from: .unknown)
      }
      await #expect(throws: AuthError.self) {
        try await remote.verifyEmail(code: VerificationCode("c"), of: RegistrationID("r"), from: .unknown)
      }
      await #expect(throws: AuthError.self) { try await remote.requestEmailChange(sessionID: id, to: "a", from: .unknown) }
      let token = EmailChangeToken("t")
      await #expect(throws: AuthError.self) {
        try await remote.confirmEmailChange(token: token, password: "a", from: .unknown)
      }
      await #expect(throws: AuthError.self) { try await remote.confirmEmailChange(token: token, sessionID: id, from: .unknown) }
      await #expect(throws: AuthError.self) {
        try await remote.confirmEmailChange(code: VerificationCode("c"), sessionID: id, from: .unknown)
      }
      await #expect(throws: AuthError.self) {
        try await remote.takeBackEmail(token: TakeBackToken("t"), newPassword: "a", from: .unknown)
      }
    }
  }

  @Test func `a message alone opens no account and changes no email`() async throws {
    let router = Router(context: BasicSessionRequestContext.self)
    for method in [HTTPRequest.Method.post, .put] {
      router.on("**", method: method) { _, _ in
        Response(status: .ok, body: .init(byteBuffer: ByteBuffer(string: #"{"message":"all is well"}"#)))
      }
    }
    try await withServer(router) { url in
      let remote = AuthClient(url, timeout: .seconds(3600), http: patientHTTPClient)
      await #expect(throws: AuthError.self) { try await remote.register(email: "a", password: "b", from: .unknown) }
      await #expect(throws: AuthError.self) {
        try await remote.verifyEmail(token: VerificationToken("t"), password: "a", from: .unknown)
      }
      await #expect(throws: AuthError.self) {
        try await remote.confirmEmailChange(token: EmailChangeToken("t"), password: "a", from: .unknown)
      }
      await #expect(throws: AuthError.self) {
        try await remote.takeBackEmail(token: TakeBackToken("t"), newPassword: "a", from: .unknown)
      }
    }
  }

  @Test func `a limit of a proxy is one of the server's, with its Retry-After`() async throws {
    let router = Router(context: BasicSessionRequestContext.self)
    router.get("**") { _, _ in Response(status: .tooManyRequests, headers: [.retryAfter: "17"]) }
    try await withServer(router) { url in
      await #expect(throws: AuthError.throttled(retryAfter: .seconds(17))) {
        try await AuthClient(url, timeout: .seconds(3600), http: patientHTTPClient).profile(for: SessionID("x"))
      }
    }
  }
}
