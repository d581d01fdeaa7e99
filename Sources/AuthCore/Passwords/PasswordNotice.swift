extension OutboxMessage.Kind {
  /// The notice that the account has a new password.
  public static let passwordChanged = Self(rawValue: "password_changed")
}

/// Why an account has a new password.
@nonexhaustive
public enum PasswordChangeCause: String, Sendable {
  /// A logged-in user changed it.
  case change
  /// It was set with a reset token.
  case reset
  /// It was set by a reader of a former email, who took the account back.
  case takeBack = "email_taken_back"
}

extension Auth {
  /// The message that tells the owner of a new password; nil under a policy that sends none.
  func passwordNotice(to user: User, cause: PasswordChangeCause) -> OutboxMessage? {
    guard policy.passwords.notifiesOfChange else { return nil }
    return newMessage(.passwordChanged, to: user.email, of: user.id, payload: cause.rawValue)
  }
}
