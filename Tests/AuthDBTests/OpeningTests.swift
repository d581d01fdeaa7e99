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

  @Test(arguments: ["", "-wal", "-shm", "-journal"])
  func `a directory in place of a file is named, with what to do`(_ suffix: String) async throws {
    if !suffix.isEmpty { try Data().write(to: URL(filePath: database.path)) }
    try FileManager.default.createDirectory(atPath: database.path + suffix, withIntermediateDirectories: false)
    let name = suffix.isEmpty ? "it" : database.path + suffix
    await #expect(throws: SQLiteOpenError.cannotOpen(path: database.path, reason: "\(name) is a directory; name a file")) {
      try await database.open()
    }
  }

  @Test(arguments: ["missing", "auth.sqlite"])
  func `a link that leads to no file is not followed, and a link to a file is`(_ target: String) async throws {
    try FileManager.default.createSymbolicLink(atPath: database.path, withDestinationPath: target)
    let reason = "it is a link that leads to no file; create the file that it names, or name another"
    await #expect(throws: SQLiteOpenError.cannotOpen(path: database.path, reason: reason)) { try await database.open() }
    guard target == "missing" else { return }
    try Data().write(to: database.directory.appending(path: target))
    _ = try await database.open()
  }

  @Test func `a pipe or a device is not a database`() async throws {
    #expect(unsafe mkfifo(database.path, 0o600) == 0)
    for path in [database.path, "/dev/null"] {
      await #expect(throws: SQLiteOpenError.cannotOpen(path: path, reason: "it is not a regular file; name another")) {
        try await SQLiteStore(path: path, busyTimeout: patience)
      }
    }
  }

  @Test(.enabled("root may read and write every file") { geteuid() != 0 }, arguments: ["", "-wal"])
  func `the error for a file that the process may not write tells its owner, its mode and the user`(_ suffix: String) async throws
  {
    try Data().write(to: URL(filePath: database.path))
    if !suffix.isEmpty { try Data().write(to: URL(filePath: database.path + suffix)) }
    #expect(unsafe chmod(database.path + suffix, 0o444) == 0)
    let error = await #expect(throws: SQLiteOpenError.self) { try await database.open() }
    #expect(error?.description.contains("has mode 444, and this process runs as user \(geteuid())") == true)
  }

  @Test func `the write-ahead log shrinks when a reader that kept it is gone`() async throws {
    let store = try await SQLiteStore(path: database.path, busyTimeout: patience)
    let size = { try FileManager.default.attributesOfItem(atPath: database.path + "-wal")[.size] as! Int }
    func write() async throws {
      for number in 1...30 {
        let hash = String(repeating: "x", count: 400_000)
        let user = try await store.addUser(email: Email("user\(number)@me.com"), hashedPassword: PasswordHash(hash))
        #expect(try await store.deleteUser(user.id, ifPassword: user.hashedPassword, notice: nil))
      }
    }
    try await { () async throws in
      let reader = ForeignConnection(database.path)
      reader.run("BEGIN")
      reader.run("SELECT count(*) FROM users")
      try await write()
      #expect(try size() > 10_000_000)
      reader.run("COMMIT")
    }()
    try await write()
    #expect(try size() < 5_000_000)
    await store.close()
  }

  @Test(arguments: ["", "auth\0.sqlite", "/", "."])
  func `a path that is not a file name is refused`(_ path: String) async throws {
    await #expect(throws: SQLiteOpenError.self) { try await SQLiteStore(path: path, busyTimeout: patience) }
  }
}
