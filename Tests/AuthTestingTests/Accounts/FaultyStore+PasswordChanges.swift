import AuthCore
import AuthTesting
import Synchronization

extension FaultyStore {
  func changePassword(
    of id: User.ID, _ expected: PasswordHash, to hash: PasswordHash,
    renewing old: TokenDigest, as new: Session, endingOthers: Bool, notice: OutboxMessage?
  ) async throws(StoreError) -> Bool {
    guard let user = try? await base.findUser(by: .id(id)) else { return false }
    let isOpen = try await base.findSession(old, in: .everySession)?.user.id == id
    if try await changesInSteps(user, expected, to: hash, isOpen: isOpen, as: new) { return true }
    let rows = emailRows
    let isChanged = try await base.changePassword(
      of: id, passing(expected, for: user), to: hash, renewing: old,
      as: renewed(new), endingOthers: isEndingOthers(endingOthers), notice: fault == .losesNotice ? nil : notice)
    guard isChanged else {
      if fault == .revokesTokenAtRefusal { try await base.updateUser(id, .revokeResetToken) }
      if fault == .queuesNoticeAtRefusal, let notice { _ = try await base.addMessage(notice, limit: .max) }
      return false
    }
    memory.withLock { $0.sessions.append(new) }
    if fault == .changeKeepsOpenChange { putBack(rows, changes: true) }
    if fault == .endsAllAtChange { await endSessions { $0.userID != id } }
    return true
  }

  private func passing(_ expected: PasswordHash, for user: User) -> PasswordHash {
    switch fault {
    case .changesAnyPassword, .deletesForAnyHash: user.hashedPassword
    // Swift's strings are equal when they are canonically equivalent.
    case .comparesHashesAsCharacters where expected.text == user.hashedPassword.text: user.hashedPassword
    default: expected
    }
  }

  private func renewed(_ session: Session) -> Session {
    switch fault {
    case .losesClientAtChange: session.withoutClient
    case .losesAuthenticationAtChange: session.with(authenticatedAt: nil, methods: [])
    default: session
    }
  }

  private func isEndingOthers(_ endingOthers: Bool) -> Bool {
    switch fault {
    case .keepsOthersAtChange: false
    case .endsOthersAtChange: true
    default: endingOthers
    }
  }

  /// Makes the change in steps, where that is the fault, and returns whether it was made.
  private func changesInSteps(
    _ user: User, _ expected: PasswordHash, to hash: PasswordHash, isOpen: Bool, as new: Session
  ) async throws(StoreError) -> Bool {
    guard user.hashedPassword == expected else { return false }
    switch fault {
    case .renewsEnded: break
    case .looksThenChanges where isOpen: await letOthersRun()
    case .endsThenChanges where isOpen:
      await endSessions { $0.userID == user.id }
      await letOthersRun()
    default: return false
    }
    try await base.updateUser(user.id, .hashedPassword(hash), .revokeResetToken)
    memory.withLock { $0.sessions.append(new) }
    return try await base.addSession(new, limit: .max, live: .everySession, ifPassword: nil, replacing: nil)
  }

  func deleteUser(
    _ id: User.ID, ifPassword expected: PasswordHash, notice: OutboxMessage?
  ) async throws(StoreError) -> Bool {
    if fault == .tellsOfRefusedDeletion, let notice { _ = try await base.addMessage(notice, limit: .max) }
    guard let user = try? await base.findUser(by: .id(id)) else { return false }
    if fault == .deletesNothing { return expected == user.hashedPassword }
    if fault == .looksThenDeletes { await letOthersRun() }
    let sessions = try await base.findSessions(of: id, in: .everySession)
    let (rows, recovery) = (emailRows, recoveryRows)
    let isDeleted = try await base.deleteUser(
      id, ifPassword: passing(expected, for: user),
      notice: fault == .tellsNoOneOfDeletion || fault == .tellsOfRefusedDeletion ? nil : notice)
    guard isDeleted else { return fault == .looksThenDeletes && user.hashedPassword == expected }
    if fault == .deletionKeepsRegistration { putBackRegistrations(rows) }
    memory.withLock { memory in
      memory.deletedUsers.append(user)
      memory.sessionsOfDeleted += sessions
    }
    if fault == .deletionKeepsRights { putBack(rows, of: id) }
    if fault == .deletionKeepsRecoveryEmail { setRecoveryRows(emails: recovery.emails) }
    if fault == .deletesSessionsOfAll { await endSessions { _ in true } }
    if fault == .deletesMessagesOfUser {
      for message in memory.withLock({ $0.messages }) where message.userID == id { try await base.removeMessage(message.id) }
    }
    return true
  }
}
