/// A session as it is stored: who, and until when. Whoever presents the id whose digest this is acts as the user.
public struct Session: Sendable, Equatable, Identifiable {
  /// The digest of the session id. It names the session in public; it cannot be presented as one.
  public let id: TokenDigest
  public let userID: User.ID
  public let createdAt: Timestamp
  /// At most a minute older than the true moment, for writing it at every request would make every read a write. Under a policy without an
  /// idle end it is not written at all, and stays the moment of login.
  public var lastUsedAt: Timestamp
  /// From this moment on the session is over, used or not.
  public let expiresAt: Timestamp
  /// Of the client that opened it, where it was known: text of an ``IPAddress``.
  public let address: String?
  /// Of the client that opened it: ``Client/userAgent``.
  public let userAgent: String?

  public init(
    id: TokenDigest, userID: User.ID, createdAt: Timestamp, lastUsedAt: Timestamp, expiresAt: Timestamp,
    address: String? = nil, userAgent: String? = nil
  ) {
    self.id = id
    self.userID = userID
    self.createdAt = createdAt
    self.lastUsedAt = lastUsedAt
    self.expiresAt = expiresAt
    self.address = address
    self.userAgent = userAgent
  }
}

extension Session {
  /// Which stored sessions count at a moment. All others are as good as deleted.
  public struct Cutoff: Sendable, Equatable {
    /// Only sessions that expire after this moment: now.
    public let expiringAfter: Timestamp
    /// Only sessions used after this moment.
    public let usedAfter: Timestamp

    public init(expiringAfter: Timestamp, usedAfter: Timestamp) {
      self.expiringAfter = expiringAfter
      self.usedAfter = usedAfter
    }

    public func contains(_ session: Session) -> Bool {
      session.expiresAt > expiringAfter && session.lastUsedAt > usedAfter
    }
  }
}
