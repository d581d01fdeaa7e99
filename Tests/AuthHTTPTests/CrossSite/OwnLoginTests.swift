import AuthCore
import AuthHTTP
import AuthTesting
import HTTPTypes
import Hummingbird
import Testing

/// A login route of the application's own.
@Suite struct OwnLoginTests {
  private static let fetchSite = HTTPField.Name("Sec-Fetch-Site")!

  /// An application whose `POST /login` logs `Strict.email` in with the password that is the whole body.
  private func withApplication(
    clock: some WallClock = ManualClock(), adjusting adjust: (inout HTTPPolicy) -> Void = { _ in },
    _ test: @Sendable (Client) async throws -> Void
  ) async throws {
    let auth = Auth(policy: Preset.narrowNetworks.auth, store: InMemoryStore(), hasher: sharedHasher, clock: clock)
    _ = try await auth.register(email: Strict.email, password: Strict.password)
    var adjusted = HTTPPolicy(for: auth.policy)
    adjust(&adjusted)
    let policy = adjusted
    try await withRouter(test) { router in
      router.add(middleware: CrossSiteProtection(policy: policy))
      router.get("/login") { _, _ in "a form" }
      router.on("/login", method: .options) { _, _ in "options" }
      router.post("/login") { request, context in
        let password = String(buffer: try await request.body.collect(upTo: 1024))
        let email = request.uri.query ?? Strict.email
        let client = policy.client(of: request, in: context)
        let login = try await auth.logIn(email: email, password: password, from: client).login
        guard let login else { throw HTTPError(.unauthorized) }
        return Response(status: .noContent, headers: [.setCookie: policy.setCookie(for: login)])
      }
      AuthRoutes(auth: auth, policy: policy).add(to: router)
    }
  }

  @Test func `a login has the cookie that the routes and the guards read`() async throws {
    try await withApplication { client in
      let response = try await client.send(.post, "/login", Body("text/plain", Strict.password))
      let cookie = try #require(response.cookie)
      #expect(cookie.name == "__Host-session_id")
      #expect(cookie.attributes == ["HttpOnly", "Path=/", "SameSite=Lax", "Secure"])
      #expect(try await client.isOpen(cookie.value))
    }
  }

  @Test(arguments: [[fetchSite: "cross-site"], [fetchSite: "same-site"], [.origin: "https://evil.example"]] as [HTTPFields])
  func `a login from another site is 403`(headers: HTTPFields) async throws {
    try await withApplication { client in
      let response = try await client.send(.post, "/login", Body("text/plain", Strict.password), headers: headers)
      #expect(response.status == 403)
      #expect(response.message == "requests from pages of other sites are refused")
      #expect(response.cookie == nil)
      #expect(try await client.send(.get, "/login", headers: headers).text == "a form")
      #expect(try await client.send(.options, "/login", headers: headers).text == "options")
    }
  }

  @Test func `a login from an allowed origin works`() async throws {
    try await withApplication(adjusting: { $0.allowedOrigins = ["https://app.example.org"] }) { client async throws in
      let headers: HTTPFields = [Self.fetchSite: "cross-site", .origin: "https://app.example.org"]
      #expect(try await client.send(.post, "/login", Body("text/plain", Strict.password), headers: headers).status == 204)
    }
  }

  @Test func `failures are counted for the client's network, also behind a proxy`() async throws {
    try await withApplication(clock: ManualClock(), adjusting: { $0.trustedProxies = [IPNetwork("192.0.2.0/24")!] }) { client in
      let forwardedFor = HTTPField.Name("X-Forwarded-For")!
      for index in 1...5 {
        let failed = try await client.send(
          .post, "/login?\(index)@me.com", Body("text/plain", "wrong"), headers: [forwardedFor: "198.51.100.7"])
        #expect(failed.status == 401)
      }
      let refused = try await client.send(
        .post, "/login", Body("text/plain", Strict.password), headers: [forwardedFor: "198.51.100.7"])
      #expect(refused.status == 429)
      #expect(refused.headers[.retryAfter] == "1")
      let other = try await client.send(
        .post, "/login", Body("text/plain", Strict.password), headers: [forwardedFor: "198.51.100.8"])
      #expect(other.status == 204)
    }
  }
}
