/// The store's port for recovery emails.
///
/// Two rules concern the operations of other ports:
/// - A notice whose kind is one of ``OutboxMessage/Kind/copied``, which is queued for a user who has a recovery email, is queued
///   for that, too, in the same transaction, as ``OutboxMessage/copy(to:of:id:)`` says. The copy has a random UUID of its own.
///   When a user is deleted, the email that they had until then gets the copy.
/// - A request for a recovery email is void when an open change of email is: ``EmailChangeStore``. The recovery email stays,
///   except where ``EmailChangeStore/takeBackEmail(_:)`` deletes it.
public protocol RecoveryEmailStore: Sendable {
  /// Saves a request in place of the user's open one, and queues its message, if the session is one of the user's.
  ///
  /// - Parameters:
  ///   - request: the request, which names the user.
  ///   - session: the id of the session that must be open.
  ///   - message: the message that leads to the confirmation.
  ///   - limit: the number of messages of the message's kind that may wait.
  func addRecoveryEmailRequest(
    _ request: RecoveryEmailRequest, by session: TokenDigest, queueing message: OutboxMessage, limit: Int
  ) async throws(StoreError) -> RecoveryEmailRequest.Adding

  /// Gives an open request a challenge in place of an earlier one, if it expires after `now`, and returns it.
  func challengeRecoveryEmailRequest(
    _ id: RecoveryEmailRequest.ID, with challenge: RecoveryEmailRequest.Challenge, now: Timestamp
  ) async throws(StoreError) -> RecoveryEmailRequest?

  /// Counts a try for the open request that a proof names, and returns it if the proof is right: the request and, for a code, the
  /// code expire after `now`, and fewer than `limit` tries were counted before. Otherwise, nil.
  ///
  /// A wrong code counts for the user's request. Of simultaneous tries no more than `limit` count.
  func tryRecoveryEmailRequest(
    _ proof: RecoveryEmailRequest.Proof, limit: Int, now: Timestamp
  ) async throws(StoreError) -> RecoveryEmailRequest?

  /// Gives the user the email of the request as their recovery email, in place of an earlier one, if the request is still open
  /// and expires after `now`, and the user is not disabled. However many calls confirm one request, at most one returns true.
  ///
  /// It deletes the request and the user's reset token, which the earlier email may have, and queues the notice, whose copy goes
  /// to the earlier email.
  ///
  /// - Returns: whether the request was there.
  func confirmRecoveryEmail(
    _ request: RecoveryEmailRequest, now: Timestamp, notice: OutboxMessage
  ) async throws(StoreError) -> Bool

  /// Deletes the user's recovery email, if the session is one of theirs, with the reset token, which that email may have, and
  /// queues the notice, whose copy goes to that email. It deletes an open request, too, whether there was a recovery email or
  /// not.
  func removeRecoveryEmail(
    of id: User.ID, by session: TokenDigest, notice: OutboxMessage
  ) async throws(StoreError) -> RecoveryEmail.Removal

  /// The user's recovery email; nil for none.
  func findRecoveryEmail(of id: User.ID) async throws(StoreError) -> RecoveryEmail?
}
