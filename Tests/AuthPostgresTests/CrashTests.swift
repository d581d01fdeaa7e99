#if Postgres
import AuthCore
import AuthPostgres
import AuthTesting
import Synchronization
import Testing

/// What happens to operations while the server goes away and comes back.
@Suite(.serialized) struct CrashTests {
  /// Sessions that were confirmed, and whether to go on.
  private final class Confirmed: Sendable {
    private let state = Mutex<(sessions: [TokenDigest], isOver: Bool)>(([], false))
    var sessions: [TokenDigest] { state.withLock(\.sessions) }
    var isOver: Bool { state.withLock(\.isOver) }
    func add(_ session: TokenDigest) { state.withLock { $0.sessions.append(session) } }
    func end() { state.withLock { $0.isOver = true } }

    /// Waits until so many are confirmed, or it is over.
    func wait(for count: Int) async throws {
      while sessions.count < count && !isOver { try await Task.sleep(for: .milliseconds(1)) }
    }
  }

  private let now = Timestamp(secondsSince1970: 1_700_000_000)
  private var live: Session.Cutoff { Session.Cutoff(expiringAfter: now, usedAfter: .distantPast) }

  /// Opens sessions from many tasks until the server has crashed so many times, and returns how many there were and how many of
  /// them are lost. Each crash comes once some more have been confirmed since the last one.
  private func lostSessions(
    crashes: Int, on server: PostgresServer, preparing: () async throws -> Void = {}
  ) async throws -> (confirmed: Int, lost: Int) {
    var configuration = try server.configuration(schema: "auth")
    configuration.writeConnections = 2
    let store = try await PostgresStore(configuration)
    let confirmed = Confirmed()
    let users = try await (1...16).asyncMap { index async throws in
      try await store.addUser(email: Email("user\(index)@me.com"), hashedPassword: PasswordHash("hash"))
    }
    try await preparing()
    try await withThrowingTaskGroup { group in
      for user in users {
        group.addTask {
          // Also after an error, of which the others must know.
          defer { confirmed.end() }
          var number = 0
          while !confirmed.isOver {
            number += 1
            let id = SessionID("\(user.id) \(number)").digest
            let session = Session(id: id, userID: user.id, createdAt: now, lastUsedAt: now, expiresAt: now + .seconds(3600))
            let opening = try await store.addSession(
              session, limit: 1_000_000, live: live, ifPassword: user.hashedPassword, replacing: nil, settling: nil)
            #expect(opening == .opened)
            confirmed.add(id)
          }
        }
      }
      for crash in 1...crashes {
        try await confirmed.wait(for: crash * 500)
        try await server.crash()
      }
      let before = confirmed.sessions.count
      try await confirmed.wait(for: before + 100)
      confirmed.end()
      try await group.waitForAll()
    }
    var lost = 0
    for session in confirmed.sessions where try await store.findSession(session, in: live) == nil { lost += 1 }
    await store.close()
    return (confirmed.sessions.count, lost)
  }

  @Test func `operations wait out crashes of the server, and nothing that was confirmed is lost`() async throws {
    let result = try await lostSessions(crashes: 5, on: PostgresServer())
    #expect(result.lost == 0)
    #expect(result.confirmed >= 2_600)
  }

  @Test func `the test above notices a flush that does not flush`() async throws {
    let server = try await PostgresServer()
    let result = try await lostSessions(crashes: 1, on: server) {
      try await server.run("CREATE OR REPLACE FUNCTION auth.flush_1() RETURNS void LANGUAGE plpgsql AS $$ BEGIN END $$")
      try await server.stallWALWriter()
    }
    #expect(result.lost > 0)
  }
}

extension Sequence where Self: Sendable {
  fileprivate func asyncMap<Value>(_ transform: (Element) async throws -> Value) async rethrows -> [Value] {
    var values: [Value] = []
    for element in self { values.append(try await transform(element)) }
    return values
  }
}
#endif
