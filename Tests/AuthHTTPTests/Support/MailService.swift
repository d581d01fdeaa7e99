import AuthCore
import AuthHTTP
import AuthTesting
import HTTPTypes
import Hummingbird
import Testing

/// A service under strict, and the messages that it sends.
struct MailService: Sendable {
  let store = InMemoryStore()
  let mailbox = Mailbox()
  let clock = ManualClock()
  let auth: Auth

  init(verifyingEmails requirement: AuthPolicy.EmailVerification.Requirement = .off) {
    var policy = AuthPolicy.strict
    policy.emailVerification.requirement = requirement
    auth = Auth(policy: policy, store: store, hasher: sharedHasher, clock: clock)
  }

  func run(serviceKeys: [ServiceKey] = [], _ test: @Sendable (Client) async throws -> Void) async throws {
    let routes = AuthRoutes(auth: auth, serviceKeys: serviceKeys)
    try await withRouter(test) { router in
      router.add(middleware: JSONErrors(for: routes))
      routes.add(to: router)
    }
  }

  /// Runs a test with Bob, who is logged in, and the id of his session.
  func runWithBob(
    serviceKeys: [ServiceKey] = [], _ test: @Sendable (_ client: Client, _ session: String) async throws -> Void
  ) async throws {
    try await run(serviceKeys: serviceKeys) { client in
      try await test(client, try await client.registerStrictly())
    }
  }

  /// Delivers all messages that are due.
  func deliverAll() async throws { try await mailbox.deliverAll(from: auth) }
}

extension Client {
  /// Sends a request with its fields as JSON, and the session as a bearer token.
  func call(
    _ method: HTTPRequest.Method, _ path: String, _ fields: KeyValuePairs<String, String> = [:], in session: String? = nil
  ) async throws -> ClientResponse {
    var headers = HTTPFields()
    headers[.authorization] = session.map { "Bearer \($0)" }
    return try await send(method, path, Encoding.json.body(fields), headers: headers)
  }
}
