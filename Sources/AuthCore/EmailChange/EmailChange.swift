/// A change of an account's email that has been asked for. The account keeps its email until a reader of the new one has
/// confirmed the change. A user has at most one such change.
public struct EmailChange: Sendable, Equatable, Identifiable {
  /// Names the change in the store and in its message. It lets no one confirm it.
  public let id: TokenDigest
  /// The user.
  public let userID: User.ID
  /// The email that the account has.
  public let former: Email
  /// The email that it is to have. An account may have it already.
  public let email: Email
  /// When it was asked for.
  public let createdAt: Timestamp
  /// When it ends if it is not confirmed; at this moment it is already void.
  public let expiresAt: Timestamp

  /// A change with these values.
  public init(
    id: TokenDigest, userID: User.ID, from former: Email, to email: Email, createdAt: Timestamp, expiresAt: Timestamp
  ) {
    self.id = id
    self.userID = userID
    self.former = former
    self.email = email
    self.createdAt = createdAt
    self.expiresAt = expiresAt
  }

  /// What the message to the new email contains, as digests.
  public typealias Challenge = Registration.Challenge

  /// What shows that someone has read the message to the new email.
  public enum Proof: Sendable, Equatable {
    /// The token of the link.
    case token(TokenDigest)
    /// The code, from a client that has a session of the user.
    case code(TokenDigest, of: User.ID)
  }

  /// Everything that asking for a change stores, in one step.
  public struct Request: Sendable, Equatable {
    /// The change.
    public let change: EmailChange
    /// The right of the present email's reader to stop the change.
    public let takeBack: EmailTakeBack
    /// The session that asks. If it has ended, nothing is stored.
    public let session: TokenDigest
    /// The message to the new email.
    public let message: OutboxMessage
    /// The message to the present one.
    public let notice: OutboxMessage

    /// A request with these values.
    public init(
      _ change: EmailChange, takeBack: EmailTakeBack, by session: TokenDigest, queueing message: OutboxMessage,
      notice: OutboxMessage
    ) {
      self.change = change
      self.takeBack = takeBack
      self.session = session
      self.message = message
      self.notice = notice
    }
  }

  /// The result of asking for a change.
  public enum Adding: Sendable, Equatable {
    /// The change was added.
    case added
    /// The session has ended, or the user has another email now. Nothing was changed.
    case outdated
    /// Too many messages of its kind are waiting. Nothing was changed.
    case outboxFull
  }

  /// Everything that confirming a change stores, in one step.
  public struct Confirmation: Sendable, Equatable {
    /// The change, which must still be the user's.
    public let change: EmailChange
    /// The current time, after which the change must expire.
    public let now: Timestamp
    /// The right of the former email's reader to undo the change. Those that came with its request get its end.
    public let takeBack: EmailTakeBack
    /// The message to the former email.
    public let notice: OutboxMessage
    /// The counters that go with the account.
    public let moves: [Throttle.Move]

    /// A confirmation with these values.
    public init(
      of change: EmailChange, at now: Timestamp, takeBack: EmailTakeBack, notice: OutboxMessage,
      moving moves: [Throttle.Move] = []
    ) {
      self.change = change
      self.now = now
      self.takeBack = takeBack
      self.notice = notice
      self.moves = moves
    }
  }
}

/// The right of a reader of an account's former email to have it back, with the token of one message. Before the change has
/// happened it stops the change.
///
/// While a change can be undone, no other account gets the former email.
public struct EmailTakeBack: Sendable, Equatable, Identifiable {
  /// Names it in the store and in its message. It is not the token.
  public let id: TokenDigest
  /// The user.
  public let userID: User.ID
  /// The email that the account gets back.
  public let email: Email
  /// When it was given.
  public let createdAt: Timestamp
  /// When it ends; at this moment it is already void.
  public let expiresAt: Timestamp

  /// A right with these values.
  public init(id: TokenDigest, userID: User.ID, email: Email, createdAt: Timestamp, expiresAt: Timestamp) {
    self.id = id
    self.userID = userID
    self.email = email
    self.createdAt = createdAt
    self.expiresAt = expiresAt
  }

  /// Everything that taking an email back changes, in one step.
  public struct Use: Sendable, Equatable {
    /// The digest of the token.
    public let token: TokenDigest
    /// The email that the user must still have.
    public let present: Email
    /// The current time, after which the right must expire.
    public let now: Timestamp
    /// The new hash.
    public let hash: PasswordHash
    /// The counters to be cleared, so that no lock or delay outlives it.
    public let clearedCounters: [Throttle.Key]
    /// How long before the change was asked for a recovery email must have been verified to stay.
    public let recoveryEmailAge: Duration
    /// The messages to be queued.
    public let notices: [OutboxMessage]

    /// A use with these values.
    public init(
      _ token: TokenDigest, from present: Email, at now: Timestamp, settingPassword hash: PasswordHash,
      clearing clearedCounters: [Throttle.Key] = [], keepingRecoveryEmailOlderThan recoveryEmailAge: Duration,
      notices: [OutboxMessage] = []
    ) {
      self.token = token
      self.present = present
      self.now = now
      self.hash = hash
      self.clearedCounters = clearedCounters
      self.recoveryEmailAge = recoveryEmailAge
      self.notices = notices
    }
  }

  /// The result of using a token.
  public enum Outcome: Sendable, Equatable {
    /// The user, who has the email again.
    case takenBack(User)
    /// The user has another email than was expected. Nothing was changed.
    case outdated
    /// No right has this token, or it has ended. Nothing was changed.
    case refused
  }
}

/// The secret in the link of the message to the new email. Together with a session of the account or its password it confirms the
/// change.
public struct EmailChangeToken: SecretToken {
  /// The token itself. Give it to the reader of the new email only.
  public let text: String

  /// Takes the text that a client presented. Any text is accepted; one that was never issued confirms nothing.
  public init(_ text: String) {
    self.text = text
  }
}

/// The secret in a message to the former email, with which its reader takes the account back.
public struct TakeBackToken: SecretToken {
  /// The token itself. Give it to the reader of the former email only.
  public let text: String

  /// Takes the text that a client presented. Any text is accepted; one that was never issued takes nothing back.
  public init(_ text: String) {
    self.text = text
  }
}
