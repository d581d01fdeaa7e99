/// An account as an operator sees it. It holds nothing that gives access.
public struct Account: Sendable, Equatable, Identifiable {
  /// Whether the owner can log in.
  public enum State: String, Sendable, CaseIterable {
    /// They can, with the right password.
    case active
    /// An operator has disabled the account.
    case disabled
    /// Failed logins have begun a delay, which may be one that only a reset or ``Auth/unlockUser(_:from:)`` ends.
    case locked
  }

  /// The id of the user.
  public let id: User.ID
  /// The email in the letter case in which it was registered.
  public let email: Email
  /// Whether the owner can log in. An account that is disabled as well as locked counts as disabled.
  public let state: State
  /// When the account was disabled; nil if it is not.
  public let disabledAt: Timestamp?
  /// The failed logins in a row, and the last of them.
  public let failedLogins: Throttle.Counter
  /// How long logins are still refused because of failed ones; nil if they are not. Under a lock it is always the longest delay.
  public let delay: Duration?
  /// Whether the account has a password. One that ``Auth/createUser(email:from:)`` made has none until its owner sets one.
  public let hasPassword: Bool
}

extension Account {
  /// An account as a store keeps it.
  public struct Record: Sendable, Equatable {
    /// The user.
    public let user: User
    /// When they were disabled; nil if they are not.
    public let disabledAt: Timestamp?

    /// A record with these values.
    public init(user: User, disabledAt: Timestamp?) {
      self.user = user
      self.disabledAt = disabledAt
    }
  }
}

extension PasswordHash {
  /// Stands in place of the hash of an account without a password. No password matches it.
  public static let none = PasswordHash("!")
}
