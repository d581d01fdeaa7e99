import AuthCore
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@testable import AuthHTTP

/// The routes inside an application of someone else's.
@Suite struct EmbeddingTests {
  let routes = makeRoutes()

  private static func makeRoutes(_ preset: Preset = .classic) -> AuthRoutes {
    AuthRoutes(auth: Auth(policy: preset.auth, store: InMemoryStore(), hasher: sharedHasher))
  }

  /// Mounts the routes at the root, with their JSON errors.
  private func mount(on router: Router<TestContext>) {
    router.add(middleware: JSONErrors(for: routes))
    routes.add(to: router)
  }

  // MARK: Which routes

  @Test func `by default the application's own home page has its place`() async throws {
    try await withRouter { client async throws in
      #expect(try await client.send(.get, "/").text == "home")
      #expect(try await client.register("bob@me.com", "x").status == 200)
    } mounting: { router in
      router.get("/") { _, _ in "home" }
      mount(on: router)
    }
  }

  @Test func `only the routes of the chosen features are there`() async throws {
    let auth = Auth(policy: .strict, store: InMemoryStore(), hasher: sharedHasher)
    var policy = HTTPPolicy(for: auth.policy)
    policy.features = [.login, .sessionManagement]
    let routes = AuthRoutes(auth: auth, policy: policy)
    try await withRouter { client async throws in
      #expect(try await client.send(.post, "/users").status == 404)
      #expect(try await client.send(.get, "/profile").status == 404)
      #expect(try await client.send(.post, "/sessions").status == 400)
      #expect(try await client.send(.patch, "/sessions").headers[.allow] == "POST, DELETE, GET, HEAD")
    } mounting: { router in
      router.add(middleware: JSONErrors(for: routes))
      routes.add(to: router)
    }
  }

  @Test(
    arguments: [
      ([], others: 404, logout: 404), ([.login], others: 303, logout: 303), ([.sessionManagement], others: 200, logout: 303),
      ([.login, .sessionManagement], others: 200, logout: 303),
    ] as [([AuthRoutes.Feature], others: Int, logout: Int)])
  func `a logout belongs to two features, and the end of other sessions to one of them`(
    features: [AuthRoutes.Feature], others: Int, logout: Int
  ) async throws {
    let auth = Auth(policy: .strict, store: InMemoryStore(), hasher: sharedHasher)
    _ = try await auth.register(email: Strict.email, password: Strict.password)
    let logIn = { @Sendable in
      try #require(try await auth.logIn(email: Strict.email, password: Strict.password, from: .unknown).login).sessionID
    }
    var policy = HTTPPolicy(for: auth.policy)
    policy.features = features
    let routes = AuthRoutes(auth: auth, policy: policy)
    #expect(routes.mountedRoutes.count { $0.method == .delete && $0.path == "/sessions" } == (features.isEmpty ? 0 : 1))
    try await withRouter { client in
      let (mine, other) = (try await logIn(), try await logIn())
      #expect(try await client.send(.delete, "/sessions?others=true", in: mine.text).status == others)
      #expect(try await (auth.user(for: other) == nil) == (others == 200))
      let last = try await logIn()
      #expect(try await client.send(.delete, "/sessions", in: last.text).status == logout)
      #expect(try await (auth.user(for: last) == nil) == (logout == 303))
    } mounting: { router in
      routes.add(to: router)
    }
  }

  @Test(arguments: [AuthPolicy.Profile.classic, .strict])
  func `the defaults are all features but the home page and the OpenAPI document, or those of the specification`(
    profile: AuthPolicy.Profile
  ) {
    let features = HTTPPolicy(for: profile == .classic ? .classic : .strict).features
    let strictAlone: [AuthRoutes.Feature] = [
      .emailVerification, .passwordChange, .emailChange, .recoveryEmail, .accountDeletion, .sessionManagement,
    ]
    #expect(features == AuthRoutes.Feature.all.dropFirst().dropLast().filter { profile == .strict || !strictAlone.contains($0) })
  }

  @Test(arguments: Preset.strict.http.features)
  func `each feature can be left out, and takes its routes with it`(_ feature: AuthRoutes.Feature) {
    let auth = Auth(policy: .strict, store: InMemoryStore(), hasher: sharedHasher)
    let key = ServiceKey(String(repeating: "k", count: 32))!
    var policy = Preset.strict.http
    policy.changePasswordURL = "https://app.example.org/password"
    policy.pages = PageStyle(name: "Example")
    let all = AuthRoutes(auth: auth, policy: policy, serviceKeys: [key]).mountedRoutes.map(\.name)
    policy.features.removeAll { $0 == feature }
    let others = AuthRoutes(auth: auth, policy: policy, serviceKeys: [key]).mountedRoutes.map(\.name)
    let own = feature.routes.map(\.name)
    #expect(!own.isEmpty && !others.isEmpty)
    #expect(Set(all) == Set(own).union(others))
    // A logout is a part of two features.
    #expect(Set(own).intersection(others).isSubset(of: ["DELETE /sessions", "POST /sessions/delete"]))
    #expect(Set(all).count == all.count)
  }

  // MARK: In a group

  @Test func `in a group of the router the routes work as they do at the root`() async throws {
    try await withRouter { client in
      let fields = Encoding.urlEncoded.body(["email": "bob@me.com", "password": "x"])
      let registered = try await client.send(.post, "/auth/users", fields)
      #expect(registered.status == 200)
      let loggedIn = try await client.send(.post, "/auth/sessions", fields)
      let cookie = "session_id=\(try #require(loggedIn.cookie).value)"
      #expect(try await client.send(.get, "/auth/profile", cookie: cookie).json == ["email": "bob@me.com"])
      #expect(try await client.send(.head, "/auth/profile", cookie: cookie).status == 200)
      #expect(try await client.send(.delete, "/auth/sessions", cookie: cookie).status == 302)
    } mounting: { router in
      routes.add(to: router.group("auth"))
    }
  }

  @Test(arguments: [
    ("auth", "/auth", "/auth"), ("a/b", "//a//b/", "/a/b"), (":tenant", "/x", "/x"), (":tenant", "/\"x\\", "/%22x%5C"),
    (":tenant", "///evil.example", "/evil.example"),
  ])
  func `the paths in a challenge and in a logout are those of the group`(group: String, path: String, named: String) async throws
  {
    try await withRouter { client in
      let fields = Encoding.urlEncoded.body(["email": "bob@me.com", "password": "x"])
      let refused = try await client.send(.post, path + "/sessions", fields)
      #expect(
        refused.headers[.wwwAuthenticate]
          == #"Cookie realm="auth", form-action="\#(named)/sessions", cookie-name="session_id""#)
      _ = try await client.send(.post, path + "/users", fields)
      let session = try #require(try await client.send(.post, path + "/sessions", fields).cookie).value
      let loggedOut = try await client.send(.delete, path + "/sessions", cookie: "session_id=\(session)")
      #expect(loggedOut.headers[.location] == named + "/")
    } mounting: { router in
      routes.add(to: router.group(RouterPath(group)))
    }
  }

  @Test func `a logout leads to the path of the policy, wherever the routes are`() async throws {
    let auth = Auth(policy: .classic, store: InMemoryStore(), hasher: sharedHasher)
    var policy = HTTPPolicy(for: auth.policy)
    policy.logoutPath = "/goodbye"
    let routes = AuthRoutes(auth: auth, policy: policy)
    try await withRouter { client in
      let fields = Encoding.urlEncoded.body(["email": "bob@me.com", "password": "x"])
      _ = try await client.send(.post, "/auth/users", fields)
      let session = try #require(try await client.send(.post, "/auth/sessions", fields).cookie).value
      let loggedOut = try await client.send(.delete, "/auth/sessions", cookie: "session_id=\(session)")
      #expect(loggedOut.headers[.location] == "/goodbye")
    } mounting: { router in
      routes.add(to: router.group("auth"))
    }
  }

  // MARK: Beside other routes

  @Test func `a host's routes at other methods of the same paths work`() async throws {
    try await withRouter { client in
      let listed = try await client.send(.get, "/users")
      #expect(listed.text == "the host's list")
      #expect(try await client.send(.patch, "/profile").text == "the host's patch")
      #expect(try await client.send(.get, "/users/7").text == "user 7")
      #expect(try await client.register("bob@me.com", "x").status == 200)
      #expect(try await client.send(.delete, "/users").status == 405)
    } mounting: { router in
      mount(on: router)
      router.get("/users") { _, _ in "the host's list" }
      router.patch("/profile") { _, _ in "the host's patch" }
      router.get("/users/:id") { _, context in "user \(context.parameters.get("id") ?? "")" }
    }
  }

  @Test func `a host's errors become JSON with their own status and headers`() async throws {
    try await withRouter { client in
      let teapot = try await client.send(.get, "/teapot")
      #expect(teapot.status == 418)
      #expect(teapot.headers[.contentType] == "application/json")
      #expect(teapot.headers[.retryAfter] == "7")
      #expect(teapot.json == ["message": "short and stout"])
      let gone = try await client.send(.get, "/gone")
      #expect(gone.status == 410)
      #expect(gone.json == ["message": "gone"])
    } mounting: { router in
      router.add(middleware: JSONErrors(for: routes))
      router.get("/teapot") { _, _ -> String in
        throw HTTPError(.init(code: 418), headers: [.retryAfter: "7"], message: "short and stout")
      }
      router.get("/gone") { _, _ -> String in throw HTTPError(.gone) }
    }
  }

  @Test func `several services in one application do not know each other's users`() async throws {
    let other = Self.makeRoutes()
    try await withRouter { client in
      let fields = Encoding.json.body(["email": "bob@me.com", "password": "x"])
      let registered = try await client.send(.post, "/a/users", fields)
      #expect(registered.status == 200)
      #expect(try await client.send(.post, "/b/sessions", fields).status == 401)
      #expect(try await client.send(.post, "/a/sessions", fields).status == 200)
    } mounting: { router in
      routes.add(to: router.group("a"))
      other.add(to: router.group("b"))
    }
  }

  @Test func `without JSONErrors the routes respond the same, and the router has its own 404`() async throws {
    let router = Router()
    routes.add(to: router) { _, _ in nil }
    try await Application(router: router).test(.router) { http in
      let client = Client(http: http)
      let response = try await client.send(.post, "/users")
      #expect(response.json == ["message": "the field email is missing"])
      #expect(try await client.send(.get, "/nope").status == 404)
    }
  }

  // MARK: 404 and 405 beside other routes

  @Test func `a 404 of the host's own at a path of ours stays a 404`() async throws {
    try await withRouter { client in
      let response = try await client.send(.get, "/users")
      #expect(response.status == 404)
    } mounting: { router in
      mount(on: router)
      router.get("/users") { _, _ -> String in throw HTTPError(.notFound) }
    }
  }

  @Test func `in a group a wrong method is 405, and the same paths at the root are 404`() async throws {
    let router = Router()
    router.add(middleware: JSONErrors(for: routes, at: "/auth"))
    routes.add(to: router.group("auth")) { _, _ in nil }
    try await Application(router: router).test(.router) { http in
      let client = Client(http: http)
      let wrong = try await client.send(.get, "/auth/users")
      #expect(wrong.status == 405)
      #expect(wrong.headers[.allow] == "POST")
      #expect(try await client.send(.get, "/users").status == 404)
    }
  }
}
