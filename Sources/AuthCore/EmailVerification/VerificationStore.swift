/// The store's port for the verification of emails.
public protocol VerificationStore: Sendable {
  /// Saves a registration and queues its message, whether an account has the email or not; or does neither if `limit` messages of
  /// its kind are already waiting.
  ///
  /// - Returns: whether it was saved.
  func addRegistration(
    _ registration: Registration, queueing message: OutboxMessage, limit: Int
  ) async throws(StoreError) -> Bool

  /// Gives a registration a challenge in place of an earlier one, if it expires after `now`, and returns it.
  func challengeRegistration(
    _ id: Registration.ID, with challenge: Registration.Challenge, now: Timestamp
  ) async throws(StoreError) -> Registration?

  /// Counts a try for the registration that a proof names, and returns it if the proof is right: the registration and, for a
  /// code, the code expire after `now`, and fewer than `limit` tries were counted before. Otherwise, nil.
  ///
  /// A wrong code counts for the registration that it names. Of simultaneous tries no more than `limit` count.
  func tryRegistration(_ proof: Registration.Proof, limit: Int, now: Timestamp) async throws(StoreError) -> Registration?

  /// Completes a registration, if it is still there and expires after `now`. Its email is verified then, and the registration is
  /// deleted with all others of the email. Of several calls for one email, at most one succeeds.
  ///
  /// - If no user has the email, this creates the account of the registration.
  /// - If the registration has opened the account that has the email, and it is unverified, this makes it an account like any
  ///   other, which stays as it is.
  /// - If another registration has opened the account that has the email, and it is unverified, this deletes it with everything
  ///   that belongs to it, and creates the account of the registration.
  ///
  /// - Parameters:
  ///   - registration: the registration.
  ///   - expected: the hash that the account must have, or is to have; nil for any.
  ///   - now: the current time.
  /// - Throws: ``StoreError/noResultFound`` if the registration is not there; ``StoreError/emailTaken`` when any other user has
  ///   the email, or can take it back.
  func completeRegistration(
    _ registration: Registration, ifPassword expected: PasswordHash?, now: Timestamp
  ) async throws(StoreError) -> Registration.Completion

  /// When the user's present email was verified; nil if it was not, or there is no such user.
  func emailVerifiedAt(_ id: User.ID) async throws(StoreError) -> Timestamp?

  /// Saves a registration and queues its message, as ``addRegistration(_:queueing:limit:)`` does. If no user has the email, this
  /// also creates the account of the registration, which is unverified until the registration expires.
  ///
  /// Until it is verified, the account gets no reset token, and no reader of its email may take it back. When it is deleted, or
  /// no longer unverified, its registration is gone. Of simultaneous calls for one email, one opens an account.
  ///
  /// - Throws: ``StoreError/emailTaken`` when a user has the email whose account is not unverified, or can take it back. Nothing
  ///   was changed.
  func openUnverifiedAccount(
    _ registration: Registration, queueing message: OutboxMessage, limit: Int
  ) async throws(StoreError) -> Registration.Opening

  /// What is known of the user's account if it is unverified; nil if it is not, or there is no such user.
  func unverifiedAccount(_ id: User.ID) async throws(StoreError) -> UnverifiedAccount?

  /// Makes an unverified account one like any other, and deletes all registrations of its email. The email does not count as
  /// verified.
  ///
  /// - Returns: whether the account was unverified.
  /// - Throws: ``StoreError/noResultFound`` when no user has this id.
  func vouchForEmail(of id: User.ID) async throws(StoreError) -> Bool
}
