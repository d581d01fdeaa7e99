import AuthTesting
import Synchronization

@testable import AuthCore

extension FaultyStore {
  /// What faults remember of recovery emails in addition to the base store.
  struct RecoveryEmailMemory {
    var challenges: [RecoveryEmailRequest.ID: [RecoveryEmailRequest.Challenge]] = [:]
    var tries: [User.ID: Int] = [:]
    var copied: Set<OutboxMessage.ID> = []
    var isReopened = false
  }

  /// The rows of the base store, as they are or were.
  struct RecoveryRows {
    var emails: [User.ID: RecoveryEmail]
    var requests: [User.ID: InMemoryStore.OpenRecoveryEmailRequest]
  }

  var recoveryRows: RecoveryRows {
    base.tables.withLock { RecoveryRows(emails: $0.recoveryEmails, requests: $0.recoveryEmailRequests) }
  }

  /// Puts rows in the place of those of the base store.
  func setRecoveryRows(
    emails: [User.ID: RecoveryEmail]? = nil, requests: [User.ID: InMemoryStore.OpenRecoveryEmailRequest]? = nil
  ) {
    base.tables.withLock { tables in
      if let emails { tables.recoveryEmails = emails }
      if let requests { tables.recoveryEmailRequests = requests }
    }
  }

  func addRecoveryEmailRequest(
    _ request: RecoveryEmailRequest, by session: TokenDigest, queueing message: OutboxMessage, limit: Int
  ) async throws(StoreError) -> RecoveryEmailRequest.Adding {
    let (before, open) = (recoveryRows, InMemoryStore.OpenRecoveryEmailRequest(request: request))
    let adding = try await base.addRecoveryEmailRequest(request, by: session, queueing: message, limit: limit)
    switch (fault, adding) {
    case (.addsRecoveryRequestWithoutSession, .outdated), (.keepsRefusedRecoveryRequest, .outboxFull):
      setRecoveryRows(requests: before.requests.merging([request.userID: open]) { $1 })
    case (.setsRecoveryEmailAtOnce, .added):
      setRecoveryRows(emails: [request.userID: RecoveryEmail(email: request.email, verifiedAt: request.createdAt)])
    case (.losesRecoveryMessage, .added): try await base.removeMessage(message.id)
    case (.olderRecoveryRequestStays, .added):
      if before.requests[request.userID] != nil { setRecoveryRows(requests: before.requests) }
    case (.newerRecoveryRequestReplacesAll, .added): setRecoveryRows(requests: [request.userID: open])
    default: break
    }
    return adding
  }

  func challengeRecoveryEmailRequest(
    _ id: RecoveryEmailRequest.ID, with challenge: RecoveryEmailRequest.Challenge, now: Timestamp
  ) async throws(StoreError) -> RecoveryEmailRequest? {
    memory.withLock { $0.recoveryEmail.challenges[id, default: []].append(challenge) }
    return try await base.challengeRecoveryEmailRequest(id, with: challenge, now: shifted(now, by: .recoveryRequestLastsLonger))
  }

  func tryRecoveryEmailRequest(
    _ proof: RecoveryEmailRequest.Proof, limit: Int, now: Timestamp
  ) async throws(StoreError) -> RecoveryEmailRequest? {
    let known = memory.withLock(\.recoveryEmail)
    let requests = recoveryRows.requests.values
    func challenged(_ isMeant: (RecoveryEmailRequest.Challenge) -> Bool) -> RecoveryEmailRequest? {
      requests.first { known.challenges[$0.request.id, default: []].contains(where: isMeant) }?.request
    }
    var (limit, now) = (limit, shifted(now, by: .recoveryRequestLastsLonger))
    if fault == .forgetsRecoveryTries, known.isReopened { limit = .max }
    switch proof {
    case .token(let token):
      switch fault {
      case .takesRecoveryCodeForToken: if let found = challenged({ $0.code == token }) { return found }
      case .keepsOlderRecoveryChallenge: if let found = challenged({ $0.token == token }) { return found }
      default: break
      }
    case .code(let code, let id):
      now = shifted(now, by: .recoveryCodeLastsLonger)
      switch fault {
      case .takesRecoveryCodeOfAnyUser:
        if challenged({ $0.code == code }) != nil { return requests.first { $0.request.userID == id }?.request }
      case .countsNoWrongRecoveryCode: guard challenged({ $0.code == code })?.userID == id else { return nil }
      case .looksThenCountsRecoveryTry:
        guard case let tries = known.tries[id] ?? 0, tries < limit else { return nil }
        await letOthersRun()
        memory.withLock { $0.recoveryEmail.tries[id] = tries + 1 }
        return requests.first { $0.request.userID == id }?.request
      default: break
      }
    }
    return try await base.tryRecoveryEmailRequest(proof, limit: limit, now: now)
  }

  func confirmRecoveryEmail(
    _ request: RecoveryEmailRequest, now: Timestamp, notice: OutboxMessage
  ) async throws(StoreError) -> Bool {
    let (before, id) = (recoveryRows, request.userID)
    let user = try? await base.findUser(by: .id(id))
    var confirmed = request
    if fault == .looksThenConfirmsRecovery {
      guard before.requests[id]?.request.id == request.id else { return false }
      await letOthersRun()
      setRecoveryRows(requests: before.requests)
    }
    if fault == .recoveryEmailIsUnique, before.emails.values.contains(where: { $0.email == request.email }) { return false }
    if fault == .recoveryEmailIsUnique, await users().contains(where: { $0.email == request.email }) { return false }
    if fault == .confirmsRecoveryForDisabled { _ = try? await base.enableUser(id) }
    if fault == .confirmsAnyRecoveryRequest, let open = before.requests[id]?.request { confirmed = open }
    let isConfirmed = try await base.confirmRecoveryEmail(
      confirmed, now: shifted(now, by: .confirmsRecoveryLater), notice: notice)
    guard isConfirmed else { return false }
    switch fault {
    case .keepsTokenAtRecovery:
      if let user, let token = user.resetToken {
        let end = now + .seconds(3_600)
        _ = try await base.addResetToken(ResetToken.Record(id: token, createdAt: end, expiresAt: end), for: user.email)
      }
    case .recoveryEmailLosesCase:
      let folded = RecoveryEmail(email: Email(stored: request.email.text.lowercased()), verifiedAt: now)
      setRecoveryRows(emails: recoveryRows.emails.merging([id: folded]) { $1 })
    case .losesRecoveryNotice: try await base.removeMessage(notice.id)
    case .copiesToNewRecoveryEmail:
      base.tables.withLock { tables in
        tables.outbox = tables.outbox.map { waiting in
          guard waiting.message.kind == .recoveryNotice else { return waiting }
          let copy = waiting.message
          let moved = OutboxMessage(
            id: copy.id, kind: copy.kind, userID: copy.userID, email: request.email, payload: copy.payload,
            createdAt: copy.createdAt)
          return (moved, waiting.dueAt)
        }
      }
    default: break
    }
    return true
  }

  func removeRecoveryEmail(
    of id: User.ID, by session: TokenDigest, notice: OutboxMessage
  ) async throws(StoreError) -> RecoveryEmail.Removal {
    let before = recoveryRows
    let user = try? await base.findUser(by: .id(id))
    let removal = try await base.removeRecoveryEmail(of: id, by: session, notice: notice)
    switch (fault, removal) {
    case (.removalKeepsRecoveryRequest, .removed): setRecoveryRows(requests: before.requests)
    case (.removesForAll, .removed): setRecoveryRows(emails: [:])
    case (.removalKeepsToken, .removed):
      if let user, let token = user.resetToken {
        let end = Timestamp(secondsSince1970: .max)
        _ = try await base.addResetToken(ResetToken.Record(id: token, createdAt: end, expiresAt: end), for: user.email)
      }
    case (.removesWithoutSession, .outdated):
      setRecoveryRows(emails: before.emails.filter { $0.key != id })
      return .removed
    default: break
    }
    return removal
  }

  func findRecoveryEmail(of id: User.ID) async throws(StoreError) -> RecoveryEmail? {
    try await base.findRecoveryEmail(of: id)
  }

  /// Takes copies away, or adds some, before a message is claimed.
  func alterCopies() {
    let lost: OutboxMessage.Kind? =
      switch fault {
      case .copiesNoPasswordNotice: .passwordChanged
      case .copiesNoLock: .accountLocked
      case .copiesNoNoticeOfDeletion: .accountDeleted
      case .copyHasFormerAccount: .emailChanged
      default: nil
      }
    let adds = fault == .copiesEverything || fault == .copiesToSameEmail
    guard lost != nil || adds else { return }
    let copied = memory.withLock(\.recoveryEmail.copied)
    let added = base.tables.withLock { tables -> [OutboxMessage.ID] in
      if let lost {
        tables.outbox.removeAll {
          $0.message.kind == .recoveryNotice && $0.message.payload?.hasPrefix("\(lost.rawValue)\n") == true
        }
      }
      guard adds else { return [] }
      let messages = tables.outbox.map(\.message).filter { message in
        guard !copied.contains(message.id), message.kind != .recoveryNotice, let id = message.userID,
          tables.recoveryEmails[id] != nil
        else { return false }
        return OutboxMessage.Kind.copied.contains(message.kind) == (fault == .copiesToSameEmail)
          && (fault == .copiesEverything || message.email == tables.recoveryEmails[id]?.email)
      }
      for message in messages {
        let copy = OutboxMessage(
          id: "copy of \(message.id)", kind: .recoveryNotice, userID: message.userID, email: message.email, payload: "x",
          createdAt: message.createdAt)
        tables.outbox.append((copy, dueAt: copy.createdAt))
      }
      return messages.map(\.id)
    }
    memory.withLock { $0.recoveryEmail.copied.formUnion(added) }
  }
}
