/// The store's port for accounts.
public protocol AccountStore: Sendable {
  /// Saves a new user and returns it. Ids count upwards and are never used again; gaps are allowed.
  ///
  /// - Throws: ``StoreError/emailTaken`` when a user has this email, in any ASCII letter case, or can take it back.
  func addUser(email: Email, hashedPassword: PasswordHash) async throws(StoreError) -> User

  /// The first user, by id, that matches all filters.
  ///
  /// - Throws: ``StoreError/noResultFound``.
  func findUser(by filters: [User.Filter]) async throws(StoreError) -> User

  /// Reads what a login needs at its start: the user with this email, or nil if there is none or `email` is nil; whether they are
  /// disabled; when their account ends, if it is unverified; and the counters of these keys, in the order of the keys.
  func findUser(
    email: Email?, counters keys: [Throttle.Key]
  ) async throws(StoreError) -> (user: User?, isDisabled: Bool, unverifiedUntil: Timestamp?, counters: [Throttle.Counter])

  /// Makes all the changes to the user with this id, or none.
  ///
  /// - Throws: ``StoreError/noResultFound`` when no user has this id; ``StoreError/emailTaken``.
  func updateUser(_ id: User.ID, _ changes: [User.Change]) async throws(StoreError)

  /// Replaces the user's hash if it is still `expected`, and returns whether it was.
  func replaceHashedPassword(
    of id: User.ID, _ expected: PasswordHash, with hash: PasswordHash
  ) async throws(StoreError) -> Bool

  /// Sets a new password and renews the session that asked for it. If the user's hash is still `expected` and `old` is one of
  /// their sessions, this stores `hash`, revokes the reset token, voids an open change of the email, ends `old` and, if
  /// `endingOthers`, all other sessions, saves `new`, which becomes the user's `sessionID`, and queues `notice`. Otherwise it
  /// changes nothing.
  ///
  /// - Returns: whether the password was changed.
  func changePassword(
    of id: User.ID, _ expected: PasswordHash, to hash: PasswordHash,
    renewing old: TokenDigest, as new: Session, endingOthers: Bool, notice: OutboxMessage?
  ) async throws(StoreError) -> Bool

  /// Deletes the user with all sessions and tokens and queues `notice` if their hash is still `expected`, and returns whether it
  /// was. Messages in the outbox stay.
  func deleteUser(
    _ id: User.ID, ifPassword expected: PasswordHash, notice: OutboxMessage?
  ) async throws(StoreError) -> Bool
}

extension AccountStore {
  /// The first user, by id, that matches all filters.
  ///
  /// - Throws: ``StoreError/noResultFound``.
  public func findUser(by filters: User.Filter...) async throws(StoreError) -> User {
    try await findUser(by: filters)
  }

  /// Makes all the changes to the user with this id, or none.
  ///
  /// - Throws: ``StoreError/noResultFound`` when no user has this id; ``StoreError/emailTaken``.
  public func updateUser(_ id: User.ID, _ changes: User.Change...) async throws(StoreError) {
    try await updateUser(id, changes)
  }
}
