// The names that the specification of this service fixes. They do without a client, as it does: nothing is then counted for a
// network, and events do not say who asked.

extension Auth {
  /// Creates an account: ``register(email:password:from:)``.
  public func register(email: String, password: String) async throws(AuthError) -> User {
    try await register(email: email, password: password, from: .unknown)
  }

  /// Whether an account has this email and this password: ``verifyPassword(_:email:from:)``.
  public func validLogin(
    email: String, password: String, from client: Client = .unknown
  ) async throws(AuthError) -> Bool {
    try await verifyPassword(password, email: email, from: client)
  }

  /// Opens a session without a password: ``openSession(email:authenticatedBy:remember:replacing:from:)``.
  public func createSession(
    email: String, replacing former: SessionID? = nil, from client: Client = .unknown
  ) async throws(AuthError) -> Login? {
    try await openSession(email: email, replacing: former, from: client)
  }

  /// The user of a session: ``user(for:)``.
  public func getUserFromSessionID(_ sessionID: SessionID?) async throws(AuthError) -> User? {
    try await user(for: sessionID)
  }

  /// Ends all the user's sessions: ``endAllSessions(of:from:)``.
  public func destroySession(userID: User.ID) async throws(AuthError) {
    try await endAllSessions(of: userID, from: .unknown)
  }

  /// Issues a reset token: ``issueResetToken(email:from:)``.
  public func getResetPasswordToken(email: String) async throws(AuthError) -> PasswordReset {
    try await issueResetToken(email: email, from: .unknown)
  }

  /// Sets a new password with a reset token: ``resetPassword(token:password:email:from:)``.
  @discardableResult
  public func updatePassword(
    resetToken: ResetToken, password: String, email: String? = nil, from client: Client = .unknown
  ) async throws(AuthError) -> User {
    try await resetPassword(token: resetToken, password: password, email: email, from: client)
  }
}
