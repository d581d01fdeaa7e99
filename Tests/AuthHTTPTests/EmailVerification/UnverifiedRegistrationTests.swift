import AuthCore
import AuthHTTP
import AuthTesting
import Foundation
import HTTPTypes
import Hummingbird
import Testing

/// Accounts that are used before their email is verified, over HTTP.
@Suite struct UnverifiedRegistrationTests {
  private let service = MailService(verifyingEmails: .beforeRecovery)
  private var mailbox: Mailbox { service.mailbox }
  private var auth: Auth { service.auth }
  private static let key = ServiceKey(String(repeating: "k", count: 32))!

  private func register(
    _ client: Client, _ email: String = Strict.email, _ password: String = Strict.password
  ) async throws -> ClientResponse {
    try await client.send(.post, "/users", Encoding.json.body(["email": email, "password": password]))
  }

  private func logIn(_ client: Client, _ password: String = Strict.password) async throws -> Int {
    try await client.send(.post, "/sessions", Encoding.json.body(["email": Strict.email, "password": password])).status
  }

  @Test func `an account opens at once, and its code verifies it`() async throws {
    try await service.run(serviceKeys: [Self.key]) { client in
      let response = try await register(client)
      #expect(response.status == 200)
      let registration = try #require(response.json["registration"])
      #expect(response.json == ["email": Strict.email, "message": "user created", "registration": registration])
      #expect(try await logIn(client) == 200)
      try await service.deliverAll()
      let code = try #require(mailbox.all.compactMap(\.verification).last).code
      let verified = try await client.call(.put, "/verify_email", ["registration": registration, "code": code])
      #expect(verified.status == 200)
      #expect(verified.json == ["email": Strict.email, "id": "1", "message": "email verified"])
      #expect(try await auth.unverifiedUntil(1) == nil)
    }
  }

  @Test func `an unverified email is not taken, and the owner who verifies it gets an account of their own`() async throws {
    try await service.run(serviceKeys: [Self.key]) { client in
      #expect(try await register(client, Strict.email, Strict.otherPassword).status == 200)
      try await service.deliverAll()
      let response = try await register(client)
      #expect(response.status == 200)
      #expect(Set(response.json.keys) == ["message", "registration"])
      #expect(response.json["message"] == "a message is on its way to this email; the account opens with it")
      #expect(try await logIn(client) == 401)
      try await service.deliverAll()
      #expect(mailbox.all.map(\.kind) == [.emailVerification, .emailVerification])
      let token = try #require(mailbox.all.compactMap(\.verification).last).token
      let fields: KeyValuePairs = ["verification_token": token, "password": Strict.password]
      let verified = try await client.call(.put, "/verify_email", fields)
      #expect(verified.json == ["email": Strict.email, "id": "2", "message": "email verified"])
      #expect(try await logIn(client) == 200)
      #expect(try await logIn(client, Strict.otherPassword) == 401)
      let taken = try await register(client)
      #expect(taken.status == 400)
      #expect(taken.json == ["code": "email_taken", "field": "email", "message": "email already registered"])
    }
  }

  @Test func `a reset is answered as always and sent to no one, and a service key is refused`() async throws {
    try await service.run(serviceKeys: [Self.key]) { client in
      _ = try await register(client)
      try await service.deliverAll()
      var responses: [ClientResponse] = []
      for email in [Strict.email, "no-one@me.com"] {
        responses.append(try await client.send(.post, "/reset_password", Encoding.json.body(["email": email])))
      }
      #expect(responses[0].status == 200)
      #expect(responses[0].json == responses[1].json)
      #expect(responses[0].headers == responses[1].headers)
      try await service.deliverAll()
      #expect(mailbox.all.map(\.kind) == [.emailVerification])
      let refused = try await client.send(
        .post, "/reset_password", Encoding.json.body(["email": Strict.email]),
        headers: [.authorization: "Bearer \(Self.key.text)"])
      #expect(refused.status == 403)
      #expect(refused.json["code"] == "unverified_email")
    }
  }

  @Test func `the document tells both responses to a registration`() throws {
    let document = AuthRoutes(auth: auth).openAPIDocument
    let object = try #require(JSONSerialization.jsonObject(with: Data(document.utf8)) as? [String: Any])
    let paths = try #require(object["paths"] as? [String: [String: Any]])
    let register = try #require(paths["/users"]?["post"] as? [String: Any])
    #expect(
      register["summary"] as? String
        == "Opens an account, and sends a message with which the owner of the email verifies it.")
    let response = try #require((register["responses"] as? [String: [String: Any]])?["200"])
    #expect(Set((response["links"] as? [String: Any] ?? [:]).keys).count == 2)
    let content = try #require(response["content"] as? [String: [String: Any]])
    let bodies = try #require((content["application/json"]?["schema"] as? [String: Any])?["anyOf"] as? [[String: Any]])
    #expect(
      bodies.map { Set(($0["properties"] as? [String: Any] ?? [:]).keys) } == [
        ["email", "message", "registration"], ["message", "registration"],
      ])
  }
}
