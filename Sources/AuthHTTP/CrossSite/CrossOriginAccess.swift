internal import AuthCore
internal import HTTPTypes
package import Hummingbird
internal import NIOCore

/// Access for the pages of ``HTTPPolicy/allowedOrigins`` (Fetch Standard, "HTTP extensions": CORS). Pages of other origins can
/// read no response, and their browsers are told nothing.
extension HTTPPolicy {
  /// How long a browser may remember what is allowed, in seconds. None remembers it longer than two hours.
  private static let preflightLifetime = "7200"

  func isAllowed(_ origin: String) -> Bool {
    guard !origins.isEmpty, let origin = WebOrigin(origin) else { return false }
    return origins.contains(origin)
  }

  /// Lets the page that sent the request read the response, if its origin is allowed.
  package func addCrossOriginHeaders(to response: inout Response, for request: Request) {
    guard !origins.isEmpty else { return }
    response.headers.append(HTTPField(name: .vary, value: "Origin"))
    guard let origin = request.headers[.origin], isAllowed(origin) else { return }
    // As the browser wrote it, because it compares the bytes.
    response.headers[.accessControlAllowOrigin] = origin
    response.headers[.accessControlAllowCredentials] = "true"
    response.headers[.accessControlExposeHeaders] = "Retry-After, X-Request-ID"
  }

  /// The response to a preflight, which browsers send before what a form cannot send.
  fileprivate func preflight(_ request: Request, methods: String) -> Response {
    var response = Response(status: .noContent, headers: [.allow: methods, .vary: "Origin"] + SecurityHeaders.fields)
    guard let origin = request.headers[.origin], isAllowed(origin) else { return response }
    response.headers[.accessControlAllowOrigin] = origin
    response.headers[.accessControlAllowCredentials] = "true"
    response.headers[.accessControlAllowMethods] = methods
    response.headers[.accessControlAllowHeaders] = "Authorization, Content-Type"
    response.headers[.accessControlMaxAge] = Self.preflightLifetime
    return response
  }
}

extension AuthRoutes {
  /// Adds a route for `OPTIONS` to each path, if any other origin is allowed. It asks nothing of the store.
  func addPreflights<Context: RequestContext>(to router: some RouterMethods<Context>) {
    guard !policy.origins.isEmpty else { return }
    let metrics = RequestMetrics(method: HTTPRequest.Method.options.rawValue, route: "preflight")
    for (path, routes) in Dictionary(grouping: mountedRoutes.filter { $0.method != nil && $0.page == nil }, by: \.path) {
      let methods = (routes.flatMap(\.methods) + [.options]).map(\.rawValue).joined(separator: ", ")
      router.on(RouterPath(path), method: .options) { request, _ in
        let start = NIODeadline.now()
        let response = policy.preflight(request, methods: methods)
        metrics?.record(response.status, since: start)
        return response
      }
    }
  }
}
