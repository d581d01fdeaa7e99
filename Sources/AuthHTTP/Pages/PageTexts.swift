internal import AuthCore
internal import HTTPTypes

/// Everything that pages say, in one language.
struct PageTexts: Sendable {
  /// What one page says.
  struct Words: Sendable {
    let title: String
    let introduction: String
    let button: String
    /// For a link that is incomplete, has expired or was used.
    var deadLink = ""
    var wrongPassword = ""
    let doneTitle: String
    /// What comes next; the email is that of the form.
    let done: @Sendable (_ email: HTML) -> HTML
  }

  /// Of the element `html`.
  let language: String
  let forgotPassword, newPassword, verifyEmail, verifyOpenAccount, confirmEmail, takeBackEmail, confirmRecoveryEmail: Words
}

// MARK: - English

extension PageTexts {
  static let english = PageTexts(
    language: "en",
    forgotPassword: Words(
      title: "Set a new password",
      introduction: "Enter the email of your account. You get a message with a link to choose a new password.",
      button: "Send the link",
      doneTitle: "Check your mail",
      done: { email in
        """
        If there is an account with the email \(email), a message with a link is on its way. If none comes within a few minutes, \
        look in your spam folder.
        """
      }),
    newPassword: Words(
      title: "Choose a new password",
      introduction: "The old password works until you have set the new one.",
      button: "Set the password",
      deadLink: """
        This link does not work any more. Links work once, and for a short time; only the one in the newest message does.
        """,
      doneTitle: "Your password is set",
      done: { _ in "Log in with the new password from now on. The old one no longer works." }),
    verifyEmail: Words(
      title: "Confirm your email",
      introduction: "Enter the password that you chose when you signed up.",
      button: "Confirm the email",
      deadLink: """
        This link does not work any more. Links work once, and for a day; only the one in the newest message does, until too many \
        wrong passwords came with it. Sign up again to get another.
        """,
      wrongPassword: "This is not the password that you chose when you signed up.",
      doneTitle: "Your email is confirmed",
      done: { email in "You can log in with \(email) now." }),
    verifyOpenAccount: Words(
      title: "Confirm your email",
      introduction: "Enter the password of your account.",
      button: "Confirm the email",
      deadLink: """
        This link does not work any more. Links work once, and for a day; only the one in the newest message does, until too many \
        wrong passwords came with it. Log in and ask for another message, or sign up again if you cannot log in.
        """,
      wrongPassword: "This is not the password of your account.",
      doneTitle: "Your email is confirmed",
      done: { email in "You can log in with \(email) now, and set a new password if you forget yours." }),
    confirmEmail: Words(
      title: "Confirm your new email",
      introduction: "Enter the password of your account. From then on you log in with this email.",
      button: "Change the email",
      deadLink: """
        This link does not work any more. Links work once, and for a day; only the one in the newest message does, until too many \
        wrong passwords came with it. Ask for the change again to get another.
        """,
      wrongPassword: "This is not the password of your account.",
      doneTitle: "Your email is changed",
      done: { email in "The email of your account is \(email). Log in with it from now on." }),
    takeBackEmail: Words(
      title: "Take your email back",
      introduction: "Your account keeps this email, or gets it back. Choose a new password; every device is logged out.",
      button: "Take it back",
      deadLink: """
        This link does not work any more. Links work once, and for seven days after the change. If you cannot log in, tell us.
        """,
      doneTitle: "Your email is yours",
      done: { email in "Your account has the email \(email) and the new password. You can log in now." }),
    confirmRecoveryEmail: Words(
      title: "Confirm your recovery email",
      introduction: "Enter the password of your account. If you forget it, a link to set another can be sent to this email.",
      button: "Set the recovery email",
      deadLink: """
        This link does not work any more. Links work once, and for a day; only the one in the newest message does, until too many \
        wrong passwords came with it. Ask for the recovery email again to get another.
        """,
      wrongPassword: "This is not the password of your account.",
      doneTitle: "Your recovery email is set",
      done: { email in "The recovery email of your account is \(email). You log in with the same email as before." }))

  /// The title of the window, which screen readers read first.
  func title(_ title: String, isError: Bool) -> String { isError ? "Error: \(title)" : title }

  var renewal: String { "Send another link" }

  func home(_ service: String) -> String { "Continue to \(service)" }

  func label(_ field: Form.Field) -> String {
    switch field {
    case .email: "Email"
    case .newPassword: "New password"
    case .newPasswordAgain: "New password, once more"
    case .toRecoveryEmail: "Send it to my recovery email"
    default: "Password"
    }
  }

  func hint(_ field: Form.Field, minimumLength: Int) -> String? {
    guard field == .newPassword, minimumLength > 1 else { return nil }
    return "At least \(minimumLength) characters. Several words are easy to remember."
  }

  /// What is wrong, and what to do.
  func sentence(_ problem: Problem, on page: Page) -> String {
    func number(_ name: String) -> String { "\(problem.numbers[name] ?? 0)" }
    let wait = problem.headers[.retryAfter].flatMap(Int.init).map { " Try again in \(duration($0))." } ?? " Try again."
    return switch problem.code {
    case Problem.Code.fieldMissing.rawValue, AuthError.Code.passwordEmpty.rawValue, AuthError.Code.emailEmpty.rawValue:
      switch problem.field {
      case Form.Field.email.rawValue: "Enter your email."
      case Form.Field.newPassword.rawValue: "Enter a new password."
      case Form.Field.newPasswordAgain.rawValue: "Enter the new password once more."
      default: "Enter your password."
      }
    case Problem.passwordsDiffer.code: "This is not the password above. Enter both again."
    case AuthError.Code.passwordTooShort.rawValue:
      "The password has \(count(problem.numbers["characters"] ?? 0, "character")). It needs at least \(number("minimum"))."
    case AuthError.Code.passwordTooLong.rawValue, Problem.Code.fieldTooLong.rawValue:
      "This has \(number("bytes")) bytes. There is room for \(number("limit"))."
    case Problem.Code.fieldUnreadable.rawValue: "This is not text. Enter it again."
    case AuthError.Code.passwordIsEmail.rawValue: "The password must not be your email. Choose another."
    case AuthError.Code.passwordCommon.rawValue:
      """
      The password is one that attackers try first: a common password, a sequence or a repetition, perhaps with digits added. \
      Choose another.
      """
    case AuthError.Code.passwordContextual.rawValue:
      "The password must not be made of your email or of words that belong to this service. Choose another."
    case AuthError.Code.passwordBreached.rawValue: "The password is known from a data breach. Choose another."
    case AuthError.Code.wrongPassword.rawValue: page.words(self).wrongPassword
    case AuthError.Code.emailTaken.rawValue: "An account has this email already. Log in, or set a new password for it."
    case AuthError.Code.throttled.rawValue: "There were too many attempts.\(wait)"
    case AuthError.Code.overloaded.rawValue: "Too many people are setting passwords right now.\(wait)"
    case AuthError.Code.unavailable.rawValue, AuthError.Code.cancelled.rawValue: "The service is not available right now.\(wait)"
    case AuthError.Code.conflict.rawValue: "Your account was changed in the meantime.\(wait)"
    case Problem.Code.crossSite.rawValue: "This was sent from the page of another site, and nothing was changed."
    default: "This could not be read, and nothing was changed. Open the link again."
    }
  }

  /// Such as `5 minutes`.
  private func duration(_ seconds: Int) -> String {
    seconds < 60 ? count(seconds, "second") : count((seconds + 59) / 60, "minute")
  }

  private func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
}

extension Problem {
  /// The second of two new passwords is not the first.
  static let passwordsDiffer = Problem(
    .badRequest, code: "passwords_differ", "the passwords differ", field: Form.Field.newPasswordAgain.rawValue)
}
