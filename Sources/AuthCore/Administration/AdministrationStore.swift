/// The store's port for the administration of accounts.
public protocol AdministrationStore: Sendable {
  /// The first `limit` users, in the order of their emails, whose email begins with `prefix` and comes after `last`, each with
  /// whether they are disabled or unverified.
  ///
  /// Emails are compared byte by byte, with ASCII letters in lower case; so is the prefix.
  func findAccounts(
    withPrefix prefix: String, after last: Email?, limit: Int
  ) async throws(StoreError) -> [Account.Record]

  /// Saves a new user and queues a message, or does neither if `limit` messages of its kind are already waiting.
  ///
  /// - Returns: the user; nil if the message was one too many.
  /// - Throws: ``StoreError/emailTaken`` when a user has this email, in any ASCII letter case.
  func addUser(
    email: Email, hashedPassword: PasswordHash, queueing message: OutboxMessage, limit: Int
  ) async throws(StoreError) -> User?

  /// Saves the users that do not exist yet, all in one step, and returns what became of each, in order.
  func importUsers(_ users: [Account.Import]) async throws(StoreError) -> [Account.Import.Outcome]

  /// Deletes the user with everything that is stored for them: sessions, tokens, whether they are disabled, the messages to them
  /// or to their email, and these counters. Then it queues `notice`.
  ///
  /// - Returns: whether there was a user with this id.
  func eraseUser(
    _ id: User.ID, clearing keys: [Throttle.Key], notice: OutboxMessage?
  ) async throws(StoreError) -> Bool

  /// Deletes these counters and queues `notice` if there were any, and returns whether there were.
  func clearCounters(of keys: [Throttle.Key], notice: OutboxMessage?) async throws(StoreError) -> Bool

  /// The messages in the outbox that were queued for the user or for their email, the oldest first; none for a user who does not
  /// exist.
  func findMessages(to id: User.ID) async throws(StoreError) -> [OutboxMessage]

  /// Counts what is stored.
  func statistics(live: Session.Cutoff) async throws(StoreError) -> StoreStatistics
}

/// How many rows of each kind a store has.
public struct StoreStatistics: Sendable, Equatable {
  /// All users.
  public var users = 0
  /// Those of them who are disabled.
  public var disabledUsers = 0
  /// The sessions that are open.
  public var liveSessions = 0
  /// All sessions that are stored, those that are over included.
  public var storedSessions = 0
  /// The reset tokens that are stored.
  public var resetTokens = 0
  /// The messages that wait to be delivered.
  public var messages = 0
  /// When the oldest of them was queued.
  public var oldestMessageAt: Timestamp?
  /// The counters of attempts.
  public var counters = 0

  /// Statistics of an empty store.
  public init() {}
}
