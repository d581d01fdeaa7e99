/// What is known of an account that was opened before its email was verified. It is used like any other until it ends, but no one
/// gets it back with a message to its email.
public struct UnverifiedAccount: Sendable, Equatable {
  /// The registration that opened it, whose verification makes it an account like any other. That of any other registration of
  /// the email deletes it.
  public let registration: Registration.ID
  /// When it ends if it is not verified. From this moment on, it lets no one in.
  public let expiresAt: Timestamp

  /// An unverified account with these values.
  public init(registration: Registration.ID, expiresAt: Timestamp) {
    self.registration = registration
    self.expiresAt = expiresAt
  }
}

extension Registration {
  /// The result of opening an account before its email is verified.
  public enum Opening: Sendable, Equatable {
    /// The account was opened.
    case opened(User)
    /// An unverified account has the email. The registration waits beside it.
    case waits
    /// Too many messages of its kind are waiting. Nothing was changed.
    case outboxFull
  }

  /// The result of verifying a registration.
  public enum Completion: Sendable, Equatable {
    /// No account had the email. One was opened.
    case created(User)
    /// The account that the registration had opened is verified. It keeps its id, its sessions and its password.
    case verified(User)
    /// An unverified account that another registration had opened was deleted with all that belonged to it, and one was opened.
    case replaced(User.ID, by: User)
    /// The password of the account is not the one that was expected. Nothing was changed.
    case passwordChanged
  }
}
