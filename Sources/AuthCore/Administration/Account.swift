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
    /// They can, with the right password; the email is not verified, and the account ends if it is not in time.
    case unverified
  }

  /// The id of the user.
  public let id: User.ID
  /// The email in the letter case in which it was registered.
  public let email: Email
  /// Whether the owner can log in. An account that is in several states is in the one that keeps its owner out: disabled comes
  /// before locked, and locked before unverified.
  public let state: State
  /// When the account was disabled; nil if it is not.
  public let disabledAt: Timestamp?
  /// When the account ends, because its email is not verified; nil if it does not.
  public let unverifiedUntil: Timestamp?
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
    /// When their account ends, if it is unverified; nil if it is not.
    public let unverifiedUntil: Timestamp?

    /// A record with these values.
    public init(user: User, disabledAt: Timestamp?, unverifiedUntil: Timestamp? = nil) {
      self.user = user
      self.disabledAt = disabledAt
      self.unverifiedUntil = unverifiedUntil
    }
  }
}

extension PasswordHash {
  /// Stands in place of the hash of an account without a password. No password matches it.
  public static let none = PasswordHash("!")
}
