public import AuthCore
package import HTTPTypes
public import Hummingbird
internal import Logging
internal import NIOCore
internal import Synchronization

/// The routes of the service, for any Hummingbird router.
///
///     let routes = AuthRoutes(auth: auth)
///     let router = Router(context: BasicSessionRequestContext.self)
///     router.add(middleware: JSONErrors(for: routes))  // optional: 404, 405 and the like as JSON
///     routes.add(to: router)
///
/// They are declared by feature: ``Feature`` lists them. Fields are read from the body: `application/x-www-form-urlencoded`,
/// `multipart/form-data` or a JSON object. Every response with a body is a JSON object, or a page of ``Feature/pages``; errors
/// have a member `message`. `Docs/HTTP.md` describes all of them.
public struct AuthRoutes: Sendable {
  /// The largest body that is read, in bytes: room for every field at its limit in any encoding. A larger one gets a 413.
  public static let maximumBodyBytes = 64 * 1024

  // In a box, because each request passes it on: a copy is one reference.
  private let parts: Parts

  var auth: Auth { parts.auth }
  var policy: HTTPPolicy { parts.policy }
  /// The digests of the service keys.
  var serviceKeys: [TokenDigest] { parts.serviceKeys }

  /// The OpenAPI document, served below the path of a group.
  func openAPIDocument(servedBelow path: String) -> ByteBuffer {
    parts.document.withLock { document in
      if let document, document.path.hasSameBytes(as: path) { return document.json }
      var json = ByteBuffer()
      json.writeJSON(OpenAPIDocument(self).json(servedBelow: path))
      document = (path, json)
      return json
    }
  }

  /// Creates routes that serve an `Auth`.
  ///
  /// - Parameters:
  ///   - auth: what the routes serve. Its policy decides whether reset tokens are in responses, and whether requests from other
  ///     sites are refused.
  ///   - policy: by default `HTTPPolicy(for: auth.policy)`.
  ///   - serviceKeys: a back end that presents one of them gets reset tokens in the response, under every policy, and may ask
  ///     about sessions (``Feature/introspection``). Several are accepted at a time, so that a key can be replaced without a
  ///     moment in which its back end is refused.
  public init(auth: Auth, policy: HTTPPolicy? = nil, serviceKeys: [ServiceKey] = []) {
    parts = Parts(auth, policy ?? HTTPPolicy(for: auth.policy), serviceKeys)
  }

  private final class Parts: Sendable {
    let auth: Auth
    let policy: HTTPPolicy
    let serviceKeys: [TokenDigest]
    let proxyWarning = UntrustedProxyWarning()
    /// Of the group at `path`. Made once, because its size is a thousand times that of the request.
    let document = Mutex<(path: String, json: ByteBuffer)?>(nil)

    init(_ auth: Auth, _ policy: HTTPPolicy, _ serviceKeys: [ServiceKey]) {
      self.auth = auth
      self.policy = policy
      self.serviceKeys = serviceKeys.map(\.digest)
    }
  }
}

// MARK: - Features

extension AuthRoutes {
  /// Routes that are mounted together. Each feature is declared, with its routes, in the folder of its name.
  public struct Feature: Sendable, Equatable, CustomStringConvertible {
    /// Every feature that there is.
    public static let all: [Feature] = [
      .home, .registration, .emailVerification, .login, .profile, .passwordReset, .passwordChange, .emailChange, .recoveryEmail,
      .accountDeletion, .sessionManagement, .verification, .introspection, .changePasswordPage, .pages, .openAPI,
    ]

    let name: String
    let defaultProfiles: [AuthPolicy.Profile]
    let routes: [Route]
    /// Whether what the feature needs has been given.
    let isUsable: @Sendable (AuthRoutes) -> Bool

    /// A feature that `HTTPPolicy(for:)` has under these profiles.
    init(
      _ name: String, defaultUnder profiles: [AuthPolicy.Profile], _ routes: [Route],
      if isUsable: @escaping @Sendable (AuthRoutes) -> Bool = { _ in true }
    ) {
      self.name = name
      defaultProfiles = profiles
      self.routes = routes
      self.isUsable = isUsable
    }

    /// Whether both are the same feature.
    public static func == (one: Feature, other: Feature) -> Bool { one.name == other.name }

    /// The name of the feature.
    public var description: String { name }
  }

  // A class, because each request passes its route on: a copy is one reference.
  package final class Route: Sendable {
    typealias Handler = @Sendable (AuthRoutes, Exchange) async throws -> Response
    /// What the OpenAPI document says, which depends on the policies.
    typealias Description = @Sendable (AuthRoutes) -> Operation

    /// nil for every method.
    package let method: HTTPRequest.Method?
    package let path: String
    /// Whether it is also the route of every path below.
    let isSubtree: Bool
    let handler: Handler
    /// nil for a page, which is for people and not in the OpenAPI document.
    let describe: Description?
    /// The page that its responses are; nil for JSON.
    let page: Page?

    init(
      _ method: HTTPRequest.Method, _ path: String, _ handler: @escaping Handler, describedBy describe: @escaping Description
    ) {
      self.method = method
      self.path = path
      isSubtree = false
      self.handler = handler
      self.describe = describe
      page = nil
    }

    /// A route of a page.
    init(_ method: HTTPRequest.Method, _ path: String, page: Page, _ handler: @escaping Handler) {
      self.method = method
      self.path = path
      isSubtree = false
      self.handler = handler
      describe = nil
      self.page = page
    }

    /// A route for every method, at the path and below it. It must change nothing, and is not checked for its origin.
    init(below path: String, _ handler: @escaping Handler, describedBy describe: @escaping Description) {
      method = nil
      self.path = path
      isSubtree = true
      self.handler = handler
      self.describe = describe
      page = nil
    }

    /// Whether a component of the path is any that the client chooses.
    var hasParameter: Bool { path.utf8.contains(UInt8(ascii: ":")) }

    /// The method and the path, such as `GET /profile`.
    package var name: String { "\(method?.rawValue ?? "any") \(path)" }

    /// A `DELETE`, and the same as a `POST` to the path with `/delete` after it, for clients and proxies that send no body with a
    /// `DELETE`.
    static func delete(_ path: String, _ handler: @escaping Handler, describedBy describe: @escaping Description) -> [Route] {
      [
        Route(.delete, path, handler, describedBy: describe),
        Route(.post, path + "/delete", handler) { routes in
          var operation = describe(routes)
          operation.id += "ByPost"
          return operation
        },
      ]
    }

    /// The methods under which it is mounted. `HEAD` works where `GET` does.
    var methods: [HTTPRequest.Method] {
      guard let method else { return Self.everyMethod }
      return method == .get ? [.get, .head] : [method]
    }

    /// Those that NIO's parser knows, under the names that it gives them, but `QUERY`, which OpenAPI 3.1 cannot describe.
    private static let everyMethod = [
      "GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "PROPPATCH", "MKCOL", "COPY", "MOVE",
      "LOCK", "UNLOCK", "SEARCH", "REPORT", "MKCALENDAR", "ACL", "BIND", "REBIND", "UNBIND", "LINK", "UNLINK", "PURGE", "MERGE",
      "CHECKOUT", "MKACTIVITY", "NOTIFY", "SUBSCRIBE", "UNSUBSCRIBE", "MSEARCH", "SOURCE",
    ].compactMap { HTTPRequest.Method($0) }
  }

  /// The routes of the policy's features. A route that belongs to several of them is mounted once.
  package var mountedRoutes: [Route] {
    policy.features.filter { $0.isUsable(self) }.flatMap(\.routes).reduce(into: []) { mounted, route in
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
  /// - Parameters:
  ///   - router: gets the routes.
  ///   - peer: returns the IP address of the other end of the connection, or nil where it is not known. Then no attempt
  ///     is counted for the client's network, and sessions do not say where they were opened.
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
      let metrics = RequestMetrics(method: route.method?.rawValue ?? "any", route: path.description)
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
      for path in route.isSubtree ? [path, RouterPath(route.path + "/**")] : [path] {
        for method in route.methods {
          router.on(path, method: method) { request, context in
            let response = try await respond(request, context)
            return method == .head ? response.createHeadResponse() : response
          }
        }
      }
    }
    addPreflights(to: router)
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
    let (route, request) = (exchange.route, exchange.request)
    var response: Response
    do {
      if route.page != nil {
        try policy.refuseForeign(request)
      } else if auth.policy.profile == .strict, route.method != nil {
        try policy.refuseCrossSite(request)
      }
      response = try await route.handler(self, exchange)
    } catch {
      let refusal = error as? PageRefusal
      let cause = refusal?.cause ?? error
      guard let problem = Problem(cause) else { throw cause }
      (cause as? AuthError)?.log(to: logger)
      response =
        route.page.map { self.response(to: problem, on: $0, form: refusal?.form) } ?? self.response(to: problem, exchange)
    }
    // Pages are read by people alone.
    if route.page == nil { policy.addCrossOriginHeaders(to: &response, for: request) }
    return response
  }

  private func response(to problem: Problem, _ exchange: Exchange) -> Response {
    guard exchange.route.method != nil else {
      // A check has no bodies.
      return Response(status: problem.status, headers: SecurityHeaders.fields + problem.headers)
    }
    return Response(problem, to: exchange.request, under: auth.policy.profile)
  }
}

extension Problem {
  /// What ``AuthRoutes`` say about an error; nil for one that no route expects.
  fileprivate init?(_ error: any Error) {
    switch error {
    case let error as FormError: self = error.problem
    case let error as RequestRefusal: self = error.problem
    case let problem as Problem: self = problem
    // 403, where an application's own routes respond with 401: clients of the specification expect 403.
    case AuthError.invalidSession: self = .notLoggedIn
    case let error as AuthError: self.init(error)
    default: return nil
    }
  }
}
