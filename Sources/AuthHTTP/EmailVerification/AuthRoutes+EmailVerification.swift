internal import AuthCore
internal import HTTPTypes
internal import Hummingbird

extension AuthRoutes.Feature {
  /// `PUT /verify_email`: completes a registration with what its message contains, which opens its account or verifies one that
  /// is open. The link of the message leads to a page, which sends this: programs that open links to look at them change nothing.
  public static let emailVerification = Self(
    "emailVerification", defaultUnder: [.strict],
    [
      .init(.put, "/verify_email") {
        try await $0.verifyEmail($1)
      } describedBy: { _ in
        Operation(
          id: "verifyEmail",
          summary: "Opens or verifies the account of a registration, with its link and the password, or with its code.",
          fields: [
            .optional(.verificationToken), .optional(.password), .optional(.registration), .optional(.code),
          ], alternatives: [[.verificationToken, .password], [.registration, .code]], work: .hashing,
          outcomes: [.ok(.email, .id, .message)], errors: [.invalidVerification, .wrongPassword, .throttled, .emailTaken])
      }
    ])
}

extension AuthRoutes {
  fileprivate func verifyEmail(_ exchange: Exchange) async throws -> Response {
    let form = try await Form(exchange.request)
    let hasLink = form.has(.verificationToken) && form.has(.password)
    let hasCode = form.has(.code) || form.has(.registration)
    let user = try await !hasLink && hasCode ? verifyCode(form, exchange) : verifyLink(form, exchange)
    let message = auth.policy.emailVerification.requirement == .beforeRecovery ? "email verified" : "user created"
    return Response(json: ["email": user.email.text, "id": "\(user.id)", "message": message])
  }

  /// Opens an account with the link and the password in a form.
  func verifyLink(_ form: Form, _ exchange: Exchange) async throws -> User {
    let (token, password) = try (VerificationToken(form.text(.verificationToken)), form.text(.password))
    return try await verified(exchange) { () throws(AuthError) in
      try await auth.verifyEmail(token: token, password: password, from: exchange.client)
    }
  }

  private func verifyCode(_ form: Form, _ exchange: Exchange) async throws -> User {
    let (code, id) = try (VerificationCode(form.text(.code)), RegistrationID(form.text(.registration)))
    return try await verified(exchange) { () throws(AuthError) in
      try await auth.verifyEmail(code: code, of: id, from: exchange.client)
    }
  }

  private func verified(_ exchange: Exchange, _ verify: () async throws(AuthError) -> User) async throws -> User {
    do throws(AuthError) {
      let user = try await verify()
      exchange.record?.note(user.id)
      return user
    } catch {
      if case .userExists = error { throw Problem(emailTaken: error) }
      throw error
    }
  }
}
