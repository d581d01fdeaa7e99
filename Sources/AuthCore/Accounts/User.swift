/// An account: one row of the table `users`.
public struct User: Sendable, Equatable, Identifiable {
  /// The number of the account. It is never used again, even after the account is deleted.
  public let id: Int64

  /// The email in the letter case in which it was registered.
  public var email: Email

  /// The hash of the password, which is redacted wherever it is printed.
  public var hashedPassword: PasswordHash

  /// The digest of the newest session's id, or nil. The session may have expired: ``Auth/getUserFromSessionID(_:)`` tells.
  public var sessionID: TokenDigest?

  /// The digest of the reset token in force, or nil. The token may have expired.
  public var resetToken: TokenDigest?

  /// Makes a user from the columns of its row.
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
