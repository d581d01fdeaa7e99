/// An open session as its user gets it.
public struct Login: Sendable {
  /// The user, with the new session.
  public let user: User
  /// The session id. Give it to the user, in a cookie for example, and to no one else.
  public let sessionID: SessionID
  /// The end of the session, however much it is used.
  public let expiresAt: Timestamp
  /// Whether the session is to outlive the browser: the user asked to be remembered.
  public let isRemembered: Bool
}

/// How a login ended.
///
/// Cases may be added, such as one for a second factor that is needed. Code that only uses ``login`` stays safe: it is nil in
/// every case but ``loggedIn(_:)``.
@nonexhaustive
public enum LoginOutcome: Sendable {
  /// The email and the password are right, and a session is open.
  case loggedIn(Login)
  /// No account has this email, the password is wrong, or the account is disabled. The outcome does not say which.
  case wrongCredentials

  /// The open session; nil when the user is not logged in.
  public var login: Login? {
    switch self {
    case .loggedIn(let login): login
    case .wrongCredentials: nil
    }
  }
}

/// A way in which a user authenticated, by its name in RFC 8176 where it has one.
public struct AuthenticationMethod: RawRepresentable, Sendable, Hashable {
  /// The stored name: ASCII without spaces.
  public let rawValue: String

  /// A method with this name.
  public init(rawValue: String) {
    self.rawValue = rawValue
  }

  /// A password: `pwd` in RFC 8176.
  public static let password = Self(rawValue: "pwd")
}
