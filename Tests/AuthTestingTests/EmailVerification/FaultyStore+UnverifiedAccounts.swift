import AuthTesting
import Synchronization

@testable import AuthCore

extension FaultyStore {
  func openUnverifiedAccount(
    _ registration: Registration, queueing message: OutboxMessage, limit: Int
  ) async throws(StoreError) -> Registration.Opening {
    let holder = await users().first { $0.email == registration.email }
    if fault == .looksThenOpens { await letOthersRun() }
    if fault == .refusesUnverifiedEmail, holder != nil { throw .emailTaken }
    var opening: Registration.Opening
    do {
      opening = try await base.openUnverifiedAccount(registration, queueing: message, limit: limit)
    } catch {
      if fault == .waitsBesideTaken, error == .emailTaken { return .waits }
      if fault == .keepsRegistrationOfTaken { try await addAgain(registration) }
      throw error
    }
    if fault == .looksThenOpens, holder == nil, opening == .waits, let user = await newestUser() { opening = .opened(user) }
    if fault == .opensWithoutMessage, case .outboxFull = opening {
      return .opened(try await base.addUser(email: registration.email, hashedPassword: registration.hashedPassword))
    }
    if fault == .losesOpeningMessage { try await base.removeMessage(message.id) }
    if fault == .secondOpeningTakesOver, opening == .waits, let holder {
      base.tables.withLock { tables in
        tables.unverifiedAccounts[holder.id] = UnverifiedAccount(
          registration: registration.id, expiresAt: registration.expiresAt)
      }
    }
    if case .opened(let user) = opening {
      if fault == .opensVerifiedAccount { base.tables.withLock { $0.unverifiedAccounts[user.id] = nil } }
      memory.withLock { memory in
        memory.newestID = max(memory.newestID, user.id)
        memory.verification.registrations[registration.id] = registration
        memory.verification.unverified[user.id] = UnverifiedAccount(
          registration: registration.id, expiresAt: registration.expiresAt)
      }
    }
    return opening
  }

  func unverifiedAccount(_ id: User.ID) async throws(StoreError) -> UnverifiedAccount? {
    let known = memory.withLock(\.verification)
    if fault == .forgetsUnverified, known.isReopened { return nil }
    if fault == .remembersProbationOfDeleted { return known.unverified[id] }
    return try await base.unverifiedAccount(id)
  }

  func vouchForEmail(of id: User.ID) async throws(StoreError) -> Bool {
    if fault == .vouchesForNoOne, await !users().contains(where: { $0.id == id }) { return false }
    let (registrations, wasUnverified) = (base.tables.withLock(\.registrations), try await base.vouchForEmail(of: id))
    if fault == .vouchingKeepsRegistrations { base.tables.withLock { $0.registrations = registrations } }
    if fault == .vouchesTwice { return true }
    return wasUnverified
  }

  func putBackRegistrations(_ rows: EmailRows) { base.tables.withLock { $0.registrations = rows.registrations } }

  /// Completes a registration, with what is wrong where its email has an unverified account.
  func completeUnverified(
    _ registration: Registration, ifPassword expected: PasswordHash?, now: Timestamp
  ) async throws(StoreError) -> Registration.Completion {
    let before = base.tables.withLock { $0 }
    let holder = before.unverifiedUser(with: registration.email)
    if fault == .looksThenVerifies, holder != nil { await letOthersRun() }
    if fault == .replacesOwnAccount, let holder {
      base.tables.withLock { tables in
        tables.unverifiedAccounts[holder.id] = UnverifiedAccount(
          registration: TokenDigest(hex: "other"), expiresAt: registration.expiresAt)
      }
    }
    let expected = fault == .ignoresExpectedPassword ? nil : expected
    let completion = try await base.completeRegistration(registration, ifPassword: expected, now: now)
    base.tables.withLock { tables in
      switch (fault, completion) {
      case (.verifyingKeepsProbation, .verified): tables.unverifiedAccounts = before.unverifiedAccounts
      case (.verifyingNotesNothing, .verified(let user)): tables.verifiedEmails[user.id] = nil
      case (.verifyingEndsSessions, .verified(let user)): tables.endSessions { $0.userID == user.id }
      case (.verifyingKeepsOthers, .verified): tables.registrations = before.registrations
      case (.keepsSessionsOfReplaced, .replaced(let former, _)):
        tables.sessions += before.sessions.filter { $0.userID == former }
        tables.users += before.users.filter { $0.id == former }
      case (.keepsChangeOfReplaced, .replaced(let former, _)): tables.emailChanges[former] = before.emailChanges[former]
      default: break
      }
    }
    if fault == .adoptsOtherAccount, case .replaced(_, by: let user) = completion, let holder {
      base.tables.withLock { tables in
        tables = before
        tables.deleteRegistrations(of: registration.email)
        tables.unverifiedAccounts[holder.id] = nil
        tables.verifiedEmails[holder.id] = (user.email, now)
      }
      return .verified(holder)
    }
    return completion
  }

  private func newestUser() async -> User? { await users().max { $0.id < $1.id } }
}
