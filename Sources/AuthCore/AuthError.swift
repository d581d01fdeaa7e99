/// Everything that the operations of ``Auth`` throw.
///
/// No error ever means yes, so a caller that gets one must not let anyone in. After ``unavailable(_:)`` it is not known whether a
/// change was made; after every other error nothing has changed but counters of attempts.
@nonexhaustive
public enum AuthError: Error, Equatable, CustomStringConvertible {
  /// No client may create an account: ``AuthPolicy/Registration/closed``.
  case registrationClosed

  /// An account has this email, in some ASCII letter case.
  case userExists(email: String)

  /// The text is not accepted as a new email.
  case invalidEmail(EmailProblem)

  /// The text is not accepted as a new password.
  case invalidPassword(PasswordProblem)

  /// The hash from another system is not one that passwords can be checked against.
  case unacceptableHash(PasswordHashProblem)

  /// No account has this email.
  case unknownUser

  /// No account has this id.
  case unknownUserID

  /// The token was never issued, belongs to another email, or has been used, replaced or revoked, or it has expired.
  case invalidResetToken

  /// The link, or the code of a registration, a change of email or a recovery email, was never issued, or has expired, been used
  /// or been tried too often; or the code is not right.
  case invalidVerification

  /// The account has this email already, as its own or as its recovery email, in some ASCII letter case.
  case emailUnchanged

  /// The account has no recovery email.
  case noRecoveryEmail

  /// The token of a message to a former email was never issued, or has been used, replaced or voided, or it has expired.
  case invalidTakeBack

  /// Accounts are created once their email is verified, or are to be verified: ``Auth/requestRegistration(email:password:from:)``
  /// or ``Auth/openUnverifiedAccount(email:password:from:)``.
  case verificationRequired

  /// The account's email is not verified, and so cannot be used to recover it: ``AuthPolicy/EmailVerification``.
  case emailNotVerified

  /// The session was never opened or has ended.
  case invalidSession

  /// The password is not that of the account.
  case wrongPassword

  /// The last login of this session is too long ago: log in again, or give the password.
  case reauthenticationRequired

  /// Too many attempts were made before this one. Its result is withheld, and it is counted for the client's network at most. Try
  /// again after `retryAfter`. Once ``Throttle/lockThreshold`` is reached, waiting does not help: a new password must be set with
  /// a reset token.
  case throttled(retryAfter: Duration)

  /// More passwords are waiting than can be hashed in a bounded time. Try again after `retryAfter`; nothing was changed.
  case overloaded(retryAfter: Duration)

  /// The store, or something else that the result depends on, does not respond. Whether a change was made is not known, unless
  /// the operation says so.
  case unavailable(String)

  /// The account's password or email was replaced or its session ended by another request in the meantime. Nothing was changed;
  /// try again.
  case conflict

  /// The calling task was cancelled. Nothing was changed.
  case cancelled

  /// A sentence for logs and for clients, without any secret.
  public var description: String {
    switch self {
    case .registrationClosed: "registration is closed; ask the operator of the service for an account"
    case .userExists(let email): "User \(email) already exists"
    case .invalidEmail(let problem): problem.description
    case .invalidPassword(let problem): problem.description
    case .unacceptableHash(let problem): problem.description
    case .unknownUser: "no user has this email"
    case .unknownUserID: "no user has this id"
    case .invalidResetToken: "the reset token is not valid"
    case .emailUnchanged: "the account has this email already"
    case .noRecoveryEmail: "the account has no recovery email"
    case .invalidTakeBack: "the token is not valid; it may have been used, or the change of email can no longer be taken back"
    case .invalidVerification: "the link or code is not valid; ask for another message"
    case .verificationRequired: "emails are verified before accounts exist; request a registration instead"
    case .emailNotVerified: "the email of the account is not verified, and cannot be used to recover it"
    case .invalidSession: "not logged in"
    case .wrongPassword: "wrong password"
    case .reauthenticationRequired: "the login was too long ago; log in again, or give the current password"
    case .throttled(let delay): "too many attempts, try again in \(delay.wholeSecondsRoundedUp) s"
    case .overloaded(let delay): "too many passwords are being checked, try again in \(delay.wholeSecondsRoundedUp) s"
    case .unavailable(let reason): "the service is unavailable: \(reason)"
    case .conflict: "the account was changed by another request in the meantime; try again"
    case .cancelled: "the operation was cancelled"
    }
  }

  init(_ error: PasswordHasherError) {
    switch error {
    case .overloaded(let retryAfter): self = .overloaded(retryAfter: retryAfter)
    case .cancelled: self = .cancelled
    }
  }

  /// What a store's error means to an operation that takes the id of a user.
  init(ofUser error: StoreError) {
    self = error == .noResultFound ? .unknownUserID : AuthError(error)
  }

  /// What a store's error means to an operation that does not expect it. Only `unavailable` can come from a store that keeps its
  /// contract; the others are the store's fault, not the user's.
  init(_ error: StoreError) {
    switch error {
    case .unavailable(let reason): self = .unavailable(reason)
    case .noResultFound, .emailTaken, .emailNotVerified, .invalidRequest:
      self = .unavailable("the store broke its contract (\(error))")
    }
  }
}
