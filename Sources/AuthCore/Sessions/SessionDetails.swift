/// What another service may know of an open session.
public struct SessionDetails: Sendable, Equatable {
  /// The user.
  public let user: Profile
  /// When the session was opened.
  public let createdAt: Timestamp
  /// When it ends, used or not.
  public let expiresAt: Timestamp
  /// When the user last authenticated in it; nil for a session that was opened without authentication.
  public let authenticatedAt: Timestamp?
  /// How the user authenticated; empty for a session that was opened without authentication.
  public let methods: [AuthenticationMethod]

  /// The details of a session with these values.
  public init(
    user: Profile, createdAt: Timestamp, expiresAt: Timestamp, authenticatedAt: Timestamp?, methods: [AuthenticationMethod]
  ) {
    self.user = user
    self.createdAt = createdAt
    self.expiresAt = expiresAt
    self.authenticatedAt = authenticatedAt
    self.methods = methods
  }

  init(_ session: Session, of user: Profile) {
    self.init(
      user: user, createdAt: session.createdAt, expiresAt: session.expiresAt, authenticatedAt: session.authenticatedAt,
      methods: session.methods)
  }
}
