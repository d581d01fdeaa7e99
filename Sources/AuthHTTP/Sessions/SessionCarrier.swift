internal import AuthCore
internal import HTTPTypes
internal import Hummingbird

/// How the id of a new session reaches its client.
enum SessionCarrier {
  case cookie
  /// For clients without cookies, which then send it as a bearer token.
  case body

  /// What the field `return_session_id` asks for.
  init(_ form: Form) throws(FormError) {
    self = try form.flag(.returnSessionID) ? .body : .cookie
  }
}

extension AuthRoutes {
  /// The response that hands over a new session.
  func response(handing login: Login, by carrier: SessionCarrier, message: String) -> Response {
    var members: [JSONMember] = [("email", login.user.email.text), ("message", message)]
    if auth.policy.profile == .strict { members.append(("id", "\(login.user.id)")) }
    switch carrier {
    case .cookie:
      var response = Response(json: members)
      response.headers[.setCookie] = policy.setCookie(for: login)
      return response
    case .body:
      return Response(json: members + [("expires_at", login.expiresAt.rfc3339), ("session_id", login.sessionID.text)])
    }
  }
}
