import AuthCore
import Synchronization

extension FaultyStore {
  func addResetRequest(_ request: ResetRequest, limit: Int) async throws(StoreError) -> Bool {
    let known = memory.withLock { $0.requests }
    switch fault {
    case .oneForEachAddress where known.contains(where: { $0.email == request.email }): return true
    case .onlyForAccounts where await !users().contains(where: { $0.email == request.email }): return true
    case .countsThenRequests:
      await letOthersRun()
      guard known.count < limit else { return false }
    default: break
    }
    let isAdded = try await base.addResetRequest(kept(request), limit: isLimited ? limit : .max)
    if isAdded { memory.withLock { $0.requests.append(request) } }
    if !isAdded, fault == .keepsRefused { _ = try await base.addResetRequest(request, limit: .max) }
    return isAdded
  }

  private var isLimited: Bool { fault != .ignoresRequestLimit && fault != .countsThenRequests }

  private func kept(_ request: ResetRequest) -> ResetRequest {
    switch fault {
    case .startsTriesAnew: ResetRequest(id: request.id, email: request.email, createdAt: request.createdAt)
    case .dropsQuotesOfRequest:
      ResetRequest(
        id: request.id, email: Email(stored: request.email.text.filter { $0 != "'" }), createdAt: request.createdAt)
    default: request
    }
  }

  func claimResetRequest(now: Timestamp, until deadline: Timestamp) async throws(StoreError) -> ResetRequest? {
    let claimed = try await base.claimResetRequest(now: now, until: fault == .leavesClaimedDue ? now : deadline)
    switch fault {
    case .claimsNewest:
      // Lets go of what it has, and takes the next.
      guard let claimed, let next = try await base.claimResetRequest(now: now, until: deadline) else { return claimed }
      try await base.postponeResetRequest(claimed.id, until: now)
      return next
    case .looksThenClaims:
      // As if nobody had it until others have looked.
      guard let claimed else { return nil }
      try await base.postponeResetRequest(claimed.id, until: now)
      await letOthersRun()
      try await base.postponeResetRequest(claimed.id, until: deadline)
      return claimed
    case .handsOutTwice:
      return memory.withLock { memory in
        if let claimed { memory.claimed = claimed }
        return claimed ?? memory.claimed
      }
    default: return claimed
    }
  }

  func postponeResetRequest(_ id: ResetRequest.ID, until moment: Timestamp) async throws(StoreError) {
    try requireKnown(id)
    switch fault {
    case .neverPostpones: break
    case .keeps32BitDueTimes:
      try await base.postponeResetRequest(id, until: min(moment, Timestamp(secondsSince1970: Int64(Int32.max))))
    default: for id in meant(by: id) { try await base.postponeResetRequest(id, until: moment) }
    }
  }

  func removeResetRequest(_ id: ResetRequest.ID) async throws(StoreError) {
    try requireKnown(id)
    guard fault != .keepsRemoved else { return }
    for id in meant(by: id) { try await base.removeResetRequest(id) }
  }

  private func requireKnown(_ id: ResetRequest.ID) throws(StoreError) {
    guard fault != .refusesUnknownRequest || memory.withLock({ $0.requests.contains { $0.id == id } }) else {
      throw .noResultFound
    }
  }

  /// The requests on which the store acts in the place of one.
  private func meant(by id: ResetRequest.ID) -> [ResetRequest.ID] {
    let known = memory.withLock { $0.requests.map(\.id) }
    return switch fault {
    case .takesOneRequestForAll: known
    // Swift's strings are equal when they are canonically equivalent.
    case .comparesRequestIDsAsCharacters: known.filter { $0 == id }
    default: [id]
    }
  }
}
