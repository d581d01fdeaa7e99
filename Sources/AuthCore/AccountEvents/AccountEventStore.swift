/// The store's port for events that other systems follow: ``AccountEventFeed``. A store need not have it.
///
/// The store itself adds an event in the transaction that creates, deletes, disables or enables an account, or changes its email,
/// no matter which operation or program it was; but only while events are kept.
public protocol AccountEventStore: Sendable {
  /// Keeps events for this long from now on, in place of an earlier duration. None are kept before the first call.
  func keepAccountEvents(for duration: Duration) async throws(StoreError)

  /// Claims the event that has been due longest by `now`, of those that are the oldest of their account: counts one more try and
  /// makes it due again at `deadline`. No two simultaneous calls claim the same event, and none claims an event of an account of
  /// which an older one is still there.
  func claimAccountEvent(now: Timestamp, until deadline: Timestamp) async throws(StoreError) -> AccountEvent?

  /// Makes the event, if it still exists, due at `moment`.
  func postponeAccountEvent(_ id: AccountEvent.ID, until moment: Timestamp) async throws(StoreError)

  /// Deletes the event. An unknown id is not an error.
  func removeAccountEvent(_ id: AccountEvent.ID) async throws(StoreError)
}
