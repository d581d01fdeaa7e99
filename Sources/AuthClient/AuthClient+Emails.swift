public import AuthCore
internal import NIOHTTP1

/// How a registration over HTTP ended.
@nonexhaustive
public enum RegistrationOutcome: Sendable {
  /// The account exists.
  case accountOpened
  /// The account exists, and ends after a day unless its email is verified with the message that is on its way. The id is a
  /// secret: keep it where the code will be typed.
  case unverifiedAccountOpened(RegistrationID)
  /// A message is on its way to the email; the account exists once ``AuthClient/verifyEmail(token:password:from:)`` or
  /// ``AuthClient/verifyEmail(code:of:from:)`` has succeeded. The id is a secret: keep it where the code will be typed.
  case messageSent(RegistrationID)
}

extension AuthClient {
  /// Asks for an account. Whether it exists at once or when its email is verified, the server decides (`--verify-emails`).
  ///
  /// - Throws: ``AuthCore/AuthError/registrationClosed``, ``AuthCore/AuthError/userExists(email:)``, but not where an account
  ///   exists only once its email is verified; ``AuthCore/AuthError/invalidEmail(_:)``,
  ///   ``AuthCore/AuthError/invalidPassword(_:)``,
  ///   ``AuthCore/AuthError/throttled(retryAfter:)``, ``AuthCore/AuthError/overloaded(retryAfter:)``.
  public func register(
    email: String, password: String, from client: Client
  ) async throws(AuthError) -> RegistrationOutcome {
    let response = try await send(
      Call(method: .POST, path: "/users", fields: [("email", email), ("password", password)], client: client))
    guard response.status == 200 else { throw response.error(email: email) }
    try response.requireMessage()
    let members = try response.members(Registered.self)
    // A message alone does not say that there is an account.
    switch (members.email, members.registration) {
    case (nil, nil): throw response.unexpected
    case (_?, nil): return .accountOpened
    case (nil, let id?): return .messageSent(RegistrationID(id))
    case (_?, let id?): return .unverifiedAccountOpened(RegistrationID(id))
    }
  }

  /// Creates or verifies the account of a registration with the token of its link and the password.
  ///
  /// - Throws: ``AuthCore/AuthError/invalidVerification``, ``AuthCore/AuthError/wrongPassword``,
  ///   ``AuthCore/AuthError/userExists(email:)`` with an empty email, which the server does not repeat;
  ///   ``AuthCore/AuthError/throttled(retryAfter:)``, ``AuthCore/AuthError/overloaded(retryAfter:)``.
  @discardableResult
  public func verifyEmail(
    token: VerificationToken, password: String, from client: Client
  ) async throws(AuthError) -> Profile {
    try await put(
      "/verify_email", [("verification_token", token.text), ("password", password)], from: client
    ).confirmedProfile
  }

  /// Creates or verifies the account of a registration with the code of its message.
  ///
  /// - Parameters:
  ///   - code: what the person typed.
  ///   - id: that of the ``RegistrationOutcome``.
  ///   - client: whose attempt this is.
  /// - Throws: ``AuthCore/AuthError/invalidVerification``, also for a code that is not right;
  ///   ``AuthCore/AuthError/userExists(email:)`` as for a link; ``AuthCore/AuthError/throttled(retryAfter:)``.
  @discardableResult
  public func verifyEmail(
    code: VerificationCode, of id: RegistrationID, from client: Client
  ) async throws(AuthError) -> Profile {
    try await put("/verify_email", [("registration", id.text), ("code", code.text)], from: client).confirmedProfile
  }

  /// Asks for another email of the user, which a reader of it confirms. Until then, nothing changes.
  ///
  /// - Parameters:
  ///   - sessionID: the user's session.
  ///   - email: the new email.
  ///   - password: the current password, which is needed where the login is not recent.
  ///   - client: whose request this is.
  /// - Throws: ``AuthCore/AuthError/invalidSession``, ``AuthCore/AuthError/reauthenticationRequired``,
  ///   ``AuthCore/AuthError/wrongPassword``, ``AuthCore/AuthError/invalidEmail(_:)``, ``AuthCore/AuthError/emailUnchanged``,
  ///   ``AuthCore/AuthError/throttled(retryAfter:)``, ``AuthCore/AuthError/conflict``.
  public func requestEmailChange(
    sessionID: SessionID, to email: String, password: String? = nil, from client: Client
  ) async throws(AuthError) {
    let response = try await put(
      "/email", [("email", email)] + passwordField(password), bearer: requireBearer(sessionID), from: client)
    guard response.status == 200 else { throw response.error(email: email) }
    try response.requireMessage()
  }

  /// Confirms a change of the email with the token of its link and the password of the account.
  ///
  /// - Returns: the user, with the new email.
  /// - Throws: ``AuthCore/AuthError/invalidVerification``, ``AuthCore/AuthError/wrongPassword``,
  ///   ``AuthCore/AuthError/userExists(email:)`` with an empty email, which the server does not repeat;
  ///   ``AuthCore/AuthError/throttled(retryAfter:)``, ``AuthCore/AuthError/overloaded(retryAfter:)``.
  @discardableResult
  public func confirmEmailChange(
    token: EmailChangeToken, password: String, from client: Client
  ) async throws(AuthError) -> Profile {
    try await put(
      "/confirm_email", [("email_change_token", token.text), ("password", password)], from: client
    ).confirmedProfile
  }

  /// Confirms a change of the email as ``confirmEmailChange(token:password:from:)`` does, with a session of the account in place
  /// of its password.
  ///
  /// - Throws: ``AuthCore/AuthError/invalidSession``, ``AuthCore/AuthError/invalidVerification``, also for a change of another
  ///   user; ``AuthCore/AuthError/userExists(email:)``, ``AuthCore/AuthError/throttled(retryAfter:)``.
  @discardableResult
  public func confirmEmailChange(
    token: EmailChangeToken, sessionID: SessionID, from client: Client
  ) async throws(AuthError) -> Profile {
    try await put(
      "/confirm_email", [("email_change_token", token.text)], bearer: requireBearer(sessionID), from: client
    ).confirmedProfile
  }

  /// Confirms a change of the email as ``confirmEmailChange(token:password:from:)`` does, with the code of its message and a
  /// session of the account.
  ///
  /// - Throws: what ``confirmEmailChange(token:sessionID:from:)`` throws.
  @discardableResult
  public func confirmEmailChange(
    code: VerificationCode, sessionID: SessionID, from client: Client
  ) async throws(AuthError) -> Profile {
    try await put(
      "/confirm_email", [("code", code.text)], bearer: requireBearer(sessionID), from: client
    ).confirmedProfile
  }

  /// Stops a change of the email, or undoes it, with the token of a message to the former email, and sets a new password. All
  /// sessions of the user end.
  ///
  /// - Returns: the email that the account has.
  /// - Throws: ``AuthCore/AuthError/invalidTakeBack``, ``AuthCore/AuthError/invalidPassword(_:)``,
  ///   ``AuthCore/AuthError/userExists(email:)`` with an empty email, ``AuthCore/AuthError/throttled(retryAfter:)``,
  ///   ``AuthCore/AuthError/overloaded(retryAfter:)``, ``AuthCore/AuthError/conflict``.
  @discardableResult
  public func takeBackEmail(
    token: TakeBackToken, newPassword password: String, from client: Client
  ) async throws(AuthError) -> Email {
    let response = try await put(
      "/take_back_email", [("take_back_token", token.text), ("new_password", password)], from: client)
    guard response.status == 200 else { throw response.error() }
    return Email(stored: try response.members(TakenBack.self).email)
  }

  func put(
    _ path: String, _ fields: [(name: String, value: String)], bearer: String? = nil, from client: Client
  ) async throws(AuthError) -> ServerResponse {
    try await send(Call(method: .PUT, path: path, bearer: bearer, fields: fields, client: client))
  }
}

extension ServerResponse {
  /// The error of a request that confirms an email with a token and the password.
  var errorOfConfirmation: AuthError {
    let error = error()
    // A password that no account can have is a wrong one to an `Auth`, too.
    if case .invalidPassword = error { return .wrongPassword }
    return error
  }

  /// The user whose email is confirmed.
  fileprivate var confirmedProfile: Profile {
    get throws(AuthError) {
      guard status == 200 else { throw errorOfConfirmation }
      let members = try members(Confirmed.self)
      return Profile(id: try id(members.id), email: Email(stored: members.email))
    }
  }
}

private struct Registered: Decodable {
  let email, registration: String?
}

private struct Confirmed: Decodable {
  let email: String
  /// nil from a server under `classic`.
  let id: String?
}

private struct TakenBack: Decodable {
  let email: String
}
