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
  /// The service key is wrong: 403.
  case wrongServiceKey

  /// The status of the response.
  public var status: HTTPResponse.Status { self == .crossSite || self == .wrongServiceKey ? .forbidden : .badRequest }

  /// The response: a JSON object with a `message`.
  public func response(from request: Request, context: some RequestContext) -> Response {
    response.withoutBodyIfHead(request)
  }

  var response: Response { Response(status, message: message) }

  private var message: String {
    switch self {
    case .severalCookies: "the session cookie was sent more than once, with different values"
    case .severalAuthorizations: "the header Authorization was sent more than once"
    case .cookieAndBearerDiffer: "the session cookie and the bearer token belong to different sessions; send one of them"
    case .crossSite: "requests from pages of other sites are refused"
    case .wrongServiceKey: "the service key is wrong"
    }
  }
}
