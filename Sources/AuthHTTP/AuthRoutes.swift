public import AuthCore
package import HTTPTypes
public import Hummingbird
internal import Logging
internal import NIOCore

/// The routes of the service, for any Hummingbird router.
///
///     let routes = AuthRoutes(auth: auth)
///     let router = Router(context: BasicSessionRequestContext.self)
///     router.add(middleware: JSONErrors(for: routes))  // optional: 404, 405 and the like as JSON
///     routes.add(to: router)
///
/// They are declared by feature: ``Feature`` lists them. Fields are read from the body: `application/x-www-form-urlencoded`,
/// `multipart/form-data` or a JSON object. Every response with a body is a JSON object; errors have a member `message`.
/// `Docs/HTTP.md` describes all of them.
public struct AuthRoutes: Sendable {
  /// The largest body that is read, in bytes: room for every field at its limit in any encoding. A larger one gets a 413.
  public static let maximumBodyBytes = 64 * 1024

  // In a box, because each request passes it on: a copy is one reference.
  private let parts: Parts

  var auth: Auth { parts.auth }
  var policy: HTTPPolicy { parts.policy }
  var serviceKeys: [ServiceKey] { parts.serviceKeys }

  /// Creates routes that serve an `Auth`.
  ///
  /// - Parameters:
  ///   - auth: what the routes serve. Its policy decides whether reset tokens are in responses, and whether requests from other
  ///     sites are refused.
  ///   - policy: by default `HTTPPolicy(for: auth.policy)`.
  ///   - serviceKeys: a back end that presents one of them gets reset tokens in the response, under every policy. Several are
  ///     accepted at a time, so that a key can be replaced without a moment in which its back end is refused.
  public init(auth: Auth, policy: HTTPPolicy? = nil, serviceKeys: [ServiceKey] = []) {
    parts = Parts(auth, policy ?? HTTPPolicy(for: auth.policy), serviceKeys)
  }

  private final class Parts: Sendable {
    let auth: Auth
    let policy: HTTPPolicy
    let serviceKeys: [ServiceKey]
    let refusesCrossSite: Bool
    let proxyWarning = UntrustedProxyWarning()

    init(_ auth: Auth, _ policy: HTTPPolicy, _ serviceKeys: [ServiceKey]) {
      self.auth = auth
      self.policy = policy
      self.serviceKeys = serviceKeys
      refusesCrossSite = auth.policy.profile == .strict
    }
  }
}

// MARK: - Features

extension AuthRoutes {
  /// Routes that are mounted together. Each feature is declared, with its routes, in the folder of its name.
  public struct Feature: Sendable, Equatable, CustomStringConvertible {
    /// Every feature that there is.
    public static let all: [Feature] = [
      .home, .registration, .login, .profile, .passwordReset, .passwordChange, .accountDeletion, .sessionManagement,
    ]

    let name: String
    let defaultProfiles: [AuthPolicy.Profile]
    let routes: [Route]

    /// A feature that `HTTPPolicy(for:)` has under these profiles.
    init(_ name: String, defaultUnder profiles: [AuthPolicy.Profile], _ routes: [Route]) {
      self.name = name
      defaultProfiles = profiles
      self.routes = routes
    }

    /// Whether both are the same feature.
    public static func == (one: Feature, other: Feature) -> Bool { one.name == other.name }

    /// The name of the feature.
    public var description: String { name }
  }

  // A class, because each request passes its route on: a copy is one reference.
  package final class Route: Sendable {
    typealias Handler = @Sendable (AuthRoutes, Exchange) async throws -> Response

    package let method: HTTPRequest.Method
    package let path: String
    let handler: Handler

    init(_ method: HTTPRequest.Method, _ path: String, _ handler: @escaping Handler) {
      self.method = method
      self.path = path
      self.handler = handler
    }
  }

  /// The routes of the policy's features. A route that belongs to several of them is mounted once.
  package var mountedRoutes: [Route] {
    policy.features.flatMap(\.routes).reduce(into: []) { mounted, route in
      if !mounted.contains(where: { $0.method == route.method && $0.path == route.path }) { mounted.append(route) }
    }
  }
}

// MARK: - Mounting

extension AuthRoutes {
  /// Adds the routes of the policy's features. `HEAD` works where `GET` does.
  public func add<Context: RemoteAddressRequestContext>(to router: some RouterMethods<Context>) {
    mount(on: router) { _, context in context.peer }
  }

  /// Adds the routes, which note whose request each is.
  package func add<Context: RemoteAddressRequestContext>(
    to router: some RouterMethods<Context>, recording record: @escaping @Sendable (Context) -> (any UserRecord)?
  ) {
    mount(on: router, record: record) { _, context in context.peer }
  }

  /// Adds the routes for a context that does not know the IP address of its client.
  ///
  /// - Parameter peer: returns the IP address of the other end of the connection, or nil where it is not known. Then no attempt
  ///   is counted for the client's network, and sessions do not say where they were opened.
  public func add<Context: RequestContext>(
    to router: some RouterMethods<Context>, peer: @escaping @Sendable (Request, Context) -> IPAddress?
  ) {
    mount(on: router, peer: peer)
  }

  private func mount<Context: RequestContext>(
    on router: some RouterMethods<Context>, record: (@Sendable (Context) -> (any UserRecord)?)? = nil,
    peer: @escaping @Sendable (Request, Context) -> IPAddress?
  ) {
    for route in mountedRoutes {
      let path = RouterPath(route.path)
      let metrics = RequestMetrics(method: route.method.rawValue, route: path.description)
      let respond: @Sendable (Request, Context) async throws -> Response = { request, context in
        let exchange = Exchange(
          request: request, parameters: context.parameters, routes: self, route: route, record: record?(context)
        ) {
          let peer = peer(request, context)
          if let peer { parts.proxyWarning.check(request, from: peer, policy, context.logger) }
          return (peer, context.requestID)
        }
        guard let metrics else { return try await self.respond(to: exchange, context.logger) }
        return try await self.respond(to: exchange, context.logger, metrics)
      }
      router.on(path, method: route.method) { try await respond($0, $1) }
      if route.method == .get {
        router.on(path, method: .head) { try await respond($0, $1).createHeadResponse() }
      }
    }
  }

  private func respond(to exchange: Exchange, _ logger: Logger, _ metrics: RequestMetrics) async throws -> Response {
    let start = NIODeadline.now()
    do {
      let response = try await respond(to: exchange, logger)
      metrics.record(response.status, since: start)
      return response
    } catch {
      metrics.record((error as? any HTTPResponseError)?.status ?? .internalServerError, since: start)
      throw error
    }
  }

  private func respond(to exchange: Exchange, _ logger: Logger) async throws -> Response {
    do {
      if parts.refusesCrossSite { try policy.refuseCrossSite(exchange.request) }
      return try await exchange.route.handler(self, exchange)
    } catch let error as FormError {
      return error.response
    } catch let error as RequestRefusal {
      return error.response
    } catch let error as AuthError {
      error.log(to: logger)
      // 403, where an application's own routes respond with 401: clients of the specification expect 403.
      return error == .invalidSession ? .notLoggedIn : Response(error)
    }
  }
}
