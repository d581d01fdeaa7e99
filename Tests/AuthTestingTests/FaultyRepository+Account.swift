import AuthCore
import Synchronization

extension FaultyRepository {
  func changePassword(
    of id: User.ID, _ expected: PasswordHash, to hash: PasswordHash,
    renewing old: TokenDigest, as new: Session, endingOthers: Bool
  ) async throws(RepositoryError) -> Bool {
    var (expected, endingOthers) = (expected, endingOthers)
    switch fault {
    case .keepsOthersAtChange: endingOthers = false
    case .endsOthersAtChange: endingOthers = true
    case .changesAnyPassword: expected = try await base.findUser(by: .id(id)).hashedPassword
    default: break
    }
    return try await base.changePassword(
      of: id, expected, to: hash, renewing: old, as: new, endingOthers: endingOthers)
  }

  func deleteUser(_ id: User.ID, ifPassword expected: PasswordHash) async throws(RepositoryError) -> Bool {
    guard let user = try? await base.findUser(by: .id(id)) else { return false }
    if fault == .deletesNobody { return expected == user.hashedPassword }
    return try await base.deleteUser(id, ifPassword: fault == .deletesForAnyHash ? user.hashedPassword : expected)
  }

  func findSessions(of id: User.ID, in live: LiveSessions) async throws(RepositoryError) -> [Session] {
    let sessions = try await base.findSessions(
      of: id, in: fault == .listsThoseOver ? LiveSessions(expiringAfter: .distantPast, usedAfter: .distantPast) : live)
    return switch fault {
    case .listsOldestFirst: sessions.reversed()
    case .forgetsClients:
      sessions.map { session in
        Session(
          id: session.id, userID: session.userID, createdAt: session.createdAt, lastUsedAt: session.lastUsedAt,
          expiresAt: session.expiresAt)
      }
    default: sessions
    }
  }

  func endSessions(
    _ selection: SessionSelection, of id: User.ID, in live: LiveSessions
  ) async throws(RepositoryError) -> [TokenDigest] {
    switch (fault, selection) {
    case (.endsSelectedOfAll, .only(let session)):
      return try await base.endSession(session, in: live) == nil ? [] : [session]
    case (.endsMoreThanSelected, .only): return try await base.endSessions(.all, of: id, in: live)
    default: return try await base.endSessions(selection, of: id, in: live)
    }
  }
}
