extension OutboxMessage {
  /// Some of the messages that wait: those that satisfy every condition that is not nil.
  public struct Selection: Sendable, Equatable {
    /// The message with this id.
    public var id: OutboxMessage.ID?
    /// Messages of this kind.
    public var kind: OutboxMessage.Kind?
    /// Messages to this recipient.
    public var recipient: Recipient?

    /// A selection with these conditions; without any, all messages.
    public init(id: OutboxMessage.ID? = nil, kind: OutboxMessage.Kind? = nil, recipient: Recipient? = nil) {
      self.id = id
      self.kind = kind
      self.recipient = recipient
    }
  }

  /// Whom messages go to: those that were queued for this user or go to this email, whichever of the two is given.
  public struct Recipient: Sendable, Equatable {
    /// The account that messages concern, which may be gone.
    public var userID: User.ID?
    /// The email, in any ASCII letter case.
    public var email: Email?

    /// A recipient with at least one of the two.
    public init(userID: User.ID?, email: Email?) {
      self.userID = userID
      self.email = email
    }
  }

  /// A message that waits, or is being delivered.
  public struct Waiting: Sendable, Equatable {
    /// The message.
    public let message: OutboxMessage
    /// When it is tried next, at the earliest: an older message to the same email may be in its way. While it is being delivered,
    /// when its worker counts as dead.
    public let dueAt: Timestamp

    /// A waiting message with these values.
    public init(_ message: OutboxMessage, dueAt: Timestamp) {
      self.message = message
      self.dueAt = dueAt
    }
  }

  /// How many messages of a kind wait, and since when.
  public struct Backlog: Sendable, Equatable {
    /// The number of messages, including those that are being delivered.
    public let count: Int
    /// When the oldest of them was queued.
    public let oldest: Timestamp

    /// A backlog with these values.
    public init(count: Int, oldest: Timestamp) {
      self.count = count
      self.oldest = oldest
    }
  }
}

extension OutboxMessage.Selection {
  /// Whether the message is selected.
  func contains(_ message: OutboxMessage) -> Bool {
    (id.map { $0.hasSameBytes(as: message.id) } ?? true)
      && (kind.map { $0.rawValue.hasSameBytes(as: message.kind.rawValue) } ?? true)
      && (recipient.map { $0.userID != nil && $0.userID == message.userID || $0.email == message.email } ?? true)
  }
}

/// Messages that wait, the oldest first, read from the store a page at a time.
///
/// A message that is queued or delivered while the list is read may be in it or not.
public struct OutboxList: AsyncSequence, Sendable {
  /// A message of the list.
  public typealias Element = OutboxMessage.Waiting
  /// The error of a store that does not respond.
  public typealias Failure = AuthError

  let store: any AuthStore
  let selection: OutboxMessage.Selection

  /// An iterator that has read nothing yet.
  public func makeAsyncIterator() -> Iterator { Iterator(list: self) }

  /// Reads the messages one after the other.
  public struct Iterator: AsyncIteratorProtocol {
    /// Each page looks through the outbox.
    private static let pageSize = 1_000

    private let list: OutboxList
    private var page: [OutboxMessage.Waiting] = []
    private var last: OutboxMessage?
    private var isAtEnd = false

    init(list: OutboxList) { self.list = list }

    /// The next message; nil after the last.
    ///
    /// - Throws: ``AuthError/unavailable(_:)``.
    public mutating func next(
      isolation actor: isolated (any Actor)? = #isolation
    ) async throws(AuthError) -> OutboxMessage.Waiting? {
      if page.isEmpty, !isAtEnd {
        let read: [OutboxMessage.Waiting]
        do {
          read = try await list.store.findWaitingMessages(list.selection, after: last, limit: Self.pageSize)
        } catch {
          throw AuthError(error)
        }
        isAtEnd = read.count < Self.pageSize
        last = read.last?.message
        page = read.reversed()
      }
      return page.popLast()
    }
  }
}
