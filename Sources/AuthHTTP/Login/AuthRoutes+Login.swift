internal import AuthCore
internal import HTTPTypes
internal import Hummingbird

extension AuthRoutes.Feature {
  /// `POST /sessions` and `DELETE /sessions`, also as `POST /sessions/delete`: login and logout.
  public static let login = Self(
    "login", defaultUnder: [.classic, .strict],
    [
      .init(.post, "/sessions") {
        try await $0.logIn($1)
      } describedBy: { routes in
        let remember: [Operation.Input] = routes.auth.policy.profile == .strict ? [.optional(.remember)] : []
        return Operation(
          id: "logIn", summary: "Opens a session. The one that came with the request ends.",
          credential: .session(isRequired: false),
          fields: [.required(.email), .required(.password)] + remember + [.optional(.returnSessionID)], work: .hashing,
          outcomes: [.handingSession(routes)], errors: [.throttled], problems: [.wrongCredentials])
      }
    ] + AuthRoutes.Route.logout)
}

extension AuthRoutes.Route {
  /// `DELETE /sessions`, which belongs to two features: users who manage their sessions can end the one they are in, and with
  /// `others=true` all others.
  static let logout: [AuthRoutes.Route] = delete("/sessions") {
    try await $0.logOut($1)
  } describedBy: { routes in
    let redirect = Operation.Outcome(
      status: routes.logoutStatus, headers: [.location] + routes.policy.forgettingHeaders.map(\.name))
    guard routes.policy.features.contains(.sessionManagement) else {
      return Operation(
        id: "logOut", summary: "Ends the session.", credential: .session(isRequired: true), outcomes: [redirect])
    }
    return Operation(
      id: "logOut", summary: "Ends the session or, with others, all others of the user.", credential: .session(isRequired: true),
      query: ["others"], fields: [.optional(.currentPassword)], work: .hashing, outcomes: [.ok(.message), redirect],
      errors: [.recentLoginRequired, .wrongPassword, .throttled], problems: [.invalidQuery])
  }
}

extension AuthRoutes {
  fileprivate func logIn(_ exchange: Exchange) async throws -> Response {
    let form = try await Form(exchange.request)
    let carrier = try SessionCarrier(form)
    let remember = auth.policy.profile == .strict ? try form.flagIfAny(.remember) : nil
    let outcome = try await auth.logIn(
      email: form.text(.email), password: form.text(.password), remember: remember, replacing: exchange.sessionID,
      from: exchange.client)
    guard let login = outcome.login else { throw wrongCredentials(exchange) }
    exchange.record?.note(login.user.id)
    return response(handing: login, by: carrier, message: "logged in")
  }

  private func wrongCredentials(_ exchange: Exchange) -> Problem {
    // RFC 9110, 11.6.1 demands a challenge. `Basic` would make browsers ask for a password of their own.
    let challenge =
      #"Cookie realm="auth", form-action="\#(exchange.groupPath)/sessions", cookie-name="\#(policy.cookie.name)""#
    return Problem(
      .wrongCredentials, "wrong email or password", headers: [.wwwAuthenticate: challenge])
  }

  // After a 302 a browser's fetch() repeats DELETE at the new place; after a 303 it sends GET (RFC 9110, 15.4.4). Clients of the
  // original specification know 302 only.
  fileprivate var logoutStatus: HTTPResponse.Status { auth.policy.profile == .strict ? .seeOther : .found }

  fileprivate func logOut(_ exchange: Exchange) async throws -> Response {
    if policy.features.contains(.sessionManagement), let others = exchange.queryValue("others") {
      return try await endOtherSessions(exchange, others)
    }
    guard let userID = try await auth.endSession(exchange.sessionID, from: exchange.client) else { throw Problem.notLoggedIn }
    exchange.record?.note(userID)
    return Response(
      status: logoutStatus,
      headers: [.location: policy.logoutPath ?? exchange.groupPath + "/"] + policy.forgettingHeaders + SecurityHeaders.fields)
  }
}
