internal import AuthCore
internal import HTTPTypes

/// An error of a route, as the OpenAPI document has it.
struct Refusal: Sendable, Hashable {
  let code: String
  let status: HTTPResponse.Status
  let numbers: [String]
  let hasRetryAfter: Bool

  init(_ code: AuthError.Code, status: HTTPResponse.Status? = nil) {
    // An example of the error knows its numbers.
    let error = AuthError(code: code.rawValue, numbers: [:], message: "", email: "")
    self.code = code.rawValue
    self.status = status ?? error?.status ?? .internalServerError
    numbers = error?.numbers.keys.sorted() ?? []
    hasRetryAfter = error?.retryAfter != nil
  }

  init(_ code: Problem.Code, status: HTTPResponse.Status? = nil) {
    self.code = code.rawValue
    self.status = status ?? code.status
    numbers =
      switch code {
      case .bodyTooLarge, .framingTooLarge: ["limit"]
      case .fieldTooLong: ["bytes", "limit"]
      case .headTooLarge: ["bytes", "headers"]
      default: []
      }
    hasRetryAfter = false
  }

  /// Whether the error names the field that is at fault.
  var hasField: Bool {
    code == Problem.Code.invalidQuery.rawValue || ["email_", "password_", "field_"].contains { code.hasPrefix($0) }
  }

  /// Those that any request can get before it reaches its route, and a fault of the server.
  static let codesOfConnection: [Problem.Code] = [
    .malformedRequest, .bodyTooLarge, .framingTooLarge, .tooManyRequests, .headTooLarge, .internalError, .unknownTransferCoding,
  ]

  /// Responses that several operations share, by their names in the document.
  static let shared: [(name: String, refusals: Set<Refusal>)] = {
    let store: [AuthError.Code] = [.unavailable, .cancelled]
    return codesOfConnection.reduce(into: [HTTPResponse.Status: Set<Refusal>]()) { shared, code in
      shared[code.status, default: []].insert(Refusal(code))
    }.sorted { $0.key.code < $1.key.code }.map { (name($0.key), $0.value) } + [
      ("NotFound", [Refusal(.notFound)]), ("MethodNotAllowed", [Refusal(.methodNotAllowed)]),
      ("UnsupportedMediaType", [Refusal(.unsupportedMediaType)]), ("StoreUnavailable", Set(store.map { Refusal($0) })),
      ("Overloaded", Set((store + [.conflict, .overloaded]).map { Refusal($0) })),
    ]
  }()

  private static func name(_ status: HTTPResponse.Status) -> String { status.reasonPhrase.filter(\.isLetter) }
}
