/// An account: one row of the table `users`.
public struct User: Sendable, Equatable, Identifiable {
  public let id: Int64

  /// The address in the letter case in which it was registered.
  public var email: Email

  /// Never printed; see ``PasswordHash``.
  public var hashedPassword: PasswordHash

  /// The digest of the newest session's id, or nil. Whether that session has ended by time is not said here: ask
  /// ``Auth/getUserFromSessionID(_:)``.
  public var sessionID: TokenDigest?

  /// The digest of the reset token in force, or nil.
  public var resetToken: TokenDigest?

  public init(
    id: Int64, email: Email, hashedPassword: PasswordHash, sessionID: TokenDigest? = nil, resetToken: TokenDigest? = nil
  ) {
    self.id = id
    self.email = email
    self.hashedPassword = hashedPassword
    self.sessionID = sessionID
    self.resetToken = resetToken
  }
}
