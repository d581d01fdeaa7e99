extension ResetToken {
  /// A reset token as it is stored.
  public struct Record: Sendable, Equatable, Identifiable {
    /// The digest of the token.
    public let id: TokenDigest
    public let createdAt: Timestamp
    /// From this moment on the token is void.
    public let expiresAt: Timestamp

    public init(id: TokenDigest, createdAt: Timestamp, expiresAt: Timestamp) {
      self.id = id
      self.createdAt = createdAt
      self.expiresAt = expiresAt
    }
  }
}
