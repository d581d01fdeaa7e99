/// A message as it waits in the store. It holds no token: one is issued when the message is delivered, so that none is ever
/// stored.
public struct OutboxMessage: Sendable, Equatable, Identifiable {
  /// What a message is about. Each feature declares its own.
  public struct Kind: RawRepresentable, Sendable, Hashable {
    /// The stored text, which is also the message's `type` in JSON.
    public let rawValue: String

    /// A kind with this stored text.
    public init(rawValue: String) {
      self.rawValue = rawValue
    }
  }

  /// A message by what a log may say of it: no email, and nothing secret.
  public struct Reference: Sendable, Equatable {
    /// The id of the message.
    public let id: OutboxMessage.ID
    /// The account that it concerns; nil if that is not known.
    public let userID: User.ID?

    /// A reference to a message.
    public init(id: OutboxMessage.ID, userID: User.ID?) {
      self.id = id
      self.userID = userID
    }
  }

  /// A random UUID, the same at every try.
  public let id: String
  /// What it is about.
  public let kind: Kind
  /// The account that it concerns; nil if there was none. For operators: delivery looks the account up again.
  public let userID: User.ID?
  /// Where it goes. There need be no such account.
  public let email: Email
  /// What else its kind needs to know, in a form that the kind defines.
  public let payload: String?
  /// When it was queued. It is due at once.
  public let createdAt: Timestamp
  /// How many times it has been claimed, including this time.
  public var tries: Int

  /// A message with these values.
  public init(
    id: String, kind: Kind, userID: User.ID? = nil, email: Email, payload: String? = nil, createdAt: Timestamp, tries: Int = 0
  ) {
    self.id = id
    self.kind = kind
    self.userID = userID
    self.email = email
    self.payload = payload
    self.createdAt = createdAt
    self.tries = tries
  }
}
