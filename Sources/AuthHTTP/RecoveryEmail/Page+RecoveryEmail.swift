internal import AuthCore

extension Page {
  /// Sets the recovery email of an account, with the link of the message to it and the password of the account.
  static let confirmRecoveryEmail = Page(
    name: "confirm-recovery-email", token: .recoveryEmailToken,
    inputs: [
      Input(field: .email, autocomplete: .username, isGiven: true),
      Input(field: .password, autocomplete: .currentPassword),
    ], words: \.confirmRecoveryEmail
  ) { routes, form, exchange in
    // Without one, the route would look for a session.
    _ = try form.filled(.password)
    do { try await routes.confirmRecoveryEmail(form, exchange) } catch AuthError.wrongPassword {
      throw FormError.refused(.password, .wrongPassword)
    }
  }
}
