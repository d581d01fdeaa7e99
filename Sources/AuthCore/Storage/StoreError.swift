/// Why a store did not do what it was asked. None of these can be taken for a wrong password.
@nonexhaustive
public enum StoreError: Error, Equatable, CustomStringConvertible {
  /// Nothing matches the filters, or no user has this id or email.
  case noResultFound

  /// A filter or an attribute does not exist, or a value cannot be stored. Nothing was changed.
  case invalidRequest(String)

  /// Another user has this email, in some letter case. Nothing was changed.
  case emailTaken

  /// The user's account is unverified, so that it gets no reset token. Nothing was changed.
  case emailNotVerified

  /// The store does not respond: it is locked, full, unreadable or closed. A store that cannot tell whether a change was made,
  /// because its connection broke, says so with this error, too.
  case unavailable(String)

  /// The reason, without any secret.
  public var description: String {
    switch self {
    case .noResultFound: "no result found"
    case .invalidRequest(let reason): "invalid request: \(reason)"
    case .emailTaken: "another user has this email"
    case .emailNotVerified: "the email of the user is not verified"
    case .unavailable(let reason): "the store is unavailable: \(reason)"
    }
  }
}
