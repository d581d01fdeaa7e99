import AuthClient
import AuthCore
import AuthHTTP
import AuthTesting
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Testing

/// The examples of Docs/Guide.md about Hummingbird applications.
enum HTTPGuideExamples {
  struct Credentials: Decodable {
    let email: String
    let password: String
  }

  static func protect(_ auth: Auth) -> Router<BasicSessionRequestContext> {
    let router = Router(context: BasicSessionRequestContext.self)
    let members = router.group(requiring: RequireSession(auth: auth, loginPage: "/login"))
    members.get("/dashboard") { _, context in "Hello, \(context.user.email.text)" }
    return router
  }

  static func protectByServer(_ router: Router<BasicSessionRequestContext>) {
    let client = AuthClient("https://auth.example.org")
    let reports = router.group("reports", requiring: RequireSession(verifier: client, loginPage: "/login"))
    reports.get("/") { _, context in "Reports of user \(context.user.id)" }

    protectByCookieOfDomain(client, router)
  }

  private static func protectByCookieOfDomain(_ client: AuthClient, _ router: Router<BasicSessionRequestContext>) {
    var policy = HTTPPolicy(for: .strict)
    policy.cookie = .strict(domain: "example.org")
    let members = router.group("members", requiring: RequireSession(verifier: client, policy: policy))
    members.get("/") { _, context in "Hello, \(context.user.email.text)" }
  }

  static func register(
    _ client: AuthClient, _ email: String, _ password: String, from browser: AuthCore.Client
  ) async throws -> RegistrationID? {
    switch try await client.register(email: email, password: password, from: browser) {
    case .messageSent(let registration), .unverifiedAccountOpened(let registration): return registration
    default: return nil
    }
  }

  static func verify(
    _ client: AuthClient, _ typed: String, of registration: RegistrationID, from browser: AuthCore.Client
  ) async throws -> Profile {
    let user = try await client.verifyEmail(code: VerificationCode(typed), of: registration, from: browser)
    return user
  }

  static func greet(_ auth: Auth, on router: Router<BasicSessionRequestContext>) {
    router.add(middleware: SessionAuthenticator(auth: auth))
    router.get("/") { _, context in "Hello, \(context.session?.user.email.text ?? "stranger")" }
  }

  struct MyContext: SessionRequestContext, RemoteAddressRequestContext {
    var coreContext: CoreRequestContextStorage
    var session: CurrentSession?
    let remoteAddress: SocketAddress?

    init(source: ApplicationRequestContextSource) {
      coreContext = CoreRequestContextStorage(source: source)
      remoteAddress = source.channel.remoteAddress
    }
  }

  static func logIn(_ auth: Auth, on router: Router<BasicSessionRequestContext>) -> HTTPPolicy {
    var policy = HTTPPolicy(for: auth.policy)
    policy.trustedProxies = [IPNetwork("10.0.0.0/8")!]

    router.add(middleware: CrossSiteProtection(policy: policy))
    router.post("/login") { [policy] request, context in
      let form = try await URLEncodedFormDecoder().decode(Credentials.self, from: request, context: context)
      let outcome = try await auth.logIn(
        email: form.email, password: form.password, replacing: policy.sessionID(in: request),
        from: policy.client(of: request, in: context))
      guard let login = outcome.login else { throw HTTPError(.unauthorized, message: "wrong email or password") }
      let page = request.pathAfterLogin ?? "/dashboard"
      return Response(status: .seeOther, headers: [.location: page, .setCookie: policy.setCookie(for: login)])
    }
    return policy
  }

  static func mount(_ auth: Auth, _ policy: HTTPPolicy, on router: Router<BasicSessionRequestContext>) {
    let routes = AuthRoutes(auth: auth, policy: policy)
    router.add(middleware: JSONErrors(for: routes, at: "/auth"))
    routes.add(to: router.group("auth"))
  }

  static func mountPages(_ auth: Auth, on router: Router<BasicSessionRequestContext>) {
    var policy = HTTPPolicy(for: auth.policy)
    policy.pages = PageStyle(name: "Notebook", accent: AccentColor("#006644")!, homeURL: "https://notebook.example.org/login")
    AuthRoutes(auth: auth, policy: policy).add(to: router)
  }

  static func mountWithoutAddresses(_ auth: Auth) -> Router<BasicRequestContext> {
    let router = Router()
    AuthRoutes(auth: auth).add(to: router) { _, _ in nil }
    return router
  }
}

@Suite struct HTTPGuideTests {
  private static let form = "email=bob%40example.org&password=correct+horse+battery+staple"

  private let auth = Auth(policy: .strict, store: InMemoryStore(), hasher: FastHasher())

  @Test func `the link of a message leads to a page`() async throws {
    let router = Router(context: BasicSessionRequestContext.self)
    HTTPGuideExamples.mountPages(auth, on: router)
    try await Application(router: router).test(.router) { client in
      let link = "/pages/new-password?email=bob%40example.org&reset_token=x"
      let page = String(buffer: try await client.execute(uri: link, method: .get).body)
      #expect(page.contains("– Notebook</title>") && page.contains("--accent: #006644"))
      #expect(page.contains(#"value="bob@example.org" readonly"#))
    }
  }

  @Test func `the protected page, the login and the routes work together as the guide says`() async throws {
    _ = try await auth.register(email: "bob@example.org", password: "correct horse battery staple")
    let router = HTTPGuideExamples.protect(auth)
    HTTPGuideExamples.greet(auth, on: router)
    let policy = HTTPGuideExamples.logIn(auth, on: router)
    HTTPGuideExamples.mount(auth, policy, on: router)
    try await Application(router: router).test(.router) { client in
      let refused = try await client.execute(uri: "/dashboard", method: .get, headers: [.accept: "text/html"])
      #expect(refused.status == .seeOther)
      let page = try #require(refused.headers[.location])
      #expect(page == "/login?next=/dashboard")

      let login = try await client.execute(
        uri: page, method: .post, headers: [.contentType: "application/x-www-form-urlencoded"],
        body: ByteBuffer(string: Self.form))
      #expect(login.status == .seeOther && login.headers[.location] == "/dashboard")
      let cookie = try #require(login.headers[.setCookie]?.split(separator: ";").first.map(String.init))

      let dashboard = try await client.execute(uri: "/dashboard", method: .get, headers: [.cookie: cookie])
      #expect(String(buffer: dashboard.body) == "Hello, bob@example.org")
      let home = try await client.execute(uri: "/", method: .get)
      #expect(String(buffer: home.body) == "Hello, stranger")
      let profile = try await client.execute(uri: "/auth/profile", method: .get, headers: [.cookie: cookie])
      #expect(String(buffer: profile.body) == "{\"email\":\"bob@example.org\",\"id\":\"1\"}\n")
      #expect(try await client.execute(uri: "/auth/users", method: .get).status == .methodNotAllowed)
    }
  }

  @Test func `routes that a server elsewhere protects let no one in without asking it`() async throws {
    let router = Router(context: BasicSessionRequestContext.self)
    HTTPGuideExamples.protectByServer(router)
    try await Application(router: router).test(.router) { client in
      let page = try await client.execute(uri: "/reports", method: .get, headers: [.accept: "text/html"])
      #expect(page.headers[.location] == "/login?next=/reports")
      #expect(try await client.execute(uri: "/members", method: .get).status == .unauthorized)
    }
  }

  @Test func `a context without IP addresses serves the routes`() async throws {
    let router = HTTPGuideExamples.mountWithoutAddresses(auth)
    try await Application(router: router).test(.router) { client in
      let profile = try await client.execute(uri: "/profile", method: .get)
      #expect(profile.status == .forbidden)
    }
  }

  @Test func `a context of the application's own will do`() async throws {
    let router = Router(context: HTTPGuideExamples.MyContext.self)
    router.group(requiring: RequireSession(auth: auth)).get("/") { _, context in context.user.email.text }
    try await Application(router: router).test(.router) { client in
      let response = try await client.execute(uri: "/", method: .get)
      #expect(response.status == .unauthorized)
    }
  }
}
