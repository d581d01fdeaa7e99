import AuthCore
import AuthHTTP
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore

/// The rules in force: one policy for accounts, the other for HTTP.
enum Preset: Sendable {
  case classic
  case strict

  var auth: AuthPolicy { self == .classic ? .classic : .strict }
  var http: HTTPPolicy { self == .classic ? .classic : .strict }
}

/// Shared, for every hasher starts threads. Cost 4 is the least that bcrypt has; nothing is refused, however many tests wait.
let sharedHasher = BcryptHasher(cost: 4, maximumWait: .seconds(3600))

/// Runs a test against the whole service: the routes, their JSON errors, and a store of its own. Requests come from ``TestContext/peer``.
func withService(
  _ preset: Preset = .classic, store: some AuthStore = InMemoryStore(),
  hasher: some PasswordHasher = sharedHasher, through setup: TestingSetup = .router,
  events: some AuthEventSink = NoOpEventSink(), clock: some WallClock = SystemClock(), serviceKey: ServiceKey? = nil,
  adjusting adjust: (inout HTTPPolicy) -> Void = { _ in },
  _ test: @Sendable (Client) async throws -> Void
) async throws {
  var policy = preset.http
  adjust(&policy)
  try await withRouter(policy, through: setup, test) { router in
    let auth = Auth(policy: preset.auth, store: store, hasher: hasher, events: events, clock: clock)
    AuthRoutes(auth: auth, policy: policy, serviceKey: serviceKey).add(to: router)
  }
}

/// Runs a test against an application that mounts its own routes, below ``JSONErrors``.
func withRouter(
  _ policy: HTTPPolicy = .classic, through setup: TestingSetup = .router, _ test: @Sendable (Client) async throws -> Void,
  mounting mount: (Router<TestContext>) -> Void
) async throws {
  let router = Router(context: TestContext.self)
  router.add(middleware: JSONErrors(policy: policy))
  mount(router)
  let logger = Logger(label: "silent") { _ in SwiftLogNoOpLogHandler() }
  try await Application(router: router, logger: logger).test(setup) { try await test(Client(http: $0)) }
}

/// A context whose requests all come through one proxy.
struct TestContext: RemoteAddressRequestContext {
  static let peer = "192.0.2.1"

  var coreContext: CoreRequestContextStorage

  init(source: ApplicationRequestContextSource) {
    coreContext = CoreRequestContextStorage(source: source)
  }

  var remoteAddress: SocketAddress? { try? SocketAddress(ipAddress: Self.peer, port: 4711) }
}

extension InMemoryStore {
  /// Whether nobody was ever registered.
  func isEmpty() async -> Bool {
    (try? await findUser(by: [])) == nil
  }
}
