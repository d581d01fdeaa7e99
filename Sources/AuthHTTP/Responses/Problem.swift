package import AuthCore
package import HTTPTypes
package import Hummingbird

/// An error on its way to a client: a sentence for people, and for programs a code and the numbers of the sentence.
package struct Problem: Error {
  let status: HTTPResponse.Status
  let code: String
  let message: String
  /// The name of the field of the request that is at fault.
  var field: String?
  var numbers: [String: Int] = [:]
  var headers: HTTPFields = [:]

  package init(
    _ code: Code, _ message: String, field: String? = nil, numbers: [String: Int] = [:], headers: HTTPFields = [:]
  ) {
    self.init(code.status, code: code.rawValue, message, field: field, numbers: numbers, headers: headers)
  }

  init(
    _ status: HTTPResponse.Status, code: String, _ message: String, field: String? = nil, numbers: [String: Int] = [:],
    headers: HTTPFields = [:]
  ) {
    self.status = status
    self.code = code
    self.message = message
    self.field = field
    self.numbers = numbers
    self.headers = headers
  }
}

extension Problem {
  /// The codes of what is wrong with a request. Those of the account system are `AuthError.code`.
  package enum Code: String, Sendable, CaseIterable {
    case notFound = "not_found"
    case methodNotAllowed = "method_not_allowed"
    case severalSessionCookies = "several_session_cookies"
    case severalAuthorizations = "several_authorizations"
    case severalSessions = "several_sessions"
    case crossSite = "cross_site"
    case wrongServiceKey = "wrong_service_key"
    case wrongCredentials = "wrong_credentials"
    case bodyTooLarge = "body_too_large"
    case unsupportedMediaType = "unsupported_media_type"
    case malformedBody = "malformed_body"
    case fieldMissing = "field_missing"
    case fieldUnreadable = "field_unreadable"
    case fieldTooLong = "field_too_long"
    case fieldNotBoolean = "field_not_boolean"
    case unknownSession = "unknown_session"
    case invalidQuery = "invalid_query"
    case malformedRequest = "malformed_request"
    case unknownTransferCoding = "unknown_transfer_coding"
    case headTooLarge = "head_too_large"
    case framingTooLarge = "framing_too_large"
    case tooManyRequests = "too_many_requests"
    case internalError = "internal_error"
    case serviceKeyRequired = "service_key_required"

    package var status: HTTPResponse.Status {
      switch self {
      case .severalSessionCookies, .severalAuthorizations, .severalSessions, .malformedBody, .fieldMissing, .fieldUnreadable,
        .fieldTooLong, .fieldNotBoolean, .invalidQuery, .malformedRequest:
        .badRequest
      case .wrongCredentials, .serviceKeyRequired: .unauthorized
      case .crossSite, .wrongServiceKey: .forbidden
      case .notFound, .unknownSession: .notFound
      case .methodNotAllowed: .methodNotAllowed
      case .bodyTooLarge, .framingTooLarge: .contentTooLarge
      case .unsupportedMediaType: .unsupportedMediaType
      case .tooManyRequests: .tooManyRequests
      case .headTooLarge: .requestHeaderFieldsTooLarge
      case .internalError: .internalServerError
      case .unknownTransferCoding: .notImplemented
      }
    }
  }

  /// What is said about an error of the account system.
  init(_ error: AuthError) {
    self.init(error.status, code: error.code, error.publicDescription, numbers: error.numbers)
    if let delay = error.retryAfter { headers[.retryAfter] = "\(delay.wholeSecondsRoundedUp)" }
    if error == .invalidSession { headers[.wwwAuthenticate] = Self.sessionChallenge }
  }

  /// What a 401 asks for where there is no login form to name (RFC 6750, 3; RFC 9110, 11.6.1).
  static let sessionChallenge = #"Bearer realm="auth""#

  /// The 403 of ``AuthRoutes`` where a session is needed.
  static let notLoggedIn = Problem(
    .forbidden, code: AuthError.invalidSession.code, AuthError.invalidSession.description)

  func with(_ headers: HTTPFields) -> Problem {
    var problem = self
    problem.headers.append(contentsOf: headers)
    return problem
  }
}

extension Response {
  /// The response to an error. Under ``AuthPolicy/Profile/classic`` it has the message alone; else also the code, the field and
  /// the numbers, in the format of RFC 9457 for clients that accept it.
  package init(_ problem: Problem, to request: Request?, under profile: AuthPolicy.Profile) {
    let details = profile == .classic ? [] : problem.details
    let isRFC9457 = profile != .classic && request?.accepts("application/problem+json") == true
    if isRFC9457 {
      let standard: [JSONMember] = [
        ("detail", problem.message), ("status", Int64(problem.status.code)), ("title", problem.status.reasonPhrase),
        ("type", "about:blank"),
      ]
      self.init(status: problem.status, json: standard + details)
      headers[.contentType] = "application/problem+json"
    } else {
      self.init(status: problem.status, json: [("message", problem.message)] + details)
    }
    headers.append(contentsOf: problem.headers)
  }
}

extension Problem {
  fileprivate var details: [JSONMember] {
    [("code", code)] + (field.map { [("field", $0)] } ?? []) + numbers.map { ($0.key, Int64($0.value)) }
  }
}
