import AuthCore
import AuthDB
import AuthTesting
import Synchronization
import Testing

/// Two processes on one file, as far as SQLite is concerned.
///
/// OWASP ASVS 5.0: 7.4.2.
@Suite struct DisablingTests {
  private let database: TemporaryDatabase
  private let stores: [SQLiteStore]
  private let auths: [Auth]

  init() async throws {
    database = try TemporaryDatabase()
    stores = [
      try await SQLiteStore(path: database.path, busyTimeout: patience),
      try await SQLiteStore(path: database.path, busyTimeout: patience),
    ]
    let hasher = FastHasher()
    auths = stores.map { Auth(policy: .classic, store: $0, hasher: hasher) }
  }

  @Test func `of 10,000 requests after disabling none passes, while logins go on in two processes`() async throws {
    var policy = AuthPolicy.classic
    policy.sessions.maximumPerUser = 1_000
    policy.throttling.loginPerEmail = .unlimited
    let auths = [policy, policy].enumerated().map { Auth(policy: $1, store: stores[$0], hasher: FastHasher()) }
    _ = try await auths[0].register(email: "bob@me.com", password: "b4l0u")
    let race = Race()

    try await withThrowingTaskGroup { group in
      for worker in 0..<8 {
        group.addTask {
          var loginsLeft = 20
          while loginsLeft > 0 {
            let begunAfter = race.isDisabled
            if begunAfter { loginsLeft -= 1 }
            let login = try await auths[worker % 2].logIn(email: "bob@me.com", password: "b4l0u", from: .unknown).login
            if let login { race.note(login.sessionID) }
            #expect(login == nil || !begunAfter)
          }
        }
      }
      while race.opened.count < 50 { await Task.yield() }
      #expect(try await auths[1].disableUser(1))
      race.noteDisabled()
      try await group.waitForAll()
    }

    let sessions = race.opened
    #expect(sessions.count >= 50)
    var passed = 0
    for request in 0..<10_000 {
      if try await auths[request % 2].profile(for: sessions[request % sessions.count]) != nil { passed += 1 }
    }
    #expect(passed == 0)
    #expect(ForeignConnection(database.path).run("SELECT count(*) FROM sessions") == [["0"]])
  }

  @Test func `a row that another program inserts disables the user and ends their sessions`() async throws {
    _ = try await auths[0].register(email: "bob@me.com", password: "b4l0u")
    let login = try #require(try await auths[0].logIn(email: "bob@me.com", password: "b4l0u", from: .unknown).login)
    ForeignConnection(database.path).run("INSERT INTO disabled_users VALUES (1, 1700000000)")
    #expect(try await auths[0].profile(for: login.sessionID) == nil)
    #expect(try await auths[0].disabledAt(1) == Timestamp(secondsSince1970: 1_700_000_000))
    #expect(try await auths[0].logIn(email: "bob@me.com", password: "b4l0u", from: .unknown).login == nil)
  }

  /// A server of an earlier release that still runs knows nothing of the table.
  @Test func `no program can insert a session of a disabled user`() async throws {
    _ = try await auths[0].register(email: "bob@me.com", password: "b4l0u")
    try await auths[0].disableUser(1)
    ForeignConnection(database.path).run(
      """
      INSERT INTO sessions (key, id, user_id, number, created_at, last_used_at, expires_at)
      VALUES (1, 'x', 1, 1, 1700000000, 1700000000, 1700000060)
      """)
    #expect(ForeignConnection(database.path).run("SELECT count(*) FROM sessions") == [["0"]])
  }
}

/// What the logins of a test have come to.
private final class Race: Sendable {
  private let state = Mutex((opened: [SessionID](), isDisabled: false))

  var opened: [SessionID] { state.withLock { $0.opened } }
  var isDisabled: Bool { state.withLock { $0.isDisabled } }

  func note(_ session: SessionID) { state.withLock { $0.opened.append(session) } }
  func noteDisabled() { state.withLock { $0.isDisabled = true } }
}
