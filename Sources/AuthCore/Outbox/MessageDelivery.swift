/// A reset token on its way to the owner of an address.
public struct ResetMessage: Sendable {
  /// The same at every try to deliver what was asked for once, so that whoever receives a message twice can tell.
  public let id: String
  /// The address of the account, as it was registered. Send the token there and nowhere else.
  public let email: Email
  /// A new one at every try: the newest alone counts.
  public let token: ResetToken
  public let expiresAt: Timestamp

  public init(id: String, email: Email, token: ResetToken, expiresAt: Timestamp) {
    self.id = id
    self.email = email
    self.token = token
    self.expiresAt = expiresAt
  }
}

/// How reset tokens reach the owners of addresses: by mail, through a service, on paper.
public protocol ResetDelivery: Sendable {
  /// Hands the message over. Returns once it is in the care of somebody who will not lose it; throws when it is not, and is asked
  /// again later. It takes less than two minutes: after those the message may be somebody else's to deliver.
  ///
  /// What is thrown may be logged: it carries neither token nor address.
  func deliver(_ message: ResetMessage) async throws
}
