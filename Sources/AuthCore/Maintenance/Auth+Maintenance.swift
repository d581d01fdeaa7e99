extension Auth {
  /// Deletes what has ended, a little at a time, until the task is cancelled. Run it beside the service, in one process or in several.
  ///
  /// - Parameters:
  ///   - interval: the time between two rounds.
  ///   - onFailure: is told when the store cannot delete; the next round tries again.
  public func runMaintenance(
    every interval: Duration = .seconds(60), onFailure: @escaping @Sendable (AuthError) -> Void
  ) async {
    while !Task.isCancelled {
      do {
        // Each batch holds the writer for a few milliseconds; other writes go between two of them.
        while try await purge(limit: Self.batch) == Self.batch, !Task.isCancelled { try? await Task.sleep(for: Self.breath) }
      } catch {
        onFailure(error)
      }
      try? await Task.sleep(for: interval)
    }
  }

  private static let batch = 50
  private static let breath = Duration.milliseconds(50)

  /// Deletes some of what has ended: sessions, reset tokens, counters past their memory. What has ended counts for nothing whether it
  /// is deleted or not; this keeps the store small. ``runMaintenance(every:onFailure:)`` calls it.
  ///
  /// - Parameter limit: the maximum number of rows to delete. Other writes wait for them.
  /// - Returns: how many were deleted; fewer than `limit` when none are left.
  public func purge(limit: Int = 100) async throws(AuthError) -> Int {
    precondition(limit > 0, "a limit below 1 would delete nothing, or everything at once")
    let now = clock.now
    let scope = Purge.Scope(
      live: policy.liveSessions(at: now), countersBefore: now - policy.throttling.memory,
      lockThreshold: policy.throttling.loginPerEmail.lockThreshold ?? .max, limit: limit)
    let purged: Purge.Result
    do { purged = try await store.purge(scope) } catch { throw AuthError(error) }
    for session in purged.sessions { record(.sessionExpired, session.userID, session: session.id) }
    return purged.count
  }
}
