import AuthCore
import AuthTesting
import Testing

@testable import AuthDB

/// The copy of the user's email in the rows of sessions, and the triggers that keep it up to date.
@Suite struct SessionAddressTests {
  private let database: TemporaryDatabase
  private let store: SQLiteStore
  private let id = TokenDigest(of: "a")
  private let live = Session.Cutoff(expiringAfter: .distantPast, usedAfter: .distantPast)

  /// A database with Bob, who has a session.
  init() async throws {
    database = try TemporaryDatabase()
    store = try await SQLiteStore(path: database.path, busyTimeout: patience)
    let bob = try await store.addUser(email: Email("bob@me.com"), hashedPassword: PasswordHash("x"))
    let now = Timestamp(secondsSince1970: 1_700_000_000)
    let session = Session(id: id, userID: bob.id, createdAt: now, lastUsedAt: now, expiresAt: now + .seconds(60))
    let isAdded = try await store.addSession(session, limit: 9, live: live, ifPassword: nil, replacing: nil)
    try #require(isAdded)
  }

  private func address() async throws -> String? {
    try await store.findProfile(for: id, in: live)?.profile.email.text
  }

  /// Changes the tables as an operator does by hand, with foreign keys off.
  private func run(_ sql: String) { ForeignConnection(database.path).run(sql) }

  @Test func `a profile is read from the session alone`() async throws {
    run("DROP TRIGGER users_changed")
    run("UPDATE users SET email = 'robert@me.com'")
    #expect(try await address() == "bob@me.com")
  }

  @Test func `an email that is changed by hand changes in the sessions at once`() async throws {
    run("UPDATE users SET email = 'robert@me.com'")
    #expect(try await address() == "robert@me.com")
  }

  @Test func `a user whose id is changed by hand keeps the sessions`() async throws {
    run("UPDATE users SET id = 9")
    #expect(try await store.findProfile(for: id, in: live)?.profile.id == 9)
    #expect(try await store.findSession(id, in: live)?.user.id == 9)
  }

  @Test func `other changes to a user leave the sessions unchanged`() async throws {
    func rows() async throws -> Int32 { try await store.write { $0.totalChanges } }
    let before = try await rows()
    #expect(try await store.replaceHashedPassword(of: 1, PasswordHash("x"), with: PasswordHash("y")))
    #expect(try await rows() - before == 1)
  }

  @Test func `deleting a user by hand deletes the sessions`() async throws {
    run("DELETE FROM users")
    #expect(try await address() == nil)
    #expect(ForeignConnection(database.path).run("SELECT id FROM sessions").isEmpty)
  }

  @Test func `a session without an email gets it from the user, and without a user there is no profile`() async throws {
    run("UPDATE sessions SET user_email = NULL")
    #expect(try await address() == "bob@me.com")
    run("DROP TRIGGER users_deleted")
    run("DELETE FROM users")
    #expect(try await address() == nil)
  }
}
