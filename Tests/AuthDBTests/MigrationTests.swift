import AuthCore
import AuthTesting
import Foundation
import Testing

@testable import AuthDB

/// Databases written by an earlier release.
@Suite struct MigrationTests {
  private let database: TemporaryDatabase
  private let now = Timestamp(secondsSince1970: 1_700_000_000)

  init() throws {
    database = try TemporaryDatabase()
  }

  /// Bob's sessions, the newest last, all added within one second.
  private let sessions = ["a", "b", "e"].map { TokenDigest(of: $0) }
  private let token = TokenDigest(of: "t")

  /// Two users, one with sessions and a reset token. A third was deleted, so that the id 3 is used up.
  private func write(version: Int) throws {
    try Data().write(to: URL(filePath: database.path))
    let connection = try SQLiteConnection(path: database.path, busyTimeout: patience)
    try connection.execute("PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON")
    try connection.defineSessionKey()
    for script in SQLiteSchema.migrations[..<version] { try connection.execute(script) }
    try connection.execute(
      """
      PRAGMA application_id = \(SQLiteSchema.applicationID);
      PRAGMA user_version = \(version);
      INSERT INTO users (email, hashed_password) VALUES ('Bob''s@me.com', 'hash of bob'), ('alice@me.com', 'x'), ('eve@me.com', 'x');
      DELETE FROM users WHERE id = 3;
      """)
    if version >= 5 {
      try connection.execute(
        """
        INSERT INTO attempt_counters VALUES ('login-email', 'a', 7, 1699999990), ('login-network', 'b', 100, 1699999991),
          ('reset-email', 'a', 1, 1699999992), ('reset-network', 'c', 2, 1699999993);
        INSERT INTO outbox VALUES ('r', 'password_reset', NULL, 'Bob''s@me.com', NULL, 1699999990, 1700000005, 2);
        INSERT INTO audit_events (at, kind, ip_address) VALUES (1699999990, 'user_created', '203.0.113.7');
        """)
    } else if version > 1 {
      try connection.execute(
        """
        INSERT INTO login_failures VALUES ('login-address:a', 7, 1699999990), ('login-network:b', 100, 1699999991),
          ('reset-address:a', 1, 1699999992), ('reset-network:c', 2, 1699999993);
        INSERT INTO reset_requests VALUES ('r', 'Bob''s@me.com', 1699999990, 1700000005, 2);
        INSERT INTO audit_events (at, kind, address) VALUES (1699999990, 'user_created', '203.0.113.7');
        """)
    }
    for (number, id) in sessions.enumerated() {
      let (newColumns, newValues) = version < 3 ? ("", "") : (", key, number", ", \(id.sessionKey), \(number)")
      let address = version < 5 ? "address" : "ip_address"
      try connection.execute(
        """
        INSERT INTO sessions (id, user_id, created_at, last_used_at, expires_at, \(address), user_agent\(newColumns))
        VALUES ('\(id)', 1, 1699999990, 1699999995, 1700000060, '203.0.113.7', 'curl'\(newValues))
        """)
    }
    try connection.execute(
      """
      INSERT INTO reset_tokens VALUES ('\(token)', 1, 1699999990, 1700000060);
      UPDATE users SET session_id = '\(sessions[2])', reset_token = '\(token)' WHERE id = 1;
      """)
  }

  private func schema(of path: String) -> [[String?]] {
    ForeignConnection(path).run("SELECT type, name, sql FROM sqlite_schema ORDER BY type, name")
  }

  private func session(_ id: TokenDigest) -> Session {
    Session(
      id: id, userID: 1, createdAt: now - .seconds(10), lastUsedAt: now - .seconds(5), expiresAt: now + .seconds(60),
      authenticatedAt: now - .seconds(10), methods: [.password], ipAddress: "203.0.113.7", userAgent: "curl")
  }

  private var live: Session.Cutoff { Session.Cutoff(expiringAfter: now, usedAfter: .distantPast) }

  @Test(arguments: [1, 2, 3, 4, 5, 6])
  func `a database of an earlier version is migrated and keeps all its data`(_ version: Int) async throws {
    try write(version: version)
    let store = try await SQLiteStore(path: database.path, busyTimeout: patience)
    #expect(try Data(contentsOf: URL(filePath: database.path + "-wal")).isEmpty, "as large as all that was rewritten")
    let bob = User(
      id: 1, email: try Email("Bob's@me.com"), hashedPassword: PasswordHash("hash of bob"), sessionID: sessions[2],
      resetToken: token)
    for id in sessions {
      let found = try #require(try await store.findSession(id, in: live))
      #expect(found.session == session(id))
      #expect(found.user == bob)
      let user = try #require(try await store.findUser(withSession: id, in: live))
      #expect(user == (found.user, found.session.lastUsedAt))
      let (profile, lastUsedAt) = try #require(try await store.findProfile(for: id, in: live))
      #expect(profile == bob.profile)
      #expect(lastUsedAt == found.session.lastUsedAt)
    }
    #expect(try await store.findUser(withResetToken: token, now: now) == bob)
    #expect(try await store.findUser(by: .id(2)).email.text == "alice@me.com")
    #expect(try await store.addUser(email: Email("eve@me.com"), hashedPassword: PasswordHash("x")).id == 4)

    let fresh = try TemporaryDatabase()
    _ = try await SQLiteStore(path: fresh.path, busyTimeout: patience)
    #expect(schema(of: database.path) == schema(of: fresh.path))
    #expect(ForeignConnection(database.path).run("PRAGMA user_version") == [["\(SQLiteSchema.version)"]])
    #expect(ForeignConnection(database.path).run("PRAGMA integrity_check") == [["ok"]])
    #expect(ForeignConnection(database.path).run("PRAGMA foreign_key_check").isEmpty)
  }

  @Test(arguments: [1, 2, 3, 4, 5, 6])
  func `sessions of an earlier version keep their order, and the oldest makes room for a new one`(_ version: Int) async throws {
    try write(version: version)
    let byKey = sessions.sorted { $0.sessionKey < $1.sessionKey }
    try #require(byKey != sessions && byKey.reversed() != sessions, "an order that cannot be told from that of the table")
    let store = try await SQLiteStore(path: database.path, busyTimeout: patience)
    #expect(try await store.findSessions(of: 1, in: live).map(\.id) == sessions.reversed())
    let new = TokenDigest(of: "n")
    let isAdded = try await store.addSession(session(new), limit: 3, live: live, ifPassword: nil, replacing: nil)
    #expect(isAdded)
    #expect(try await store.findSessions(of: 1, in: live).map(\.id) == [new, sessions[2], sessions[1]])
  }

  @Test(arguments: [1, 2, 3, 4, 5, 6])
  func `all operations work on the data of an earlier release`(_ version: Int) async throws {
    try write(version: version)
    let store = try await SQLiteStore(path: database.path, busyTimeout: patience)
    let hash = PasswordHash("hash of bob")
    let new = session(TokenDigest(of: "n"))
    let isChanged = try await store.changePassword(
      of: 1, hash, to: hash, renewing: sessions[1], as: new, endingOthers: true)
    #expect(isChanged)
    #expect(try await store.findUser(withResetToken: token, now: now) == nil)
    let ended = Purge.Scope(
      live: Session.Cutoff(expiringAfter: now + .seconds(60), usedAfter: .distantPast), countersBefore: .distantPast, limit: 9)
    #expect(try await store.purge(ended) == Purge.Result(sessions: [new], count: 1))
    #expect(try await store.deleteUser(1, ifPassword: hash))
    #expect(ForeignConnection(database.path).run("SELECT id FROM users") == [["2"]])
  }

  @Test(arguments: [2, 3, 4, 5, 6])
  func `counters, requests and events of an earlier version are all there`(_ version: Int) async throws {
    try write(version: version)
    let store = try await SQLiteStore(path: database.path, busyTimeout: patience)
    let keys: [Throttle.Key] = [
      .init(.loginEmail, digest: "a"), .init(.loginNetwork, digest: "b"), .init(.resetEmail, digest: "a"),
      .init(.resetNetwork, digest: "c"),
    ]
    let counters = try await store.findCounters(of: keys)
    #expect(counters.map(\.count) == [7, 100, 1, 2])
    #expect(counters.map(\.lastAt.secondsSince1970) == Array(1_699_999_990...1_699_999_993))
    #expect(try await store.claimMessage(now: now + .seconds(4), until: now) == nil)
    let message = try #require(try await store.claimMessage(now: now + .seconds(5), until: now))
    #expect(
      try message
        == OutboxMessage(
          id: "r", kind: .passwordReset, email: Email("Bob's@me.com"), createdAt: now - .seconds(10), tries: 3))
    #expect(ForeignConnection(database.path).run("SELECT ip_address FROM audit_events") == [["203.0.113.7"]])
  }

  @Test func `when many open a database of an earlier version at once, all succeed and it is migrated once`() async throws {
    try write(version: 1)
    try await withThrowingTaskGroup { [database] group in
      for index in 0..<8 {
        group.addTask {
          // A second migration would fail, because its tables exist.
          let store = try await SQLiteStore(path: database.path, busyTimeout: patience)
          return try await store.addUser(email: Email("user\(index)@me.com"), hashedPassword: PasswordHash("x")).id
        }
      }
      var ids: Set<User.ID> = []
      for try await id in group { ids.insert(id) }
      #expect(ids == Set(4...11))
    }
    #expect(ForeignConnection(database.path).run("PRAGMA user_version") == [["\(SQLiteSchema.version)"]])
    #expect(ForeignConnection(database.path).run("SELECT count(*) FROM sessions") == [["3"]])
  }

  /// Objects whose names are those of the last table of version 2, after which all others exist; of an index of version 3, when
  /// the old table is gone; of the last trigger of version 4; of the last index of version 5; of the last trigger of
  /// version 6; and of the last trigger of version 7.
  @Test(
    arguments: [
      (1, "TABLE audit_events (name TEXT)"), (2, "TABLE sessions_id (name TEXT)"),
      (3, "TRIGGER users_deleted AFTER INSERT ON users BEGIN SELECT 1; END"), (4, "TABLE outbox_kind (name TEXT)"),
      (5, "TRIGGER sessions_of_disabled_users AFTER INSERT ON users BEGIN SELECT 1; END"),
      (6, "TRIGGER registrations_of_unverified_users AFTER INSERT ON users BEGIN SELECT 1; END"),
    ])
  func `a migration that fails leaves the database as it was`(_ version: Int, _ obstacle: String) async throws {
    try write(version: version)
    ForeignConnection(database.path).run("CREATE \(obstacle)")
    func contents() -> [[String?]] {
      schema(of: database.path)
        + ["users", "sessions", "reset_tokens"].flatMap { ForeignConnection(database.path).run("SELECT rowid, * FROM \($0)") }
    }
    let before = contents()
    await #expect(throws: SQLiteOpenError.self) { try await SQLiteStore(path: database.path, busyTimeout: patience) }
    #expect(contents() == before)
    #expect(ForeignConnection(database.path).run("PRAGMA user_version") == [["\(version)"]])
    ForeignConnection(database.path).run("DROP \(obstacle.split(separator: " ")[..<2].joined(separator: " "))")
    #expect(try await SQLiteStore(path: database.path, busyTimeout: patience).findUser(by: .id(1)).sessionID == sessions[2])
  }

  @Test func `a process of an earlier version cannot add a session to the migrated tables`() async throws {
    try write(version: 2)
    let store = try await SQLiteStore(path: database.path, busyTimeout: patience)
    ForeignConnection(database.path).run(
      """
      INSERT INTO sessions (id, user_id, created_at, last_used_at, expires_at, ip_address, user_agent)
      VALUES ('\(TokenDigest(of: "n"))', 1, 1700000000, 1700000000, 1700000060, NULL, NULL)
      """)
    #expect(try await store.findSessions(of: 1, in: live).count == 3)
  }

  @Test func `opening waits for another process's migration, longer than for other locks`() async throws {
    try write(version: 2)
    let other = ForeignConnection(database.path)
    other.run("BEGIN IMMEDIATE")
    let before = try timesOpen(database.path)
    async let store = SQLiteStore(path: database.path, busyTimeout: .zero)
    // Once it has the file open, it meets the lock. It would be refused long before so many turns are over.
    while try timesOpen(database.path) == before { await Task.yield() }
    for _ in 0..<10_000 { await Task.yield() }
    other.run("COMMIT")
    #expect(try await store.findUser(by: .id(1)).sessionID == sessions[2])
  }

  /// How many descriptors this process has of a file.
  private func timesOpen(_ path: String) throws -> Int {
    try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count { descriptor in
      // One that is closed meanwhile has no destination.
      (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(descriptor)")) == path
    }
  }

  @Test func `an operator's view of the sessions does not prevent a migration`() async throws {
    try write(version: 2)
    ForeignConnection(database.path).run(
      "CREATE VIEW logged_in AS SELECT user_id, email, address FROM sessions JOIN users ON users.id = user_id")
    _ = try await SQLiteStore(path: database.path, busyTimeout: patience)
    let rows = ForeignConnection(database.path).run("SELECT DISTINCT * FROM logged_in")
    #expect(rows == [["1", "Bob's@me.com", "203.0.113.7"]])
  }
}
