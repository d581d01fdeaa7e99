internal import AuthCore
internal import HTTPTypes
public import Hummingbird

/// Refuses requests that change something when the browser says that a page of another origin sent them: 403.
///
///     router.add(middleware: CrossSiteProtection(policy: policy))
///
/// A login needs it as much as what comes after it: otherwise another site can log a visitor in to an account of its own.
/// Programs other than browsers send no origin and are let through: they have no cookies that a page could make them send. The
/// ``AuthRoutes`` and the ``RequireSession`` of a strict `Auth` make this check themselves.
public struct CrossSiteProtection<Context: RequestContext>: RouterMiddleware {
  private let policy: HTTPPolicy

  /// - Parameter policy: says which other origins are allowed.
  public init(policy: HTTPPolicy) {
    self.policy = policy
  }

  /// Passes the request on, or refuses it.
  @concurrent
  public func handle(
    _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
  ) async throws -> Response {
    try policy.refuseCrossSite(request)
    return try await next(request, context)
  }
}

extension HTTPPolicy {
  /// - Throws: ``RequestRefusal/crossSite`` when a page of another site made the browser send a request that changes something.
  @usableFromInline
  func refuseCrossSite(_ request: Request) throws(RequestRefusal) {
    guard !request.method.isSafe else { return }
    let origins = request.headers[values: .origin]
    if !origins.isEmpty, origins.allSatisfy(isAllowed) { return }
    try refuseForeign(request)
  }

  /// - Throws: ``RequestRefusal/crossSite`` when any page but one of the routes' own origin did.
  func refuseForeign(_ request: Request) throws(RequestRefusal) {
    guard request.method.isSafe || !isForeign(request) else { throw .crossSite }
  }

  private func isForeign(_ request: Request) -> Bool {
    // Fetch Metadata (W3C): set by the browser; scripts cannot change it. `same-site` is another host under the same domain,
    // which may belong to someone else.
    let sites = request.headers[values: .secFetchSite]
    if !sites.isEmpty {
      return !sites.allSatisfy { $0.hasSameBytes(as: "same-origin") || $0.hasSameBytes(as: "none") }
    }
    return !request.headers[values: .origin].allSatisfy { isOwn($0, host: request.head.authority) }
  }

  /// Whether an origin is the one to which the request was sent. The scheme is not compared, because at most a proxy knows it:
  /// the host is taken for one of the origin's own scheme.
  private func isOwn(_ origin: String, host: String?) -> Bool {
    guard let host, let origin = WebOrigin(origin) else { return false }
    return WebOrigin(origin.description.prefix { $0 != ":" } + "://" + host) == origin
  }
}

extension HTTPRequest.Method {
  /// Whether a request with it changes nothing (RFC 9110, 9.2.1).
  fileprivate var isSafe: Bool {
    switch self {
    case .get, .head, .options, .trace: true
    default: false
    }
  }
}
