internal import AuthCore
internal import HTTPTypes
internal import Hummingbird

extension AuthRoutes.Feature {
  /// `POST /reset_password` and `PUT /reset_password`: requests a reset token, and sets a new password with it.
  public static let passwordReset = Self(
    "passwordReset", defaultUnder: [.classic, .strict],
    [
      .init(.post, "/reset_password") {
        try await $0.requestReset($1)
      } describedBy: { routes in
        let returnsToken = routes.auth.policy.passwordReset.returnsToken
        let (sent, returned) = (
          Operation.Body([.message]),
          Operation.Body([.email, .resetToken], optional: routes.hasRecoveryEmails ? [.recoveryEmail] : [])
        )
        let choice: [Operation.Input] = routes.hasRecoveryEmails ? [.optional(.toRecoveryEmail)] : []
        let takesKey = !returnsToken && !routes.serviceKeys.isEmpty
        let refusals: [AuthError.Code] =
          routes.auth.policy.profile == .strict ? [.unknownUser, .emailNotVerified] : [.unknownUser]
        return Operation(
          id: "requestPasswordReset", summary: "Sends a reset token to the owner of the email, or returns it.",
          credential: takesKey ? .serviceKey(isRequired: false) : .none, fields: [.required(.email)] + choice,
          outcomes: [.init(status: .ok, bodies: returnsToken ? [returned] : takesKey ? [sent, returned] : [sent])],
          links: returnsToken
            ? [
              .init(
                id: "resetPassword",
                fields: ["email": "$response.body#/email", "reset_token": "$response.body#/reset_token"])
            ] : [],
          errors: [.throttled] + (returnsToken || takesKey ? refusals : []))
      },
      .init(.put, "/reset_password") {
        try await $0.updatePassword($1)
      } describedBy: { _ in
        Operation(
          id: "resetPassword", summary: "Sets a new password with a reset token.",
          fields: [.required(.email), .required(.resetToken), .new(.newPassword)], work: .hashing,
          outcomes: [.ok(.email, .message)], errors: [.invalidResetToken, .throttled])
      },
    ])
}

extension AuthRoutes {
  fileprivate func requestReset(_ exchange: Exchange) async throws -> Response {
    let form = try await Form(exchange.request)
    let (email, recipient) = try (form.text(.email), resetRecipient(form))
    guard try auth.policy.passwordReset.returnsToken || hasServiceKey(exchange.request) else {
      try await auth.requestPasswordReset(email: email, to: recipient, from: exchange.client)
      return Response(json: ["message": "if there is an account with this email, a message is on its way to it"])
    }
    let reset = try await auth.issueResetToken(email: email, from: exchange.client)
    exchange.record?.note(reset.user.id)
    if recipient == .recoveryEmail, let recovery = try await auth.recoveryEmail(of: reset.user.id) {
      // Where the back end is to send the token.
      return Response(
        json: [
          "email": reset.user.email.text, "recovery_email": recovery.email.text, "reset_token": reset.token.text,
        ])
    }
    return Response(json: ["email": reset.user.email.text, "reset_token": reset.token.text])
  }

  var hasRecoveryEmails: Bool { policy.features.contains(.recoveryEmail) }

  /// Where a form wants the token to go. Without the feature it has no such field.
  func resetRecipient(_ form: Form) throws -> ResetRecipient {
    try hasRecoveryEmails && form.flag(.toRecoveryEmail) ? .recoveryEmail : .email
  }

  fileprivate func updatePassword(_ exchange: Exchange) async throws -> Response {
    let user = try await resetPassword(Form(exchange.request), exchange)
    return Response(json: ["email": user.email.text, "message": "Password updated"])
  }

  /// Sets a new password with the fields of a form.
  func resetPassword(_ form: Form, _ exchange: Exchange) async throws -> User {
    let (email, token, password) = try (form.text(.email), form.text(.resetToken), form.text(.newPassword))
    do throws(AuthError) {
      let user = try await auth.resetPassword(
        token: ResetToken(token), password: password, email: email, from: exchange.client)
      exchange.record?.note(user.id)
      return user
    } catch {
      if case .invalidPassword = error { throw FormError.refused(.newPassword, error) }
      throw error
    }
  }
}
