internal import AuthCore
internal import HTTPTypes
internal import Hummingbird

extension AuthRoutes.Feature {
  /// `POST /sessions` and `DELETE /sessions`, also as `POST /sessions/delete`: login and logout.
  public static let login = Self(
    "login", defaultUnder: [.classic, .strict],
    [.init(.post, "/sessions") { try await $0.logIn($1) }] + AuthRoutes.Route.logout)
}

extension AuthRoutes.Route {
  /// `DELETE /sessions`, which belongs to two features: users who manage their sessions can end the one they are in, and with
  /// `others=true` all others.
  static let logout = delete("/sessions") { try await $0.logOut($1) }
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
      .unauthorized, .wrongCredentials, "wrong email or password", headers: [.wwwAuthenticate: challenge])
  }

  fileprivate func logOut(_ exchange: Exchange) async throws -> Response {
    if policy.features.contains(.sessionManagement), let others = exchange.queryValue("others") {
      return try await endOtherSessions(exchange, others)
    }
    guard let userID = try await auth.endSession(exchange.sessionID, from: exchange.client) else { throw Problem.notLoggedIn }
    exchange.record?.note(userID)
    return Response(
      // After a 302 a browser's fetch() repeats DELETE at the new place; after a 303 it sends GET (RFC 9110, 15.4.4). Clients of
      // the original specification know 302 only.
      status: auth.policy.profile == .strict ? .seeOther : .found,
      headers: [.location: policy.logoutPath ?? exchange.groupPath + "/"] + policy.forgettingHeaders + SecurityHeaders.fields)
  }
}
