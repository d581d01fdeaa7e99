// The names that the specification of this service fixes.

extension Auth {
  /// Whether this is the email of an account and this its password: ``verifyPassword(_:email:)``.
  public func validLogin(email: String, password: String) async throws(AuthError) -> Bool {
    try await verifyPassword(password, email: email)
  }

  /// Opens a session without a password: ``openSession(email:authenticatedBy:replacing:)``.
  public func createSession(email: String, replacing former: SessionID? = nil) async throws(AuthError) -> Login? {
    try await openSession(email: email, replacing: former)
  }

  /// The user of a session: ``user(for:)``.
  public func getUserFromSessionID(_ sessionID: SessionID?) async throws(AuthError) -> User? {
    try await user(for: sessionID)
  }

  /// Ends all the user's sessions: ``endAllSessions(of:)``.
  public func destroySession(userID: User.ID) async throws(AuthError) {
    try await endAllSessions(of: userID)
  }

  /// Issues a reset token: ``issueResetToken(email:)``.
  public func getResetPasswordToken(email: String) async throws(AuthError) -> PasswordReset {
    try await issueResetToken(email: email)
  }

  /// Sets a new password with a reset token: ``resetPassword(token:password:email:)``.
  @discardableResult
  public func updatePassword(
    resetToken: ResetToken, password: String, email: String? = nil
  ) async throws(AuthError) -> User {
    try await resetPassword(token: resetToken, password: password, email: email)
  }
}
