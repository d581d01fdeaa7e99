import AsyncHTTPClient
import AuthClient
import AuthCore
import AuthHTTP
import AuthTesting
import Hummingbird
import HummingbirdTesting
import Logging

/// Who answers: an `Auth` itself, or an `AuthClient` of its server.
enum Setup: Sendable {
  case embedded(Preset)
  case remote(Preset)

  enum Preset: Sendable {
    case classic, strict

    var policy: AuthPolicy { self == .classic ? .classic : .strict }
  }

  static let all: [Setup] = [.embedded(.classic), .embedded(.strict), .remote(.strict)]

  static let serviceKey = ServiceKey("0123456789abcdef0123456789abcdef")!

  private var preset: Preset {
    switch self {
    case .embedded(let preset), .remote(let preset): preset
    }
  }

  func run(
    store: some AuthStore = InMemoryStore(), clock: some WallClock = SystemClock(),
    verifyingEmails requirement: AuthPolicy.EmailVerification.Requirement = .off,
    _ test: @Sendable (Auth, any SessionVerifier & EmailOperations) async throws -> Void
  ) async throws {
    var policy = preset.policy
    policy.emailVerification.requirement = requirement
    let auth = Auth(policy: policy, store: store, hasher: FastHasher(), clock: clock)
    guard case .remote = self else { return try await test(auth, auth) }
    try await withServer(of: auth) { try await test(auth, $0) }
  }
}

/// Waits for as long as a busy machine takes.
let patientHTTPClient = {
  let timeout = HTTPClient.Configuration.Timeout(connect: .hours(1), read: .hours(1))
  return HTTPClient(
    eventLoopGroupProvider: .singleton,
    configuration: HTTPClient.Configuration(redirectConfiguration: .disallow, timeout: timeout))
}()

/// Runs a test against a server of the routes, on a free port of this machine.
func withServer(of auth: Auth, _ test: @Sendable (AuthClient) async throws -> Void) async throws {
  var policy = HTTPPolicy(for: auth.policy)
  policy.trustedProxies = [IPNetwork("127.0.0.1")!, IPNetwork("::1")!]
  let routes = AuthRoutes(auth: auth, policy: policy, serviceKeys: [Setup.serviceKey])
  let router = Router(context: BasicSessionRequestContext.self)
  router.add(middleware: JSONErrors(for: routes))
  routes.add(to: router)
  try await withServer(router) { url in
    try await test(AuthClient(url, serviceKey: Setup.serviceKey, timeout: .seconds(3600), http: patientHTTPClient))
  }
}

func withServer(_ router: Router<BasicSessionRequestContext>, _ test: @Sendable (String) async throws -> Void) async throws {
  let logger = Logger(label: "silent") { _ in SwiftLogNoOpLogHandler() }
  let application = Application(
    router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)), logger: logger)
  try await application.test(.live) { http in
    try await test("http://127.0.0.1:\(http.port ?? 0)")
  }
}

extension Auth {
  static let password = "correct horse battery staple"

  func registerAndLogIn(_ email: String = "bob@me.com") async throws -> Login {
    _ = try await register(email: email, password: Self.password, from: .unknown)
    let outcome = try await logIn(email: email, password: Self.password, from: .unknown)
    guard let login = outcome.login else { throw AuthError.wrongPassword }
    return login
  }
}
