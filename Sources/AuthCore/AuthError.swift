/// Everything that the operations of ``Auth`` throw.
///
/// Where a password or a session is asked about, "no" is no error: those operations answer false or nil. So whatever is thrown leaves
/// the question open or the thing undone, and whoever asked must not be let in.
@nonexhaustive
public enum AuthError: Error, Equatable, CustomStringConvertible {
  /// The address is registered already, in whatever ASCII letter case.
  case userExists(email: String)

  /// The text is not accepted as a new address.
  case invalidEmail(EmailProblem)

  /// The text is not accepted as a new password.
  case invalidPassword(PasswordProblem)

  /// The hash from another system is none that passwords can be checked against.
  case unacceptableHash(PasswordHashProblem)

  /// Nobody has this address.
  case unknownUser

  /// The token was never issued, is not for this address, has been used, replaced, or has ended by time.
  case invalidResetToken

  /// The session was never opened or has ended.
  case invalidSession

  /// The password is not that of the account.
  case wrongPassword

  /// The login is too long ago for this: log in again, or give the password.
  case reauthenticationRequired

  /// Too many failures, or requests, came before this one. Whatever this one was, it had no effect. Ask again after `retryAfter`; after
  /// ``Throttle/lockThreshold`` failures only a new password, set with a reset token, helps.
  case throttled(retryAfter: Duration)

  /// More password work waits than can be done in a bounded time. Try again after `retryAfter`; nothing was changed.
  case overloaded(retryAfter: Duration)

  /// The store, or something else that the answer depends on, cannot answer. Nothing was changed.
  case unavailable(String)

  /// The account's password or hash was replaced, or its session ended, by others meanwhile. Nothing was changed; try again.
  case conflict

  /// The calling task was cancelled. Nothing was changed.
  case cancelled

  public var description: String {
    switch self {
    case .userExists(let email): "User \(email) already exists"
    case .invalidEmail(let problem): problem.description
    case .invalidPassword(let problem): problem.description
    case .unacceptableHash(let problem): problem.description
    case .unknownUser: "no user has this address"
    case .invalidResetToken: "the reset token is not valid"
    case .invalidSession: "not logged in"
    case .wrongPassword: "wrong password"
    case .reauthenticationRequired: "the login is too long ago for this; log in again, or give the current password"
    case .throttled(let delay): "too many attempts, try again in \(delay.wholeSecondsRoundedUp) s"
    case .overloaded(let delay): "too many passwords are being checked, try again in \(delay.wholeSecondsRoundedUp) s"
    case .unavailable(let reason): "no answer can be had now: \(reason)"
    case .conflict: "the account was changed by others meanwhile, try again"
    case .cancelled: "the operation was cancelled"
    }
  }

  init(_ error: PasswordHasherError) {
    switch error {
    case .overloaded(let retryAfter): self = .overloaded(retryAfter: retryAfter)
    case .cancelled: self = .cancelled
    }
  }

  /// What a store's error means when the operation has no better answer to it. Of the four only `unavailable` can come from a
  /// store that keeps its contract; the others are its failure, not the user's.
  init(_ error: StoreError) {
    switch error {
    case .unavailable(let reason): self = .unavailable(reason)
    case .noResultFound, .emailTaken, .invalidRequest: self = .unavailable("unexpected answer (\(error))")
    }
  }
}
