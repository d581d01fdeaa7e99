internal import AuthCore
internal import HTTPTypes
internal import Hummingbird

extension AuthRoutes.Feature {
  /// `PUT /verify_email`: completes a registration with what its message contains. The link of the message leads to a page, which
  /// sends this: programs that open links to look at them change nothing.
  public static let emailVerification = Self(
    "emailVerification", defaultUnder: [.strict],
    [
      .init(.put, "/verify_email") {
        try await $0.verifyEmail($1)
      } describedBy: { _ in
        Operation(
          id: "verifyEmail",
          summary: "Opens the account of a registration, with the token of its link and the password, or with its code.",
          fields: [
            .optional(.verificationToken), .optional(.password), .optional(.registration), .optional(.code),
          ], alternatives: [[.verificationToken, .password], [.registration, .code]], work: .hashing,
          outcomes: [.ok(.email, .id, .message)], errors: [.invalidVerification, .wrongPassword, .emailTaken])
      }
    ])
}

extension AuthRoutes {
  fileprivate func verifyEmail(_ exchange: Exchange) async throws -> Response {
    let form = try await Form(exchange.request)
    let user: User
    do {
      user = try await verify(form, exchange)
    } catch let error as AuthError {
      if case .userExists = error { throw Problem(emailTaken: error) }
      throw error
    }
    exchange.record?.note(user.id)
    return Response(json: ["email": user.email.text, "id": "\(user.id)", "message": "user created"])
  }

  private func verify(_ form: Form, _ exchange: Exchange) async throws -> User {
    let hasLink = form.has(.verificationToken) && form.has(.password)
    if !hasLink, form.has(.code) || form.has(.registration) {
      let (code, id) = try (VerificationCode(form.text(.code)), RegistrationID(form.text(.registration)))
      return try await auth.verifyEmail(code: code, of: id, from: exchange.client)
    }
    let (token, password) = try (VerificationToken(form.text(.verificationToken)), form.text(.password))
    return try await auth.verifyEmail(token: token, password: password, from: exchange.client)
  }
}
