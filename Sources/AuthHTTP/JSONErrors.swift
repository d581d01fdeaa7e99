internal import HTTPTypes
public import Hummingbird

/// Turns the refusals of a router and its handlers into JSON objects with a `message`. Where the router knows no route, it answers 405
/// for a path of ``AuthRoutes``, with their methods in `Allow`, and 404 elsewhere.
public struct JSONErrors<Context: RequestContext>: RouterMiddleware {
  private let policy: HTTPPolicy
  private let root: [Substring]

  /// - Parameters:
  ///   - policy: that of the ``AuthRoutes``.
  ///   - path: that of the group to which they were added.
  public init(policy: HTTPPolicy, routesAt path: String = "/") {
    self.policy = policy
    root = path.split(separator: "/")
  }

  @concurrent
  public func handle(
    _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
  ) async throws -> Response {
    do {
      return try await next(request, context)
    } catch let error as HTTPError {
      let response = response(to: error, request, context)
      return request.method == .head ? response.createHeadResponse() : response
    }
  }

  private func response(to error: HTTPError, _ request: Request, _ context: Context) -> Response {
    // What Hummingbird's router notes where it finds no route; a handler may answer 404 of its own.
    if error.status == .notFound, context.endpointPath == "NotFound", let response = methodNotAllowed(request) {
      return response
    }
    var response = Response(error.status, message: error.body ?? error.status.reasonPhrase.lowercased())
    response.headers.append(contentsOf: error.headers)
    return response
  }

  private func methodNotAllowed(_ request: Request) -> Response? {
    let path = request.uri.path.split(separator: "/")
    let methods = AuthRoutes.routes(under: policy).filter { matches(root + $0.path.split(separator: "/"), path) }.map(\.method)
    guard !methods.isEmpty else { return nil }
    let allowed = methods.flatMap { $0 == .get ? [$0, .head] : [$0] }.map(\.rawValue).joined(separator: ", ")
    var response = Response(.methodNotAllowed, message: "\(request.method.rawValue) is not allowed here, only \(allowed)")
    response.headers[.allow] = allowed
    return response
  }

  private func matches(_ route: [Substring], _ path: [Substring]) -> Bool {
    route.count == path.count
      && zip(route, path).allSatisfy { $0.utf8.first == UInt8(ascii: ":") || $0.utf8.elementsEqual($1.utf8) }
  }
}
