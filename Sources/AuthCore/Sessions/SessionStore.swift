/// The store's port for sessions.
public protocol SessionStore: Sendable {
  /// Saves a session. Of the user's sessions only those in `live` stay, and of these the newest, so that there are at most
  /// `limit`, which is at least 1, with the new one. The user's `sessionID` is the new session's until that one is deleted; then
  /// it is nil, even if older ones are live.
  ///
  /// - Parameters:
  ///   - ifPassword: the hash against which the password was checked. If the user has another by now, nothing is saved: a session
  ///     must not outlive the password that it was opened with.
  ///   - former: a session, of any user, that ends with this, before the others are counted.
  ///   - attempt: settled in the same step; if it is refused, nothing is saved. nil for a session that no password opens.
  /// - Throws: ``StoreError/noResultFound`` when the user does not exist.
  func addSession(
    _ session: Session, limit: Int, live: Session.Cutoff, ifPassword: PasswordHash?, replacing former: TokenDigest?,
    settling attempt: Throttle.Attempt?
  ) async throws(StoreError) -> Session.Opening

  /// The session with this id, if it is among `live`, with its user.
  func findSession(_ id: TokenDigest, in live: Session.Cutoff) async throws(StoreError) -> (session: Session, user: User)?

  /// The user and the last use of the session with this id, if it is among `live`. The default asks ``findSession(_:in:)``; a
  /// store may know this with less work.
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
  /// The default, which reads the session and its user whole.
  public func findProfile(
    for id: TokenDigest, in live: Session.Cutoff
  ) async throws(StoreError) -> (profile: Profile, lastUsedAt: Timestamp)? {
    try await findSession(id, in: live).map { ($0.user.profile, $0.session.lastUsedAt) }
  }
}
