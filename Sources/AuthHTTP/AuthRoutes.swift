public import AuthCore
internal import HTTPTypes
public import Hummingbird
internal import Logging

/// The routes of the service, for any Hummingbird router.
///
///     let router = Router()
///     router.add(middleware: JSONErrors(policy: .classic))  // optional: 404, 405 and the like as JSON
///     AuthRoutes(auth: auth, policy: .classic).add(to: router)
///
/// Fields are read from the body: `application/x-www-form-urlencoded`, `multipart/form-data` or a JSON object. Every answer with a
/// body is a JSON object; errors have a member `message`. `Docs/HTTP.md` lists all of them.
public struct AuthRoutes: Sendable {
  /// The largest body that is read for its fields, 64 KiB: room for every field at its limit, however it is encoded. A larger one is
  /// answered 413.
  public static let maximumBodyBytes = 64 * 1024

  let auth: Auth
  let policy: HTTPPolicy
  let serviceKey: ServiceKey?

  /// - Parameters:
  ///   - auth: under a policy that goes with `policy`.
  ///   - serviceKey: who presents it gets reset tokens in the answer, whatever the policy; nobody by default.
  public init(auth: Auth, policy: HTTPPolicy, serviceKey: ServiceKey? = nil) {
    self.auth = auth
    self.policy = policy
    self.serviceKey = serviceKey
  }

  typealias Handler = @Sendable (AuthRoutes, Exchange) async throws -> Response
  typealias Route = (method: HTTPRequest.Method, path: String, handler: Handler)

  /// Those of the specification.
  private static let routes: [Route] = [
    (.get, "/", { routes, _ in routes.welcome() }),
    (.post, "/users", { try await $0.register($1) }),
    (.post, "/sessions", { try await $0.logIn($1) }),
    (.delete, "/sessions", { try await $0.logOut($1) }),
    (.get, "/profile", { try await $0.profile($1) }),
    (.post, "/reset_password", { try await $0.requestReset($1) }),
    (.put, "/reset_password", { try await $0.updatePassword($1) }),
  ]

  /// With which users look after their account.
  private static let selfServiceRoutes: [Route] = [
    (.put, "/password", { try await $0.changePassword($1) }),
    (.delete, "/profile", { try await $0.deleteUser($1) }),
    (.get, "/sessions", { try await $0.listSessions($1) }),
    (.delete, "/sessions/:id", { try await $0.endSession($1) }),
  ]

  static func routes(under policy: HTTPPolicy) -> [Route] {
    policy.offersSelfService ? routes + selfServiceRoutes : routes
  }
}

// MARK: - Mounting

extension AuthRoutes {
  /// Adds the routes. `HEAD` works where `GET` does.
  ///
  /// This context does not know its client's address: nothing is counted by network, and sessions do not say where they began. Use one
  /// that is a `RemoteAddressRequestContext`.
  public func add<Context: RequestContext>(to router: some RouterMethods<Context>) {
    add(to: router) { _ in nil }
  }

  /// Adds the routes. `HEAD` works where `GET` does.
  public func add<Context: RemoteAddressRequestContext>(to router: some RouterMethods<Context>) {
    add(to: router) { context in context.remoteAddress?.ipAddress.flatMap(IPAddress.init) }
  }

  private func add<Context: RequestContext>(
    to router: some RouterMethods<Context>, peer: @escaping @Sendable (Context) -> IPAddress?
  ) {
    for (method, path, handler) in Self.routes(under: policy) {
      let answer: @Sendable (Request, Context) async throws -> Response = { request, context in
        let exchange = Exchange(request: request, parameters: context.parameters, policy: policy) {
          // Not `context.id`, which traps where a logger has none.
          (peer(context), context.logger[metadataKey: "hb.request.id"]?.description)
        }
        return try await respond(to: exchange, context.logger, with: handler)
      }
      router.on(RouterPath(path), method: method) { try await answer($0, $1) }
      if method == .get {
        router.on(RouterPath(path), method: .head) { try await answer($0, $1).createHeadResponse() }
      }
    }
  }

  private func respond(to exchange: Exchange, _ logger: Logger, with handler: Handler) async throws -> Response {
    do {
      try exchange.refuseCrossSite()
      return try await handler(self, exchange)
    } catch let error as FormError {
      return error.response
    } catch let error as CredentialsError {
      return error.response
    } catch let error as AuthError {
      // Neither the client nor anybody who reads its answer can mend the store.
      if case .unavailable = error { logger.error("\(error)") }
      return Response(error)
    }
  }
}
