internal import AuthCore

extension Page {
  /// Sends a message with a link to ``newPassword``, and says the same for every email.
  static let forgotPassword = Page(
    name: "forgot-password", inputs: [Input(field: .email, autocomplete: .username), Input(field: .toRecoveryEmail)],
    words: \.forgotPassword,
    adapt: { page, routes in
      if !routes.hasRecoveryEmails { page.inputs.removeAll { $0.field == .toRecoveryEmail } }
    }
  ) { routes, form, exchange in
    try await routes.auth.requestPasswordReset(
      email: form.filled(.email), to: routes.resetRecipient(form), from: exchange.client)
  }

  /// Sets a new password with the link of a message.
  static let newPassword = Page(
    name: "new-password", token: .resetToken,
    inputs: [Input(field: .email, autocomplete: .username, isGiven: true)] + Input.newPasswordTwice, words: \.newPassword,
    renewal: forgotPassword.name
  ) { routes, form, exchange in
    try form.requireSameNewPasswords()
    _ = try await routes.resetPassword(form, exchange)
  }
}

extension Page.Input {
  /// A new password is asked for twice, because without a script no page can show it.
  static let newPasswordTwice = [
    Self(field: .newPassword, autocomplete: .newPassword), Self(field: .newPasswordAgain, autocomplete: .newPassword),
  ]
}

extension Form {
  func requireSameNewPasswords() throws {
    let password = try filled(.newPassword)
    guard try filled(.newPasswordAgain).hasSameBytes(as: password) else { throw Problem.passwordsDiffer }
  }
}
