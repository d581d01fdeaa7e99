import AuthCore
import AuthHTTP
import AuthTesting
import HTTPTypes
import Hummingbird
import Testing

/// Registrations whose email is verified, over HTTP.
///
/// OWASP ASVS 5.0: 6.3.8.
@Suite struct VerifyEmailTests {
  private let service = MailService(verifyingEmails: .beforeLogin)
  private var mailbox: Mailbox { service.mailbox }

  private func register(_ email: String, _ client: Client) async throws -> ClientResponse {
    try await client.send(.post, "/users", Encoding.json.body(["email": email, "password": Strict.password]))
  }

  private func logIn(_ client: Client) async throws -> Int {
    try await client.send(.post, "/sessions", Encoding.json.body(["email": Strict.email, "password": Strict.password])).status
  }

  @Test func `an account opens with the link and its password`() async throws {
    try await service.run { client in
      #expect(try await register(Strict.email, client).status == 200)
      try await service.deliverAll()
      #expect(try await logIn(client) == 401)
      let token = try #require(mailbox.all.compactMap(\.verification).last).token
      let wrong = try await client.send(
        .put, "/verify_email", Encoding.json.body(["verification_token": token, "password": "wrong"]))
      #expect(wrong.status == 403)
      #expect(wrong.json["code"] == "wrong_password")
      let right = try await client.send(
        .put, "/verify_email", Encoding.json.body(["verification_token": token, "password": Strict.password]))
      #expect(right.status == 200)
      #expect(right.json == ["email": Strict.email, "id": "1", "message": "user created"])
      #expect(try await logIn(client) == 200)
    }
  }

  @Test func `an account opens with the code, where it was registered`() async throws {
    try await service.run { client in
      let registration = try #require(try await register(Strict.email, client).json["registration"])
      try await service.deliverAll()
      let code = try #require(mailbox.all.compactMap(\.verification).last).code
      for (registration, code) in [("x", code), (registration, "00000000")] {
        let refused = try await client.send(
          .put, "/verify_email", Encoding.json.body(["registration": registration, "code": code]))
        #expect(refused.status == 403)
        #expect(refused.json["code"] == "invalid_verification")
      }
      let typed = code.lowercased().prefix(4) + "-" + code.dropFirst(4)
      let right = try await client.send(
        .put, "/verify_email", Encoding.json.body(["registration": registration, "code": "\(typed)"]))
      #expect(right.status == 200)
      #expect(try await logIn(client) == 200)
    }
  }

  @Test func `an email that was taken in the meantime stays taken`() async throws {
    try await service.run { client in
      _ = try await register(Strict.email, client)
      try await service.deliverAll()
      _ = try await service.store.addUser(email: Email(Strict.email), hashedPassword: PasswordHash("x"))
      let token = try #require(mailbox.all.compactMap(\.verification).last).token
      let response = try await client.call(
        .put, "/verify_email", ["verification_token": token, "password": Strict.password])
      #expect(response.status == 400)
      #expect(response.json == ["code": "email_taken", "field": "email", "message": "email already registered"])
    }
  }

  @Test func `a response is the same for a free and a taken email, but for the random registration`() async throws {
    _ = try await service.store.addUser(email: Email("taken@me.com"), hashedPassword: PasswordHash("x"))
    try await service.run { client in
      var responses: [ClientResponse] = []
      for email in ["taken@me.com", "Taken@Me.com", "free@me.com"] { responses.append(try await register(email, client)) }
      for response in responses {
        #expect(response.status == responses[2].status)
        #expect(response.headers == responses[2].headers)
        #expect(response.json.mapValues(\.utf8.count) == responses[2].json.mapValues(\.utf8.count))
        #expect(response.json["message"] == responses[2].json["message"])
      }
      try await service.deliverAll()
      #expect(mailbox.all.map(\.kind) == [.accountExists, .accountExists, .emailVerification])
    }
  }

  @Test(arguments: [HTTPRequest.Method.get, .head, .post, .options])
  func `looking at the link changes nothing`(_ method: HTTPRequest.Method) async throws {
    try await service.run { client in
      _ = try await register(Strict.email, client)
      try await service.deliverAll()
      let token = try #require(mailbox.all.compactMap(\.verification).last).token
      for _ in 1...100 {
        let response = try await client.send(method, "/verify_email?verification_token=\(token)")
        #expect(response.status == 405)
      }
      let right = try await client.send(
        .put, "/verify_email", Encoding.json.body(["verification_token": token, "password": Strict.password]))
      #expect(right.status == 200)
    }
  }

  @Test(
    arguments: [
      ([:], "verification_token"), (["verification_token": "x"], "password"), (["password": "x"], "verification_token"),
      (["code": "x"], "registration"), (["registration": "x"], "code"),
      (["code": "x", "verification_token": "x"], "registration"), (["registration": "x", "password": "x"], "code"),
    ] as [(KeyValuePairs<String, String>, String)])
  func `a field that is missing is named`(_ fields: KeyValuePairs<String, String>, _ missing: String) async throws {
    try await service.run { client in
      let response = try await client.send(.put, "/verify_email", Encoding.json.body(fields))
      #expect(response.status == 400)
      #expect(response.json["code"] == "field_missing")
      #expect(response.json["field"] == missing)
    }
  }

  @Test func `a whole link counts before a code, and half of one does not`() async throws {
    try await service.run { client in
      for email in ["one@me.com", "two@me.com"] {
        let registration = try #require(try await register(email, client).json["registration"])
        try await service.deliverAll()
        let (token, code) = try #require(mailbox.all.compactMap(\.verification).last)
        let right: KeyValuePairs = ["verification_token": token, "password": Strict.password, "registration": "x", "code": "y"]
        let half: KeyValuePairs = ["verification_token": "x", "registration": registration, "code": code]
        let response = try await client.send(
          .put, "/verify_email", Encoding.json.body(email == "one@me.com" ? right : half))
        #expect(response.status == 200 && response.json["email"] == email)
      }
    }
  }

  @Test func `without verification registration opens the account, and nothing can be verified`() async throws {
    try await withService(.strict) { client in
      let response = try await register(Strict.email, client)
      #expect(response.json == ["email": Strict.email, "message": "user created"])
      let refused = try await client.send(
        .put, "/verify_email", Encoding.json.body(["registration": "x", "code": "y"]))
      #expect(refused.status == 403)
    }
  }
}
