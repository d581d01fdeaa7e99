/// Where accounts, sessions and reset tokens are kept: what an ``Auth`` asks of a store.
///
/// Every operation is atomic: it happens wholly or not at all, and operations that run at the same time come out as if they had
/// run one after another. What an operation that changes something has returned is durable, if the store is durable at all. A
/// store never sees a password, a session id or a reset token, only what stands in their place.
///
/// `AuthTesting` has the rules below as a suite that any store can be held against: `StoreContract`.
///
/// Every operation throws ``StoreError/unavailable(_:)`` when the store cannot answer. Only further errors are named below.
public protocol AuthStore: Sendable {
  // MARK: Accounts

  /// Saves a new user and returns it. Ids count 1, 2, … without gaps, for a refused user takes none, and are never used again.
  ///
  /// - Throws: ``StoreError/emailTaken`` when a user has this address, in whatever ASCII letter case.
  func addUser(email: Email, hashedPassword: PasswordHash) async throws(StoreError) -> User

  /// The first user, by id, that satisfies all filters.
  ///
  /// - Throws: ``StoreError/noResultFound``.
  func findUser(by filters: [User.Filter]) async throws(StoreError) -> User

  /// Makes all the changes to the user with this id, or none.
  ///
  /// - Throws: ``StoreError/noResultFound`` when nobody has this id; ``StoreError/emailTaken``.
  func updateUser(_ id: User.ID, _ changes: [User.Change]) async throws(StoreError)

  /// Replaces the user's hash if it still is `expected`, and says whether it was.
  func replaceHashedPassword(
    of id: User.ID, _ expected: PasswordHash, with hash: PasswordHash
  ) async throws(StoreError) -> Bool

  /// Gives the user a new password and the session that goes on a new id, and says whether it did: if the user's hash still is
  /// `expected` and `old` one of their sessions, stores `hash`, takes back the reset token, ends `old` and, if asked to, all other
  /// sessions, and saves `new`, which becomes the user's `sessionID`. Otherwise it changes nothing.
  func changePassword(
    of id: User.ID, _ expected: PasswordHash, to hash: PasswordHash,
    renewing old: TokenDigest, as new: Session, endingOthers: Bool
  ) async throws(StoreError) -> Bool

  /// Deletes the user with all sessions and tokens, if their hash still is `expected`, and says whether it was. The id is not
  /// used again.
  func deleteUser(_ id: User.ID, ifPassword expected: PasswordHash) async throws(StoreError) -> Bool

  // MARK: Sessions

  /// Saves a session. Of the user's sessions only those in `live` stay, and of these the newest, so that there are at most
  /// `limit`, which is at least 1, with the new one. The user's `sessionID` is the new session's until that one is deleted; then it is
  /// nil, even if older ones live on.
  ///
  /// - Parameters:
  ///   - ifPassword: the hash against which the password was checked. When the user has another by now, nothing is saved and the
  ///     answer is false: a session must not outlive the password that it was opened with.
  ///   - former: a session, anybody's, that ends with this, before the others are counted.
  /// - Throws: ``StoreError/noResultFound`` when the user does not exist.
  func addSession(
    _ session: Session, limit: Int, live: Session.Cutoff, ifPassword: PasswordHash?, replacing former: TokenDigest?
  ) async throws(StoreError) -> Bool

  /// The session with this id, if it is among `live`, with its user.
  func findSession(_ id: TokenDigest, in live: Session.Cutoff) async throws(StoreError) -> (session: Session, user: User)?

  /// What ``findSession(_:in:)`` says of the session's user and last use. By default it is asked; a store may know this with less work.
  func findProfile(
    for id: TokenDigest, in live: Session.Cutoff
  ) async throws(StoreError) -> (profile: Profile, lastUsedAt: Timestamp)?

  /// The user's sessions that are among `live`, the newest first; none for a user who does not exist.
  func findSessions(of id: User.ID, in live: Session.Cutoff) async throws(StoreError) -> [Session]

  /// Notes that the session, if it still exists, was used.
  func touchSession(_ id: TokenDigest, at moment: Timestamp) async throws(StoreError)

  /// Deletes the session with this id, live or not, and says whose it was; nil when it was not among `live`.
  func endSession(_ id: TokenDigest, in live: Session.Cutoff) async throws(StoreError) -> User.ID?

  /// Deletes those of the user's sessions that are selected, live or not, and gives the ids of those that were among `live`.
  func endSessions(
    _ selection: Session.Selection, of id: User.ID, in live: Session.Cutoff
  ) async throws(StoreError) -> [TokenDigest]

  // MARK: Reset tokens

  /// Saves a reset token for the user with this address, in the place of any older one, and returns the user, who has it now.
  ///
  /// - Throws: ``StoreError/noResultFound`` when there is no such user.
  func addResetToken(_ token: ResetToken.Record, for email: Email) async throws(StoreError) -> User

  /// The user for whom this token was issued, if it expires after `now`.
  func findUser(withResetToken id: TokenDigest, now: Timestamp) async throws(StoreError) -> User?

  /// Uses the token up: if it expires after `now`, gives its user the new hash, deletes the token and, if asked to, all the
  /// user's sessions; says whether it did, and otherwise changes nothing. Of any number of calls with one token at most one is
  /// answered true.
  func consumeResetToken(
    _ id: TokenDigest, now: Timestamp, settingPassword hash: PasswordHash, endingSessions: Bool
  ) async throws(StoreError) -> Bool

  // MARK: Requests for reset tokens

  /// Saves a request that is due at once, unless `limit` requests wait already; says whether it did.
  func addResetRequest(_ request: ResetRequest, limit: Int) async throws(StoreError) -> Bool

  /// Takes the request in hand that has been due the longest by `now`, if there is one: notes one more try, and makes it due again at
  /// `deadline`, should nobody report by then what became of it. Of calls at the same time no two get one request.
  func claimResetRequest(now: Timestamp, until deadline: Timestamp) async throws(StoreError) -> ResetRequest?

  /// Makes the request, if it still exists, due at `moment`.
  func postponeResetRequest(_ id: ResetRequest.ID, until moment: Timestamp) async throws(StoreError)

  /// Deletes the request. It is no error if it is gone.
  func removeResetRequest(_ id: ResetRequest.ID) async throws(StoreError)

  // MARK: Failures

  /// What is stored for each of the keys, in their order; ``Throttle.Counter/none`` where nothing is.
  func findFailures(of keys: [Throttle.Key]) async throws(StoreError) -> [Throttle.Counter]

  /// Lends what is stored for each of the keys, in their order, to `update`, stores what it makes of them, and returns what it
  /// returns. Nobody else reads or writes them meanwhile. A count of 0 is deleted. A store that has to begin again calls `update` again.
  func updateFailures<Answer: Sendable>(
    of keys: [Throttle.Key], _ update: @escaping @Sendable (inout [Throttle.Counter]) -> Answer
  ) async throws(StoreError) -> Answer

  // MARK: Ended rows

  /// Deletes some of what has ended, at most ``Purge.Scope/limit`` rows, and gives what it deleted.
  func purge(_ ended: Purge.Scope) async throws(StoreError) -> Purge.Result
}

extension AuthStore {
  public func findProfile(
    for id: TokenDigest, in live: Session.Cutoff
  ) async throws(StoreError) -> (profile: Profile, lastUsedAt: Timestamp)? {
    try await findSession(id, in: live).map { ($0.user.profile, $0.session.lastUsedAt) }
  }

  /// The first user, by id, that satisfies all filters.
  ///
  /// - Throws: ``StoreError/noResultFound``.
  public func findUser(by filters: User.Filter...) async throws(StoreError) -> User {
    try await findUser(by: filters)
  }

  /// Makes all the changes to the user with this id, or none.
  ///
  /// - Throws: ``StoreError/noResultFound`` when nobody has this id; ``StoreError/emailTaken``.
  public func updateUser(_ id: User.ID, _ changes: User.Change...) async throws(StoreError) {
    try await updateUser(id, changes)
  }
}
