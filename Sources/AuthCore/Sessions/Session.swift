/// A session as it is stored. Requests that carry the id whose digest this is act as the user.
public struct Session: Sendable, Equatable, Identifiable {
  /// The digest of the session id. It names the session in public and cannot be presented as one.
  public let id: TokenDigest
  /// The user.
  public let userID: User.ID
  /// When the session was opened.
  public let createdAt: Timestamp
  /// The last use, at most a minute late, because recording every request would make every read a write. Without an idle timeout
  /// it is not recorded and stays the time of opening.
  public var lastUsedAt: Timestamp
  /// When the session expires, used or not; at this moment it is already over.
  public let expiresAt: Timestamp
  /// When the user last authenticated in this session; nil for one that was opened without authentication. An operation that
  /// needs a recent login reads this, not ``createdAt``.
  public let authenticatedAt: Timestamp?
  /// How the user authenticated; empty for a session that was opened without authentication.
  public let methods: [AuthenticationMethod]
  /// The text of the ``IPAddress`` of the client that opened it, where it is known.
  public let ipAddress: String?
  /// The ``Client/userAgent`` of the client that opened it, where it is known.
  public let userAgent: String?

  /// A session with these values.
  public init(
    id: TokenDigest, userID: User.ID, createdAt: Timestamp, lastUsedAt: Timestamp, expiresAt: Timestamp,
    authenticatedAt: Timestamp? = nil, methods: [AuthenticationMethod] = [], ipAddress: String? = nil, userAgent: String? = nil
  ) {
    self.id = id
    self.userID = userID
    self.createdAt = createdAt
    self.lastUsedAt = lastUsedAt
    self.expiresAt = expiresAt
    self.authenticatedAt = authenticatedAt
    self.methods = methods
    self.ipAddress = ipAddress
    self.userAgent = userAgent
  }
}

extension Session {
  /// Which stored sessions are live at a moment. All others count as deleted.
  public struct Cutoff: Sendable, Equatable {
    /// Live sessions expire after this moment, the current time.
    public let expiringAfter: Timestamp
    /// Live sessions were last used after this moment.
    public let usedAfter: Timestamp

    /// A cutoff with these bounds.
    public init(expiringAfter: Timestamp, usedAfter: Timestamp) {
      self.expiringAfter = expiringAfter
      self.usedAfter = usedAfter
    }

    /// Whether the session is live.
    public func contains(_ session: Session) -> Bool {
      session.expiresAt > expiringAfter && session.lastUsedAt > usedAfter
    }
  }

  /// Some of a user's sessions.
  public enum Selection: Sendable, Equatable {
    /// All of them.
    case all
    /// The one with this id, if it is the user's.
    case only(TokenDigest)
    /// All but the one with this id.
    case allBut(TokenDigest)

    /// Whether a session with this id is selected.
    public func contains(_ id: TokenDigest) -> Bool {
      switch self {
      case .all: true
      case .only(let one): one == id
      case .allBut(let one): one != id
      }
    }
  }

  /// The result of adding a session.
  public enum Opening: Sendable, Equatable {
    /// The session was added.
    case opened
    /// The user's hash has changed since the password was checked. Nothing was changed, and nothing was counted.
    case passwordChanged
    /// The user is disabled. Nothing was changed, and nothing was counted.
    case userDisabled
    /// The attempt was made during a delay: ``Throttle/Outcome/refused(retryAfter:)``. It was counted, and no session was added.
    case throttled(retryAfter: Duration)
  }
}
