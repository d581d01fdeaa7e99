import AuthCore
import AuthDB
import AuthTesting
import Testing

/// NIST SP 800-63B-4: 4.1.
@Suite struct AuditLogTests {
  private let database: TemporaryDatabase
  private let store: SQLiteStore
  private let start = Timestamp(secondsSince1970: 1_700_000_000)

  init() async throws {
    database = try TemporaryDatabase()
    store = try await SQLiteStore(path: database.path, busyTimeout: patience)
  }

  private func event(_ id: Int64, at moment: Timestamp? = nil, client: Client = .unknown) -> AuthEvent {
    AuthEvent(.loginFailed, at: moment ?? start, userID: id, client: client)
  }

  private func ids() -> [String?] {
    ForeignConnection(database.path).run("SELECT user_id FROM audit_events ORDER BY id").map { $0[0] }
  }

  @Test func `once the log is flushed, all recorded events are in the table, in order and complete`() async throws {
    let log = AuditLog(store)
    for id in 1...1_200 { log.record(event(Int64(id))) }
    let client = Client(ipAddress: IPAddress("203.0.113.7"), userAgent: "a\nb'; --", requestID: "r\r\n1")
    log.record(AuthEvent(.sessionCreated, at: start, userID: nil, sessionID: SessionID("x").digest, client: client))
    await log.flush()
    #expect(ids() == (1...1_200).map { "\($0)" } + [nil])
    let last = ForeignConnection(database.path).run("SELECT * FROM audit_events ORDER BY id DESC LIMIT 1")
    #expect(
      last == [
        ["1201", "1700000000", "session_created", nil, SessionID("x").digest.hex, "203.0.113.7", "ab'; --", "r1", nil]
      ])
  }

  @Test func `the log keeps no more events than its limit, and none beyond its age`() async throws {
    let log = AuditLog(store, maximumAge: .seconds(100), maximumCount: 10)
    for id in 1...30 { log.record(event(Int64(id))) }
    while ids().last != "30" { await Task.yield() }
    #expect(ids() == (21...30).map { "\($0)" })
    log.record(event(31, at: start + .seconds(101)))
    while ids().last != "31" { await Task.yield() }
    // Each write deletes only a few old events.
    _ = try await log.purge(at: start + .seconds(101))
    #expect(ids() == ["31"])
    #expect(try await log.purge(at: start + .seconds(202)) == 1)
    #expect(ids().isEmpty)
  }

  @Test func `while the database is locked, events wait but their recorders do not`() async throws {
    let impatient = try await SQLiteStore(path: database.path, busyTimeout: .zero)
    let log = AuditLog(impatient)
    let other = ForeignConnection(database.path)
    other.run("BEGIN IMMEDIATE")
    for id in 1...100 { log.record(event(Int64(id))) }
    await log.flush()
    #expect(ids().isEmpty)
    other.run("COMMIT")
    log.record(event(101))
    await log.flush()
    await impatient.close()
    #expect(ids() == (1...101).map { "\($0)" })
  }

  @Test func `no event is lost when many record at once, and those of each recorder stay in order`() async throws {
    let log = AuditLog(store)
    await withTaskGroup { group in
      for task in 0..<20 {
        group.addTask {
          for step in 0..<50 { log.record(event(Int64(task * 50 + step))) }
        }
      }
    }
    await log.flush()
    let recorded = ids().compactMap { $0.flatMap { Int($0) } }
    #expect(recorded.sorted() == Array(0..<1_000))
    for task in 0..<20 { #expect(recorded.filter { $0 / 50 == task } == Array(task * 50..<(task + 1) * 50)) }
  }

  @Test func `when more events wait than may, the newest are kept`() async throws {
    let log = AuditLog(store)
    let other = ForeignConnection(database.path)
    other.run("BEGIN IMMEDIATE")
    let count = 3 * AuditLog.maximumWaiting
    for id in 1...count { log.record(event(Int64(id))) }
    other.run("COMMIT")
    await log.flush()
    let recorded = ids().compactMap { $0.flatMap { Int($0) } }
    // Events that the writer had taken before it met the lock come before the gap.
    let newest = (count - AuditLog.maximumWaiting + 1)...count
    #expect(Array(recorded.suffix(newest.count)) == Array(newest))
    #expect(recorded == recorded.sorted())
  }

  @Test func `events of an account and of an email are found, the newest first`() async throws {
    let log = AuditLog(store)
    let client = Client(ipAddress: IPAddress("203.0.113.7"), userAgent: "curl", requestID: "r")
    let digest = AuthEvent.digest(ofEmail: "eve@me.com")
    log.record(AuthEvent(.loginFailed, at: start, userID: nil, emailDigest: digest, client: client))
    log.record(AuthEvent(.userCreated, at: start + .seconds(1), userID: 1, client: .unknown))
    log.record(AuthEvent(.loginFailed, at: start + .seconds(2), userID: 2, client: .unknown))
    log.record(AuthEvent(.loginFailed, at: start, userID: nil, emailDigest: "another", client: .unknown))
    while ids().count < 4 { await Task.yield() }
    func kinds(_ id: User.ID?, _ email: String?) async throws -> [String] {
      let page = try await log.events(of: id, orEmail: email)
      #expect(page.next == nil)
      return page.entries.map(\.kind)
    }
    #expect(try await kinds(1, "EVE@me.com") == ["user_created", "authn_login_fail"])
    #expect(try await kinds(1, nil) == ["user_created"])
    #expect(try await kinds(nil, nil).isEmpty)
    #expect(try await kinds(nil, "amy@me.com").isEmpty)
    let entry = try #require(try await log.events(of: nil, orEmail: "eve@me.com").entries.first)
    #expect(entry.at == start && entry.ipAddress == "203.0.113.7" && entry.userAgent == "curl" && entry.requestID == "r")
    #expect(try await log.count() == 4)
  }

  @Test func `events far apart are found page by page`() async throws {
    ForeignConnection(database.path).run(
      """
      WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50000)
      INSERT INTO audit_events (at, kind, user_id) SELECT i, 'authn_login_fail', i % 25000 FROM n
      """)
    let log = AuditLog(store)
    var page = try await log.events(of: 1, orEmail: nil)
    var (times, pages) = (page.entries.map(\.at.secondsSince1970), 1)
    while let next = page.next {
      page = try await log.events(of: 1, orEmail: nil, from: next)
      times += page.entries.map(\.at.secondsSince1970)
      pages += 1
    }
    #expect(times == [25_001, 1])
    #expect(pages == 3)
  }
}
