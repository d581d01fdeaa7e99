internal import AuthCore
internal import HTTPTypes

/// The description of a route, for the OpenAPI document. What follows from it is not repeated in it: the errors of a body, of a
/// session, of the store and of the connection.
struct Operation: Sendable {
  /// What a request presents in `Authorization`, or in a cookie.
  enum Credential: Sendable {
    case none
    case session(isRequired: Bool)
    case serviceKey(isRequired: Bool)
  }

  /// What the response waits for, which may fail.
  enum Work: Sendable { case none, lookup, hashing }

  struct Input: Sendable {
    let field: Form.Field
    var isRequired = true
    /// Whether the rules of the policy for new emails and passwords apply.
    var isNew = false
  }

  /// A response that is not an error.
  struct Outcome: Sendable {
    let status: HTTPResponse.Status
    /// What the body may be; empty for none.
    var bodies: [Body] = []
    var headers: [HTTPField.Name] = []
    /// Headers that not every such response has.
    var optionalHeaders: [HTTPField.Name] = []
  }

  struct Body: Sendable {
    let members: [Member]
    let optional: [Member]

    init(_ members: [Member], optional: [Member] = []) {
      (self.members, self.optional) = (members, optional)
    }
  }

  /// A member of a JSON object.
  enum Member: String, Sendable {
    case active, address, amr, current, email, exp, iat, id, message, registration, sessions, sub
    case authTime = "auth_time"
    case createdAt = "created_at"
    case expiresAt = "expires_at"
    case lastUsedAt = "last_used_at"
    case recoveryEmail = "recovery_email"
    case resetToken = "reset_token"
    case sessionID = "session_id"
    case userAgent = "user_agent"
    case verifiedAt = "verified_at"
  }

  /// What a client can do with a response: another operation, and where its parameters and fields come from.
  struct Link: Sendable {
    let id: String
    var parameters: KeyValuePairs<String, String> = [:]
    var fields: KeyValuePairs<String, String> = [:]
  }

  /// The name of the operation in generated clients.
  var id: String
  let summary: String
  var credential = Credential.none
  /// Parameters in the query, each of which can only be `true`.
  var query: [String] = []
  var fields: [Input] = []
  /// Fields that belong together, where one such group must be there; empty where ``fields`` says it all.
  var alternatives: [[Form.Field]] = []
  var work = Work.lookup
  let outcomes: [Outcome]
  /// Of the 200.
  var links: [Link] = []
  var errors: [AuthError.Code] = []
  var problems: [Problem.Code] = []
}

extension Operation.Input {
  static func required(_ field: Form.Field) -> Self { Self(field: field) }
  static func optional(_ field: Form.Field) -> Self { Self(field: field, isRequired: false) }
  static func new(_ field: Form.Field) -> Self { Self(field: field, isNew: true) }
}

extension Operation.Outcome {
  /// A 200 with these members.
  static func ok(
    _ members: Operation.Member..., optional: [Operation.Member] = [], headers: [HTTPField.Name] = [],
    optionalHeaders: [HTTPField.Name] = []
  ) -> Self {
    Self(status: .ok, bodies: [.init(members, optional: optional)], headers: headers, optionalHeaders: optionalHeaders)
  }

  /// A 200 that hands over a new session.
  static func handingSession(_ routes: AuthRoutes) -> Self {
    let members: [Operation.Member] = routes.auth.policy.profile == .strict ? [.email, .id, .message] : [.email, .message]
    // The one with more members first: generated clients take the first that fits.
    let (inCookie, inBody) = (Operation.Body(members), Operation.Body(members + [.expiresAt, .sessionID]))
    return Self(status: .ok, bodies: [inBody, inCookie], optionalHeaders: [.setCookie])
  }
}

extension AuthError.Code {
  /// The rules for a new email.
  static let emailRules: [Self] = [
    .emailEmpty, .emailTooLong, .emailControlCharacter, .emailAtSigns, .emailSpace, .emailLocalPartEmpty,
    .emailLocalPartNotASCII, .emailLocalPartInvalid, .emailLocalPartTooLong, .emailDomainEmpty, .emailDomainNotASCII,
    .emailDomainInvalid,
  ]

  /// The rules for a new password.
  static let passwordRules: [Self] = [
    .passwordEmpty, .passwordTooLong, .passwordTooShort, .passwordIsEmail, .passwordCommon, .passwordContextual,
    .passwordBreached,
  ]
}

extension Operation {
  /// Every code with which a route responds.
  ///
  /// - Parameter method: nil for a route of every method, which has outcomes in place of errors.
  func refusals(_ method: HTTPRequest.Method?, _ policy: HTTPPolicy) -> [Refusal] {
    guard let method else { return Refusal.codesOfConnection.map { Refusal($0) } }
    var (errors, problems) = (errors, problems + Refusal.codesOfConnection)
    if fields.contains(where: { $0.isNew && $0.field == .email }) { errors += AuthError.Code.emailRules }
    if fields.contains(where: { $0.isNew && $0.field != .email }) { errors += AuthError.Code.passwordRules }
    switch work {
    case .none: break
    case .lookup: errors += [.unavailable, .cancelled]
    case .hashing: errors += [.unavailable, .cancelled, .conflict, .overloaded]
    }
    if !fields.isEmpty { problems += [.malformedBody, .unsupportedMediaType, .fieldUnreadable, .fieldTooLong] }
    if fields.contains(where: \.isRequired) || !alternatives.isEmpty { problems.append(.fieldMissing) }
    if fields.contains(where: \.field.isFlag) { problems.append(.fieldNotBoolean) }
    var refusals: [Refusal] = []
    switch credential {
    case .none: break
    case .session(let isRequired):
      problems += [.severalAuthorizations, .severalSessions, .severalSessionCookies]
      if isRequired { refusals.append(Refusal(.loginRequired, status: Problem.notLoggedIn.status)) }
    case .serviceKey(isRequired: true):
      problems += [.severalAuthorizations, .serviceKeyRequired]
      refusals.append(Refusal(.wrongServiceKey, status: .unauthorized))
    case .serviceKey(isRequired: false): problems += [.severalAuthorizations, .wrongServiceKey]
    }
    if policy.profile == .strict, method != .get, method != .options { problems.append(.crossSite) }
    // Where a session is one of several ways, its absence is refused like elsewhere.
    let loginRequired = Refusal(.loginRequired, status: Problem.notLoggedIn.status)
    return refusals + errors.map { $0 == .loginRequired ? loginRequired : Refusal($0) } + problems.map { Refusal($0) }
  }
}
