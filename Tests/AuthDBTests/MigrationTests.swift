import AuthCore
import Foundation
import Testing

@testable import AuthDB

/// Databases that an earlier release wrote.
@Suite struct MigrationTests {
  private let database: TemporaryDatabase
  private let now = Timestamp(secondsSince1970: 1_700_000_000)

  init() throws {
    database = try TemporaryDatabase()
  }

  /// Two users, one with a session and a reset token; a third was deleted, so that 3 is used.
  private func writeVersion1() throws {
    try Data().write(to: URL(filePath: database.path))
    let connection = try SQLiteConnection(path: database.path, busyTimeout: .seconds(10))
    try connection.execute("PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON")
    try connection.execute(SQLiteSchema.migrations[0])
    try connection.execute(
      """
      PRAGMA application_id = \(SQLiteSchema.applicationID);
      PRAGMA user_version = 1;
      INSERT INTO users (email, hashed_password) VALUES ('Bob''s@me.com', 'hash of bob'), ('alice@me.com', 'x'), ('eve@me.com', 'x');
      DELETE FROM users WHERE id = 3;
      INSERT INTO sessions VALUES ('s', 1, 1699999990, 1699999995, 1700000060, NULL, NULL);
      INSERT INTO reset_tokens VALUES ('t', 1, 1699999990, 1700000060);
      UPDATE users SET session_id = 's', reset_token = 't' WHERE id = 1;
      """)
  }

  private func schema(of path: String) -> [[String?]] {
    ForeignConnection(path).run("SELECT type, name, sql FROM sqlite_schema ORDER BY type, name")
  }

  @Test func `a database of version 1 gets the tables of today, and keeps everything in it`() async throws {
    try writeVersion1()
    let repository = try await SQLiteUserRepository(path: database.path)
    let bob = User(
      id: 1, email: try Email("Bob's@me.com"), hashedPassword: PasswordHash("hash of bob"), sessionID: TokenDigest(hex: "s"),
      resetToken: TokenDigest(hex: "t"))
    let live = LiveSessions(expiringAfter: now, usedAfter: .distantPast)
    let session = Session(
      id: TokenDigest(hex: "s"), userID: 1, createdAt: now - .seconds(10), lastUsedAt: now - .seconds(5),
      expiresAt: now + .seconds(60))
    let found = try #require(try await repository.findSession(session.id, in: live))
    #expect(found.session == session)
    #expect(found.user == bob)
    #expect(try await repository.findUser(withResetToken: TokenDigest(hex: "t"), now: now) == bob)
    #expect(try await repository.findUser(by: .id(2)).email.text == "alice@me.com")
    #expect(try await repository.addUser(email: Email("eve@me.com"), hashedPassword: PasswordHash("x")).id == 4)

    let fresh = try TemporaryDatabase()
    _ = try await SQLiteUserRepository(path: fresh.path)
    #expect(schema(of: database.path) == schema(of: fresh.path))
    #expect(ForeignConnection(database.path).run("PRAGMA user_version") == [["2"]])
    #expect(ForeignConnection(database.path).run("PRAGMA integrity_check") == [["ok"]])
    #expect(ForeignConnection(database.path).run("PRAGMA foreign_key_check").isEmpty)
  }

  @Test func `the operations of today work on what an earlier release stored`() async throws {
    try writeVersion1()
    let repository = try await SQLiteUserRepository(path: database.path)
    let hash = PasswordHash("hash of bob")
    let new = Session(
      id: TokenDigest(hex: "n"), userID: 1, createdAt: now, lastUsedAt: now, expiresAt: now + .seconds(60), address: "::1")
    let isChanged = try await repository.changePassword(
      of: 1, hash, to: hash, renewing: TokenDigest(hex: "s"), as: new, endingOthers: true)
    #expect(isChanged)
    #expect(try await repository.findUser(withResetToken: TokenDigest(hex: "t"), now: now) == nil)
    let ended = EndedRows(
      live: LiveSessions(expiringAfter: now + .seconds(60), usedAfter: .distantPast), failuresBefore: now, limit: 9)
    #expect(try await repository.purge(ended) == PurgedRows(sessions: [new], count: 1))
    #expect(try await repository.deleteUser(1, ifPassword: hash))
    #expect(ForeignConnection(database.path).run("SELECT id FROM users") == [["2"]])
  }

  @Test func `many that open a database of version 1 at once all succeed, and migrate it once`() async throws {
    try writeVersion1()
    try await withThrowingTaskGroup { [database] group in
      for index in 0..<8 {
        group.addTask {
          // A second migration would fail: its tables are there.
          let repository = try await SQLiteUserRepository(path: database.path, busyTimeout: .seconds(60))
          return try await repository.addUser(email: Email("user\(index)@me.com"), hashedPassword: PasswordHash("x")).id
        }
      }
      var ids: Set<User.ID> = []
      for try await id in group { ids.insert(id) }
      #expect(ids == Set(4...11))
    }
    #expect(ForeignConnection(database.path).run("PRAGMA user_version") == [["2"]])
    #expect(ForeignConnection(database.path).run("SELECT count(*) FROM sessions") == [["1"]])
  }

  @Test func `a migration that fails leaves the database as it was`() async throws {
    try writeVersion1()
    // In the way of the last table of version 2, when the others are made.
    ForeignConnection(database.path).run("CREATE TABLE audit_events (name TEXT)")
    let before = schema(of: database.path)
    await #expect(throws: SQLiteOpenError.self) { try await SQLiteUserRepository(path: database.path) }
    #expect(schema(of: database.path) == before)
    #expect(ForeignConnection(database.path).run("PRAGMA user_version") == [["1"]])
    ForeignConnection(database.path).run("DROP TABLE audit_events")
    #expect(try await SQLiteUserRepository(path: database.path).findUser(by: .id(1)).sessionID == TokenDigest(hex: "s"))
  }
}
