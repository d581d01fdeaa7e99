/// The store's port for disabling accounts.
///
/// ``SessionStore/addSession(_:limit:live:ifPassword:replacing:settling:recognizing:)`` saves no session for a disabled user. So
/// a session that exists is one of a user who may use it, and no lookup of a session has to ask.
public protocol DisablingStore: Sendable {
  /// Disables the user from `moment` on, and deletes all their sessions in the same step. The password, the reset token and
  /// everything else stay. A user who is disabled already stays so from the earlier moment. Otherwise `notice` is queued.
  ///
  /// - Returns: the ids of the deleted sessions that were among `live`; nil if the user was disabled already.
  /// - Throws: ``StoreError/noResultFound`` when no user has this id.
  func disableUser(
    _ id: User.ID, at moment: Timestamp, endingSessionsIn live: Session.Cutoff, notice: OutboxMessage?
  ) async throws(StoreError) -> [TokenDigest]?

  /// Enables the user and queues `notice` if they were disabled, and returns whether they were.
  ///
  /// - Throws: ``StoreError/noResultFound`` when no user has this id.
  func enableUser(_ id: User.ID, notice: OutboxMessage?) async throws(StoreError) -> Bool

  /// The moment from which the user is disabled; nil for one who is not, or does not exist.
  func disabledAt(_ id: User.ID) async throws(StoreError) -> Timestamp?
}
