internal import AuthCore
internal import HTTPTypes
internal import Hummingbird

extension AuthRoutes.Feature {
  /// `GET /recovery_email`, `PUT /recovery_email`, `PUT /confirm_recovery_email` and `DELETE /recovery_email`, also as
  /// `POST /recovery_email/delete`: a second email, to which reset tokens can be sent, and which gets notices. The link of the
  /// message leads to a page, which sends the confirmation: programs that open links to look at them change nothing.
  public static let recoveryEmail = Self(
    "recoveryEmail", defaultUnder: [.strict],
    [
      .init(.get, "/recovery_email") {
        try await $0.recoveryEmail($1)
      } describedBy: { _ in
        Operation(
          id: "getRecoveryEmail", summary: "The recovery email of the user.", credential: .session(isRequired: true),
          outcomes: [.ok(.recoveryEmail, .verifiedAt)], errors: [.noRecoveryEmail])
      },
      .init(.put, "/recovery_email") {
        try await $0.requestRecoveryEmail($1)
      } describedBy: { _ in
        Operation(
          id: "requestRecoveryEmail",
          summary: "Sends a message to an email, with which that becomes the recovery email of the user.",
          credential: .session(isRequired: true), fields: [.new(.email), .optional(.currentPassword)], work: .hashing,
          outcomes: [.ok(.message)], errors: [.emailUnchanged, .recentLoginRequired, .wrongPassword, .throttled])
      },
      .init(.put, "/confirm_recovery_email") {
        try await $0.confirmRecoveryEmail($1)
      } describedBy: { _ in
        Operation(
          id: "confirmRecoveryEmail",
          summary: "Sets the recovery email, with its link and the password or a session, or with its code and a session.",
          credential: .session(isRequired: false),
          fields: [.optional(.recoveryEmailToken), .optional(.password), .optional(.code)],
          alternatives: [[.recoveryEmailToken], [.code]], work: .hashing,
          outcomes: [.ok(.message, .recoveryEmail)], errors: [.loginRequired, .invalidVerification, .wrongPassword, .throttled])
      },
    ]
      + AuthRoutes.Route.delete("/recovery_email") {
        try await $0.removeRecoveryEmail($1)
      } describedBy: { _ in
        Operation(
          id: "removeRecoveryEmail", summary: "Removes the recovery email of the user.", credential: .session(isRequired: true),
          fields: [.optional(.currentPassword)], work: .hashing, outcomes: [.ok(.message)],
          errors: [.noRecoveryEmail, .recentLoginRequired, .wrongPassword, .throttled])
      })
}

extension AuthRoutes {
  fileprivate func recoveryEmail(_ exchange: Exchange) async throws -> Response {
    guard let recovery = try await auth.recoveryEmail(sessionID: exchange.requireSessionID()) else {
      throw AuthError.noRecoveryEmail
    }
    return Response(json: ["recovery_email": recovery.email.text, "verified_at": recovery.verifiedAt.rfc3339])
  }

  fileprivate func requestRecoveryEmail(_ exchange: Exchange) async throws -> Response {
    let sessionID = try exchange.requireSessionID()
    let form = try await Form(exchange.request)
    let (email, password) = try (form.text(.email), form.currentPasswordIfAny)
    do throws(AuthError) {
      try await auth.requestRecoveryEmail(sessionID: sessionID, to: email, password: password, from: exchange.client)
    } catch {
      switch error {
      case .invalidEmail, .emailUnchanged: throw FormError.refused(.email, error)
      default: throw error
      }
    }
    return Response(json: ["message": "a message is on its way to the recovery email; nothing changes until it is confirmed"])
  }

  fileprivate func confirmRecoveryEmail(_ exchange: Exchange) async throws -> Response {
    let recovery = try await confirmRecoveryEmail(Form(exchange.request), exchange)
    return Response(json: ["message": "recovery email set", "recovery_email": recovery.email.text])
  }

  /// What the route and the page do.
  @discardableResult
  func confirmRecoveryEmail(_ form: Form, _ exchange: Exchange) async throws -> RecoveryEmail {
    guard form.has(.recoveryEmailToken) || !form.has(.code) else {
      let code = try VerificationCode(form.text(.code))
      return try await auth.confirmRecoveryEmail(code: code, sessionID: exchange.requireSessionID(), from: exchange.client)
    }
    let token = try RecoveryEmailToken(form.text(.recoveryEmailToken))
    guard form.has(.password) else {
      return try await auth.confirmRecoveryEmail(token: token, sessionID: exchange.requireSessionID(), from: exchange.client)
    }
    return try await auth.confirmRecoveryEmail(token: token, password: form.text(.password), from: exchange.client)
  }

  fileprivate func removeRecoveryEmail(_ exchange: Exchange) async throws -> Response {
    let sessionID = try exchange.requireSessionID()
    let password = try await Form(exchange.request).currentPasswordIfAny
    try await auth.removeRecoveryEmail(sessionID: sessionID, password: password, from: exchange.client)
    return Response(json: ["message": "recovery email removed"])
  }
}
