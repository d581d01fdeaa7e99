internal import AuthCore
public import HTTPTypes
public import Hummingbird

/// Why a request is refused before it reaches its route. Nothing was changed. Thrown by a handler or a middleware, it becomes a
/// response.
@nonexhaustive
public enum RequestRefusal: Error, Equatable, HTTPResponseError {
  /// The session cookie was sent more than once, with different values: 400.
  case severalCookies
  /// The header `Authorization` came more than once: 400.
  case severalAuthorizations
  /// The session cookie and the bearer token belong to different sessions: 400.
  case cookieAndBearerDiffer
  /// A page of another site made the browser send the request: 403.
  case crossSite
  /// The service key is wrong: 403, or 401 where nothing is served without one.
  case wrongServiceKey

  /// The status of the response.
  public var status: HTTPResponse.Status { self == .crossSite || self == .wrongServiceKey ? .forbidden : .badRequest }

  /// The response: a JSON object with a `message` and a `code`.
  public func response(from request: Request, context: some RequestContext) -> Response {
    Response(problem, to: request, under: .strict).withoutBodyIfHead(request)
  }

  var problem: Problem {
    switch self {
    case .severalCookies:
      Problem(.severalSessionCookies, "the session cookie was sent more than once, with different values")
    case .severalAuthorizations:
      Problem(.severalAuthorizations, "the header Authorization was sent more than once")
    case .cookieAndBearerDiffer:
      Problem(
        .severalSessions, "the session cookie and the bearer token belong to different sessions; send one of them")
    case .crossSite: Problem(.crossSite, "requests from pages of other sites are refused")
    case .wrongServiceKey: Problem(.wrongServiceKey, "the service key is wrong")
    }
  }
}
