/// A security event of an account or a session. It carries no secret and no account's email.
public struct AuthEvent: Sendable, Equatable {
  /// What happened.
  public let kind: Kind
  /// When it happened.
  public let at: Timestamp
  /// The account; nil where there is none.
  public let userID: User.ID?
  /// The digest of the session that it concerns.
  public let sessionID: TokenDigest?
  /// The digest of the email that the client gave, where the account is not known or does not exist: ``digest(ofEmail:)``.
  public let emailDigest: String?
  /// The client whose request caused it.
  public let client: Client

  /// An event with these values.
  public init(
    _ kind: Kind, at: Timestamp, userID: User.ID?, emailDigest: String? = nil, sessionID: TokenDigest? = nil, client: Client
  ) {
    self.kind = kind
    self.at = at
    self.userID = userID
    self.emailDigest = emailDigest
    self.sessionID = sessionID
    self.client = client
  }

  /// The digest by which events of an email are found, without the email being written down: the SHA-256 of its bytes with ASCII
  /// letters in lower case, as in a ``Throttle/Key``.
  public static func digest(ofEmail email: String) -> String { Throttle.Key.digest(of: email) }

  /// The kinds of events. The names are those of OWASP's Logging Vocabulary Cheat Sheet or, where it has none, follow its style.
  @nonexhaustive
  public enum Kind: String, Sendable, CaseIterable {
    /// A user logged in.
    case loginSucceeded = "authn_login_success"
    /// A wrong password or an unknown email at a login, or a wrong current password.
    case loginFailed = "authn_login_fail"
    /// The right password of a disabled account, refused. It comes after ``loginFailed``.
    case loginDisabled = "authn_login_disabled"
    /// A failed login began a delay.
    case loginLocked = "authn_login_lock"
    /// An attempt was refused because of a delay.
    case throttled = "excess_rate_limit_exceeded"
    /// A logged-in user changed the password.
    case passwordChanged = "authn_password_change"
    /// A logged-in user gave a wrong current password. It comes after ``loginFailed``.
    case passwordCheckFailed = "authn_password_change_fail"
    /// A reset token was requested.
    case resetRequested = "authn_reset_request"
    /// A reset token was issued.
    case resetTokenIssued = "authn_token_created"
    /// A new password was set with a reset token.
    case resetUsed = "authn_reset_success"
    /// A reset token was refused: unknown, another user's, used or expired.
    case resetRefused = "authn_reset_fail"
    /// A session was opened.
    case sessionCreated = "session_created"
    /// A session continues under a new id.
    case sessionRenewed = "session_renewed"
    /// A session was ended by its user.
    case sessionEnded = "session_ended"
    /// A session that had expired, or had not been used for too long, was purged.
    case sessionExpired = "session_expired"
    /// A registration was requested, which waits for the verification of its email.
    case registrationRequested = "registration_requested"
    /// A link or code was refused, or the password that came with a link.
    case verificationRefused = "email_verification_fail"
    /// The owner of an email showed that they read it.
    case emailVerified = "email_verified"
    /// An operator vouched for the email of an account that was not verified.
    case emailVouchedFor = "email_vouched_for"
    /// A logged-in user asked for another email.
    case emailChangeRequested = "email_change_requested"
    /// A link or code of a change of email was refused, or the password that came with a link.
    case emailChangeRefused = "email_change_fail"
    /// A user has a new email, whose reader has confirmed it.
    case emailChanged = "email_changed"
    /// A reader of a former email stopped or undid its change, and set a new password.
    case emailTakenBack = "email_taken_back"
    /// The token of a message to a former email was refused: unknown, used, void or expired.
    case takeBackRefused = "email_take_back_fail"
    /// A logged-in user asked for a recovery email.
    case recoveryEmailRequested = "recovery_email_requested"
    /// A link or code of a recovery email was refused, or the password that came with a link.
    case recoveryEmailRefused = "recovery_email_fail"
    /// A user has a new recovery email, whose reader has confirmed it.
    case recoveryEmailChanged = "recovery_email_changed"
    /// A user removed the recovery email.
    case recoveryEmailRemoved = "recovery_email_removed"
    /// A user registered.
    case userCreated = "user_created"
    /// A user was imported from another system.
    case userImported = "user_imported"
    /// The delay or lock of a user's email was ended by an operator.
    case userUnlocked = "user_unlocked"
    /// Users were imported from another system, many at once.
    case usersImported = "users_imported"
    /// A user was disabled.
    case userDisabled = "user_disabled"
    /// A disabled user was enabled.
    case userEnabled = "user_enabled"
    /// A user was deleted.
    case userDeleted = "user_deleted"
    /// A user whose email was not verified in time was purged.
    case userExpired = "user_expired"
    /// A message to the owner of an email could not be delivered for so long that it was given up: ``Auth/deliveryWindow``.
    case messageGivenUp = "message_given_up"
    /// A message to the owner of an email can never be delivered, as the delivery says, and was given up.
    case messageUndeliverable = "message_undeliverable"
    /// An operator deleted a message that waited to be delivered.
    case messageDropped = "message_dropped"
  }
}
