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
    let text = message.email.text
    let email =
      switch fault {
      case .dropsQuotesOfMessage: text.filter { $0 != "'" }
      // The base store orders by email and kind; ``given(_:)`` brings both back.
      case .keepsNoOrder: "\(text) \(message.id)"
      case .ordersEmailsTogether: "one"
      case .tellsCasesOfEmailsApart: "\(Array(text.utf8))"
      case .foldsEmailsOfMessages: text.lowercased()
      default: text
      }
    let kind = fault == .ordersKindsTogether ? OutboxMessage.Kind(rawValue: "one") : message.kind
    return OutboxMessage(
      id: message.id, kind: kind, userID: fault == .losesUserOfMessage ? nil : message.userID, email: Email(stored: email),
      payload: fault == .losesPayload ? nil : message.payload, createdAt: message.createdAt,
      tries: fault == .restartsTries ? 0 : message.tries)
  }

  /// The message as it was given, where the base store has another email or kind so as to order it differently.
  private func given(_ kept: OutboxMessage) -> OutboxMessage {
    let changing: [Fault] = [
      .keepsNoOrder, .ordersEmailsTogether, .tellsCasesOfEmailsApart, .foldsEmailsOfMessages, .ordersKindsTogether,
    ]
    guard changing.contains(fault), var message = memory.withLock({ $0.messages.last { $0.id == kept.id } }) else { return kept }
    message.tries = kept.tries
    return message
  }

  func claimMessage(now: Timestamp, until deadline: Timestamp) async throws(StoreError) -> OutboxMessage? {
    alterCopies()
    if let claimed = try await claim(now: now, until: deadline) { return given(claimed) }
    guard fault == .passesPostponed else { return nil }
    // Puts those that are postponed aside, and back afterwards.
    let waiting = try await base.findWaitingMessages(.init(), after: nil, limit: .max)
    let aside = waiting.filter { $0.dueAt > now }
    for one in aside { try await base.removeMessage(one.message.id) }
    let claimed = try await base.claimMessage(now: now, until: deadline)
    for one in aside {
      _ = try await base.addMessage(one.message, limit: .max)
      try await base.postponeMessage(one.message.id, until: one.dueAt)
    }
    return claimed
  }

  private func claim(now: Timestamp, until deadline: Timestamp) async throws(StoreError) -> OutboxMessage? {
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
    for id in meant(by: id) { try await remove(id) }
  }

  private func remove(_ id: OutboxMessage.ID) async throws(StoreError) {
    try await base.removeMessage(id)
    guard fault == .leavesNextForLater, let gone = memory.withLock({ $0.messages.last { $0.id == id } }) else { return }
    let behind = OutboxMessage.Selection(kind: gone.kind, recipient: .init(userID: nil, email: gone.email))
    for next in try await base.findWaitingMessages(behind, after: nil, limit: 1) where next.message.tries == 0 {
      try await base.postponeMessage(next.message.id, until: next.dueAt + .seconds(600))
    }
  }

  func findWaitingMessages(
    _ selection: OutboxMessage.Selection, after last: OutboxMessage?, limit: Int
  ) async throws(StoreError) -> [OutboxMessage.Waiting] {
    var selection = selection
    if fault == .selectsAll { selection = .init() }
    let waiting = try await base.findWaitingMessages(
      selection, after: fault == .beginsListAgain ? nil : last, limit: fault == .ignoresListLimit ? .max : limit)
    return switch fault {
    case .listsNewestFirst: waiting.reversed()
    case .showsCreationAsDue: waiting.map { OutboxMessage.Waiting($0.message, dueAt: $0.message.createdAt) }
    case .comparesRecipientsByCase:
      waiting.filter { one in selection.recipient?.email.map { $0.text == one.message.email.text } ?? true }
    default: waiting.map { OutboxMessage.Waiting(given($0.message), dueAt: $0.dueAt) }
    }
  }

  func countMessages() async throws(StoreError) -> [OutboxMessage.Kind: OutboxMessage.Backlog] {
    var backlogs = try await base.countMessages()
    switch fault {
    case .countsKindsTogether where !backlogs.isEmpty:
      let oldest = backlogs.values.map(\.oldest).min() ?? .distantFuture
      backlogs = [.passwordReset: .init(count: backlogs.values.map(\.count).reduce(0, +), oldest: oldest)]
    case .countsFromNewest:
      let newest = memory.withLock { $0.messages.map(\.createdAt).max() }
      backlogs = backlogs.mapValues { .init(count: $0.count, oldest: newest ?? $0.oldest) }
    default: break
    }
    return backlogs
  }

  func hastenMessages(
    _ selection: OutboxMessage.Selection, to now: Timestamp, limit: Int
  ) async throws(StoreError) -> Int {
    switch fault {
    case .neverHastens: return 0
    case .hastensAll: return try await base.hastenMessages(.init(), to: now, limit: limit)
    case .ignoresHastenLimit: return try await base.hastenMessages(selection, to: now, limit: .max)
    default: return try await base.hastenMessages(selection, to: now, limit: limit)
    }
  }

  func dropMessages(_ selection: OutboxMessage.Selection, limit: Int) async throws(StoreError) -> [OutboxMessage] {
    switch fault {
    case .keepsDropped: return try await base.findWaitingMessages(selection, after: nil, limit: limit).map(\.message)
    case .dropsAll: return try await base.dropMessages(.init(), limit: limit)
    case .ignoresDropLimit: return try await base.dropMessages(selection, limit: .max)
    case .leavesNextForLater:
      let dropped = try await base.findWaitingMessages(selection, after: nil, limit: limit).map(\.message)
      for message in dropped { try await remove(message.id) }
      return dropped
    default: return try await base.dropMessages(selection, limit: limit)
    }
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
