#if Postgres
import AuthCore
import AuthPostgres
import AuthTesting
import Foundation
import TestPrograms
import Testing

/// New sessions that wait for a connection are one statement.
@Suite struct SharedInsertionTests {
  private static let now = Timestamp(secondsSince1970: 1_700_000_000)
  private static let live = Session.Cutoff(expiringAfter: now, usedAfter: now - .seconds(1000))

  /// What is to be added.
  private struct Addition {
    var session: Session
    var password: PasswordHash?

    /// - Parameters:
    ///   - age: for how many seconds the session has not been used.
    ///   - method: how the user has authenticated.
    init(_ name: String, of user: User.ID, age: Int = 0, password: PasswordHash? = nil, method: String = "pwd") {
      let usedAt = now - .seconds(age)
      session = Session(
        id: SessionID(name).digest, userID: user, createdAt: usedAt, lastUsedAt: usedAt, expiresAt: now + .seconds(3600),
        methods: [AuthenticationMethod(rawValue: method)], ipAddress: "203.0.113.\(name.utf8.count)", userAgent: "\0 \(name)")
      self.password = password
    }

    func add(to store: PostgresStore) async -> Result<Session.Opening, StoreError> {
      do throws(StoreError) {
        return .success(
          try await store.addSession(
            session, limit: 3, live: live, ifPassword: password, replacing: nil, settling: nil, recognizing: nil))
      } catch {
        return .failure(error)
      }
    }
  }

  private let server: PostgresServer
  private let store: PostgresStore
  private let users: [User]

  init() async throws {
    server = try await PostgresServer()
    store = try await PostgresStore(server.configuration(schema: "auth"))
    var users: [User] = []
    for index in 1...4 {
      users.append(try await store.addUser(email: Email("user\(index)@me.com"), hashedPassword: PasswordHash("hash\(index)")))
    }
    self.users = users
  }

  /// Adds sessions that come while the only connection waits, and returns what each was told.
  private func addTogether(_ additions: [Addition]) async throws -> [Result<Session.Opening, StoreError>] {
    try await server.run("CREATE TABLE IF NOT EXISTS released (); TRUNCATE released")
    async let holding = server.run(
      """
      SELECT 1 FROM auth.users WHERE email = '\(users[3].email)' FOR UPDATE;
      DO $$ BEGIN WHILE NOT EXISTS (SELECT FROM released) LOOP END LOOP; END $$
      """)
    let locks = "SELECT 1 FROM pg_locks WHERE relation = 'auth.users'::regclass AND mode = 'RowShareLock'"
    while try await server.run(locks) == "" {}
    async let blocked = Addition("blocked \(UUID())", of: users[3].id).add(to: store)
    while try await server.run("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'") == "" {}

    let outcomes = try await withThrowingTaskGroup { group in
      for (index, addition) in additions.enumerated() {
        // Each is queued when this returns.
        group.addImmediateTask { (index, await addition.add(to: store)) }
      }
      try await server.run("INSERT INTO released DEFAULT VALUES")
      return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
    }
    _ = try await holding
    #expect(await blocked == .success(.opened))
    return additions.indices.compactMap { outcomes[$0] }
  }

  /// The names of a user's sessions, the oldest first.
  private func sessions(of user: User) async throws -> [String] {
    try await store.findSessions(of: user.id, in: Self.live).reversed().map { String($0.userAgent?.dropFirst(2) ?? "") }
  }

  private func transactions(of user: User) async throws -> String {
    try await server.run("SELECT count(DISTINCT xmin::text) FROM auth.sessions WHERE user_id = \(user.id)")
  }

  @Test func `each of them is told its own outcome`() async throws {
    let (active, disabled) = (users[0], users[1])
    _ = try await store.disableUser(disabled.id, at: Self.now, endingSessionsIn: Self.live)
    let outcomes = try await addTogether([
      Addition("a", of: active.id, password: PasswordHash("hash1")),
      Addition("b", of: disabled.id),
      Addition("c", of: active.id, password: PasswordHash("hash2")),
      Addition("d", of: 4711),
      Addition("e", of: active.id),
    ])
    #expect(
      outcomes == [
        .success(.opened), .success(.userDisabled), .success(.passwordChanged), .failure(.noResultFound), .success(.opened),
      ])
    #expect(try await sessions(of: active) == ["a", "e"])
    #expect(try await transactions(of: active) == "1\n")
    #expect(try await sessions(of: disabled) == [])
    let found = try await store.findSession(SessionID("a").digest, in: Self.live)
    #expect(found?.session == Addition("a", of: active.id).session)
    #expect(found?.user.email == active.email)
    #expect(found?.user.sessionID == SessionID("e").digest)
    await store.close()
  }

  @Test func `the limit of each user counts, and the oldest go`() async throws {
    for name in ["old 1", "old 2"] { _ = await Addition(name, of: users[0].id).add(to: store) }
    for name in ["old 3", "old 4"] { _ = await Addition(name, of: users[1].id).add(to: store) }
    // Unused for long, so that it does not count.
    _ = await Addition("old 5", of: users[1].id, age: 1000).add(to: store)
    let outcomes = try await addTogether([
      Addition("a", of: users[0].id), Addition("b", of: users[1].id), Addition("c", of: users[0].id),
      Addition("d", of: users[2].id), Addition("e", of: users[2].id), Addition("f", of: users[2].id),
      Addition("g", of: users[2].id),
    ])
    #expect(outcomes.allSatisfy { $0 == .success(.opened) })
    #expect(try await sessions(of: users[0]) == ["old 2", "a", "c"])
    #expect(try await sessions(of: users[1]) == ["old 3", "old 4", "b"])
    #expect(try await sessions(of: users[2]) == ["e", "f", "g"])
    #expect(try await server.run("SELECT count(*) FROM auth.sessions WHERE user_id <> \(users[3].id)") == "9\n")
    #expect(try await store.findUser(by: .id(users[2].id)).sessionID == SessionID("g").digest)
    await store.close()
  }

  @Test func `one that was added before changes nothing`() async throws {
    let first = Addition("a", of: users[0].id)
    _ = await first.add(to: store)
    _ = await Addition("b", of: users[0].id).add(to: store)
    let outcomes = try await addTogether([first, Addition("c", of: users[0].id)])
    #expect(outcomes == [.success(.opened), .success(.opened)])
    #expect(try await sessions(of: users[0]) == ["a", "b", "c"])
    // It was seen before, and not refused as a duplicate.
    #expect(try !String(contentsOfFile: server.directory + "/server.log", encoding: .utf8).contains("ERROR"))
    await store.close()
  }

  @Test func `one that the database refuses fails alone`() async throws {
    let outcomes = try await addTogether([
      Addition("a", of: users[0].id), Addition("b", of: users[1].id, method: "\0"), Addition("c", of: users[2].id),
    ])
    #expect(outcomes[0] == .success(.opened))
    #expect(outcomes[2] == .success(.opened))
    guard case .failure(.unavailable) = outcomes[1] else {
      Issue.record("\(outcomes[1])")
      return
    }
    #expect(try await sessions(of: users[0]) == ["a"])
    #expect(try await sessions(of: users[2]) == ["c"])
    await store.close()
  }
}
#endif
