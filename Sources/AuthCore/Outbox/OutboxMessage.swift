/// Somebody's wish that a reset token be sent to an address, as it is stored until that is done. It has no token yet: one is made
/// when it is sent, so that none is ever stored.
public struct ResetRequest: Sendable, Equatable, Identifiable {
  /// A random UUID.
  public let id: String
  /// As it was asked for; there need be no such account.
  public let email: Email
  public let createdAt: Timestamp
  /// How often it was tried to send the token, this time included.
  public var tries: Int

  public init(id: String, email: Email, createdAt: Timestamp, tries: Int = 0) {
    self.id = id
    self.email = email
    self.createdAt = createdAt
    self.tries = tries
  }
}
