import AuthCore
import Synchronization

extension FaultyRepository {
  func addResetRequest(_ request: ResetRequest, limit: Int) async throws(RepositoryError) -> Bool {
    try await base.addResetRequest(request, limit: fault == .ignoresRequestLimit ? .max : limit)
  }

  func claimResetRequest(now: Timestamp, until deadline: Timestamp) async throws(RepositoryError) -> ResetRequest? {
    let claimed = try await base.claimResetRequest(now: now, until: fault == .leavesClaimedDue ? now : deadline)
    switch fault {
    case .claimsNewest:
      // Lets go of what it has, and takes the next.
      guard let claimed, let next = try await base.claimResetRequest(now: now, until: deadline) else { return claimed }
      try await base.postponeResetRequest(claimed.id, until: now)
      return next
    case .handsOutTwice:
      return memory.withLock { memory in
        if let claimed { memory.claimed = claimed }
        return claimed ?? memory.claimed
      }
    default: return claimed
    }
  }

  func postponeResetRequest(_ id: ResetRequest.ID, until moment: Timestamp) async throws(RepositoryError) {
    if fault != .neverPostpones { try await base.postponeResetRequest(id, until: moment) }
  }

  func removeResetRequest(_ id: ResetRequest.ID) async throws(RepositoryError) {
    if fault != .keepsRemoved { try await base.removeResetRequest(id) }
  }

  func findFailures(of keys: [FailureKey]) async throws(RepositoryError) -> [FailureCount] {
    try await base.findFailures(of: keys)
  }

  func updateFailures<Answer: Sendable>(
    of keys: [FailureKey], _ update: @escaping @Sendable (inout [FailureCount]) -> Answer
  ) async throws(RepositoryError) -> Answer {
    switch fault {
    case .losesSecondFailure:
      return try await base.updateFailures(of: keys) { counts in
        let before = counts
        defer { counts.replaceSubrange(1..., with: before.dropFirst()) }
        return update(&counts)
      }
    case .keepsEndedRow:
      return try await base.updateFailures(of: keys) { counts in
        let before = counts
        defer { for index in counts.indices where counts[index].count == 0 { counts[index] = before[index] } }
        return update(&counts)
      }
    case .looksThenCounts:
      var counts = try await base.findFailures(of: keys)
      let answer = update(&counts)
      await letOthersRun()
      return try await base.updateFailures(of: keys) { [counts] stored in
        stored = counts
        return answer
      }
    default: return try await base.updateFailures(of: keys, update)
    }
  }

  func purge(_ ended: EndedRows) async throws(RepositoryError) -> PurgedRows {
    let shift = fault == .purgesLate ? Duration.seconds(-1) : fault == .purgesEarly ? .seconds(1) : .zero
    return try await base.purge(
      EndedRows(
        live: LiveSessions(expiringAfter: ended.live.expiringAfter + shift, usedAfter: ended.live.usedAfter),
        failuresBefore: ended.failuresBefore, failuresBelow: ended.failuresBelow,
        limit: fault == .ignoresPurgeLimit ? .max : ended.limit))
  }
}
