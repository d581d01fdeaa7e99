import AuthCore
import AuthHTTP
import AuthTesting
import HTTPTypes
import Hummingbird
import Synchronization
import Testing

/// Changes of emails over HTTP.
///
/// OWASP ASVS 5.0: 6.3.7.
@Suite struct ChangeEmailTests {
  /// Keeps the messages.
  private final class Mailbox: MessageDelivery {
    private let messages = Mutex<[AuthMessage]>([])

    func deliver(_ message: AuthMessage) async throws { messages.withLock { $0.append(message) } }

    var all: [AuthMessage] { messages.withLock { $0 } }

    var challenge: (token: String, code: String)? {
      all.compactMap { message -> (String, String)? in
        if case .emailChange(let token, let code, _, _) = message.content { (token.text, code.text) } else { nil }
      }.last
    }

    var takeBackToken: String? {
      all.compactMap { message in
        switch message.content {
        case .emailChangeRequested(_, let token, _), .emailChanged(_, let token, _): token.text
        default: nil
        }
      }.last
    }
  }

  private let store = InMemoryStore()
  private let mailbox = Mailbox()
  private let clock = ManualClock()

  /// Runs a test with Bob, who is logged in.
  private func with(_ test: @Sendable (Client, Auth, String) async throws -> Void) async throws {
    let auth = Auth(policy: .strict, store: store, hasher: sharedHasher, clock: clock)
    let routes = AuthRoutes(auth: auth)
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

  private func put(
    _ path: String, _ fields: KeyValuePairs<String, String>, in session: String? = nil, _ client: Client
  ) async throws -> ClientResponse {
    var headers = HTTPFields()
    headers[.authorization] = session.map { "Bearer \($0)" }
    return try await client.send(.put, path, Encoding.json.body(fields), headers: headers)
  }

  private func deliverAll(_ auth: Auth) async throws {
    while case .delivered = try await auth.deliverNextMessage(through: mailbox) {}
  }

  @Test func `the email changes with the link and the password`() async throws {
    try await with { client, auth, session in
      let asked = try await put("/email", ["email": "new@me.com"], in: session, client)
      #expect(asked.status == 200)
      #expect(asked.json == ["message": "a message is on its way to the new email; nothing changes until it is confirmed"])
      try await deliverAll(auth)
      let token = try #require(mailbox.challenge).token
      let wrong = try await put("/confirm_email", ["email_change_token": token, "password": "wrong"], client)
      #expect(wrong.status == 403 && wrong.json["code"] == "wrong_password")
      let right = try await put("/confirm_email", ["email_change_token": token, "password": Strict.password], client)
      #expect(right.status == 200)
      #expect(right.json == ["email": "new@me.com", "id": "1", "message": "email changed"])
      let replayed = try await put("/confirm_email", ["email_change_token": token, "password": Strict.password], client)
      #expect(replayed.status == 403 && replayed.json["code"] == "invalid_verification")
      _ = try await logIn(client, "new@me.com", Strict.password)
    }
  }

  @Test func `the email changes with the link or the code, and a session`() async throws {
    try await with { client, auth, session in
      for (index, field) in ["email_change_token", "code"].enumerated() {
        _ = try await put("/email", ["email": "new\(index)@me.com"], in: session, client)
        try await deliverAll(auth)
        let (token, code) = try #require(mailbox.challenge)
        let value = field == "code" ? code : token
        let without = try await put("/confirm_email", [field: value], client)
        #expect(without.status == 403 && without.json["code"] == "login_required")
        let right = try await put("/confirm_email", [field: value], in: session, client)
        #expect(right.json["email"] == "new\(index)@me.com")
      }
    }
  }

  @Test func `a token counts before a code, and a password before a session`() async throws {
    try await with { client, auth, session in
      _ = try await put("/email", ["email": "new@me.com"], in: session, client)
      try await deliverAll(auth)
      let (token, code) = try #require(mailbox.challenge)
      let wrongToken = try await put("/confirm_email", ["email_change_token": "x", "code": code], in: session, client)
      #expect(wrongToken.status == 403 && wrongToken.json["code"] == "invalid_verification")
      let wrongPassword = try await put(
        "/confirm_email", ["email_change_token": token, "password": "wrong"], in: session, client)
      #expect(wrongPassword.status == 403 && wrongPassword.json["code"] == "wrong_password")
      let right = try await put("/confirm_email", ["email_change_token": token, "code": "x"], in: session, client)
      #expect(right.status == 200)
    }
  }

  @Test func `an email that someone else has is not taken back`() async throws {
    try await with { client, auth, session in
      _ = try await put("/email", ["email": "new@me.com"], in: session, client)
      try await deliverAll(auth)
      let token = try #require(mailbox.takeBackToken)
      let taken = InterceptingStore(store) { operation throws(StoreError) in
        if operation == .takeBackEmail { throw .emailTaken }
      }
      try await withService(.strict, store: taken, clock: clock) { client in
        let response = try await put(
          "/take_back_email", ["take_back_token": token, "new_password": Strict.otherPassword], client)
        #expect(response.status == 400)
        #expect(response.json == ["code": "email_taken", "field": "email", "message": "email already registered"])
      }
    }
  }

  @Test func `a former email takes the account back, once`() async throws {
    try await with { client, auth, session in
      _ = try await put("/email", ["email": "new@me.com"], in: session, client)
      try await deliverAll(auth)
      let token = try #require(mailbox.challenge).token
      _ = try await put("/confirm_email", ["email_change_token": token], in: session, client)
      try await deliverAll(auth)
      let undo = try #require(mailbox.takeBackToken)
      let short = try await put("/take_back_email", ["take_back_token": undo, "new_password": "short"], client)
      #expect(short.status == 400 && short.json["field"] == "new_password")
      let fields: KeyValuePairs = ["take_back_token": undo, "new_password": Strict.otherPassword]
      let right = try await put("/take_back_email", fields, client)
      #expect(right.status == 200)
      #expect(right.json == ["email": Strict.email, "message": "the email is yours again, with the new password"])
      let again = try await put("/take_back_email", fields, client)
      #expect(again.status == 403 && again.json["code"] == "invalid_take_back")
      #expect(try await client.send(.get, "/profile", headers: [.authorization: "Bearer \(session)"]).status == 403)
      _ = try await logIn(client, Strict.email, Strict.otherPassword)
    }
  }

  @Test func `a request needs a session, and a recent login or the password`() async throws {
    try await with { client, auth, session in
      #expect(try await put("/email", ["email": "new@me.com"], client).json["code"] == "login_required")
      clock.advance(by: .seconds(16 * 60))
      let late = try await put("/email", ["email": "new@me.com"], in: session, client)
      #expect(late.status == 403 && late.json["code"] == "recent_login_required")
      for (field, password, status) in [
        ("current_password", "wrong", 403), ("current_password", Strict.password, 200), ("password", Strict.password, 200),
      ] {
        #expect(try await put("/email", ["email": "new@me.com", field: password], in: session, client).status == status)
      }
    }
  }

  @Test func `a response is the same for a free and a taken email, also when it is refused`() async throws {
    _ = try await store.addUser(email: Email("taken@me.com"), hashedPassword: PasswordHash("x"))
    try await with { client, auth, session in
      var responses: [ClientResponse] = []
      for email in ["taken@me.com", "Taken@Me.com", "free@me.com"] {
        responses.append(try await put("/email", ["email": email], in: session, client))
      }
      for response in responses {
        #expect(response.status == 200)
        #expect(response.headers == responses[2].headers)
        #expect(response.json == responses[2].json)
      }
      try await deliverAll(auth)
      // What becomes of each older request does not depend on it either.
      let toTaken = mailbox.all.filter { $0.email.text.lowercased() == "taken@me.com" }
      #expect(toTaken.map(\.kind) == [.accountExists, .accountExists])
      #expect(mailbox.all.count { $0.kind == .emailChange } == 1)
      #expect(mailbox.all.count { $0.kind == .emailChangeRequested } == 3)
      for _ in 1...2 { _ = try await put("/email", ["email": "x@me.com"], in: session, client) }
      let (taken, free) = (
        try await put("/email", ["email": "taken@me.com"], in: session, client),
        try await put("/email", ["email": "free@me.com"], in: session, client)
      )
      #expect(taken.status == 429)
      #expect(taken.status == free.status && taken.headers == free.headers && taken.json == free.json)
    }
  }

  @Test(arguments: [HTTPRequest.Method.get, .head, .post, .options])
  func `looking at the links changes nothing`(_ method: HTTPRequest.Method) async throws {
    try await with { client, auth, session in
      _ = try await put("/email", ["email": "new@me.com"], in: session, client)
      try await deliverAll(auth)
      let (token, stop) = (try #require(mailbox.challenge).token, try #require(mailbox.takeBackToken))
      for _ in 1...100 {
        for path in ["/email?x=y", "/confirm_email?email_change_token=\(token)", "/take_back_email?take_back_token=\(stop)"] {
          let response = try await client.send(method, path, headers: [.authorization: "Bearer \(session)"])
          #expect(response.status == 405)
        }
      }
      let right = try await put("/confirm_email", ["email_change_token": token], in: session, client)
      #expect(right.status == 200)
    }
  }

  @Test func `what is wrong is said with its field`() async throws {
    _ = try await store.addUser(email: Email("taken@me.com"), hashedPassword: PasswordHash("x"))
    try await with { client, auth, session in
      let same = try await put("/email", ["email": Strict.email.uppercased()], in: session, client)
      #expect(same.status == 400)
      #expect(same.json == ["code": "email_unchanged", "field": "email", "message": "email: the account has this email already"])
      let malformed = try await put("/email", ["email": "new"], in: session, client)
      #expect(malformed.status == 400 && malformed.json["code"] == "email_at_signs" && malformed.json["field"] == "email")
      #expect(try await put("/email", ["password": "x"], in: session, client).json["field"] == "email")
      #expect(try await put("/confirm_email", ["password": "x"], client).json["field"] == "email_change_token")
      #expect(try await put("/take_back_email", ["new_password": "x"], client).json["field"] == "take_back_token")
      #expect(try await put("/take_back_email", ["take_back_token": "x"], client).json["field"] == "new_password")
      _ = try await put("/email", ["email": "free@me.com"], in: session, client)
      try await deliverAll(auth)
      _ = try await store.addUser(email: Email("FREE@me.com"), hashedPassword: PasswordHash("x"))
      let taken = try await put(
        "/confirm_email", ["email_change_token": #require(mailbox.challenge).token], in: session, client)
      #expect(taken.status == 400)
      #expect(taken.json == ["code": "email_taken", "field": "email", "message": "email already registered"])
    }
  }

  @Test func `a page of another site changes nothing`() async throws {
    try await with { client, auth, session in
      for path in ["/email", "/confirm_email", "/take_back_email"] {
        let response = try await client.send(
          .put, path, Encoding.json.body(["email": "new@me.com"]),
          headers: [.cookie: "__Host-session_id=\(session)", .init("Sec-Fetch-Site")!: "cross-site"])
        #expect(response.status == 403 && response.json["code"] == "cross_site", "\(path)")
      }
      try await deliverAll(auth)
      #expect(mailbox.all.isEmpty)
    }
  }
}
