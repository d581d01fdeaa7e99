import AuthCore
import Testing

@testable import AuthDB

/// The user's address in the rows of sessions, and what keeps it true whoever changes the tables.
@Suite struct SessionAddressTests {
  private let database: TemporaryDatabase
  private let store: SQLiteStore
  private let id = TokenDigest(of: "a")
  private let live = Session.Cutoff(expiringAfter: .distantPast, usedAfter: .distantPast)

  /// Bob, with a session.
  init() async throws {
    database = try TemporaryDatabase()
    store = try await SQLiteStore(path: database.path)
    let bob = try await store.addUser(email: Email("bob@me.com"), hashedPassword: PasswordHash("x"))
    let now = Timestamp(secondsSince1970: 1_700_000_000)
    let session = Session(id: id, userID: bob.id, createdAt: now, lastUsedAt: now, expiresAt: now + .seconds(60))
    let isAdded = try await store.addSession(session, limit: 9, live: live, ifPassword: nil, replacing: nil)
    try #require(isAdded)
  }

  private func address() async throws -> String? {
    try await store.findProfile(for: id, in: live)?.profile.email.text
  }

  /// As an operator does it by hand, with foreign keys off.
  private func run(_ sql: String) { ForeignConnection(database.path).run(sql) }

  @Test func `a profile is read from the session alone`() async throws {
    run("DROP TRIGGER users_changed")
    run("UPDATE users SET email = 'robert@me.com'")
    #expect(try await address() == "bob@me.com")
  }

  @Test func `an address that is changed by hand is at once that of the sessions`() async throws {
    run("UPDATE users SET email = 'robert@me.com'")
    #expect(try await address() == "robert@me.com")
  }

  @Test func `a user who gets another id by hand keeps the sessions`() async throws {
    run("UPDATE users SET id = 9")
    #expect(try await store.findProfile(for: id, in: live)?.profile.id == 9)
    #expect(try await store.findSession(id, in: live)?.user.id == 9)
  }

  @Test func `what else is changed of a user leaves the sessions as they are`() async throws {
    func rows() async throws -> Int32 { try await store.write { $0.totalChanges } }
    let before = try await rows()
    #expect(try await store.replaceHashedPassword(of: 1, PasswordHash("x"), with: PasswordHash("y")))
    #expect(try await rows() - before == 1)
  }

  @Test func `the sessions of a user who is deleted by hand are gone`() async throws {
    run("DELETE FROM users")
    #expect(try await address() == nil)
    #expect(ForeignConnection(database.path).run("SELECT id FROM sessions").isEmpty)
  }

  @Test func `of a session without address the user is asked, and without a user nobody is there`() async throws {
    run("UPDATE sessions SET user_email = NULL")
    #expect(try await address() == "bob@me.com")
    run("DROP TRIGGER users_deleted")
    run("DELETE FROM users")
    #expect(try await address() == nil)
  }
}
