/// What became of an account, for other systems that keep something about it. It waits in the store until they have it.
///
/// An ``AuthEvent`` tells operators what happened, soon and perhaps not at all; this tells programs what is, and none is lost.
public struct AccountEvent: Sendable, Equatable, Identifiable {
  /// What became of the account. Names are never used for anything else, and more may come.
  public struct Kind: RawRepresentable, Sendable, Hashable {
    /// The stored text, which is also the event's `type` in JSON.
    public let rawValue: String

    /// A kind with this stored text.
    public init(rawValue: String) {
      self.rawValue = rawValue
    }

    /// The account was opened, by its owner, an operator or an import.
    public static let created = Self(rawValue: "user_created")
    /// The account is gone.
    public static let deleted = Self(rawValue: "user_deleted")
    /// The account has a new email.
    public static let emailChanged = Self(rawValue: "user_email_changed")
    /// An operator has disabled the account.
    public static let disabled = Self(rawValue: "user_disabled")
    /// An operator has enabled the account.
    public static let enabled = Self(rawValue: "user_enabled")
  }

  /// A random UUID, the same at every try, so that a receiver can recognize an event that arrives twice.
  public let id: String
  /// What became of the account.
  public let kind: Kind
  /// The account, whose id is never used for another.
  public let userID: User.ID
  /// The email that the account had afterwards, or before it was deleted.
  public let email: Email
  /// When it happened, by the clock of the store.
  public let at: Timestamp
  /// How many times it has been claimed, including this time.
  public var tries: Int

  /// An event with these values.
  public init(id: String, kind: Kind, userID: User.ID, email: Email, at: Timestamp, tries: Int) {
    self.id = id
    self.kind = kind
    self.userID = userID
    self.email = email
    self.at = at
    self.tries = tries
  }
}
