import AuthCore
import AuthTesting
import Synchronization

extension FaultyStore {
  func addMessage(_ message: OutboxMessage, limit: Int) async throws(StoreError) -> Bool {
    let known = memory.withLock { $0.messages }
    switch fault {
    case .keepsOneMessagePerEmail where known.contains(where: { $0.email == message.email }): return true
    case .keepsMessagesToUsersOnly where await !users().contains(where: { $0.email == message.email }): return true
    case .limitsAllKinds where known.count >= limit: return false
    case .countsThenQueues:
      await letOthersRun()
      guard known.count < limit else { return false }
    default: break
    }
    let isLimited = fault != .ignoresMessageLimit && fault != .countsThenQueues
    let isAdded = try await base.addMessage(kept(message), limit: isLimited ? limit : .max)
    if isAdded { memory.withLock { $0.messages.append(message) } }
    if !isAdded, fault == .keepsRefused { _ = try await base.addMessage(message, limit: .max) }
    return isAdded
  }

  private func kept(_ message: OutboxMessage) -> OutboxMessage {
    let email = fault == .dropsQuotesOfMessage ? Email(stored: message.email.text.filter { $0 != "'" }) : message.email
    return OutboxMessage(
      id: message.id, kind: message.kind, userID: fault == .losesUserOfMessage ? nil : message.userID, email: email,
      payload: fault == .losesPayload ? nil : message.payload, createdAt: message.createdAt,
      tries: fault == .restartsTries ? 0 : message.tries)
  }

  func claimMessage(now: Timestamp, until deadline: Timestamp) async throws(StoreError) -> OutboxMessage? {
    let claimed = try await base.claimMessage(now: now, until: fault == .leavesClaimedDue ? now : deadline)
    switch fault {
    case .claimsNewest:
      // Releases the message and claims the next.
      guard let claimed, let next = try await base.claimMessage(now: now, until: deadline) else { return claimed }
      try await base.postponeMessage(claimed.id, until: now)
      return next
    case .looksThenClaims:
      // Leaves the message due until others have looked.
      guard let claimed else { return nil }
      try await base.postponeMessage(claimed.id, until: now)
      await letOthersRun()
      try await base.postponeMessage(claimed.id, until: deadline)
      return claimed
    case .claimsTwice:
      return memory.withLock { memory in
        if let claimed { memory.claimed = claimed }
        return claimed ?? memory.claimed
      }
    default: return claimed
    }
  }

  func postponeMessage(_ id: OutboxMessage.ID, until moment: Timestamp) async throws(StoreError) {
    try requireKnown(id)
    switch fault {
    case .neverPostpones: break
    case .keeps32BitDueTimes:
      try await base.postponeMessage(id, until: min(moment, Timestamp(secondsSince1970: Int64(Int32.max))))
    default: for id in meant(by: id) { try await base.postponeMessage(id, until: moment) }
    }
  }

  func removeMessage(_ id: OutboxMessage.ID) async throws(StoreError) {
    try requireKnown(id)
    guard fault != .keepsRemoved else { return }
    for id in meant(by: id) { try await base.removeMessage(id) }
  }

  private func requireKnown(_ id: OutboxMessage.ID) throws(StoreError) {
    guard fault != .refusesUnknownMessage || memory.withLock({ $0.messages.contains { $0.id == id } }) else {
      throw .noResultFound
    }
  }

  /// The messages that the fault takes for the one with this id.
  private func meant(by id: OutboxMessage.ID) -> [OutboxMessage.ID] {
    let known = memory.withLock { $0.messages.map(\.id) }
    return switch fault {
    case .takesOneMessageForAll: known
    // Swift's strings are equal when they are canonically equivalent.
    case .comparesMessageIDsAsCharacters: known.filter { $0 == id }
    default: [id]
    }
  }
}
