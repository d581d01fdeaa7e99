import AuthCore
import AuthHTTP
import AuthTesting
import HTTPTypes
import Hummingbird
import Testing

/// Routes of an application for logged-in users only.
@Suite struct RequireSessionTests {
  /// The headers of a browser that wants to show a page.
  private static let wantsPage: HTTPFields = [.accept: "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"]

  private let store = InterceptingStore()

  /// An application with a page for everyone, pages for logged-in users, and a strict user who is logged in.
  private func withApplication(
    _ policy: AuthPolicy = .strict, clock: some WallClock = ManualClock(), _ test: @Sendable (Client, String) async throws -> Void
  ) async throws {
    let auth = Auth(policy: policy, store: store, hasher: sharedHasher, clock: clock)
    _ = try await auth.register(email: Strict.email, password: Strict.password)
    let session = try #require(try await auth.openSession(email: Strict.email, from: .unknown)).sessionID.text
    try await withRouter { client in
      try await test(client, session)
    } mounting: { router in
      router.group().add(middleware: SessionAuthenticator(auth: auth)).get("/") { _, context in
        context.session?.user.email.text ?? "no session"
      }
      let members = router.group("members", requiring: RequireSession(auth: auth))
      members.get("dashboard") { _, context in "\(context.user.id) \(context.user.email.text) \(context.session.id.text)" }
      members.post("dashboard") { _, context in context.user.email.text }
      members.get("context") { request, context in
        let client = HTTPPolicy(for: auth.policy).client(of: request, in: context)
        return "\(client.ipAddress?.description ?? "unknown") \(context.coreContextOfParent)"
      }
      let pages = router.group("pages", requiring: RequireSession(auth: auth, loginPage: "/login"))
      pages.get("dashboard") { _, context in context.user.email.text }
      pages.get("caf%C3%A9") { _, context in context.user.email.text }
      pages.post("dashboard") { _, context in context.user.email.text }
      router.group("query", requiring: RequireSession(auth: auth, loginPage: "/login?lang=de")).get { _, _ in "" }
      router.group().add(middleware: SessionAuthenticator(auth: auth))
        .group("both", requiring: RequireSession(auth: auth)).get { _, context in context.user.email.text }
      router.get("/login") { request, _ in request.pathAfterLogin ?? "nowhere" }
    }
  }

  private static func cookie(_ session: String) -> String { "__Host-session_id=\(session)" }

  @Test func `a handler reads the user and the session of the cookie or the bearer token`() async throws {
    try await withApplication { client, session async throws in
      let expected = "1 \(Strict.email) \(session)"
      #expect(try await client.send(.get, "/members/dashboard", cookie: Self.cookie(session)).text == expected)
      #expect(try await client.send(.get, "/members/dashboard", headers: [.authorization: "Bearer \(session)"]).text == expected)
      #expect(try await client.send(.post, "/members/dashboard", cookie: Self.cookie(session)).status == 200)
      #expect(try await client.send(.get, "/both", cookie: Self.cookie(session)).text == Strict.email)
    }
  }

  @Test func `the context of a handler has what its parent has`() async throws {
    try await withApplication { client, session in
      let response = try await client.send(.get, "/members/context", cookie: Self.cookie(session))
      #expect(response.text == "\(TestContext.peer) of the parent")
    }
  }

  @Test(arguments: ["GET", "POST"])
  func `without an open session a request is 401 with a challenge`(method: String) async throws {
    try await withApplication { client, session in
      let method = try #require(HTTPRequest.Method(method))
      for cookie in [nil, "", "nope", session + "x"] {
        let response = try await client.send(
          method, "/members/dashboard", cookie: cookie.map(Self.cookie), headers: Self.wantsPage)
        #expect(response.status == 401)
        #expect(response.message == "not logged in")
        #expect(response.headers[.wwwAuthenticate] == #"Bearer realm="auth""#)
        #expect(response.headers[.cacheControl] == "no-store")
      }
    }
  }

  @Test func `a session that has ended lets no one through`() async throws {
    let clock = ManualClock()
    try await withApplication(clock: clock) { client, session async throws in
      clock.advance(by: .seconds(7 * 86_400))
      #expect(try await client.send(.get, "/members/dashboard", cookie: Self.cookie(session)).status == 401)
      #expect(try await client.send(.get, "/both", cookie: Self.cookie(session)).status == 401)
      #expect(try await client.send(.get, "/", cookie: Self.cookie(session)).text == "no session")
    }
  }

  @Test func `SessionAuthenticator lets everyone through, and knows who has a session`() async throws {
    try await withApplication { client, session async throws in
      #expect(try await client.send(.get, "/", cookie: Self.cookie(session)).text == Strict.email)
      #expect(try await client.send(.get, "/").text == "no session")
      #expect(try await client.send(.get, "/", cookie: Self.cookie("nope")).text == "no session")
    }
  }

  @Test(arguments: ["/", "/members/dashboard", "/pages/dashboard", "/both"])
  func `an unavailable store is 503, not a logout`(path: String) async throws {
    try await withApplication { client, session in
      store.fail(.all)
      let response = try await client.send(.get, path, cookie: Self.cookie(session), headers: Self.wantsPage)
      #expect(response.status == 503)
      #expect(response.headers[.retryAfter] == "1")
      #expect(response.message == "the store is unavailable, try again later")
    }
  }

  @Test func `a cookie and a bearer token that differ are 400`() async throws {
    try await withApplication { client, session in
      for path in ["/", "/members/dashboard", "/pages/dashboard"] {
        let response = try await client.send(
          .get, path, cookie: Self.cookie(session), headers: [.authorization: "Bearer x", .accept: "text/html"])
        #expect(response.status == 400)
        #expect(response.message.hasPrefix("the session cookie and the bearer token belong to different sessions"))
      }
    }
  }

  @Test func `under strict a request from another site is refused, and one from our own pages is not`() async throws {
    try await withApplication { client, session in
      for (origin, status) in [("https://evil.example", 403), ("null", 403), ("https://localhost", 200)] {
        let headers: HTTPFields = [.origin: origin]
        let changed = try await client.send(.post, "/members/dashboard", cookie: Self.cookie(session), headers: headers)
        #expect(changed.status == status)
        #expect(status == 200 || changed.message == "requests from pages of other sites are refused")
        let shown = try await client.send(.get, "/members/dashboard", cookie: Self.cookie(session), headers: headers)
        #expect(shown.status == 200)
      }
    }
  }

  @Test func `under classic a request from another site is accepted`() async throws {
    try await withApplication(.classic) { client, session async throws in
      let headers: HTTPFields = [.origin: "https://evil.example"]
      let changed = try await client.send(.post, "/members/dashboard", cookie: "session_id=\(session)", headers: headers)
      #expect(changed.status == 200)
    }
  }

  // MARK: The login page

  @Test func `a login page with a query keeps it`() async throws {
    try await withApplication { client, _ in
      let response = try await client.send(.get, "/query?a=1", headers: Self.wantsPage)
      let location = try #require(response.headers[.location])
      #expect(location == "/login?lang=de&next=/query%3Fa%3D1")
      #expect(try await client.send(.get, location).text == "/query?a=1")
    }
  }

  @Test(arguments: ["text/html", "application/json, Text/HTML ;q=0.1", wantsPage[.accept]!])
  func `a browser that wants a page is sent to the login page, which knows the way back`(accept: String) async throws {
    try await withApplication { client, _ in
      for (path, next) in [
        ("/pages/dashboard", "/pages/dashboard"), ("/pages/dashboard?a=1&next=//b", "/pages/dashboard%3Fa%3D1%26next%3D//b"),
        ("/pages/caf%C3%A9", "/pages/caf%25C3%25A9"),
      ] {
        let response = try await client.send(.get, path, headers: [.accept: accept])
        #expect(response.status == 303)
        let location = try #require(response.headers[.location])
        #expect(location == "/login?next=\(next)")
        #expect(response.headers[.cacheControl] == "no-store")
        #expect(try await client.send(.get, location).text == path)
      }
    }
  }

  @Test(arguments: [nil, "*/*", "application/json", "text/plain", "text/htmlx"])
  func `a program gets a 401 instead, and so does a request that changes something`(accept: String?) async throws {
    try await withApplication { client, _ async throws in
      var headers = HTTPFields()
      headers[.accept] = accept
      #expect(try await client.send(.get, "/pages/dashboard", headers: headers).status == 401)
      #expect(try await client.send(.post, "/pages/dashboard", headers: Self.wantsPage).status == 401)
    }
  }

  @Test(arguments: [
    "", "next", "next=", "next=dashboard", "next=//evil.example", "next=%2F%2Fevil.example", "next=/%5Cevil.example",
    "next=/\\evil.example",
    "next=https://evil.example", "next=%09//evil.example", "next=/%09/evil.example", "next=/%0D%0AX-Injected:1", "next=/%C3%A9",
    "next=javascript:alert(1)", "nex%74=/dashboard", "next=/a%20b", "next=%20/",
  ])
  func `the way back is never another site's`(query: String) async throws {
    try await withApplication { client, _ async throws in
      #expect(try await client.send(.get, "/login?\(query)").text == "nowhere")
    }
  }

  @Test(arguments: [
    ("/", "/"), ("/a/b?c=d%2520e", "/a/b?c=d%20e"), ("%2Fa%3Fb%3Dc%26d%3De%2Bf", "/a?b=c&d=e+f"), ("/a&x=1", "/a"),
  ])
  func `the way back is a path of this site`(next: String, path: String) async throws {
    try await withApplication { client, _ async throws in
      #expect(try await client.send(.get, "/login?next=\(next)").text == path)
    }
  }
}

extension TestContext {
  fileprivate var coreContextOfParent: String { "of the parent" }
}
