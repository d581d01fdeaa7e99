import AuthCore
import Synchronization

private let everySession = Session.Cutoff(expiringAfter: .distantPast, usedAfter: .distantPast)

extension FaultyStore {
  func changePassword(
    of id: User.ID, _ expected: PasswordHash, to hash: PasswordHash,
    renewing old: TokenDigest, as new: Session, endingOthers: Bool
  ) async throws(StoreError) -> Bool {
    guard let user = try? await base.findUser(by: .id(id)) else { return false }
    let isOpen = try await base.findSession(old, in: everySession)?.user.id == id
    if try await changesInSteps(user, expected, to: hash, isOpen: isOpen, as: new) { return true }
    let isChanged = try await base.changePassword(
      of: id, passing(expected, for: user), to: hash, renewing: old,
      as: fault == .losesClientAtChange ? new.withoutClient : new, endingOthers: isEndingOthers(endingOthers))
    guard isChanged else {
      if fault == .revokesTokenAtRefusal { try await base.updateUser(id, .revokeResetToken) }
      return false
    }
    memory.withLock { $0.sessions.append(new) }
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

  private func isEndingOthers(_ endingOthers: Bool) -> Bool {
    switch fault {
    case .keepsOthersAtChange: false
    case .endsOthersAtChange: true
    default: endingOthers
    }
  }

  /// Whether the fault is in how the change is made in the place of the store in memory, and it was made.
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
    return try await base.addSession(new, limit: .max, live: everySession, ifPassword: nil, replacing: nil)
  }

  func deleteUser(_ id: User.ID, ifPassword expected: PasswordHash) async throws(StoreError) -> Bool {
    guard let user = try? await base.findUser(by: .id(id)) else { return false }
    if fault == .deletesNobody { return expected == user.hashedPassword }
    if fault == .looksThenDeletes { await letOthersRun() }
    let sessions = try await base.findSessions(of: id, in: everySession)
    let isDeleted = try await base.deleteUser(id, ifPassword: passing(expected, for: user))
    guard isDeleted else { return fault == .looksThenDeletes && user.hashedPassword == expected }
    memory.withLock { memory in
      memory.deletedUsers.append(user)
      memory.sessionsOfDeleted += sessions
    }
    if fault == .deletesSessionsOfAll { await endSessions { _ in true } }
    return true
  }
}
