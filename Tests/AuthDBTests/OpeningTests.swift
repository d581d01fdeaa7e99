import AuthCore
import Foundation
import Testing

@testable import AuthDB

/// OWASP ASVS 5.0: 6.3.2.
@Suite struct OpeningTests {
  let database: TemporaryDatabase
  init() throws { database = try TemporaryDatabase() }

  @Test func `the table users has exactly the five columns of the specification`() async throws {
    _ = try await database.open()
    let columns = ForeignConnection(database.path).run("SELECT name, type, \"notnull\", pk FROM pragma_table_info('users')")
    #expect(
      columns == [
        ["id", "INTEGER", "0", "1"], ["email", "VARCHAR(250)", "1", "0"], ["hashed_password", "VARCHAR(250)", "1", "0"],
        ["session_id", "VARCHAR(250)", "0", "0"], ["reset_token", "VARCHAR(250)", "0", "0"],
      ])
  }

  @Test func `only the owner can read a new file and the files that SQLite adds to it`() async throws {
    let store = try await database.open()
    _ = try await store.addUser(email: Email("bob@me.com"), hashedPassword: PasswordHash("x"))
    for suffix in ["", "-wal", "-shm"] {
      let attributes = try FileManager.default.attributesOfItem(atPath: database.path + suffix)
      #expect(attributes[.posixPermissions] as? Int == 0o600, "\(suffix)")
    }
  }

  @Test func `a file can be opened again, and so can an empty file`() async throws {
    try Data().write(to: URL(filePath: database.path))
    _ = try await database.open().addUser(email: Email("bob@me.com"), hashedPassword: PasswordHash("x"))
    #expect(try await database.open().findUser(by: .email(Email("bob@me.com"))).id == 1)
  }

  @Test func `when many open a new file at once, all succeed and its tables are made once`() async throws {
    try await withThrowingTaskGroup { [database] group in
      for index in 0..<8 {
        group.addTask {
          let store = try await SQLiteStore(path: database.path, busyTimeout: patience)
          return try await store.addUser(email: Email("user\(index)@me.com"), hashedPassword: PasswordHash("x")).id
        }
      }
      var ids: Set<User.ID> = []
      for try await id in group { ids.insert(id) }
      #expect(ids == Set(1...8))
    }
  }

  @Test func `closing moves the write-ahead log into the file`() async throws {
    let store = try await SQLiteStore(path: database.path, busyTimeout: patience)
    _ = try await store.addUser(email: Email("bob@me.com"), hashedPassword: PasswordHash("x"))
    await store.close()
    #expect(try FileManager.default.contentsOfDirectory(atPath: database.directory.path) == ["auth.sqlite"])
  }

  @Test func `a file that is not a database is refused and not changed`() async throws {
    let text = Data("not a database, but long enough to have a header of a hundred bytes ".utf8 + Array(repeating: 46, count: 99))
    try text.write(to: URL(filePath: database.path))
    await #expect(throws: SQLiteOpenError.notADatabase(path: database.path)) { try await database.open() }
    #expect(try Data(contentsOf: URL(filePath: database.path)) == text)
  }

  @Test func `another program's database is refused and not changed`() async throws {
    ForeignConnection(database.path).run("CREATE TABLE users (name TEXT)")
    let file = try Data(contentsOf: URL(filePath: database.path))
    await #expect(throws: SQLiteOpenError.foreignDatabase(path: database.path)) { try await database.open() }
    #expect(try Data(contentsOf: URL(filePath: database.path)) == file)
  }

  @Test func `a database of a newer release is refused, and the error names both versions`() async throws {
    _ = try await database.open()
    ForeignConnection(database.path).run("PRAGMA user_version = 99")
    let expected = SQLiteOpenError.newerSchema(path: database.path, found: 99, known: SQLiteSchema.version)
    await #expect(throws: expected) { try await database.open() }
    #expect(expected.description.contains("99"))
  }

  @Test func `the error for a missing directory names it and the system's reason`() async throws {
    let path = database.directory.appending(path: "missing/auth.sqlite").path
    await #expect(throws: SQLiteOpenError.cannotOpen(path: path, reason: "No such file or directory")) {
      try await SQLiteStore(path: path, busyTimeout: patience)
    }
  }

  @Test(arguments: ["", "auth\0.sqlite", "/", "."])
  func `a path that is not a file name is refused`(_ path: String) async throws {
    await #expect(throws: SQLiteOpenError.self) { try await SQLiteStore(path: path, busyTimeout: patience) }
  }
}
