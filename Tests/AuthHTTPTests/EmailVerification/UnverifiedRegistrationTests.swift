import AuthCore
import AuthHTTP
import AuthTesting
import Foundation
import HTTPTypes
import Hummingbird
import Synchronization
import Testing

/// Accounts that are used before their email is verified, over HTTP.
@Suite struct UnverifiedRegistrationTests {
  private final class Mailbox: MessageDelivery {
    private let messages = Mutex<[AuthMessage]>([])

    func deliver(_ message: AuthMessage) async throws { messages.withLock { $0.append(message) } }

    func challenge() throws -> (token: String, code: String) {
      guard case .emailVerification(let token, let code, _, _)? = messages.withLock({ $0.last })?.content else {
        throw AuthError.unknownUser
      }
      return (token.text, code.text)
    }

    var kinds: [OutboxMessage.Kind] { messages.withLock { $0.map(\.kind) } }
  }

  private let store = InMemoryStore()
  private let mailbox = Mailbox()
  private static let key = ServiceKey(String(repeating: "k", count: 32))!

  private static let policy: AuthPolicy = {
    var policy = AuthPolicy.strict
    policy.emailVerification.requirement = .beforeRecovery
    return policy
  }()

  private func with(_ test: @Sendable (Client, Auth) async throws -> Void) async throws {
    let auth = Auth(policy: Self.policy, store: store, hasher: sharedHasher, clock: ManualClock())
    let routes = AuthRoutes(auth: auth, serviceKeys: [Self.key])
    try await withRouter { client in
      try await test(client, auth)
    } mounting: { router in
      router.add(middleware: JSONErrors(for: routes))
      routes.add(to: router)
    }
  }

  private func register(
    _ client: Client, _ email: String = Strict.email, _ password: String = Strict.password
  ) async throws -> ClientResponse {
    try await client.send(.post, "/users", Encoding.json.body(["email": email, "password": password]))
  }

  private func logIn(_ client: Client, _ password: String = Strict.password) async throws -> Int {
    try await client.send(.post, "/sessions", Encoding.json.body(["email": Strict.email, "password": password])).status
  }

  @Test func `an account opens at once, and its code verifies it`() async throws {
    try await with { client, auth in
      let response = try await register(client)
      #expect(response.status == 200)
      let registration = try #require(response.json["registration"])
      #expect(response.json == ["email": Strict.email, "message": "user created", "registration": registration])
      #expect(try await logIn(client) == 200)
      _ = try await auth.deliverNextMessage(through: mailbox)
      let verified = try await client.send(
        .put, "/verify_email", Encoding.json.body(["registration": registration, "code": mailbox.challenge().code]))
      #expect(verified.status == 200)
      #expect(verified.json == ["email": Strict.email, "id": "1", "message": "email verified"])
      #expect(try await auth.unverifiedUntil(1) == nil)
    }
  }

  @Test func `an unverified email is not taken, and the account of who verifies it is theirs alone`() async throws {
    try await with { client, auth in
      #expect(try await register(client, Strict.email, Strict.otherPassword).status == 200)
      _ = try await auth.deliverNextMessage(through: mailbox)
      let response = try await register(client)
      #expect(response.status == 200)
      #expect(Set(response.json.keys) == ["message", "registration"])
      #expect(response.json["message"] == "a message is on its way to this email; the account opens with it")
      #expect(try await logIn(client) == 401)
      _ = try await auth.deliverNextMessage(through: mailbox)
      #expect(mailbox.kinds == [.emailVerification, .emailVerification])
      let verified = try await client.send(
        .put, "/verify_email",
        Encoding.json.body(["verification_token": mailbox.challenge().token, "password": Strict.password]))
      #expect(verified.json == ["email": Strict.email, "id": "2", "message": "email verified"])
      #expect(try await logIn(client) == 200)
      #expect(try await logIn(client, Strict.otherPassword) == 401)
      let taken = try await register(client)
      #expect(taken.status == 400)
      #expect(taken.json == ["code": "email_taken", "field": "email", "message": "email already registered"])
    }
  }

  @Test func `a reset is answered as always and sent to no one, and a service key is refused`() async throws {
    try await with { client, auth in
      _ = try await register(client)
      _ = try await auth.deliverNextMessage(through: mailbox)
      var responses: [ClientResponse] = []
      for email in [Strict.email, "no-one@me.com"] {
        responses.append(try await client.send(.post, "/reset_password", Encoding.json.body(["email": email])))
      }
      #expect(responses[0].status == 200)
      #expect(responses[0].json == responses[1].json)
      #expect(responses[0].headers == responses[1].headers)
      for _ in 1...2 { _ = try await auth.deliverNextMessage(through: mailbox) }
      #expect(mailbox.kinds == [.emailVerification])
      let refused = try await client.send(
        .post, "/reset_password", Encoding.json.body(["email": Strict.email]),
        headers: [.authorization: "Bearer \(Self.key.text)"])
      #expect(refused.status == 403)
      #expect(refused.json["code"] == "unverified_email")
    }
  }

  @Test func `the document tells both responses to a registration`() throws {
    let auth = Auth(policy: Self.policy, store: store, hasher: sharedHasher)
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
