import AuthCore
import AuthTesting
import Foundation
import Testing

@testable import AuthDB

@Suite struct FailureTests {
  let database: TemporaryDatabase
  let bob: Email
  init() throws {
    database = try TemporaryDatabase()
    bob = try Email("bob@me.com")
  }

  @Test func `a write that waits beyond the timeout finds the store unavailable`() async throws {
    let (patient, impatient) = try await (patientRepository(), impatientRepository())
    let other = ForeignConnection(database.path)
    other.run("BEGIN IMMEDIATE")
    await expectUnavailable { [bob] in try await impatient.addUser(email: bob, hashedPassword: PasswordHash("x")) }
    other.run("COMMIT")
    #expect(try await patient.addUser(email: bob, hashedPassword: PasswordHash("x")).id == 1)
  }

  @Test func `a write waits for another process's and then succeeds`() async throws {
    let store = try await patientRepository()
    let other = ForeignConnection(database.path)
    other.run("BEGIN IMMEDIATE")
    async let user = store.addUser(email: bob, hashedPassword: PasswordHash("x"))
    // The write may or may not have begun. It must succeed either way.
    other.run("COMMIT")
    #expect(try await user.id == 1)
  }

  @Test func `reads do not wait for a write`() async throws {
    let store = try await patientRepository()
    _ = try await store.addUser(email: bob, hashedPassword: PasswordHash("x"))
    let other = ForeignConnection(database.path)
    other.run("BEGIN EXCLUSIVE")
    #expect(try await store.findUser(by: .email(bob)).id == 1)
    other.run("COMMIT")
  }

  @Test(.timeLimit(.minutes(10)))
  func `recording the use of a session does not wait for another process's lock`() async throws {
    // Waiting would exceed the time limit of the test.
    let store = try await SQLiteStore(path: database.path, busyTimeout: patience)
    _ = try await store.addUser(email: bob, hashedPassword: PasswordHash("x"))
    let other = ForeignConnection(database.path)
    other.run("BEGIN IMMEDIATE")
    await #expect(throws: StoreError.unavailable("database is locked")) {
      try await store.touchSession(TokenDigest(hex: "x"), at: Timestamp(secondsSince1970: 0))
    }
    other.run("COMMIT")
  }

  @Test(.timeLimit(.minutes(10)))
  func `behind a lasting lock, the whole queue fails at once, not one by one`() async throws {
    let store = try await impatientRepository()
    let other = ForeignConnection(database.path)
    other.run("BEGIN IMMEDIATE")
    await withTaskGroup { [bob] group in
      // Waiting 50 ms for each would take far longer than the limit.
      for _ in 0..<5000 {
        group.addTask {
          await expectUnavailable { try await store.addUser(email: bob, hashedPassword: PasswordHash("x")) }
        }
      }
    }
    other.run("COMMIT")
  }

  @Test func `with a full disk the store is unavailable and loses nothing`() async throws {
    let store = try await SQLiteStore(path: database.path, busyTimeout: patience)
    _ = try await store.addUser(email: bob, hashedPassword: PasswordHash("x"))
    try await store.write { connection in
      let pages = try connection.query("PRAGMA page_count") { $0.integer(0) }[0]
      try connection.execute("PRAGMA max_page_count = \(pages)")
    }
    let long = PasswordHash(String(repeating: "x", count: 20_000))
    await #expect(throws: StoreError.unavailable("database or disk is full")) {
      try await store.addUser(email: Email("alice@me.com"), hashedPassword: long)
    }
    await #expect(throws: StoreError.noResultFound) { try await store.findUser(by: .email(Email("alice@me.com"))) }
    #expect(try await store.findUser(by: .email(bob)).id == 1)
    #expect(try await store.replaceHashedPassword(of: 1, PasswordHash("x"), with: PasswordHash("y")))
  }

  @Test func `on a full disk a change is not made without its message, and the message not queued without it`() async throws {
    let store = try await SQLiteStore(path: database.path, busyTimeout: patience)
    let (old, new) = (PasswordHash("x"), PasswordHash("y"))
    _ = try await store.addUser(email: bob, hashedPassword: old)
    let now = Timestamp(secondsSince1970: 1_700_000_000)
    let sessions = ["a", "b"].map { name in
      Session(id: TokenDigest(of: name), userID: 1, createdAt: now, lastUsedAt: now, expiresAt: now + .seconds(60))
    }
    let live = Session.Cutoff(expiringAfter: now, usedAfter: .distantPast)
    _ = try await store.addSession(sessions[0], limit: 9, live: live, ifPassword: old, replacing: nil)
    try await store.write { connection in
      let pages = try connection.query("PRAGMA page_count") { $0.integer(0) }[0]
      try connection.execute("PRAGMA max_page_count = \(pages)")
    }
    // The rows of the change have room, and the message has none.
    let notice = { (payload: String) in
      OutboxMessage(id: payload, kind: .passwordChanged, userID: 1, email: bob, payload: payload, createdAt: now)
    }
    let long = notice(String(repeating: "x", count: 20_000))
    await #expect(throws: StoreError.unavailable("database or disk is full")) {
      try await store.changePassword(
        of: 1, old, to: new, renewing: sessions[0].id, as: sessions[1], endingOthers: true, notice: long)
    }
    #expect(try await store.findUser(by: .id(1)).hashedPassword == old)
    #expect(try await store.findSessions(of: 1, in: live) == [sessions[0]])
    #expect(try await store.countMessages().isEmpty)
    let isChanged = try await store.changePassword(
      of: 1, old, to: new, renewing: sessions[0].id, as: sessions[1], endingOthers: true, notice: notice("short"))
    #expect(isChanged)
    #expect(try await store.claimMessage(now: now, until: now)?.id == "short")
  }

  @Test func `a damaged database is unavailable rather than empty`() async throws {
    let store = try await SQLiteStore(path: database.path, busyTimeout: patience)
    _ = try await store.addUser(email: bob, hashedPassword: PasswordHash("x"))
    await store.close()
    let file = try FileHandle(forUpdating: URL(filePath: database.path))
    try file.seek(toOffset: 4096)
    try file.write(contentsOf: Data(repeating: 0xff, count: 8 * 4096))
    try file.close()
    let reopened = try await SQLiteStore(path: database.path, busyTimeout: patience)
    await expectUnavailable { [bob] in try await reopened.findUser(by: .email(bob)) }
  }

  @Test(arguments: [false, true])
  func `if the file was deleted or replaced, the store is unavailable and creates no new file`(
    _ isReplaced: Bool
  ) async throws {
    let store = try await patientRepository()
    _ = try await store.addUser(email: bob, hashedPassword: PasswordHash("x"))
    _ = try await store.findUser(by: .email(bob))
    for suffix in ["", "-wal", "-shm"] { try FileManager.default.removeItem(atPath: database.path + suffix) }
    if isReplaced { _ = try await patientRepository().addUser(email: bob, hashedPassword: PasswordHash("y")) }
    await expectUnavailable { try await store.addUser(email: Email("alice@me.com"), hashedPassword: PasswordHash("x")) }
    await expectUnavailable { [bob] in try await store.findUser(by: .email(bob)) }
    #expect(FileManager.default.fileExists(atPath: database.path) == isReplaced)
  }

  @Test func `a closed store is unavailable, and closing it again has no effect`() async throws {
    let store = try await SQLiteStore(path: database.path, busyTimeout: patience)
    await store.close()
    await store.close()
    let closed = StoreError.unavailable("the database is closed")
    await #expect(throws: closed) { try await store.findUser(by: .email(bob)) }
    await #expect(throws: closed) { try await store.addUser(email: bob, hashedPassword: PasswordHash("x")) }
  }

  @Test func `no password, session id or reset token is ever on disk`() async throws {
    let auth = Auth(
      policy: .classic, store: try await SQLiteStore(path: database.path, busyTimeout: patience), hasher: BcryptHasher(cost: 4))
    let password = "correct horse battery staple"
    _ = try await auth.register(email: bob.text, password: password)
    let session = try #require(try await auth.logIn(email: bob.text, password: password, from: .unknown).login).sessionID
    let token = try await auth.getResetPasswordToken(email: bob.text).token

    let contents = try database.contents()
    #expect(contents.range(of: Data(session.digest.hex.utf8)) != nil)
    for secret in [password, session.text, token.text] { #expect(contents.range(of: Data(secret.utf8)) == nil) }
  }

  @Test func `commits are synced, foreign keys are enforced, and the file is marked as ours`() async throws {
    let store = try await SQLiteStore(path: database.path, busyTimeout: patience)
    let settings = try await store.write { connection in
      try ["journal_mode", "synchronous", "foreign_keys", "application_id", "user_version"].map { name in
        try connection.query("PRAGMA \(name)") { $0.text(0) }[0]
      }
    }
    #expect(settings == ["wal", "2", "1", "1096111176", "\(SQLiteSchema.version)"])
  }

  @Test func `a reader of a large file caches fewer pages`() async throws {
    // While this is open, the file is not closed: readers would not wait for that.
    let store = try await patientRepository()
    let file = SQLiteDatabase(path: database.path, busyTimeout: .zero)
    #expect(try file.openReader().pragma("cache_size") == -2000)
    ForeignConnection(database.path).run("INSERT INTO audit_events (at, kind) VALUES (0, zeroblob(500 * 4096))")
    #expect(try file.openReader().pragma("cache_size") == -400)
    await store.close()
  }

  /// A timeout that is long enough for a busy machine.
  private func patientRepository() async throws -> SQLiteStore {
    try await SQLiteStore(path: database.path, busyTimeout: patience)
  }

  private func impatientRepository() async throws -> SQLiteStore {
    // Opening also waits for locks.
    _ = try await patientRepository()
    return try await SQLiteStore(path: database.path, busyTimeout: .milliseconds(50))
  }
}

private func expectUnavailable(_ operation: () async throws -> User) async {
  await #expect {
    _ = try await operation()
  } throws: { error in
    guard case .unavailable = error as? StoreError else { return false }
    return true
  }
}
