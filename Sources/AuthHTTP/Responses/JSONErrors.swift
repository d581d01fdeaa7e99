internal import AuthCore
internal import HTTPTypes
public import Hummingbird

/// Turns the errors of a router and its handlers into JSON objects with a `message`. Where the router knows no route, the
/// response is 405 for a path of the ``AuthRoutes``, with the methods of that path in `Allow`, and 404 elsewhere.
///
///     router.add(middleware: JSONErrors(for: routes))
public struct JSONErrors<Context: RequestContext>: RouterMiddleware {
  private let routes: [AuthRoutes.Route]
  private let root: [Substring]
  private let policy: HTTPPolicy
  private let profile: AuthPolicy.Profile

  /// - Parameters:
  ///   - routes: the routes that the router has.
  ///   - path: the path of the group to which they were added.
  public init(for routes: AuthRoutes, at path: String = "/") {
    self.routes = routes.mountedRoutes
    root = path.split(separator: "/")
    policy = routes.policy
    profile = routes.auth.policy.profile
  }

  /// Passes the request on, and turns an error into a response.
  @concurrent
  public func handle(
    _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
  ) async throws -> Response {
    do {
      return try await next(request, context)
    } catch let error as HTTPError {
      var response = Response(problem(error, request, context), to: request, under: profile)
      policy.addCrossOriginHeaders(to: &response, for: request)
      return response.withoutBodyIfHead(request)
    }
  }

  private func problem(_ error: HTTPError, _ request: Request, _ context: Context) -> Problem {
    // This is what Hummingbird's router records where it finds no route; a handler may have thrown a 404 of its own.
    if error.status == .notFound, context.endpointPath == "NotFound", let problem = methodNotAllowed(request) { return problem }
    let phrase = error.status.reasonPhrase.lowercased()
    if error.status == .notFound { return Problem(.notFound, error.body ?? phrase, headers: error.headers) }
    return Problem(error.status, code: phrase.replacing(" ", with: "_"), error.body ?? phrase, headers: error.headers)
  }

  private func methodNotAllowed(_ request: Request) -> Problem? {
    let path = request.uri.path.split(separator: "/")
    let matching = routes.filter { matches(root + $0.path.split(separator: "/"), path) }
    // For the router `/sessions/delete` is not a `/sessions/:id`.
    guard let closest = matching.first(where: { !$0.hasParameter }) ?? matching.first else { return nil }
    let hasPreflight = !policy.origins.isEmpty && closest.page == nil
    let methods = matching.filter { $0.path == closest.path }.flatMap(\.methods) + (hasPreflight ? [.options] : [])
    let allowed = methods.map(\.rawValue).joined(separator: ", ")
    return Problem(
      .methodNotAllowed, "\(request.method.rawValue) is not allowed here, only \(allowed)",
      headers: [.allow: allowed])
  }

  private func matches(_ route: [Substring], _ path: [Substring]) -> Bool {
    route.count == path.count
      && zip(route, path).allSatisfy { $0.utf8.first == UInt8(ascii: ":") || $0.hasSameBytes(as: $1) }
  }
}
