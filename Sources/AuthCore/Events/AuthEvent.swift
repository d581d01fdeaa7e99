/// Something that happened to an account or a session, for whoever watches over them. It carries no secret and no address of
/// an account.
public struct AuthEvent: Sendable, Equatable {
  public let kind: Kind
  public let at: Timestamp
  /// nil where there is no such account.
  public let userID: User.ID?
  /// The digest of the session that it is about.
  public let sessionID: TokenDigest?
  public let client: Client

  public init(_ kind: Kind, at: Timestamp, userID: User.ID?, sessionID: TokenDigest? = nil, client: Client) {
    self.kind = kind
    self.at = at
    self.userID = userID
    self.sessionID = sessionID
    self.client = client
  }

  /// What happened. The names are those of OWASP's Logging Vocabulary Cheat Sheet, and in its manner where it has none.
  public enum Kind: String, Sendable, CaseIterable {
    case loginSucceeded = "authn_login_success"
    /// A wrong password, or an address that nobody has.
    case loginFailed = "authn_login_fail"
    /// A failure began a pause.
    case loginLocked = "authn_login_lock"
    /// Refused because of a pause.
    case throttled = "excess_rate_limit_exceeded"
    case passwordChanged = "authn_password_change"
    /// Whoever wanted to change the password, to delete the account or to end sessions did not know the current one.
    case passwordCheckFailed = "authn_password_change_fail"
    case resetRequested = "authn_reset_request"
    /// A token was made, to be delivered.
    case resetTokenIssued = "authn_token_created"
    /// A new password was set with a token.
    case resetUsed = "authn_reset_success"
    /// A token that was never issued, is somebody else's, was used or has ended.
    case resetRefused = "authn_reset_fail"
    case sessionCreated = "session_created"
    /// The session goes on under a new id.
    case sessionRenewed = "session_renewed"
    /// Its user ended it.
    case sessionEnded = "session_ended"
    /// It ended by time, and was swept away.
    case sessionExpired = "session_expired"
    case userCreated = "user_created"
    case userImported = "user_imported"
    case userDeleted = "user_deleted"
  }
}
