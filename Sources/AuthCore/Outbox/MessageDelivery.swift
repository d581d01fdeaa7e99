/// A message to the owner of an email, ready to be delivered.
public struct AuthMessage: Sendable {
  /// What the message says.
  ///
  /// Cases may be added. A delivery that meets one it does not know should throw, so that the message stays in the outbox.
  @nonexhaustive
  public enum Content: Sendable {
    /// A reset token, and when it ends. Each try to deliver issues a new one: only the newest is valid. It belongs to the account
    /// with ``AuthMessage/accountEmail``, if the message has one.
    case passwordReset(ResetToken, expiresAt: Timestamp)
    /// A link and a code that complete a registration, and when they end. Each try to deliver issues new ones: only the newest
    /// are valid.
    case emailVerification(VerificationToken, VerificationCode, expiresAt: Timestamp, codeExpiresAt: Timestamp)
    /// Someone has tried to register the email, which has an account. The owner can log in, or reset the password.
    case accountExists(at: Timestamp)
    /// A link and a code that confirm a change of email, to the new one, and when they end. Each try to deliver issues new ones:
    /// only the newest are valid.
    case emailChange(EmailChangeToken, VerificationCode, expiresAt: Timestamp, codeExpiresAt: Timestamp)
    /// Someone with a session has asked for another email, and the token stops it, which sets a new password. It goes to the
    /// present email. Each try to deliver issues a new token: only the newest is valid.
    case emailChangeRequested(at: Timestamp, TakeBackToken, expiresAt: Timestamp)
    /// The account has a new email, and the token undoes that, which sets a new password. It goes to the former email. Each try
    /// to deliver issues a new token: only the newest is valid.
    case emailChanged(at: Timestamp, TakeBackToken, expiresAt: Timestamp)
    /// The account no longer has the email, because a reader of a former one has taken it back.
    case emailTakenBack(at: Timestamp)
    /// A link and a code that confirm a recovery email, to that email, and when they end. Each try to deliver issues new ones:
    /// only the newest are valid.
    case recoveryEmail(RecoveryEmailToken, VerificationCode, expiresAt: Timestamp, codeExpiresAt: Timestamp)
    /// The account has a new recovery email, or no longer has one. It goes to the account's email and the earlier recovery email.
    case recoveryEmailChanged(at: Timestamp, cause: RecoveryEmailChangeCause)
    /// The account has a new email, which is ``AuthMessage/accountEmail``. It goes to the recovery email, and has no token: a
    /// reset token can be sent there.
    case accountEmailChanged(at: Timestamp)
    /// The account has had a new password since this moment.
    case passwordChanged(at: Timestamp, cause: PasswordChangeCause)
    /// So many wrong passwords in a row came with the email that its owner should know. The address is that of the last of them,
    /// as far as it is known.
    case failedLogins(at: Timestamp, ipAddress: String?)
    /// Wrong passwords have locked the email, until its owner sets a new password. The address is that of the last of them.
    case accountLocked(at: Timestamp, ipAddress: String?)
    /// An operator has ended a delay or lock.
    case accountUnlocked(at: Timestamp)
    /// An operator has disabled the account.
    case accountDisabled(at: Timestamp)
    /// An operator has enabled the account.
    case accountEnabled(at: Timestamp)
    /// The account is gone.
    case accountDeleted(at: Timestamp, cause: AccountDeletionCause)
    /// Someone logged in with the password from a device or network that is new to the account. The client has chosen the text of
    /// the user agent.
    case newLogin(at: Timestamp, ipAddress: String, userAgent: String?)
  }

  /// The id of the message, the same at every try, so that a receiver can recognize a message that arrives twice.
  public let id: String
  /// Where it goes: the account's email, as it was registered, its recovery email, or one that it has had or is to have. Send the
  /// message there and nowhere else.
  public let email: Email
  /// The email of the account in a message to its recovery email; nil in all others. With a reset token it is what the page that
  /// sets the password sends beside it. It is never the recipient.
  public let accountEmail: Email?
  /// What the message says.
  public let content: Content

  /// A message with these values.
  public init(id: String, email: Email, accountEmail: Email? = nil, content: Content) {
    self.id = id
    self.email = email
    self.accountEmail = accountEmail
    self.content = content
  }

  /// The kind of the content.
  public var kind: OutboxMessage.Kind {
    switch content {
    case .passwordReset: .passwordReset
    case .emailVerification: .emailVerification
    case .accountExists: .accountExists
    case .emailChange: .emailChange
    case .emailChangeRequested: .emailChangeRequested
    case .emailChanged: .emailChanged
    case .emailTakenBack: .emailTakenBack
    case .recoveryEmail: .recoveryEmail
    case .recoveryEmailChanged: .recoveryEmailChanged
    case .accountEmailChanged: .accountEmailChanged
    case .passwordChanged: .passwordChanged
    case .failedLogins: .failedLogins
    case .accountLocked: .accountLocked
    case .accountUnlocked: .accountUnlocked
    case .accountDisabled: .accountDisabled
    case .accountEnabled: .accountEnabled
    case .accountDeleted: .accountDeleted
    case .newLogin: .newLogin
    }
  }

  /// What must never be in a log. A delivery program can repeat it in its errors.
  package var secrets: [String] {
    switch content {
    case .passwordReset(let token, _): [token.text]
    case .emailVerification(let token, let code, _, _): [token.text, code.text]
    case .emailChange(let token, let code, _, _): [token.text, code.text]
    case .recoveryEmail(let token, let code, _, _): [token.text, code.text]
    case .emailChangeRequested(_, let token, _), .emailChanged(_, let token, _): [token.text]
    case .passwordChanged, .accountExists, .emailTakenBack, .recoveryEmailChanged, .accountEmailChanged, .failedLogins,
      .accountLocked, .accountUnlocked, .accountDisabled, .accountEnabled, .accountDeleted, .newLogin:
      []
    }
  }
}

extension OutboxMessage.Kind {
  /// The kinds that this release delivers, each that of an ``AuthMessage/Content`` or of a copy of one.
  package static let known: [Self] = [
    .passwordReset, .emailVerification, .accountExists, .passwordChanged, .failedLogins, .accountLocked, .accountUnlocked,
    .accountDisabled, .accountEnabled, .accountDeleted, .newLogin, .emailChange, .emailChangeRequested, .emailChanged,
    .emailTakenBack, .recoveryEmail, .recoveryEmailChanged, .accountEmailChanged, .recoveryNotice,
  ]
}

/// How messages reach the owners of emails: by mail, through a service, on paper.
public protocol MessageDelivery: Sendable {
  /// Hands the message over. It returns once the message is with something that will not lose it, and throws otherwise; then the
  /// message is tried again later. It must take less than two minutes: after that another worker may claim the message.
  ///
  /// The error may be logged, so it contains neither token nor email.
  ///
  /// - Throws: ``UndeliverableMessage`` where trying again cannot help; the message is then given up at once.
  func deliver(_ message: AuthMessage) async throws
}

/// Thrown by a ``MessageDelivery`` about a message that it will never deliver, such as one to an email that is not a mailbox.
public struct UndeliverableMessage: Error, Sendable, CustomStringConvertible {
  /// Why, for a log: without token and email.
  public let reason: String

  /// The reason, for a log: without token and email.
  public init(_ reason: String) {
    self.reason = reason
  }

  /// The reason.
  public var description: String { reason }
}
