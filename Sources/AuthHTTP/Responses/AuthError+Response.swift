public import AuthCore
public import HTTPTypes
public import Hummingbird
internal import Logging

/// An `AuthError` that leaves a handler becomes a response automatically: a JSON object with a `message`, a 4xx where the client
/// can do something about it, and a 503 where it cannot. None becomes a 500.
extension AuthError: HTTPResponseError {
  /// The status of the response.
  public var status: HTTPResponse.Status {
    switch self {
    case .userExists, .invalidEmail, .invalidPassword, .unacceptableHash: .badRequest
    case .invalidSession: .unauthorized
    case .registrationClosed, .unknownUser, .unknownUserID, .invalidResetToken, .wrongPassword, .reauthenticationRequired:
      .forbidden
    case .throttled: .tooManyRequests
    case .overloaded, .unavailable, .conflict, .cancelled: .serviceUnavailable
    }
  }

  /// The response, with `Retry-After` or `WWW-Authenticate` where its status needs them. An error of the store is logged.
  public func response(from request: Request, context: some RequestContext) -> Response {
    log(to: context.logger)
    return Response(self).withoutBodyIfHead(request)
  }

  /// Logs what neither the client nor the reader of its response can repair.
  func log(to logger: Logger) {
    if case .unavailable = self { logger.error("\(self)") }
  }

  fileprivate var retryAfter: Duration? {
    switch self {
    case .throttled(let delay), .overloaded(let delay): delay
    case .unavailable, .conflict, .cancelled: .seconds(1)
    default: nil
    }
  }

  /// What the client is told. The reason why a store is unavailable may name files and hosts.
  fileprivate var publicDescription: String {
    if case .unavailable = self { "the store is unavailable, try again later" } else { description }
  }
}

extension Response {
  /// The response to an error, wherever it comes from.
  init(_ error: AuthError) {
    self.init(error.status, message: error.publicDescription)
    if let delay = error.retryAfter { headers[.retryAfter] = "\(delay.wholeSecondsRoundedUp)" }
    if error == .invalidSession { headers[.wwwAuthenticate] = Self.sessionChallenge }
  }

  /// What a 401 asks for where there is no login form to name (RFC 6750, 3; RFC 9110, 11.6.1).
  static let sessionChallenge = #"Bearer realm="auth""#

  /// The 403 of ``AuthRoutes`` where a session is needed.
  static var notLoggedIn: Response { Response(.forbidden, message: AuthError.invalidSession.description) }
}
