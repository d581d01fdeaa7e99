/// The store's port for messages that are waiting to be delivered.
///
/// Operations that change something and tell its owner queue the message themselves, in their own transaction:
/// ``AccountStore/changePassword(of:_:to:renewing:as:endingOthers:notice:)``, ``ResetTokenStore/consumeResetToken(_:)``,
/// ``ThrottleStore/settle(_:)``, those of ``EmailChangeStore`` and ``RecoveryEmailStore``, and those with a parameter `notice` or
/// `recognizing`. Some notices go to the recovery email, too: ``RecoveryEmailStore``.
///
/// Messages of one kind to one email are delivered in the order of ``OutboxMessage/createdAt``, one at a time; of two that were
/// queued in the same second, either may come first. Emails are compared without the case of ASCII letters, kinds byte for byte.
/// The order is by email and not by user, because it is the recipient who would see messages in a wrong order, and not every
/// message has a user.
public protocol OutboxStore: Sendable {
  /// Saves a message that is due at once, unless `limit` messages of its kind are already waiting; returns whether it was saved.
  func addMessage(_ message: OutboxMessage, limit: Int) async throws(StoreError) -> Bool

  /// Claims the message that has been due longest by `now`, if there is one: counts one more try and makes it due again at
  /// `deadline`, in case its worker dies. No two simultaneous calls claim the same message.
  ///
  /// A message is not claimed while an older one of its kind to its email is stored, whether that one is being delivered, is due
  /// or has been postponed. So a message that cannot be delivered holds up those behind it, and no others, until it is given up:
  /// ``Auth/deliveryWindow``. A message behind which no older one waits any more is due at once, unless it has been tried.
  func claimMessage(now: Timestamp, until deadline: Timestamp) async throws(StoreError) -> OutboxMessage?

  /// Makes the message, if it still exists, due at `moment`.
  func postponeMessage(_ id: OutboxMessage.ID, until moment: Timestamp) async throws(StoreError)

  /// Deletes the message. An unknown id is not an error.
  func removeMessage(_ id: OutboxMessage.ID) async throws(StoreError)

  /// The first `limit` of the selected messages that come after `last`, in the order in which they were queued: by
  /// ``OutboxMessage/createdAt``, then by the bytes of their ids. It may look through the whole outbox, but nothing waits for it.
  func findWaitingMessages(
    _ selection: OutboxMessage.Selection, after last: OutboxMessage?, limit: Int
  ) async throws(StoreError) -> [OutboxMessage.Waiting]

  /// Counts the messages of each kind. It may look through the whole outbox, but nothing waits for it.
  func countMessages() async throws(StoreError) -> [OutboxMessage.Kind: OutboxMessage.Backlog]

  /// Makes selected messages that are due after `now` due at `now`, at most `limit` of them, and returns how many it changed:
  /// fewer than `limit` only if no more were left.
  func hastenMessages(
    _ selection: OutboxMessage.Selection, to now: Timestamp, limit: Int
  ) async throws(StoreError) -> Int

  /// Deletes selected messages, at most `limit` of them, and returns those that it deleted: fewer than `limit` only if no more
  /// were left.
  func dropMessages(_ selection: OutboxMessage.Selection, limit: Int) async throws(StoreError) -> [OutboxMessage]
}
