public import AuthCore
internal import NIOHTTP1

/// An open session as a login over HTTP gives it.
public struct RemoteLogin: Sendable {
  /// The user.
  public let user: Profile
  /// The session id. Give it to the user, in a cookie for example, and to no one else.
  public let sessionID: SessionID
  /// The end of the session, however much it is used.
  public let expiresAt: Timestamp
}

extension AuthClient {
  /// Checks email and password and opens a session; nil for an unknown email, a wrong password or a disabled account.
  ///
  /// - Parameters:
  ///   - email: the email of the account.
  ///   - password: the password to check.
  ///   - remember: whether the session outlives the browser; nil for the default of the server.
  ///   - former: the client's current session. It ends when the new one begins.
  ///   - client: whose attempt this is.
  /// - Throws: ``AuthCore/AuthError/throttled(retryAfter:)``, ``AuthCore/AuthError/overloaded(retryAfter:)``,
  ///   ``AuthCore/AuthError/conflict``.
  public func logIn(
    email: String, password: String, remember: Bool? = nil, replacing former: SessionID? = nil, from client: Client
  ) async throws(AuthError) -> RemoteLogin? {
    var fields = [("email", email), ("password", password), ("return_session_id", "true")]
    if let remember { fields.append(("remember", "\(remember)")) }
    let response = try await send(
      Call(
        method: .POST, path: "/sessions", bearer: former?.bearer, fields: fields, client: client))
    switch response.status {
    case 200: return try response.login
    case 401 where response.isWrongCredentials: return nil
    default:
      let error = response.error(email: email)
      // What no account can have is a wrong email or password to an `Auth`, too.
      switch error {
      case .invalidEmail, .invalidPassword: return nil
      default: throw error
      }
    }
  }

  /// Sends a reset token to the owner of the email, if it has an account.
  ///
  /// - Parameters:
  ///   - email: the email of the account.
  ///   - recipient: where the token goes.
  ///   - client: whose request this is.
  /// - Throws: ``AuthCore/AuthError/throttled(retryAfter:)``.
  public func requestPasswordReset(
    email: String, to recipient: ResetRecipient = .email, from client: Client
  ) async throws(AuthError) {
    let fields: [(name: String, value: String)] = [
      ("email", email), ("to_recovery_email", "\(recipient == .recoveryEmail)"),
    ]
    let response = try await send(Call(method: .POST, path: "/reset_password", fields: fields, client: client))
    guard response.status == 200 else { throw response.error(email: email) }
    try response.requireMessage()
  }

  /// Issues a reset token, for a back end that sends messages of its own. It needs the service key. Give the token to the owner
  /// of the email only.
  ///
  /// - Throws: ``AuthCore/AuthError/unknownUser``.
  public func issueResetToken(email: String, from client: Client) async throws(AuthError) -> ResetToken {
    let response = try await send(
      Call(
        method: .POST, path: "/reset_password", bearer: requireServiceKey(), fields: [("email", email)], client: client))
    guard response.status == 200 else { throw response.error(email: email) }
    return ResetToken(try response.members(IssuedToken.self).token)
  }

  /// Sets a new password with a reset token, which is used up, and ends all sessions of the user.
  ///
  /// - Throws: ``AuthCore/AuthError/invalidResetToken``, ``AuthCore/AuthError/invalidPassword(_:)``,
  ///   ``AuthCore/AuthError/throttled(retryAfter:)``, ``AuthCore/AuthError/overloaded(retryAfter:)``.
  public func resetPassword(
    token: ResetToken, password: String, email: String, from client: Client
  ) async throws(AuthError) {
    let response = try await send(
      Call(
        method: .PUT, path: "/reset_password",
        fields: [("email", email), ("reset_token", token.text), ("new_password", password)], client: client))
    guard response.status == 200 else { throw response.error(email: email) }
    try response.requireMessage()
  }

  /// Sets a new password. The session continues under a new id; all others of the user end.
  ///
  /// - Throws: ``AuthCore/AuthError/invalidSession``, ``AuthCore/AuthError/invalidPassword(_:)``,
  ///   ``AuthCore/AuthError/wrongPassword``, ``AuthCore/AuthError/throttled(retryAfter:)``, ``AuthCore/AuthError/conflict``.
  public func changePassword(
    sessionID: SessionID, current: String, new: String, from client: Client
  ) async throws(AuthError) -> RemoteLogin {
    let response = try await send(
      Call(
        method: .PUT, path: "/password", bearer: requireBearer(sessionID),
        fields: [("current_password", current), ("new_password", new), ("return_session_id", "true")], client: client))
    guard response.status == 200 else { throw response.error() }
    return try response.login
  }

  /// Deletes the account of the session with its sessions. Its email may be registered again.
  ///
  /// - Throws: ``AuthCore/AuthError/invalidSession``, ``AuthCore/AuthError/wrongPassword``,
  ///   ``AuthCore/AuthError/throttled(retryAfter:)``, ``AuthCore/AuthError/conflict``.
  public func deleteUser(sessionID: SessionID, password: String, from client: Client) async throws(AuthError) {
    let response = try await send(
      Call(
        method: .DELETE, path: "/profile", bearer: requireBearer(sessionID), fields: [("current_password", password)],
        client: client))
    guard response.status == 200 else { throw response.error() }
    try response.requireMessage()
  }
}

extension ServerResponse {
  fileprivate var login: RemoteLogin {
    get throws(AuthError) {
      let members = try members(OpenedSession.self)
      guard let expiresAt = Timestamp(rfc3339: members.expiresAt) else { throw unexpected }
      return RemoteLogin(
        user: Profile(id: try id(members.id), email: Email(stored: members.email)), sessionID: SessionID(members.sessionID),
        expiresAt: expiresAt)
    }
  }
}

private struct OpenedSession: Decodable {
  let email, sessionID, expiresAt: String
  /// nil from a server under `classic`.
  let id: String?

  private enum CodingKeys: String, CodingKey {
    case email, id
    case sessionID = "session_id"
    case expiresAt = "expires_at"
  }
}

private struct IssuedToken: Decodable {
  let token: String

  private enum CodingKeys: String, CodingKey { case token = "reset_token" }
}
