import AuthCore
import AuthTesting
import Foundation
import Synchronization
import Testing

@testable import AuthDB

@Suite struct BackupTests {
  let database: TemporaryDatabase
  init() throws { database = try TemporaryDatabase() }

  private static let password = "correct horse battery"

  private func path(_ name: String) -> String { database.directory.appending(path: name).path }

  private func files() throws -> Set<String> {
    Set(try FileManager.default.contentsOfDirectory(atPath: database.directory.path))
  }

  private func auth(on store: SQLiteStore) -> Auth { Auth(policy: .strict, store: store, hasher: FastHasher()) }

  /// Runs `body` with Bob, who has a session and a reset token, in a file that is closed afterwards.
  private func withBob(
    at path: String? = nil, _ body: (Auth, Login, ResetToken) async throws -> Void = { _, _, _ in }
  ) async throws {
    let store = try await SQLiteStore(path: path ?? database.path, busyTimeout: patience)
    let auth = auth(on: store)
    _ = try await auth.register(email: "bob@me.com", password: Self.password, from: .unknown)
    let login = try #require(try await auth.logIn(email: "bob@me.com", password: Self.password, from: .unknown).login)
    let token = try await auth.issueResetToken(email: "bob@me.com", from: .unknown).token
    try await body(auth, login, token)
    await store.close()
  }

  @discardableResult
  private func open<Result>(_ path: String, _ body: (Auth) async throws -> Result) async throws -> Result {
    let store = try await SQLiteStore(path: path, busyTimeout: patience)
    let result = try await body(auth(on: store))
    await store.close()
    return result
  }

  /// What writers have done, and whether they should go on.
  private final class Writing: Sendable {
    let acknowledged = Atomic<Int>(0)
    let isOver = Atomic<Bool>(false)
  }

  // MARK: make

  @Test func `a backup has all that was acknowledged before it began, while others write`() async throws {
    let store = try await SQLiteStore(path: database.path, busyTimeout: patience)
    let writing = Writing()
    try await withThrowingTaskGroup { group in
      for writer in 0..<4 {
        group.addTask { [writing] in
          var count = 0
          while !writing.isOver.load(ordering: .relaxed) {
            _ = try await store.addUser(email: Email("user\(count)@\(writer).com"), hashedPassword: PasswordHash("x"))
            count += 1
            writing.acknowledged.add(1, ordering: .sequentiallyConsistent)
          }
        }
      }
      for round in 1...100 {
        while writing.acknowledged.load(ordering: .sequentiallyConsistent) < 5 * round { await Task.yield() }
        let before = writing.acknowledged.load(ordering: .sequentiallyConsistent)
        let summary = try await SQLiteBackup.make(of: database.path, to: path("\(round).backup"))
        #expect(try #require(summary["users"]) >= before)
        let restored = try await SQLiteBackup.restore(path("\(round).backup"), to: path("\(round).sqlite"))
        #expect(restored == summary)
      }
      writing.isOver.store(true, ordering: .relaxed)
      try await group.waitForAll()
    }
  }

  @Test func `a backup is one file that only its owner can read, and in it every password works`() async throws {
    try await withBob { auth, _, _ in
      let parts = Mutex<[Double]>([])
      let summary = try await SQLiteBackup.make(of: database.path, to: path("backup")) { part in
        parts.withLock { $0.append(part) }
      }
      #expect(summary["users"] == 1 && summary["sessions"] == 1 && summary["reset_tokens"] == 1)
      #expect(summary.schemaVersion == SQLiteSchema.version)
      #expect(try files() == ["auth.sqlite", "auth.sqlite-wal", "auth.sqlite-shm", "backup"])
      #expect(try FileManager.default.attributesOfItem(atPath: path("backup"))[.posixPermissions] as? Int == 0o600)
      let told = parts.withLock(\.self)
      #expect(told.last == 1 && told == told.sorted())
    }
    #expect(try await open(path("backup")) { try await $0.validLogin(email: "bob@me.com", password: Self.password) })
  }

  @Test func `a backup does not take the place of anything`() async throws {
    try await withBob()
    try Data("other".utf8).write(to: URL(filePath: path("backup")))
    await #expect(throws: SQLiteBackupError.exists(path: path("backup"))) {
      try await SQLiteBackup.make(of: database.path, to: path("backup"))
    }
    #expect(try String(contentsOfFile: path("backup"), encoding: .utf8) == "other")
    try Data().write(to: URL(filePath: path("second.partial")))
    await #expect(throws: SQLiteBackupError.unfinished(path: path("second.partial"))) {
      try await SQLiteBackup.make(of: database.path, to: path("second"))
    }
    await #expect(throws: SQLiteBackupError.failed(path: path("none/third.partial"), reason: "No such file or directory")) {
      try await SQLiteBackup.make(of: database.path, to: path("none/third"))
    }
  }

  @Test func `what is no database of ours is not backed up`() async throws {
    await #expect(throws: SQLiteBackupError.noFile(path: path("none"))) {
      try await SQLiteBackup.make(of: path("none"), to: path("backup"))
    }
    try Data(repeating: 46, count: 8_192).write(to: URL(filePath: path("text")))
    await #expect(throws: SQLiteBackupError.damaged(path: path("text"), findings: ["file is not a database"])) {
      try await SQLiteBackup.make(of: path("text"), to: path("backup"))
    }
    ForeignConnection(path("foreign")).run("CREATE TABLE t (x)")
    await #expect(throws: SQLiteBackupError.cannotOpen(.foreignDatabase(path: path("foreign")))) {
      try await SQLiteBackup.make(of: path("foreign"), to: path("backup"))
    }
    await #expect(throws: SQLiteBackupError.self) {
      try await SQLiteBackup.make(of: database.directory.path, to: path("backup"))
    }
    #expect(try files() == ["text", "foreign"])
  }

  @Test func `a damaged database is found, and neither backed up nor restored`() async throws {
    try await withBob()
    let file = try FileHandle(forUpdating: URL(filePath: database.path))
    try file.seek(toOffset: 4_096)
    try file.write(contentsOf: Data(repeating: 0xff, count: 4_096))
    try file.close()
    for work in [
      { () async throws in _ = try await SQLiteBackup.check(database.path) },
      { _ = try await SQLiteBackup.make(of: database.path, to: path("backup")) },
      { _ = try await SQLiteBackup.restore(database.path, to: path("restored")) },
    ] {
      let error = await #expect(throws: SQLiteBackupError.self) { try await work() }
      if case .damaged = error {} else { Issue.record("\(String(describing: error))" as Comment) }
    }
    #expect(try files().subtracting(["auth.sqlite-wal", "auth.sqlite-shm"]) == ["auth.sqlite"])
  }

  // MARK: restore

  @Test(arguments: [true, false])
  func `a restore replaces everything, and ends the sessions of the backup unless told not to`(endingSessions: Bool) async throws
  {
    var (session, token) = (SessionID?.none, ResetToken?.none)
    try await withBob { _, login, reset in
      (session, token) = (login.sessionID, reset)
      _ = try await SQLiteBackup.make(of: database.path, to: path("backup"))
    }
    try await open(database.path) { auth in
      _ = try await auth.register(email: "eve@me.com", password: Self.password, from: .unknown)
    }
    let summary = try await SQLiteBackup.restore(path("backup"), to: database.path, endingSessions: endingSessions)
    #expect(summary["users"] == 1)
    try await open(database.path) { auth in
      #expect(try await auth.validLogin(email: "bob@me.com", password: Self.password))
      #expect(try await !auth.validLogin(email: "eve@me.com", password: Self.password))
      #expect(try await (auth.user(for: session) == nil) == endingSessions)
      let issued = try #require(token)
      let reset = try? await auth.resetPassword(token: issued, password: "another horse battery", from: .unknown)
      #expect((reset == nil) == endingSessions)
    }
    #expect(try files() == ["auth.sqlite", "backup"])
  }

  @Test func `a database that a process has open is not replaced, not even if nothing uses it`() async throws {
    try await withBob { auth, login, _ in
      _ = try await SQLiteBackup.make(of: database.path, to: path("backup"))
      await #expect(throws: SQLiteBackupError.inUse(path: database.path)) {
        try await SQLiteBackup.restore(path("backup"), to: database.path)
      }
      #expect(try await auth.user(for: login.sessionID)?.email.text == "bob@me.com")
    }
    #expect(try await SQLiteBackup.restore(path("backup"), to: database.path)["users"] == 1)
  }

  @Test func `a backup is restored where there is nothing, as a file that only its owner can read`() async throws {
    try await withBob { _, _, _ in _ = try await SQLiteBackup.make(of: database.path, to: path("backup")) }
    _ = try await SQLiteBackup.restore(path("backup"), to: path("new"))
    #expect(try FileManager.default.attributesOfItem(atPath: path("new"))[.posixPermissions] as? Int == 0o600)
    #expect(try await open(path("new")) { try await $0.validLogin(email: "bob@me.com", password: Self.password) })
  }

  @Test func `what cannot be restored leaves the database as it was`() async throws {
    try await withBob()
    let before = try Data(contentsOf: URL(filePath: database.path))
    ForeignConnection(path("foreign")).run("CREATE TABLE t (x)")
    try FileManager.default.copyItem(atPath: database.path, toPath: path("newer"))
    ForeignConnection(path("newer")).run("PRAGMA user_version = 1000")
    try Data(repeating: 46, count: 8_192).write(to: URL(filePath: path("text")))
    for backup in ["foreign", "newer", "text", "none"] {
      await #expect(throws: SQLiteBackupError.self) { try await SQLiteBackup.restore(path(backup), to: database.path) }
    }
    #expect(try Data(contentsOf: URL(filePath: database.path)) == before)
    #expect(try files().filter { $0.contains("restoring") }.isEmpty)
    let error = await #expect(throws: SQLiteBackupError.self) {
      try await SQLiteBackup.restore(database.path, to: path("text"))
    }
    #expect(error?.description.contains("first move it and \(path("text"))-wal away") == true)
  }

  // MARK: check

  @Test func `a check counts rows, and finds references that lead nowhere`() async throws {
    try await withBob()
    let summary = try await SQLiteBackup.check(database.path)
    #expect(summary["users"] == 1 && summary["attempt_counters"] == 0 && summary["no such table"] == nil)
    #expect(summary.bytes > 0 && summary.rows.map(\.name) == summary.rows.map(\.name).sorted())
    ForeignConnection(database.path).run("DELETE FROM users")
    let error = await #expect(throws: SQLiteBackupError.self) { try await SQLiteBackup.check(database.path) }
    #expect(error == .damaged(path: database.path, findings: ["a row of reset_tokens refers to none of users"]))
  }
}
