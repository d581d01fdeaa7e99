import AuthCore
import AuthHTTP
import Hummingbird
import HummingbirdTesting
import Logging

/// The rules in force: one policy for accounts, the other for HTTP.
enum Preset: Sendable {
  case classic
  case strict

  var auth: AuthPolicy { self == .classic ? .classic : .strict }
  var http: HTTPPolicy { self == .classic ? .classic : .strict }
}

/// Shared, for every hasher starts threads. Cost 4 is the least that bcrypt has; nothing is refused, however many tests wait.
let sharedHasher = BcryptHasher(cost: 4, maximumWait: .seconds(3600))

/// Runs a test against the whole service: the routes, their JSON errors, and a store of its own.
func withService(
  _ preset: Preset = .classic, store: some UserRepository = InMemoryUserRepository(),
  hasher: some PasswordHasher = sharedHasher, through setup: TestingSetup = .router,
  _ test: @Sendable (Client) async throws -> Void
) async throws {
  try await withRouter(through: setup, test) { router in
    let auth = Auth(policy: preset.auth, repository: store, hasher: hasher)
    AuthRoutes(auth: auth, policy: preset.http).add(to: router)
  }
}

/// Runs a test against an application that mounts its own routes, below ``JSONErrors``.
func withRouter(
  through setup: TestingSetup = .router, _ test: @Sendable (Client) async throws -> Void,
  mounting mount: (Router<BasicRequestContext>) -> Void
) async throws {
  let router = Router()
  router.add(middleware: JSONErrors())
  mount(router)
  let logger = Logger(label: "silent") { _ in SwiftLogNoOpLogHandler() }
  try await Application(router: router, logger: logger).test(setup) { try await test(Client(http: $0)) }
}

extension InMemoryUserRepository {
  /// Whether nobody was ever registered.
  func isEmpty() async -> Bool {
    (try? await findUser(by: [])) == nil
  }
}
