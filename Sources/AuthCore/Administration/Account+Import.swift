extension Account {
  /// An account of another system, or of an earlier installation, checked and ready to be saved.
  public struct Import: Sendable, Equatable {
    /// The email.
    public let email: Email
    /// The hash that the other system has of the password; ``PasswordHash/none`` for an account without one.
    public let hash: PasswordHash
    /// From when the account is disabled; nil if it is not.
    public let disabledAt: Timestamp?

    /// An account with these values.
    public init(email: Email, hash: PasswordHash, disabledAt: Timestamp?) {
      self.email = email
      self.hash = hash
      self.disabledAt = disabledAt
    }

    /// What became of an account that was to be imported.
    public enum Outcome: Sendable, Equatable {
      /// It was saved.
      case added
      /// An account with this email and this hash exists, and was left as it is.
      case exists
      /// An account with this email and another hash exists, and was left as it is.
      case differs
    }
  }
}
