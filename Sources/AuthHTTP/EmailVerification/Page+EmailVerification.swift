internal import AuthCore

extension Page {
  /// Opens or verifies the account of a registration, with the link of its message and the password. The code of the message is
  /// for the client that registered, which has the other half of it.
  static let verifyEmail = Page(
    name: "verify-email", token: .verificationToken,
    inputs: [
      Input(field: .email, autocomplete: .username, isGiven: true),
      Input(field: .password, autocomplete: .currentPassword),
    ], words: \.verifyEmail,
    adapt: { page, routes in
      if routes.auth.policy.emailVerification.requirement == .beforeRecovery { page.words = \.verifyOpenAccount }
    }
  ) { routes, form, exchange in
    // An empty password would count as a try.
    _ = try form.filled(.password)
    do { _ = try await routes.verifyLink(form, exchange) } catch AuthError.wrongPassword {
      throw FormError.refused(.password, .wrongPassword)
    }
  }
}
