extension Auth {
  /// Deletes some of what has ended: sessions, reset tokens, failures that are forgotten. What has ended counts for nothing whether it
  /// is deleted or not; this is to keep the store small. Call it until it answers less than `limit`, now and then.
  ///
  /// - Parameter limit: how many rows may be deleted at a time. A store lets nobody else write meanwhile.
  /// - Returns: how many were.
  public func purge(limit: Int = 100) async throws(AuthError) -> Int {
    precondition(limit > 0, "a limit that is none would delete everything at once")
    let now = clock.now
    let ended = Purge.Scope(
      live: policy.liveSessions(at: now), failuresBefore: now - policy.throttling.memory,
      lockThreshold: policy.throttling.loginPerEmail.lockThreshold ?? .max, limit: limit)
    let purged: Purge.Result
    do { purged = try await store.purge(ended) } catch { throw AuthError(error) }
    for session in purged.sessions { record(.sessionExpired, session.userID, session: session.id) }
    return purged.count
  }
}
