import AuthCore
import AuthTesting
import Synchronization

extension FaultyStore {
  func findUser(
    withSession id: TokenDigest, in live: Session.Cutoff
  ) async throws(StoreError) -> (user: User, lastUsedAt: Timestamp)? {
    if fault == .findsUserOfEnded, let ended = memory.withLock({ $0.sessions.last { $0.id == id } }) {
      return await users().first { $0.id == ended.userID }.map { ($0, ended.lastUsedAt) }
    }
    guard let (session, user) = try await findSession(id, in: live) else { return nil }
    let found = fault == .findsFirstUser ? await users().first ?? user : user
    return (found, fault == .losesUseWithUser ? session.createdAt : session.lastUsedAt)
  }

  func findProfile(
    for id: TokenDigest, in live: Session.Cutoff
  ) async throws(StoreError) -> (profile: Profile, lastUsedAt: Timestamp)? {
    if fault == .profilesEnded, let ended = memory.withLock({ $0.sessions.last { $0.id == id } }) {
      let user = await users().first { $0.id == ended.userID }
      return user.map { ($0.profile, ended.lastUsedAt) }
    }
    guard let (session, user) = try await findSession(id, in: live) else { return nil }
    let first = memory.withLock { $0.emailsAtLogin[id] }
    let email =
      switch fault {
      case .keepsFirstEmail: first ?? user.email
      case .changesEmailOfOneSession where user.sessionID != id: first ?? user.email
      case .foldsEmailOfProfile: Email(stored: user.email.text.lowercased())
      case .changesEmailOfAll: memory.withLock { $0.newestEmail } ?? user.email
      default: user.email
      }
    return (
      Profile(id: fault == .profilesFirstUser ? 1 : user.id, email: email),
      fault == .losesUseOfProfile ? session.createdAt : session.lastUsedAt
    )
  }
}
