/// The store's port for changes of emails.
///
/// What ends with a change is deleted in the transaction of its cause:
/// - A new password, whether it was changed, reset or set by ``AccountStore/updateUser(_:_:)``, voids the user's open change and
///   the rights that came with its request. Rights to undo what has happened stay.
/// - A new email from ``AccountStore/updateUser(_:_:)`` voids those, too.
/// - An email that can be taken back is taken for every other user, until the purge has deleted the right.
///
/// While an account is unverified, no one has shown that they read its email. So a reader of it gets no right to stop or undo a
/// change, and no notice.
public protocol EmailChangeStore: Sendable {
  /// Saves a change in place of the user's open one, and a right to stop it, and queues both messages. Rights that came with
  /// earlier requests stay. It is the same whether an account has the new email or not.
  ///
  /// - Parameters:
  ///   - request: the change, the right to stop it, and both messages.
  ///   - limit: the number of messages of the kind of ``EmailChange/Request/message`` that may wait.
  func addEmailChange(_ request: EmailChange.Request, limit: Int) async throws(StoreError) -> EmailChange.Adding

  /// Gives an open change a challenge in place of an earlier one, if it expires after `now`, and returns it.
  func challengeEmailChange(
    _ id: EmailChange.ID, with challenge: EmailChange.Challenge, now: Timestamp
  ) async throws(StoreError) -> EmailChange?

  /// Counts a try for the open change that a proof names, and returns it if the proof is right: the change and, for a code, the
  /// code expire after `now`, and fewer than `limit` tries were counted before. Otherwise, nil.
  ///
  /// A wrong code counts for the user's change. Of simultaneous tries no more than `limit` count.
  func tryEmailChange(_ proof: EmailChange.Proof, limit: Int, now: Timestamp) async throws(StoreError) -> EmailChange?

  /// Gives the user the new email, which is verified now, if the change is still open and expires after
  /// ``EmailChange/Confirmation/now``, the user has the former email and is not disabled, and their account, if it is unverified,
  /// has not ended by then. Of several calls for one email, at most one succeeds.
  ///
  /// It deletes the change, the user's reset token and all registrations of the new email, saves the right to undo the change,
  /// gives its end to the rights of the request, moves the counters and queues the notice. An unverified account that has the new
  /// email is deleted with everything that belongs to it. The user's own account counts as verified from then on; if it was
  /// unverified before, its former email gets no right and no notice.
  ///
  /// - Returns: the user, who has the new email, and the id of the one whose unverified account was deleted.
  /// - Throws: ``StoreError/noResultFound`` if the change is not there; ``StoreError/emailTaken`` when another user has the new
  ///   email, or can take it back.
  func confirmEmailChange(
    _ confirmation: EmailChange.Confirmation
  ) async throws(StoreError) -> (user: User, replaced: User.ID?)

  /// Gives a right a token in place of an earlier one, if it expires after `now`, and returns it.
  func issueTakeBackToken(
    _ token: TokenDigest, for id: EmailTakeBack.ID, now: Timestamp
  ) async throws(StoreError) -> EmailTakeBack?

  /// The right that has this token, if it expires after `now`, with its user.
  func findTakeBack(
    withToken token: TokenDigest, now: Timestamp
  ) async throws(StoreError) -> (takeBack: EmailTakeBack, user: User)?

  /// Uses the token of a right: its user gets the email back, which is verified now, and the new hash.
  ///
  /// It ends all the user's sessions, and deletes the reset token, the open change, the right itself with those that came with
  /// the same change, and all that came with later ones; those of earlier changes stay. It deletes the recovery email, if that
  /// was verified at or after ``EmailTakeBack/Use/recoveryEmailAge`` before the first of the rights that came with the same
  /// change was given. Then it clears the counters and queues the notices. A disabled user stays disabled. However many calls use
  /// one token, at most one succeeds.
  ///
  /// - Throws: ``StoreError/emailTaken`` when another user has the email.
  func takeBackEmail(_ use: EmailTakeBack.Use) async throws(StoreError) -> EmailTakeBack.Outcome
}
