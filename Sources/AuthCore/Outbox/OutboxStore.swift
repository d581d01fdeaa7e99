/// The store's port for messages that are waiting to be delivered.
///
/// Operations that change something and tell its owner queue the message themselves, in their own transaction:
/// ``AccountStore/changePassword(of:_:to:renewing:as:endingOthers:notice:)``, ``ResetTokenStore/consumeResetToken(_:)``,
/// ``ThrottleStore/settle(_:)``, and those with a parameter `notice` or `recognizing`.
public protocol OutboxStore: Sendable {
  /// Saves a message that is due at once, unless `limit` messages of its kind are already waiting; returns whether it was saved.
  func addMessage(_ message: OutboxMessage, limit: Int) async throws(StoreError) -> Bool

  /// Claims the message that has been due longest by `now`, if there is one: counts one more try and makes it due again at
  /// `deadline`, in case its worker dies. No two simultaneous calls claim the same message.
  func claimMessage(now: Timestamp, until deadline: Timestamp) async throws(StoreError) -> OutboxMessage?

  /// Makes the message, if it still exists, due at `moment`.
  func postponeMessage(_ id: OutboxMessage.ID, until moment: Timestamp) async throws(StoreError)

  /// Deletes the message. An unknown id is not an error.
  func removeMessage(_ id: OutboxMessage.ID) async throws(StoreError)
}
