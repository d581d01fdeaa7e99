/// A second email of an account, whose reader has confirmed it. Reset tokens go to it if a request says so, and notices go to
/// both emails.
///
/// A user has at most one. Several accounts may have the same, and it may be the email of another account: it opens no account by
/// itself.
public struct RecoveryEmail: Sendable, Equatable {
  /// The email.
  public let email: Email
  /// When its reader confirmed it.
  public let verifiedAt: Timestamp

  /// A recovery email with these values.
  public init(email: Email, verifiedAt: Timestamp) {
    self.email = email
    self.verifiedAt = verifiedAt
  }

  /// The result of removing a recovery email.
  public enum Removal: Sendable, Equatable {
    /// The account had it, and has none now.
    case removed
    /// The account had none.
    case none
    /// The session has ended. Nothing was changed.
    case outdated
  }
}

/// A recovery email that has been asked for. The account gets it once a reader of it has confirmed the request. A user has at
/// most one such request.
public struct RecoveryEmailRequest: Sendable, Equatable, Identifiable {
  /// Names the request in the store and in its message. It lets no one confirm it.
  public let id: TokenDigest
  /// The user.
  public let userID: User.ID
  /// The email that the account is to have as its second.
  public let email: Email
  /// When it was asked for.
  public let createdAt: Timestamp
  /// When it ends if it is not confirmed; at this moment it is already void.
  public let expiresAt: Timestamp

  /// A request with these values.
  public init(id: TokenDigest, userID: User.ID, email: Email, createdAt: Timestamp, expiresAt: Timestamp) {
    self.id = id
    self.userID = userID
    self.email = email
    self.createdAt = createdAt
    self.expiresAt = expiresAt
  }

  /// What the message to the recovery email contains, as digests.
  public typealias Challenge = Registration.Challenge

  /// What shows that someone has read the message to the recovery email.
  public typealias Proof = EmailChange.Proof

  /// The result of asking for a recovery email.
  public enum Adding: Sendable, Equatable {
    /// The request was added.
    case added
    /// The session has ended. Nothing was changed.
    case outdated
    /// Too many messages of its kind are waiting. Nothing was changed.
    case outboxFull
  }
}

/// The secret in the link of the message to a recovery email. Together with a session of the account or its password it confirms
/// that email.
public struct RecoveryEmailToken: SecretToken {
  /// The token itself. Give it to the reader of the recovery email only.
  public let text: String

  /// Takes the text that a client presented. Any text is accepted; one that was never issued confirms nothing.
  public init(_ text: String) {
    self.text = text
  }
}

/// Which of an account's emails a reset token is sent to.
@nonexhaustive
public enum ResetRecipient: String, Sendable {
  /// The account's email.
  case email
  /// The account's recovery email or, if it has none, its email.
  case recoveryEmail = "recovery_email"
}
