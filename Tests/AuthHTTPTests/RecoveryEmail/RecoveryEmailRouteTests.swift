import AuthCore
import AuthTesting
import HTTPTypes
import Hummingbird
import Synchronization
import Testing

@testable import AuthHTTP

/// Recovery emails over HTTP.
///
/// NIST SP 800-63B-4: 4.2.1.2.
@Suite struct RecoveryEmailRouteTests {
  private static let second = "bob@second.org"

  /// Keeps the messages.
  private final class Mailbox: MessageDelivery {
    private let messages = Mutex<[AuthMessage]>([])

    func deliver(_ message: AuthMessage) async throws { messages.withLock { $0.append(message) } }

    var all: [AuthMessage] { messages.withLock { $0 } }

    var challenge: (token: String, code: String)? {
      all.compactMap { message -> (String, String)? in
        if case .recoveryEmail(let token, let code, _, _) = message.content { (token.text, code.text) } else { nil }
      }.last
    }

    /// The token of the newest reset, its recipient, and the email of the account, where that is another.
    var reset: (token: String, to: String, account: String?)? {
      all.compactMap { message -> (String, String, String?)? in
        guard case .passwordReset(let token, _) = message.content else { return nil }
        return (token.text, message.email.text, message.accountEmail?.text)
      }.last
    }
  }

  private let store = InMemoryStore()
  private let mailbox = Mailbox()
  private let clock = ManualClock()

  /// Runs a test with Bob, who is logged in.
  private func with(
    serviceKeys: [ServiceKey] = [], _ test: @Sendable (Client, Auth, String) async throws -> Void
  ) async throws {
    let auth = Auth(policy: .strict, store: store, hasher: sharedHasher, clock: clock)
    let routes = AuthRoutes(auth: auth, serviceKeys: serviceKeys)
    try await withRouter { client in
      _ = try await client.send(.post, "/users", Encoding.json.body(["email": Strict.email, "password": Strict.password]))
      try await test(client, auth, try await logIn(client, Strict.email, Strict.password))
    } mounting: { router in
      router.add(middleware: JSONErrors(for: routes))
      routes.add(to: router)
    }
  }

  private func logIn(_ client: Client, _ email: String, _ password: String) async throws -> String {
    let response = try await client.send(.post, "/sessions", Encoding.json.body(["email": email, "password": password]))
    return try #require(response.cookie).value
  }

  private func send(
    _ method: HTTPRequest.Method, _ path: String, _ fields: KeyValuePairs<String, String> = [:], in session: String? = nil,
    _ client: Client
  ) async throws -> ClientResponse {
    var headers = HTTPFields()
    headers[.authorization] = session.map { "Bearer \($0)" }
    return try await client.send(method, path, Encoding.json.body(fields), headers: headers)
  }

  private func deliverAll(_ auth: Auth) async throws {
    while case .delivered = try await auth.deliverNextMessage(through: mailbox) {}
  }

  /// Sets Bob's recovery email.
  private func set(_ client: Client, _ auth: Auth, _ session: String, to email: String = second) async throws {
    #expect(try await send(.put, "/recovery_email", ["email": email], in: session, client).status == 200)
    try await deliverAll(auth)
    let token = try #require(mailbox.challenge).token
    let fields: KeyValuePairs = ["recovery_email_token": token]
    #expect(try await send(.put, "/confirm_recovery_email", fields, in: session, client).status == 200)
    try await deliverAll(auth)
  }

  @Test func `it is asked for, confirmed with the link and the password, shown and removed`() async throws {
    try await with { client, auth, session in
      let none = try await send(.get, "/recovery_email", in: session, client)
      #expect(none.status == 404)
      #expect(none.json == ["code": "no_recovery_email", "message": "the account has no recovery email"])
      let asked = try await send(.put, "/recovery_email", ["email": Self.second], in: session, client)
      #expect(asked.status == 200)
      #expect(asked.json == ["message": "a message is on its way to the recovery email; nothing changes until it is confirmed"])
      try await deliverAll(auth)
      #expect(try await send(.get, "/recovery_email", in: session, client).status == 404)
      let token = try #require(mailbox.challenge).token
      let wrong = try await send(
        .put, "/confirm_recovery_email", ["recovery_email_token": token, "password": "wrong"], client)
      #expect(wrong.status == 403 && wrong.json["code"] == "wrong_password")
      let fields: KeyValuePairs = ["recovery_email_token": token, "password": Strict.password]
      let right = try await send(.put, "/confirm_recovery_email", fields, client)
      #expect(right.status == 200)
      #expect(right.json == ["message": "recovery email set", "recovery_email": Self.second])
      let replayed = try await send(.put, "/confirm_recovery_email", fields, client)
      #expect(replayed.status == 403 && replayed.json["code"] == "invalid_verification")
      let shown = try await send(.get, "/recovery_email", in: session, client)
      #expect(shown.status == 200)
      #expect(shown.json == ["recovery_email": Self.second, "verified_at": clock.now.rfc3339])
      let removed = try await send(.delete, "/recovery_email", in: session, client)
      #expect(removed.status == 200 && removed.json == ["message": "recovery email removed"])
      for (method, path) in [(HTTPRequest.Method.delete, "/recovery_email"), (.post, "/recovery_email/delete")] {
        let again = try await send(method, path, in: session, client)
        #expect(again.status == 404 && again.json["code"] == "no_recovery_email")
      }
    }
  }

  @Test func `it is confirmed with the link or the code, and a session`() async throws {
    try await with { client, auth, session in
      for (index, field) in ["recovery_email_token", "code"].enumerated() {
        _ = try await send(.put, "/recovery_email", ["email": "new\(index)@me.com"], in: session, client)
        try await deliverAll(auth)
        let (token, code) = try #require(mailbox.challenge)
        let value = field == "code" ? code : token
        let without = try await send(.put, "/confirm_recovery_email", [field: value], client)
        #expect(without.status == 403 && without.json["code"] == "login_required")
        let right = try await send(.put, "/confirm_recovery_email", [field: value], in: session, client)
        #expect(right.json["recovery_email"] == "new\(index)@me.com")
      }
    }
  }

  @Test(arguments: ["true", "on", "1"])
  func `a reset token goes to it if the request says so, and is used with the account's email`(_ flag: String) async throws {
    try await with { client, auth, session in
      try await set(client, auth, session)
      let asked = try await send(.post, "/reset_password", ["email": Strict.email, "to_recovery_email": flag], client)
      #expect(asked.status == 200)
      try await deliverAll(auth)
      let (token, recipient, account) = try #require(mailbox.reset)
      #expect(recipient == Self.second && account == Strict.email)
      // What a receiver sends that takes the recipient for the account.
      let mistaken = try await send(
        .put, "/reset_password", ["email": recipient, "reset_token": token, "new_password": Strict.otherPassword], client)
      #expect(mistaken.status == 403 && mistaken.json["code"] == "invalid_reset_token")
      let right = try await send(
        .put, "/reset_password", ["email": Strict.email, "reset_token": token, "new_password": Strict.otherPassword], client)
      #expect(right.status == 200)
      _ = try await logIn(client, Strict.email, Strict.otherPassword)
    }
  }

  @Test func `a response is the same for every email, and whether there is a recovery email or not`() async throws {
    _ = try await store.addUser(email: Email("eve@me.com"), hashedPassword: PasswordHash("x"))
    try await with { client, auth, session in
      try await set(client, auth, session)
      var responses: [ClientResponse] = []
      for email in [Strict.email, "eve@me.com", "none@me.com", Self.second, "no email"] {
        for flag in ["true", "false"] {
          responses.append(
            try await send(.post, "/reset_password", ["email": email, "to_recovery_email": flag], client))
        }
        responses.append(try await send(.post, "/reset_password", ["email": email], client))
      }
      for response in responses {
        #expect(response.status == 200)
        #expect(response.headers == responses[0].headers && response.json == responses[0].json)
      }
      try await deliverAll(auth)
      let recipients = mailbox.all.filter { $0.kind == .passwordReset }.map(\.email.text)
      #expect(recipients.sorted() == [Strict.email, Strict.email, Self.second] + Array(repeating: "eve@me.com", count: 3))
    }
  }

  @Test func `what is wrong is said with its field`() async throws {
    try await with { client, auth, session in
      try await set(client, auth, session)
      for email in [Strict.email.uppercased(), Self.second] {
        let same = try await send(.put, "/recovery_email", ["email": email], in: session, client)
        #expect(same.status == 400)
        #expect(
          same.json == ["code": "email_unchanged", "field": "email", "message": "email: the account has this email already"])
      }
      let malformed = try await send(.put, "/recovery_email", ["email": "new"], in: session, client)
      #expect(malformed.status == 400 && malformed.json["code"] == "email_at_signs")
      #expect(try await send(.put, "/recovery_email", ["password": "x"], in: session, client).json["field"] == "email")
      #expect(
        try await send(.put, "/confirm_recovery_email", ["password": "x"], client).json["field"] == "recovery_email_token")
      let flag = try await send(.post, "/reset_password", ["email": Strict.email, "to_recovery_email": "perhaps"], client)
      #expect(flag.status == 400 && flag.json["field"] == "to_recovery_email")
    }
  }

  @Test func `it needs a session, and a recent login or the password`() async throws {
    try await with { client, auth, session in
      try await set(client, auth, session)
      let routes: [(HTTPRequest.Method, String)] = [
        (.get, "/recovery_email"), (.put, "/recovery_email"), (.delete, "/recovery_email"), (.post, "/recovery_email/delete"),
      ]
      for (method, path) in routes {
        #expect(try await send(method, path, ["email": "x@me.com"], client).json["code"] == "login_required")
      }
      clock.advance(by: .seconds(16 * 60))
      for (method, path) in routes.dropFirst() {
        let late = try await send(method, path, ["email": "x@me.com"], in: session, client)
        #expect(late.status == 403 && late.json["code"] == "recent_login_required")
        let wrong = try await send(method, path, ["email": "x@me.com", "current_password": "wrong"], in: session, client)
        #expect(wrong.status == 403 && wrong.json["code"] == "wrong_password")
      }
      #expect(try await send(.get, "/recovery_email", in: session, client).json["recovery_email"] == Self.second)
      let fields: KeyValuePairs = ["email": "x@me.com", "password": Strict.password]
      #expect(try await send(.put, "/recovery_email", fields, in: session, client).status == 200)
      #expect(try await send(.post, "/recovery_email/delete", fields, in: session, client).status == 200)
    }
  }

  @Test(arguments: [HTTPRequest.Method.get, .head, .post, .options])
  func `looking at the link changes nothing`(_ method: HTTPRequest.Method) async throws {
    try await with { client, auth, session in
      _ = try await send(.put, "/recovery_email", ["email": Self.second], in: session, client)
      try await deliverAll(auth)
      let token = try #require(mailbox.challenge).token
      for _ in 1...100 {
        let path = "/confirm_recovery_email?recovery_email_token=\(token)"
        #expect(try await client.send(method, path, headers: [.authorization: "Bearer \(session)"]).status == 405)
      }
      let fields: KeyValuePairs = ["recovery_email_token": token]
      #expect(try await send(.put, "/confirm_recovery_email", fields, in: session, client).status == 200)
    }
  }

  @Test func `a page of another site changes nothing`() async throws {
    try await with { client, auth, session in
      try await set(client, auth, session)
      let count = mailbox.all.count
      for (method, path) in [
        (HTTPRequest.Method.put, "/recovery_email"), (.put, "/confirm_recovery_email"), (.delete, "/recovery_email"),
        (.post, "/recovery_email/delete"),
      ] {
        let response = try await client.send(
          method, path, Encoding.json.body(["email": "new@me.com"]),
          headers: [.cookie: "__Host-session_id=\(session)", .init("Sec-Fetch-Site")!: "cross-site"])
        #expect(response.status == 403 && response.json["code"] == "cross_site", "\(path)")
      }
      try await deliverAll(auth)
      #expect(mailbox.all.count == count)
    }
  }

  @Test func `a back end with a service key is told where to send the token`() async throws {
    let key = ServiceKey(String(repeating: "k", count: 32))!
    try await with(serviceKeys: [key]) { client, auth, session in
      let headers: HTTPFields = [.authorization: "Bearer \(String(repeating: "k", count: 32))"]
      func ask(_ fields: KeyValuePairs<String, String>) async throws -> [String: String] {
        try await client.send(.post, "/reset_password", Encoding.json.body(fields), headers: headers).json
      }
      let early = try await ask(["email": Strict.email, "to_recovery_email": "true"])
      #expect(Set(early.keys) == ["email", "reset_token"])
      try await set(client, auth, session)
      let asked = try await ask(["email": Strict.email, "to_recovery_email": "true"])
      #expect(asked["email"] == Strict.email && asked["recovery_email"] == Self.second && asked["reset_token"] != nil)
      #expect(try await Set(ask(["email": Strict.email]).keys) == ["email", "reset_token"])
    }
  }

  @Test func `without the feature there is no such field`() async throws {
    var policy = AuthPolicy.classic
    policy.passwordReset.returnsToken = false
    let auth = Auth(policy: policy, store: store, hasher: sharedHasher, clock: clock)
    let bob = try await auth.register(email: Strict.email, password: Strict.password, from: .unknown)
    let request = RecoveryEmailRequest(
      id: SessionID("x").digest, userID: bob.id, email: try Email(Self.second), createdAt: clock.now,
      expiresAt: clock.now + .seconds(60))
    let login = try #require(try await auth.logIn(email: Strict.email, password: Strict.password, from: .unknown).login)
    let messages = ["a", "b"].map { OutboxMessage(id: $0, kind: .recoveryEmail, email: request.email, createdAt: clock.now) }
    _ = try await store.addRecoveryEmailRequest(request, by: login.sessionID.digest, queueing: messages[0], limit: 1)
    #expect(try await store.confirmRecoveryEmail(request, now: clock.now, notice: messages[1]))
    for message in messages { try await store.removeMessage(message.id) }
    let routes = AuthRoutes(auth: auth)
    try await withRouter { client in
      #expect(try await send(.get, "/recovery_email", in: login.sessionID.text, client).status == 404)
      for flag in ["true", "perhaps"] {
        _ = try await send(.post, "/reset_password", ["email": Strict.email, "to_recovery_email": flag], client)
      }
      try await deliverAll(auth)
      #expect(mailbox.reset?.to == Strict.email)
    } mounting: { router in
      routes.add(to: router)
    }
  }
}
