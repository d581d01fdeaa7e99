internal import AuthCore

extension Page {
  /// Changes the email of an account, with the link of the message to the new one and the password of the account.
  static let confirmEmail = Page(
    name: "confirm-email", token: .emailChangeToken,
    inputs: [
      Input(field: .email, autocomplete: .username, isGiven: true),
      Input(field: .password, autocomplete: .currentPassword),
    ], words: \.confirmEmail
  ) { routes, form, exchange in
    // Without one, the route would look for a session.
    _ = try form.filled(.password)
    do { _ = try await routes.confirmEmail(form, exchange) } catch AuthError.wrongPassword {
      throw FormError.refused(.password, .wrongPassword)
    }
  }

  /// Stops or undoes a change of the email, with the link of a message to the former one.
  static let takeBackEmail = Page(
    name: "take-back-email", token: .takeBackToken,
    inputs: [Input(field: .email, autocomplete: .username, isGiven: true)] + Input.newPasswordTwice, words: \.takeBackEmail
  ) { routes, form, exchange in
    try form.requireSameNewPasswords()
    _ = try await routes.takeBackEmail(form, exchange)
  }
}
