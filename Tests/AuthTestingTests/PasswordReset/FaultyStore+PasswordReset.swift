import AuthTesting
import Synchronization

@testable import AuthCore

extension FaultyStore {
  func addResetToken(_ token: ResetToken.Record, for email: Email) async throws(StoreError) -> User {
    guard var user = await users().first(where: { $0.email == email }) else {
      if fault == .issuesToFirstUser { return try await addResetToken(token, for: base.findUser(by: .id(1)).email) }
      throw .noResultFound
    }
    memory.withLock { [id = user.id] in $0.tokens[token.id] = id }
    let former = user
    if fault == .issuesTokenBeforeVerification { base.tables.withLock { [id = user.id] in $0.unverifiedAccounts[id] = nil } }
    user = try await base.addResetToken(token, for: email)
    return fault == .returnsFormerUser ? former : user
  }

  func findUser(withResetToken id: TokenDigest, now: Timestamp) async throws(StoreError) -> User? {
    if fault == .takesEmptyForNone, id.hex.isEmpty { return try? await base.findUser(by: .resetToken(nil)) }
    let now = fault == .tokenLastsLonger ? now - .seconds(1) : now
    if let user = try await base.findUser(withResetToken: id, now: now) { return user }
    switch fault {
    case .takesSessionForToken: return try? await base.findUser(by: .sessionID(id))
    case .keepsOlderTokens: return await rememberedOwner(of: id)
    default: return nil
    }
  }

  func consumeResetToken(_ use: ResetToken.Use) async throws(StoreError) -> Bool {
    let (id, hash) = (use.id, use.hash)
    let now = fault == .tokenUsableLonger ? use.now - .seconds(1) : use.now
    let owner = try await base.findUser(withResetToken: id, now: now)
    if fault == .looksThenUsesToken, owner != nil { await letOthersRun() }
    let (rows, recovery) = (emailRows, recoveryRows)
    let isConsumed = try await base.consumeResetToken(
      ResetToken.Use(
        id, at: now, settingPassword: hash,
        endingSessions: fault == .alwaysEndsSessions || use.endsSessions && fault != .neverEndsSessions,
        clearing: fault == .keepsClearedCounter ? nil : use.clearedCounter, notice: fault == .losesNotice ? nil : use.notice))
    if let key = use.clearedCounter {
      if fault == .clearsCounterAtRefusal { try await clear(key) }
      if fault == .clearsCounterOfEachKind { try await clear(Throttle.Key(.resetEmail, digest: key.digest)) }
    }
    if fault == .queuesNoticeAtRefusal, !isConsumed, let notice = use.notice {
      _ = try await base.addMessage(notice, limit: .max)
    }
    if !isConsumed, let late = await lateOwner(of: id, before: owner) {
      if fault == .discardsTokenUsedLate {
        try await base.updateUser(late.id, .revokeResetToken)
        return false
      }
      try await base.updateUser(late.id, .hashedPassword(hash))
      return true
    }
    if isConsumed, let owner {
      if fault == .resetKeepsOpenChange { putBack(rows, changes: true) }
      if fault == .resetKeepsRecoveryRequest { setRecoveryRows(requests: recovery.requests) }
      if fault == .resetRemovesRecoveryEmail { setRecoveryRows(emails: [:]) }
      if fault == .resetKeepsRightToStop { putBack(rows) { $0.step == 0 } }
      if fault == .resetVoidsRights { base.tables.withLock { $0.takeBacks = [:] } }
      if fault == .enablesWithReset { _ = try await base.enableUser(owner.id) }
      if fault == .usesTokenForNothing { try await base.updateUser(owner.id, .hashedPassword(owner.hashedPassword)) }
      if fault == .usesUpTokensOfAll {
        for user in await users() { try await base.updateUser(user.id, .revokeResetToken) }
      }
      if fault == .usesTokenTwice { memory.withLock { $0.tokens[id] = owner.id } }
    }
    return isConsumed
  }

  /// The user on whom a fault acts although the token is not, or no longer, in force.
  private func lateOwner(of id: TokenDigest, before: User?) async -> User? {
    switch fault {
    case .looksThenUsesToken: before
    case .usesTokenTwice, .hidesRevokedToken, .discardsTokenUsedLate: await rememberedOwner(of: id)
    default: nil
    }
  }

  private func rememberedOwner(of id: TokenDigest) async -> User? {
    guard let userID = memory.withLock({ $0.tokens[id] }) else { return nil }
    return try? await base.findUser(by: .id(userID))
  }
}
