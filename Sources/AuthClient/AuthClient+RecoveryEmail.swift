public import AuthCore
internal import NIOHTTP1

extension AuthClient {
  /// The recovery email of the session's user; nil for none.
  ///
  /// - Throws: ``AuthCore/AuthError/invalidSession``.
  public func recoveryEmail(sessionID: SessionID) async throws(AuthError) -> RecoveryEmail? {
    let response = try await send(
      Call(method: .GET, path: "/recovery_email", bearer: requireBearer(sessionID), isRepeatable: true))
    guard response.status == 200 else { return try response.nothing(if: .noRecoveryEmail) }
    let members = try response.members(Found.self)
    guard let verifiedAt = Timestamp(rfc3339: members.verifiedAt) else { throw response.unexpected }
    return RecoveryEmail(email: Email(stored: members.email), verifiedAt: verifiedAt)
  }

  /// Asks for a recovery email, which a reader of it confirms. Until then, nothing changes.
  ///
  /// - Parameters:
  ///   - sessionID: the user's session.
  ///   - email: the recovery email.
  ///   - password: the current password, which is needed where the login is not recent.
  ///   - client: whose request this is.
  /// - Throws: what ``requestEmailChange(sessionID:to:password:from:)`` throws.
  public func requestRecoveryEmail(
    sessionID: SessionID, to email: String, password: String? = nil, from client: Client
  ) async throws(AuthError) {
    let response = try await put(
      "/recovery_email", [("email", email)] + passwordField(password), bearer: requireBearer(sessionID), from: client)
    guard response.status == 200 else { throw response.error(email: email) }
    try response.requireMessage()
  }

  /// Confirms a recovery email with the token of its link and the password of the account.
  ///
  /// - Returns: the recovery email.
  /// - Throws: ``AuthCore/AuthError/invalidVerification``, ``AuthCore/AuthError/wrongPassword``,
  ///   ``AuthCore/AuthError/throttled(retryAfter:)``, ``AuthCore/AuthError/overloaded(retryAfter:)``.
  @discardableResult
  public func confirmRecoveryEmail(
    token: RecoveryEmailToken, password: String, from client: Client
  ) async throws(AuthError) -> Email {
    try await confirm([("recovery_email_token", token.text), ("password", password)], from: client)
  }

  /// Confirms a recovery email as ``confirmRecoveryEmail(token:password:from:)`` does, with a session of the account in place of
  /// its password.
  ///
  /// - Throws: ``AuthCore/AuthError/invalidSession``, ``AuthCore/AuthError/invalidVerification``, also for a request of another
  ///   user; ``AuthCore/AuthError/throttled(retryAfter:)``.
  @discardableResult
  public func confirmRecoveryEmail(
    token: RecoveryEmailToken, sessionID: SessionID, from client: Client
  ) async throws(AuthError) -> Email {
    try await confirm([("recovery_email_token", token.text)], bearer: requireBearer(sessionID), from: client)
  }

  /// Confirms a recovery email as ``confirmRecoveryEmail(token:password:from:)`` does, with the code of its message and a session
  /// of the account.
  ///
  /// - Throws: what ``confirmRecoveryEmail(token:sessionID:from:)`` throws.
  @discardableResult
  public func confirmRecoveryEmail(
    code: VerificationCode, sessionID: SessionID, from client: Client
  ) async throws(AuthError) -> Email {
    try await confirm([("code", code.text)], bearer: requireBearer(sessionID), from: client)
  }

  /// Removes the recovery email of the session's user.
  ///
  /// - Parameters:
  ///   - sessionID: the user's session.
  ///   - password: the current password, which is needed where the login is not recent.
  ///   - client: whose request this is.
  /// - Throws: ``AuthCore/AuthError/noRecoveryEmail``, ``AuthCore/AuthError/invalidSession``,
  ///   ``AuthCore/AuthError/reauthenticationRequired``, ``AuthCore/AuthError/wrongPassword``,
  ///   ``AuthCore/AuthError/throttled(retryAfter:)``, ``AuthCore/AuthError/conflict``.
  public func removeRecoveryEmail(
    sessionID: SessionID, password: String? = nil, from client: Client
  ) async throws(AuthError) {
    let response = try await send(
      Call(
        method: .DELETE, path: "/recovery_email", bearer: requireBearer(sessionID), fields: passwordField(password),
        client: client))
    guard response.status == 200 else { throw response.error() }
    try response.requireMessage()
  }

  private func confirm(
    _ fields: [(name: String, value: String)], bearer: String? = nil, from client: Client
  ) async throws(AuthError) -> Email {
    let response = try await put("/confirm_recovery_email", fields, bearer: bearer, from: client)
    guard response.status == 200 else { throw response.errorOfConfirmation }
    return Email(stored: try response.members(Confirmed.self).email)
  }
}

private struct Found: Decodable {
  let email, verifiedAt: String

  private enum CodingKeys: String, CodingKey {
    case email = "recovery_email"
    case verifiedAt = "verified_at"
  }
}

private struct Confirmed: Decodable {
  let email: String

  private enum CodingKeys: String, CodingKey {
    case email = "recovery_email"
  }
}
