internal import HTTPTypes
public import Hummingbird

/// Turns the router's own refusals into JSON objects with a `message`: 404 for an unknown path and, for a path of ``AuthRoutes``, 405
/// with `Allow` for a method that it does not have.
public struct JSONErrors<Context: RequestContext>: RouterMiddleware {
  public init() {}

  @concurrent
  public func handle(
    _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
  ) async throws -> Response {
    do {
      return try await next(request, context)
    } catch let error as HTTPError {
      if error.status == .notFound, let response = Self.methodNotAllowed(request) { return response }
      var response = Response(error.status, message: error.body ?? error.status.reasonPhrase.lowercased())
      response.headers.append(contentsOf: error.headers)
      return response
    }
  }

  private static func methodNotAllowed(_ request: Request) -> Response? {
    let path = request.uri.path.split(separator: "/")
    let methods = AuthRoutes.routes.filter { $0.path.split(separator: "/") == path }.map(\.method)
    guard !methods.isEmpty else { return nil }
    let allowed = methods.flatMap { $0 == .get ? [$0, .head] : [$0] }.map(\.rawValue).joined(separator: ", ")
    var response = Response(.methodNotAllowed, message: "\(request.method.rawValue) is not allowed here, only \(allowed)")
    response.headers[.allow] = allowed
    return response
  }
}
