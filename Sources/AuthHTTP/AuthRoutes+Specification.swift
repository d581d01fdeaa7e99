internal import AuthCore
internal import HTTPTypes
internal import Hummingbird

// The routes of the specification.

extension AuthRoutes {
  func welcome() -> Response {
    Response(json: ["message": "Bienvenue"])
  }

  func register(_ exchange: Exchange) async throws -> Response {
    let form = try await Form(exchange.request)
    let (email, password) = try (form.text(.email), form.text(.password))
    do {
      let user = try await auth.serving(exchange.client).register(email: email, password: password)
      return Response(json: ["email": user.email.text, "message": "user created"])
    } catch .userExists {
      return Response(.badRequest, message: "email already registered")
    } catch .invalidEmail(let problem) {
      return FormError.refused(.email, problem.description).response
    } catch .invalidPassword(let problem) {
      return FormError.refused(.password, problem.description).response
    }
  }

  func logIn(_ exchange: Exchange) async throws -> Response {
    let form = try await Form(exchange.request)
    let login = try await auth.serving(exchange.client).logIn(
      email: form.text(.email), password: form.text(.password), replacing: exchange.sessionID)
    guard let login else {
      var response = Response(.unauthorized, message: "wrong email or password")
      // RFC 9110, 11.6.1 demands a challenge. `Basic` would make browsers ask for a password of their own.
      response.headers[.wwwAuthenticate] =
        #"Cookie realm="auth", form-action="/sessions", cookie-name="\#(policy.cookie.name)""#
      return response
    }
    var response = Response(json: ["email": login.user.email.text, "message": "logged in"])
    response.headers[.setCookie] = policy.cookie.setting(login.sessionID, lifetime: auth.policy.sessions.lifetime)
    return response
  }

  func logOut(_ exchange: Exchange) async throws -> Response {
    if policy.offersSelfService, let others = exchange.queryValue("others") {
      return try await endOtherSessions(exchange, others)
    }
    guard try await auth.serving(exchange.client).logOut(exchange.sessionID) else { return .notLoggedIn }
    return Response(
      status: policy.logOutStatus,
      headers: [
        .location: policy.logOutPath, .setCookie: policy.cookie.clearing, .clearSiteData: Self.clearedSiteData,
      ] + SecurityHeaders.fields)
  }

  func profile(_ exchange: Exchange) async throws -> Response {
    guard let profile = try await auth.profile(for: exchange.sessionID) else { return .notLoggedIn }
    return Response(json: ["email": profile.email.text])
  }

  func requestReset(_ exchange: Exchange) async throws -> Response {
    let email = try await Form(exchange.request).text(.email)
    let auth = auth.serving(exchange.client)
    guard try policy.answersWithResetToken || hasServiceKey(exchange) else {
      try await auth.requestPasswordReset(email: email)
      return Response(json: ["message": "if the address has an account, a message is on its way to it"])
    }
    let reset = try await auth.getResetPasswordToken(email: email)
    return Response(json: ["email": reset.user.email.text, "reset_token": reset.token.text])
  }

  func updatePassword(_ exchange: Exchange) async throws -> Response {
    let form = try await Form(exchange.request)
    let (email, token, password) = try (form.text(.email), form.text(.resetToken), form.text(.newPassword))
    do {
      let user = try await auth.serving(exchange.client).updatePassword(
        resetToken: ResetToken(token), password: password, email: email)
      return Response(json: ["email": user.email.text, "message": "Password updated"])
    } catch .invalidPassword(let problem) {
      return FormError.refused(.newPassword, problem.description).response
    }
  }

  /// Whether the caller is trusted with reset tokens. A key that is not ours is an error, not a caller like all others: it would wait
  /// for a token that never comes.
  private func hasServiceKey(_ exchange: Exchange) throws -> Bool {
    guard let serviceKey, let presented = try exchange.request.bearerToken else { return false }
    guard serviceKey.matches(presented) else { throw CredentialsError.wrongServiceKey }
    return true
  }
}
