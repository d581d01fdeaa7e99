import AuthCore
import AuthDB
import Testing

/// What the file itself refuses, whichever program writes to it: one of an earlier release, too.
@Suite struct UnverifiedUserTests {
  @Test func `no program gives an unverified user a reset token`() async throws {
    let database = try TemporaryDatabase()
    let store = try await SQLiteStore(path: database.path, busyTimeout: patience)
    for email in ["bob@me.com", "eve@me.com"] {
      _ = try await store.addUser(email: Email(email), hashedPassword: PasswordHash("x"))
    }
    let program = ForeignConnection(database.path)
    program.run("INSERT INTO unverified_users VALUES (1, 'a registration', 2000000000)")
    for id in 1...2 { program.run("INSERT INTO reset_tokens VALUES ('token \(id)', \(id), 0, 2000000000)") }
    #expect(program.run("SELECT user_id FROM reset_tokens") == [["2"]])
    await store.close()
  }
}
