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

  /// Creates the account of a registration, if it is still there and expires after `now`. Its email is verified. This deletes
  /// the registration and all others of the email. Of several calls for one email, at most one succeeds.
  ///
  /// - Throws: ``StoreError/noResultFound`` if the registration is not there; ``StoreError/emailTaken`` when a user has the
  ///   email.
  func completeRegistration(_ registration: Registration, now: Timestamp) async throws(StoreError) -> User

  /// When the user's present email was verified; nil if it was not, or there is no such user.
  func emailVerifiedAt(_ id: User.ID) async throws(StoreError) -> Timestamp?
}
