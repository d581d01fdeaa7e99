/// The store's port for sessions.
public protocol SessionStore: Sendable {
  /// Saves a session. Deletes the user's sessions that are not in `live` and then, if necessary, the oldest ones, so that at most
  /// `limit` are left, including the new one; `limit` is at least 1. The user's `sessionID` is the new session's until that one
  /// is deleted; after that it is nil, even if older sessions are live.
  ///
  /// For a user who is disabled, nothing is saved, changed or counted.
  ///
  /// A client is remembered in the same step, as ``KnownClient/Sighting/change(lastSeen:hasLoggedIn:)`` says, if the session is
  /// saved. It is deleted with the user.
  ///
  /// - Parameters:
  ///   - limit: the most sessions that the user may have, including the new one.
  ///   - live: which sessions are live.
  ///   - session: the new session.
  ///   - ifPassword: the hash against which the password was checked. If the user's hash has changed since, nothing is saved: a
  ///     session must not outlive the password that it was opened with.
  ///   - former: the session that the new one replaces, even if it is another user's. It ends before the others are counted.
  ///   - attempt: the attempt to settle in the same step; nil for a session opened without a password. If the attempt is
  ///     refused, nothing is saved.
  ///   - sighting: the client to be remembered; nil for none.
  /// - Throws: ``StoreError/noResultFound`` when the user does not exist.
  func addSession(
    _ session: Session, limit: Int, live: Session.Cutoff, ifPassword: PasswordHash?, replacing former: TokenDigest?,
    settling attempt: Throttle.Attempt?, recognizing sighting: KnownClient.Sighting?
  ) async throws(StoreError) -> Session.Opening

  /// The session with this id, if it is among `live`, with its user.
  func findSession(_ id: TokenDigest, in live: Session.Cutoff) async throws(StoreError) -> (session: Session, user: User)?

  /// The user and the last use of the session with this id, if it is among `live`. The default calls ``findSession(_:in:)``;
  /// a store may find them with less work.
  func findUser(
    withSession id: TokenDigest, in live: Session.Cutoff
  ) async throws(StoreError) -> (user: User, lastUsedAt: Timestamp)?

  /// The user's profile and the last use of the session with this id, if it is among `live`. The default calls
  /// ``findSession(_:in:)``; a store may find them with less work.
  func findProfile(
    for id: TokenDigest, in live: Session.Cutoff
  ) async throws(StoreError) -> (profile: Profile, lastUsedAt: Timestamp)?

  /// The user's sessions that are among `live`, the newest first; none for a user who does not exist.
  func findSessions(of id: User.ID, in live: Session.Cutoff) async throws(StoreError) -> [Session]

  /// Records that the session, if it still exists, was used. An earlier moment than the recorded one changes nothing.
  func touchSession(_ id: TokenDigest, at moment: Timestamp) async throws(StoreError)

  /// Deletes the session with this id, live or not, and returns its user; nil when it was not among `live`.
  func endSession(_ id: TokenDigest, in live: Session.Cutoff) async throws(StoreError) -> User.ID?

  /// Deletes the selected sessions of the user, live or not, and returns the ids of those that were among `live`.
  func endSessions(
    _ selection: Session.Selection, of id: User.ID, in live: Session.Cutoff
  ) async throws(StoreError) -> [TokenDigest]
}

extension SessionStore {
  /// The default, which reads the session whole.
  public func findUser(
    withSession id: TokenDigest, in live: Session.Cutoff
  ) async throws(StoreError) -> (user: User, lastUsedAt: Timestamp)? {
    try await findSession(id, in: live).map { ($0.user, $0.session.lastUsedAt) }
  }

  /// The default, which reads the session and its user whole.
  public func findProfile(
    for id: TokenDigest, in live: Session.Cutoff
  ) async throws(StoreError) -> (profile: Profile, lastUsedAt: Timestamp)? {
    try await findSession(id, in: live).map { ($0.user.profile, $0.session.lastUsedAt) }
  }
}
