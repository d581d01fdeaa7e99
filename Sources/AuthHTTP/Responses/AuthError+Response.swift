public import AuthCore
public import HTTPTypes
public import Hummingbird
internal import Logging

/// An `AuthError` that leaves a handler becomes a response automatically: a JSON object with a `message` and a `code`, a 4xx
/// where the client can do something about it, and a 503 where it cannot. None becomes a 500.
extension AuthError: HTTPResponseError {
  /// The status of the response.
  public var status: HTTPResponse.Status {
    switch self {
    case .userExists, .invalidEmail, .emailUnchanged, .invalidPassword, .unacceptableHash: .badRequest
    case .invalidSession: .unauthorized
    case .noRecoveryEmail: .notFound
    case .registrationClosed, .unknownUser, .unknownUserID, .invalidResetToken, .invalidVerification, .invalidTakeBack,
      .verificationRequired, .emailNotVerified, .wrongPassword, .reauthenticationRequired:
      .forbidden
    case .throttled: .tooManyRequests
    case .overloaded, .unavailable, .conflict, .cancelled: .serviceUnavailable
    }
  }

  /// The response, with `Retry-After` or `WWW-Authenticate` where its status needs them. An error of the store is logged.
  public func response(from request: Request, context: some RequestContext) -> Response {
    log(to: context.logger)
    return Response(Problem(self), to: request, under: .strict).withoutBodyIfHead(request)
  }

  /// Logs what neither the client nor the reader of its response can repair.
  func log(to logger: Logger) {
    if case .unavailable = self { logger.error("\(self)") }
  }

  var retryAfter: Duration? {
    switch self {
    case .throttled(let delay), .overloaded(let delay): delay
    case .unavailable, .conflict, .cancelled: .seconds(1)
    default: nil
    }
  }

  /// What the client is told. The reason why a store is unavailable may name files and hosts.
  var publicDescription: String {
    if case .unavailable = self { "the store is unavailable, try again later" } else { description }
  }
}
