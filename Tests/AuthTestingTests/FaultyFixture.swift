import AuthCore
import AuthTesting
import Synchronization

/// Gives one faulty store at every opening; the faults of reopening strike at the second.
struct FaultyFixture: RepositoryFixture {
  private let repository: FaultyRepository

  init(_ fault: Fault) {
    repository = FaultyRepository(fault)
  }

  func open() async throws -> any UserRepository {
    let isFirst = repository.memory.withLock { memory in
      memory.openings += 1
      return memory.openings == 1
    }
    guard !isFirst else { return repository }
    switch repository.fault {
    case .forgetsUsers: return InMemoryUserRepository()
    case .forgetsSessions: await repository.endSessions { _ in true }
    case .forgetsTokens:
      for user in await repository.users() { try await repository.base.updateUser(user.id, .revokeResetToken) }
    case .bringsBackSessions:
      let live = LiveSessions(expiringAfter: .distantPast, usedAfter: .distantPast)
      for session in repository.memory.withLock({ $0.sessions }) {
        _ = try await repository.base.addSession(session, limit: 20, live: live, ifPassword: nil, replacing: nil)
      }
    case .revivesDeleted:
      for user in repository.memory.withLock({ $0.deletedUsers }) { try await repository.add(user.email, user.hashedPassword) }
    case .forgetsStoredClients:
      let live = LiveSessions(expiringAfter: .distantPast, usedAfter: .distantPast)
      for session in await repository.sessions() {
        _ = try await repository.base.addSession(
          session.withoutClient, limit: 20, live: live, ifPassword: nil, replacing: session.id)
      }
    case .forgetsRequests:
      for request in repository.memory.withLock({ $0.requests }) { try await repository.base.removeResetRequest(request.id) }
    case .forgetsClaims:
      for request in repository.memory.withLock({ $0.requests }) {
        try await repository.base.postponeResetRequest(request.id, until: request.createdAt)
      }
    default: break
    }
    return repository
  }
}
