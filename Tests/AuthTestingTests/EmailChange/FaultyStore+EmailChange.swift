import AuthTesting
import Synchronization

@testable import AuthCore

extension FaultyStore {
  /// What faults remember of changes of emails in addition to the base store.
  struct EmailChangeMemory {
    var requests: [EmailChange.Request] = []
    var challenges: [EmailChange.ID: [EmailChange.Challenge]] = [:]
    var tries: [User.ID: Int] = [:]
    var tokens: [TokenDigest: EmailTakeBack.ID] = [:]
    var formerHashes: [User.ID: PasswordHash] = [:]
    var isReopened = false
  }

  /// The rows of the base store, as they are or were.
  struct EmailRows {
    var changes: [User.ID: InMemoryStore.OpenEmailChange]
    var takeBacks: [EmailTakeBack.ID: InMemoryStore.HeldTakeBack]
    var registrations: [Registration.ID: InMemoryStore.WaitingRegistration]
  }

  var emailRows: EmailRows {
    base.tables.withLock {
      EmailRows(changes: $0.emailChanges, takeBacks: $0.takeBacks, registrations: $0.registrations)
    }
  }

  /// Puts rows back that the base store has deleted.
  func putBack(_ rows: EmailRows, changes: Bool = false, takeBacks isKept: (InMemoryStore.HeldTakeBack) -> Bool = { _ in false })
  {
    base.tables.withLock { tables in
      if changes { tables.emailChanges.merge(rows.changes) { new, _ in new } }
      tables.takeBacks.merge(rows.takeBacks.filter { isKept($0.value) }) { new, _ in new }
    }
  }

  /// Puts back all that a user had.
  func putBack(_ rows: EmailRows, of id: User.ID) {
    putBack(rows, changes: true) { $0.takeBack.userID == id }
  }

  func addEmailChange(_ request: EmailChange.Request, limit: Int) async throws(StoreError) -> EmailChange.Adding {
    memory.withLock { $0.emailChange.requests.append(request) }
    let (change, before) = (request.change, emailRows)
    if fault == .refusesTakenChange, await users().contains(where: { $0.email == change.email }) { return .outboxFull }
    let unverified = base.tables.withLock { $0.unverifiedAccounts[change.userID] }
    if fault == .givesRightToUnverifiedReader { base.tables.withLock { $0.unverifiedAccounts[change.userID] = nil } }
    var adding = try await base.addEmailChange(request, limit: fault == .ignoresChangeLimit ? .max : limit)
    if fault == .givesRightToUnverifiedReader { base.tables.withLock { $0.unverifiedAccounts[change.userID] = unverified } }
    switch (fault, adding) {
    case (.addsChangeWithoutSession, .outdated), (.addsChangeOfFormerEmail, .outdated), (.keepsRefusedChange, .outboxFull):
      let hasEmail = await users().contains { $0.id == change.userID && $0.email == change.former }
      guard fault != .addsChangeWithoutSession || hasEmail, fault != .addsChangeOfFormerEmail || !hasEmail else { break }
      base.tables.withLock { $0.emailChanges[change.userID] = InMemoryStore.OpenEmailChange(change: change) }
      if adding == .outdated { adding = .added }
    case (.changesAtOnce, .added): try? await base.updateUser(change.userID, .email(change.email))
    case (.losesChangeMessage, .added): try await base.removeMessage(request.message.id)
    case (.losesChangeNotice, .added): try await base.removeMessage(request.notice.id)
    case (.newerChangeVoidsRights, .added):
      base.tables.withLock { tables in
        tables.takeBacks = tables.takeBacks.filter {
          $0.key == request.takeBack.id || $0.value.takeBack.userID != change.userID
        }
      }
    case (.newerChangeReplacesAll, .added):
      base.tables.withLock { $0.emailChanges = $0.emailChanges.filter { $0.key == change.userID } }
    case (.reservesAtOnce, .added):
      let takeBack = EmailTakeBack(
        id: request.takeBack.id, userID: change.userID, email: change.email, createdAt: change.createdAt,
        expiresAt: change.expiresAt)
      base.tables.withLock { $0.takeBacks[takeBack.id] = InMemoryStore.HeldTakeBack(takeBack: takeBack, step: 1) }
    default: break
    }
    if fault == .olderChangeStays, let older = before.changes[change.userID] {
      base.tables.withLock { $0.emailChanges[change.userID] = older }
    }
    return adding
  }

  func challengeEmailChange(
    _ id: EmailChange.ID, with challenge: EmailChange.Challenge, now: Timestamp
  ) async throws(StoreError) -> EmailChange? {
    memory.withLock { $0.emailChange.challenges[id, default: []].append(challenge) }
    return try await base.challengeEmailChange(id, with: challenge, now: shifted(now, by: .changeLastsLonger))
  }

  func tryEmailChange(
    _ proof: EmailChange.Proof, limit: Int, now: Timestamp
  ) async throws(StoreError) -> EmailChange? {
    let known = memory.withLock(\.emailChange)
    let changes = emailRows.changes.values
    func challenged(_ isMeant: (EmailChange.Challenge) -> Bool) -> EmailChange? {
      changes.first { known.challenges[$0.change.id, default: []].contains(where: isMeant) }?.change
    }
    var (limit, now) = (limit, shifted(now, by: .changeLastsLonger))
    if fault == .forgetsChangeTries, known.isReopened { limit = .max }
    switch proof {
    case .token(let token):
      switch fault {
      case .takesChangeCodeForToken: if let found = challenged({ $0.code == token }) { return found }
      case .keepsOlderChangeChallenge: if let found = challenged({ $0.token == token }) { return found }
      default: break
      }
    case .code(let code, let id):
      now = shifted(now, by: .changeCodeLastsLonger)
      switch fault {
      case .keepsOlderChangeChallenge: if let found = challenged({ $0.code == code }) { return found }
      case .takesCodeOfAnyUser:
        if challenged({ $0.code == code }) != nil { return changes.first { $0.change.userID == id }?.change }
      case .countsNoWrongChangeCode: guard challenged({ $0.code == code })?.userID == id else { return nil }
      case .looksThenCountsChangeTry:
        guard case let tries = known.tries[id] ?? 0, tries < limit else { return nil }
        await letOthersRun()
        memory.withLock { $0.emailChange.tries[id] = tries + 1 }
        return changes.first { $0.change.userID == id }?.change
      default: break
      }
    }
    return try await base.tryEmailChange(proof, limit: limit, now: now)
  }

  func confirmEmailChange(
    _ confirmation: EmailChange.Confirmation
  ) async throws(StoreError) -> (user: User, replaced: User.ID?) {
    let (change, before, id) = (confirmation.change, emailRows, confirmation.change.userID)
    let unverified = base.tables.withLock(\.unverifiedAccounts)
    if fault == .reservesUnverifiedEmail { base.tables.withLock { $0.unverifiedAccounts[id] = nil } }
    if fault == .confirmsForEndedAccount { base.tables.withLock { $0.unverifiedAccounts[id] = nil } }
    if fault == .squatterKeepsEmail, await users().contains(where: { $0.email == change.email }) { throw .emailTaken }
    let user = try? await base.findUser(by: .id(id))
    let registrations = base.tables.withLock(\.registrations)
    if fault == .looksThenConfirms {
      guard await !users().contains(where: { $0.email == change.email }) else { throw .emailTaken }
      await letOthersRun()
    }
    if fault == .confirmsForDisabled { _ = try? await base.enableUser(id) }
    if fault == .confirmsAnyChange, let open = before.changes[id], open.change.id != change.id {
      return try await base.confirmEmailChange(
        EmailChange.Confirmation(
          of: open.change, at: confirmation.now, takeBack: confirmation.takeBack, notice: confirmation.notice))
    }
    let (changed, replaced): (User, User.ID?)
    do {
      (changed, replaced) = try await base.confirmEmailChange(
        EmailChange.Confirmation(
          of: change, at: shifted(confirmation.now, by: .confirmsLater), takeBack: confirmation.takeBack,
          notice: confirmation.notice, moving: fault == .movesNoCounters ? [] : confirmation.moves))
    } catch {
      if fault == .queuesNoticeOfRefusedChange { _ = try await base.addMessage(confirmation.notice, limit: .max) }
      if let owner = await users().first(where: { $0.email == change.email }) {
        if fault == .looksThenConfirms { return (owner, nil) }
        if fault == .takesEmailOfOther, error == .emailTaken {
          _ = try await base.deleteUser(owner.id, ifPassword: owner.hashedPassword)
          return try await base.confirmEmailChange(confirmation)
        }
      }
      throw error
    }
    switch fault {
    case .confirmationKeepsProbation: base.tables.withLock { $0.unverifiedAccounts[id] = unverified[id] }
    case .forgetsReplacedSquatter: return (changed, nil)
    case .verifiesNoChange: base.tables.withLock { $0.verifiedEmails[id] = nil }
    case .endsSessionsAtConfirmation: try await base.updateUser(id, .endSessions)
    case .keepsTokenAtConfirmation:
      if let token = user?.resetToken {
        let end = confirmation.now + .seconds(3_600)
        _ = try await base.addResetToken(ResetToken.Record(id: token, createdAt: end, expiresAt: end), for: changed.email)
      }
    case .keepsConfirmedChange: putBack(before, changes: true)
    case .keepsRegistrationsOfChange: base.tables.withLock { $0.registrations = registrations }
    case .losesConfirmationNotice: try await base.removeMessage(confirmation.notice.id)
    case .reservesNothing: base.tables.withLock { $0.takeBacks = [:] }
    case .confirmationVoidsRights:
      base.tables.withLock { $0.takeBacks = $0.takeBacks.filter { $0.key == confirmation.takeBack.id } }
    case .returningVoidsRights where changed.email.text == "bob@me.com": base.tables.withLock { $0.takeBacks = [:] }
    default: break
    }
    return (changed, replaced)
  }

  func issueTakeBackToken(
    _ token: TokenDigest, for id: EmailTakeBack.ID, now: Timestamp
  ) async throws(StoreError) -> EmailTakeBack? {
    let issued = try await base.issueTakeBackToken(token, for: id, now: shifted(now, by: .takeBackLastsLonger))
    if issued != nil { memory.withLock { $0.emailChange.tokens[token] = id } }
    return issued
  }

  func findTakeBack(
    withToken token: TokenDigest, now: Timestamp
  ) async throws(StoreError) -> (takeBack: EmailTakeBack, user: User)? {
    if let found = try await base.findTakeBack(withToken: token, now: shifted(now, by: .takeBackLastsLonger)) { return found }
    guard fault == .keepsOlderTakeBackToken, let id = memory.withLock({ $0.emailChange.tokens[token] }),
      let held = emailRows.takeBacks[id], held.takeBack.expiresAt > now,
      let user = try? await base.findUser(by: .id(held.takeBack.userID))
    else { return nil }
    return (held.takeBack, user)
  }

  func takeBackEmail(_ use: EmailTakeBack.Use) async throws(StoreError) -> EmailTakeBack.Outcome {
    let (before, now) = (emailRows, shifted(use.now, by: .takeBackLastsLonger))
    guard let (takeBack, user) = try await base.findTakeBack(withToken: use.token, now: now) else {
      if fault == .queuesNoticesOfRefusal { for notice in use.notices { _ = try await base.addMessage(notice, limit: .max) } }
      return .refused
    }
    let step = before.takeBacks[takeBack.id]?.step ?? 0
    if fault == .looksThenTakesBack { await letOthersRun() }
    let sessions = base.tables.withLock { $0.sessions.filter { $0.userID == user.id } }
    let recoveryEmailAge: Duration =
      switch fault {
      case .takeBackKeepsRecoveryEmail: .seconds(-1_000_000)
      case .takeBackDeletesOldRecoveryEmail: use.recoveryEmailAge + .seconds(1)
      default: use.recoveryEmailAge
      }
    let outcome = try await base.takeBackEmail(
      EmailTakeBack.Use(
        use.token, from: fault == .ignoresPresentEmail ? user.email : use.present, at: now, settingPassword: use.hash,
        clearing: fault == .takeBackKeepsCounters ? [] : use.clearedCounters, keepingRecoveryEmailOlderThan: recoveryEmailAge,
        notices: fault == .losesTakeBackNotices ? [] : use.notices))
    guard case .takenBack(let restored) = outcome else {
      return fault == .looksThenTakesBack ? .takenBack(user) : outcome
    }
    switch fault {
    case .keepsSessionsAtTakeBack: base.tables.withLock { $0.sessions += sessions }
    case .keepsResetTokenAtTakeBack:
      if let token = user.resetToken {
        let end = now + .seconds(3_600)
        _ = try await base.addResetToken(ResetToken.Record(id: token, createdAt: end, expiresAt: end), for: restored.email)
      }
    case .keepsChangeAtTakeBack: putBack(before, changes: true)
    case .verifiesNoTakeBack: base.tables.withLock { $0.verifiedEmails[user.id] = nil }
    case .restoresNoEmail:
      base.tables.withLock { [email = user.email] tables in
        for index in tables.users.indices where tables.users[index].id == user.id { tables.users[index].email = email }
      }
    case .takeBackWorksTwice: putBack(before) { $0.step == step }
    case .keepsLaterRights: putBack(before) { $0.step > step }
    case .voidsEarlierRights: base.tables.withLock { $0.takeBacks = [:] }
    case .enablesAtTakeBack: _ = try await base.enableUser(user.id)
    default: break
    }
    return outcome
  }
}
