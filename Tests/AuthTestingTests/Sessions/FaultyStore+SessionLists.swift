import AuthCore
import AuthTesting
import Synchronization

extension FaultyStore {
  func findSessions(of id: User.ID, in live: Session.Cutoff) async throws(StoreError) -> [Session] {
    let shown: Session.Cutoff =
      switch fault {
      case .listsDeadSessions: .everySession
      case .listsUnused: Session.Cutoff(expiringAfter: live.expiringAfter, usedAfter: .distantPast)
      default: live
      }
    let sessions = try await base.findSessions(of: id, in: shown)
    return switch fault {
    case .listsOldestFirst: sessions.reversed()
    case .listsByUse: sessions.sorted { $0.lastUsedAt > $1.lastUsedAt }
    case .forgetsClients: sessions.map(\.withoutClient)
    default: sessions
    }
  }

  func endSessions(
    _ selection: Session.Selection, of id: User.ID, in live: Session.Cutoff
  ) async throws(StoreError) -> [TokenDigest] {
    switch (fault, selection) {
    case (.endsSelectedOfAll, .only(let session)):
      return try await base.endSession(session, in: live) == nil ? [] : [session]
    case (.endsMoreThanSelected, .only): return try await base.endSessions(.all, of: id, in: live)
    case (.endsAllOfEveryUser, .all): await endSessions { $0.userID != id }
    case (.looksThenEndsAll, .all):
      let seen = try await base.findSessions(of: id, in: live)
      await letOthersRun()
      _ = try await base.endSessions(.all, of: id, in: live)
      return seen.map(\.id)
    default: break
    }
    let ended = try await base.endSessions(selection, of: id, in: live)
    if fault == .clearsSessionID, let newest = try await base.findSessions(of: id, in: .everySession).first {
      // A newer session takes over the user's session id, and ends.
      let other = Session(
        id: TokenDigest(hex: ""), userID: id, createdAt: newest.createdAt, lastUsedAt: newest.lastUsedAt,
        expiresAt: newest.expiresAt)
      _ = try await base.addSession(other, limit: .max, live: .everySession, ifPassword: nil, replacing: nil)
      _ = try await base.endSession(other.id, in: .everySession)
    }
    return ended
  }
}
