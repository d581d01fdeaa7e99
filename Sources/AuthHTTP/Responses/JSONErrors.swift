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

  /// - Parameters:
  ///   - routes: the routes that the router has.
  ///   - path: the path of the group to which they were added.
  public init(for routes: AuthRoutes, at path: String = "/") {
    self.routes = routes.mountedRoutes
    root = path.split(separator: "/")
  }

  /// Passes the request on, and turns an error into a response.
  @concurrent
  public func handle(
    _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
  ) async throws -> Response {
    do {
      return try await next(request, context)
    } catch let error as HTTPError {
      return response(to: error, request, context).withoutBodyIfHead(request)
    }
  }

  private func response(to error: HTTPError, _ request: Request, _ context: Context) -> Response {
    // This is what Hummingbird's router records where it finds no route; a handler may have thrown a 404 of its own.
    if error.status == .notFound, context.endpointPath == "NotFound", let response = methodNotAllowed(request) {
      return response
    }
    var response = Response(error.status, message: error.body ?? error.status.reasonPhrase.lowercased())
    response.headers.append(contentsOf: error.headers)
    return response
  }

  private func methodNotAllowed(_ request: Request) -> Response? {
    let path = request.uri.path.split(separator: "/")
    let methods = routes.filter { matches(root + $0.path.split(separator: "/"), path) }.map(\.method)
    guard !methods.isEmpty else { return nil }
    let allowed = methods.flatMap { $0 == .get ? [$0, .head] : [$0] }.map(\.rawValue).joined(separator: ", ")
    var response = Response(.methodNotAllowed, message: "\(request.method.rawValue) is not allowed here, only \(allowed)")
    response.headers[.allow] = allowed
    return response
  }

  private func matches(_ route: [Substring], _ path: [Substring]) -> Bool {
    route.count == path.count
      && zip(route, path).allSatisfy { $0.utf8.first == UInt8(ascii: ":") || $0.hasSameBytes(as: $1) }
  }
}
