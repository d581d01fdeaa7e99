extension Auth {
  /// Deletes at most `limit` rows and returns how many it deleted; fewer than `limit` when none are left.
  public typealias PurgeStep = @Sendable (_ limit: Int) async throws -> Int

  /// Deletes what has ended, a little at a time, until the task is cancelled. Run it alongside the service, in one process or in
  /// several.
  ///
  /// Each round also reports how many sessions are open and how many messages wait, if the application has a backend for
  /// swift-metrics.
  ///
  /// - Parameters:
  ///   - interval: the time between two rounds.
  ///   - others: what else to purge in each round, such as an audit log.
  ///   - onFailure: called with each error; the next round tries again.
  public func runMaintenance(
    every interval: Duration = .seconds(60), purging others: [PurgeStep] = [],
    onFailure: @escaping @Sendable (any Error) -> Void
  ) async {
    await Self.runMaintenance(of: { self }, every: interval, purging: others, onFailure: onFailure)
  }

  /// The loop of ``runMaintenance(every:purging:onFailure:)`` for an `Auth` that is replaced meanwhile.
  ///
  /// - Parameter current: returns the one in force.
  package static func runMaintenance(
    of current: @escaping @Sendable () -> Auth, every interval: Duration = .seconds(60), purging others: [PurgeStep] = [],
    onFailure: @escaping @Sendable (any Error) -> Void
  ) async {
    let steps = [{ limit in try await current().purge(limit: limit) }] + others
    while !Task.isCancelled {
      await current().reportGauges()
      for step in steps {
        do { try await repeatUntilDone(step) } catch is CancellationError { return } catch { onFailure(error) }
      }
      try? await Task.sleep(for: interval)
    }
  }

  /// Deletes some of what has ended: sessions, reset tokens, registrations, unverified accounts, changes of emails, requests for
  /// recovery emails, counters and clients past their memory. What has ended counts for nothing whether it is deleted or not;
  /// this keeps the store small. Only two things wait for it: an email that could be taken back is free for other users no sooner
  /// than this has run, nor are the sessions of an unverified account that has ended over.
  /// ``runMaintenance(every:purging:onFailure:)`` calls it.
  ///
  /// - Parameter limit: the maximum number of rows to delete. Other writes wait for them.
  /// - Returns: how many were deleted; fewer than `limit` when none are left.
  public func purge(limit: Int = 100) async throws(AuthError) -> Int {
    precondition(limit > 0, "a limit below 1 would delete nothing, or everything at once")
    let now = clock.now
    let scope = Purge.Scope(
      live: policy.liveSessions(at: now), countersBefore: now - policy.throttling.memory,
      lockThreshold: policy.throttling.loginPerEmail.lockThreshold ?? .max,
      // Under a policy without notices, too: another server may send them from the same store.
      clientsBefore: now - (policy.notices.clientMemory ?? AuthPolicy.strict.notices.clientMemory ?? .zero), limit: limit)
    let purged: Purge.Result
    do { purged = try await store.purge(scope) } catch { throw AuthError(error) }
    for session in purged.sessions { record(.sessionExpired, of: session.userID, session: session.id, from: .unknown) }
    for id in purged.users { record(.userExpired, of: id, from: .unknown) }
    return purged.count
  }

  /// If the store fails, the metrics keep their values: that it fails, other metrics say.
  private func reportGauges() async {
    guard metrics.hasBackend else { return }
    let now = clock.now
    guard let gauges = try? await store.gauges(live: policy.liveSessions(at: now)) else { return }
    metrics.report(gauges, at: now)
    guard let backlogs = try? await store.countMessages() else { return }
    metrics.report(backlogs, at: now)
  }

  private static func repeatUntilDone(_ step: PurgeStep) async throws {
    // Each batch holds the writer for a few milliseconds; other writes go between two of them.
    let (batch, breath) = (50, Duration.milliseconds(50))
    while try await step(batch) == batch { try await Task.sleep(for: breath) }
  }
}
