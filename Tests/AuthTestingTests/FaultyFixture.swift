import AuthCore
import AuthTesting
import Synchronization

/// Opens one faulty store each time. The faults of reopening take effect at the second opening.
struct FaultyFixture: StoreFixture {
  private let store: FaultyStore

  init(_ fault: Fault) {
    store = FaultyStore(fault)
  }

  func open() async throws -> any AuthStore {
    let isFirst = store.memory.withLock { memory in
      memory.openings += 1
      return memory.openings == 1
    }
    guard !isFirst else { return store }
    switch store.fault {
    case .forgetsUsers: return InMemoryStore()
    case .forgetsSessions: await store.endSessions { _ in true }
    case .forgetsTokens:
      for user in await store.users() { try await store.base.updateUser(user.id, .revokeResetToken) }
    case .bringsBackSessions:
      let live = Session.Cutoff(expiringAfter: .distantPast, usedAfter: .distantPast)
      for session in store.memory.withLock({ $0.sessions }) {
        _ = try await store.base.addSession(session, limit: 20, live: live, ifPassword: nil, replacing: nil)
      }
    case .revivesDeleted:
      for user in store.memory.withLock({ $0.deletedUsers }) { try await store.add(user.email, user.hashedPassword) }
    case .forgetsStoredClients:
      let live = Session.Cutoff(expiringAfter: .distantPast, usedAfter: .distantPast)
      for session in await store.sessions() {
        _ = try await store.base.addSession(
          session.withoutClient, limit: 20, live: live, ifPassword: nil, replacing: session.id)
      }
    case .forgetsAuthentication:
      let live = Session.Cutoff(expiringAfter: .distantPast, usedAfter: .distantPast)
      for session in await store.sessions() {
        _ = try await store.base.addSession(
          session.with(authenticatedAt: nil, methods: []), limit: 20, live: live, ifPassword: nil, replacing: session.id)
      }
    case .forgetsCounters:
      for key in store.memory.withLock({ $0.keys }) { try await store.clear(key) }
    case .forgetsMessages:
      for message in store.memory.withLock({ $0.messages }) { try await store.base.removeMessage(message.id) }
    case .forgetsClaims:
      for message in store.memory.withLock({ $0.messages }) {
        try await store.base.postponeMessage(message.id, until: message.createdAt)
      }
    default: break
    }
    return store
  }
}
