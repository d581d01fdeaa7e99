import AuthCore
import AuthHTTP
import AuthTesting
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore

/// The policy of a test.
enum Preset: Sendable {
  case classic
  case strict
  /// Strict, with delays for a network from the fifth failure on instead of the hundredth.
  case narrowNetworks

  var auth: AuthPolicy {
    guard self != .classic else { return .classic }
    var policy = AuthPolicy.strict
    if self == .narrowNetworks { policy.throttling.loginPerNetwork?.threshold = 5 }
    return policy
  }

  /// The policy of the server, which also has a home page, and an origin of its own.
  var http: HTTPPolicy {
    var policy = HTTPPolicy(for: auth)
    policy.features.insert(.home, at: 0)
    policy.clearsSiteData = true
    return policy
  }

  var logoutStatus: Int { self == .classic ? 302 : 303 }
}

/// Shared, because every hasher starts threads. Cost 4 is the minimum of bcrypt; nothing is refused, however many tests wait.
let sharedHasher = BcryptHasher(cost: 4, maximumWait: .seconds(1_000_000))

/// Runs a test against the whole service: the routes, their JSON errors, and a store of its own. Requests come from
/// ``TestContext/peer``.
func withService(
  _ preset: Preset = .classic, store: some AuthStore = InMemoryStore(),
  hasher: some PasswordHasher = sharedHasher, through setup: TestingSetup = .router,
  events: some AuthEventSink = NoOpEventSink(), clock: some WallClock = ManualClock(), serviceKeys: [ServiceKey] = [],
  adjusting adjust: (inout HTTPPolicy) -> Void = { _ in },
  _ test: @Sendable (Client) async throws -> Void
) async throws {
  var policy = preset.http
  adjust(&policy)
  let auth = Auth(policy: preset.auth, store: store, hasher: hasher, events: events, clock: clock)
  let routes = AuthRoutes(auth: auth, policy: policy, serviceKeys: serviceKeys)
  try await withRouter(through: setup, test) { router in
    router.add(middleware: JSONErrors(for: routes))
    routes.add(to: router)
  }
}

/// Runs a test against an application with a router of its own.
func withRouter(
  through setup: TestingSetup = .router, _ test: @Sendable (Client) async throws -> Void,
  mounting mount: (Router<TestContext>) -> Void
) async throws {
  let router = Router(context: TestContext.self)
  mount(router)
  let logger = Logger(label: "silent") { _ in SwiftLogNoOpLogHandler() }
  try await Application(router: router, logger: logger).test(setup) { http in
    guard let port = http.port else { return try await test(Client(http: http)) }
    let live = TestClient(host: "localhost", port: port, configuration: TestClient.Configuration(timeout: .seconds(3600)))
    live.connect()
    do { try await test(Client(http: http, live: live)) } catch {
      try await live.shutdown()
      throw error
    }
    try await live.shutdown()
  }
}

/// A context whose requests all come through one proxy.
struct TestContext: SessionRequestContext, RemoteAddressRequestContext {
  static let peer = "192.0.2.1"

  var coreContext: CoreRequestContextStorage
  var session: CurrentSession?

  init(source: ApplicationRequestContextSource) {
    coreContext = CoreRequestContextStorage(source: source)
  }

  var remoteAddress: SocketAddress? { try? SocketAddress(ipAddress: Self.peer, port: 4711) }
}

extension InMemoryStore {
  /// Whether no account was ever registered.
  func isEmpty() async -> Bool {
    (try? await findUser(by: [])) == nil
  }
}
