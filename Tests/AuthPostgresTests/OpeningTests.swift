#if Postgres
import AuthCore
import AuthTesting
import Foundation
import TestPrograms
import Synchronization
import Testing

@testable import AuthPostgres

@Suite struct OpeningTests {
  private func problem(with configuration: PostgresConfiguration) async -> PostgresOpenError? {
    do {
      let store = try await PostgresStore(configuration)
      await store.close()
      return nil
    } catch {
      return error
    }
  }

  /// Another database, or another role, of the shared server.
  private func configuration(_ user: String = "postgres", database: String = "postgres") async throws -> PostgresConfiguration {
    let directory = try await PostgresServer.shared.value.directory
    return try PostgresConfiguration("postgres://\(user)@/\(database)?host=\(directory)&connect_timeout=3600")
  }

  @Test func `a database that cannot hold all emails is refused`() async throws {
    try await PostgresServer.shared.value.run("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
    #expect(await problem(with: try configuration(database: "latin")) == .wrongEncoding("LATIN1"))
  }

  @Test func `a schema of a newer release is refused, and left as it is`() async throws {
    var configuration = try await configuration()
    configuration.schema = "newer"
    #expect(await problem(with: configuration) == nil)
    try await PostgresServer.shared.value.run("UPDATE newer.schema_version SET version = 99")
    #expect(await problem(with: configuration) == .newerSchema(found: 99, known: PostgresStore.schemaVersion))
    try await PostgresServer.shared.value.run("UPDATE newer.schema_version SET version = \(PostgresStore.schemaVersion)")
    #expect(await problem(with: configuration) == nil)
  }

  @Test func `a schema that is not whole, or of no version, is refused`() async throws {
    let server = try await PostgresServer.shared.value
    var configuration = try await configuration()
    configuration.schema = "hollow"
    try await server.run("CREATE SCHEMA hollow; CREATE TABLE hollow.schema_version (version integer NOT NULL)")
    let unknown = PostgresOpenError.refused("the table schema_version has no row, so the schema's version is not known")
    #expect(await problem(with: configuration) == unknown)
    try await server.run("INSERT INTO hollow.schema_version VALUES (\(PostgresStore.schemaVersion))")
    let hollow = await problem(with: configuration)
    guard case .missingPrivilege(let reason) = hollow else {
      throw PostgresServer.StartFailed(output: "\(hollow, default: "opened")")
    }
    #expect(reason.contains("add_session_1") && reason.contains("users"))
  }

  @Test func `a database of the version before is migrated, keeps its data, and still serves servers of that release`()
    async throws
  {
    let server = try await PostgresServer.shared.value
    var configuration = try await configuration()
    configuration.schema = "former"
    let schema = PostgresSchema(named: "former")
    try await server.run("CREATE SCHEMA former; \(schema.migrations[0])")
    try await server.run("SELECT former.add_user_1('bob@me.com', 'x', false)")
    let store = try await PostgresStore(configuration)
    let bob = try await store.findUser(by: .id(1))
    #expect(bob.email.text == "bob@me.com")
    let notice = OutboxMessage(id: "n", kind: .accountDisabled, userID: 1, email: bob.email, createdAt: .distantPast)
    let live = Session.Cutoff(expiringAfter: .distantPast, usedAfter: .distantPast)
    #expect(try await store.disableUser(1, at: .distantPast, endingSessionsIn: live, notice: notice) == [])
    #expect(try await store.findMessages(to: 1) == [notice])
    #expect(try await store.enableUser(1, notice: nil))
    await store.close()
    try await server.run(
      """
      SELECT former.disable_user_1(1, 0, 0, 0); SELECT former.enable_user_1(1); SELECT former.purge_1(0, 0, 0, 0, '', 9);
      SELECT former.delete_user_1(1, 'x')
      """)
    #expect(await problem(with: configuration) == nil)
  }

  @Test func `a role that may not create the schema, or does not exist, is told so`() async throws {
    try await PostgresServer.shared.value.run("CREATE ROLE poor LOGIN")
    var configuration = try await configuration("poor")
    configuration.schema = "not_for_the_poor"
    let refused = await problem(with: configuration)
    guard case .missingPrivilege(let reason) = refused else {
      throw PostgresServer.StartFailed(output: "\(refused, default: "opened")")
    }
    #expect(reason.contains("permission denied"))
    let unknown = await problem(with: try self.configuration("no_one"))
    guard case .cannotConnect(let reason) = unknown else {
      throw PostgresServer.StartFailed(output: "\(unknown, default: "opened")")
    }
    #expect(reason.contains("no_one"))
  }

  @Test func `of servers that start at the same time, one makes the tables, and the others use them`() async throws {
    var configuration = try await configuration()
    configuration.schema = "simultaneous"
    let problems = await withTaskGroup { [configuration] group in
      for _ in 1...16 { group.addTask { await problem(with: configuration) } }
      return await group.reduce(into: [PostgresOpenError]()) { if let problem = $1 { $0.append(problem) } }
    }
    #expect(problems.isEmpty)
  }

  @Test func `where commits must be replicated, a server that does not do it is refused, and otherwise it is a warning`()
    async throws
  {
    var configuration = try await configuration()
    configuration.schema = "unreplicated"
    configuration.requiresReplication = true
    #expect(await problem(with: configuration) == .notReplicated)
  }

  @Test func `an operation fails at its deadline while the server hangs, and the store works again afterwards`() async throws {
    let server = try await PostgresServer()
    var configuration = try server.configuration(schema: "auth")
    configuration.timeout = .milliseconds(300)
    let email = try Email("bob@me.com")
    // The machine may be too busy for such a deadline.
    func repeatUntilItSucceeds<Result>(_ operation: () async throws -> Result) async -> Result {
      while true { if let result = try? await operation() { return result } }
    }
    let store = await repeatUntilItSucceeds { [configuration] in try await PostgresStore(configuration) }
    await repeatUntilItSucceeds { _ = try await store.findUser(email: email, counters: []) }
    try await server.perform(.pause)
    await #expect(throws: StoreError.self) { try await store.findUser(email: email, counters: []) }
    await #expect(throws: StoreError.self) { try await store.removeMessage("x") }
    try await server.perform(.resume)
    await repeatUntilItSucceeds { _ = try await store.findUser(email: email, counters: []) }
    await repeatUntilItSucceeds { try await store.removeMessage("x") }
    await store.close()
    await #expect(throws: StoreError.unavailable("the database is closed")) { try await store.removeMessage("x") }
  }
}

/// What is noticed of a server while it is used.
@Suite(.timeLimit(.minutes(10))) struct ServerTests {
  private let email: Email
  private let hash = PasswordHash("hash")

  init() throws { email = try Email("bob@me.com") }

  /// Runs a statement until it has an effect, or the condition says that none is needed any more.
  private func repeatUntil(_ isDone: () -> Bool, _ body: () async throws -> Void) async rethrows {
    while !isDone() {
      try await body()
      await Task.yield()
    }
  }

  @Test func `a commit that is only local is not confirmed, even if the role asks to hear no warnings`() async throws {
    let server = try await PostgresServer()
    try await server.run("ALTER ROLE postgres SET client_min_messages = error")
    let store = try await PostgresStore(server.configuration(schema: "auth"))
    try await server.run("ALTER SYSTEM SET synchronous_standby_names = 'gone'")
    try await server.run("SELECT pg_reload_conf()")
    let isDone = Atomic(false)
    async let addition: Result<User, StoreError> = {
      defer { isDone.store(true, ordering: .relaxed) }
      do throws(StoreError) {
        return .success(try await store.addUser(email: email, hashedPassword: hash))
      } catch {
        return .failure(error)
      }
    }()
    await #expect(throws: Never.self) {
      try await repeatUntil {
        isDone.load(ordering: .relaxed)
      } _: {
        try await server.run("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'")
      }
    }
    guard case .failure(.unavailable(let reason)) = await addition else { throw PostgresServer.StartFailed(output: "confirmed") }
    #expect(reason.contains("did not confirm that the change is durable"))
    await store.close()
  }

  @Test func `while a standby does not confirm, connections do not pile up, and the reason is given`() async throws {
    let server = try await PostgresServer()
    var configuration = try server.configuration(schema: "auth")
    configuration.timeout = .seconds(1)
    var opened: PostgresStore?
    // The machine may be too busy for such a deadline.
    while opened == nil { opened = try? await PostgresStore(configuration) }
    let store = try #require(opened)
    try await server.run("ALTER SYSTEM SET synchronous_standby_names = 'gone'")
    try await server.run("SELECT pg_reload_conf()")
    var problem: String?
    while problem != "\(PostgresOpenError.standbyDoesNotRespond)" {
      do throws(StoreError) {
        try await store.removeMessage("x")
      } catch {
        problem = store.connectionProblem
      }
    }
    func waiting() async throws -> String {
      try await server.run("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'")
    }
    let count = try await waiting()
    for _ in 1...3 { await #expect(throws: StoreError.self) { try await store.removeMessage("x") } }
    #expect(try await waiting() == count)
    try await server.run("ALTER SYSTEM RESET synchronous_standby_names")
    try await server.run("SELECT pg_reload_conf()")
    while (try? await store.removeMessage("x")) == nil {}
    await store.close()
  }

  @Test func `a database that was set back to an earlier state is noticed`() async throws {
    let server = try await PostgresServer()
    let warnings = Warnings()
    let store = try await PostgresStore(server.configuration(schema: "auth")) { warnings.add($0) }
    try await server.perform(.keep)
    _ = try await store.addUser(email: email, hashedPassword: hash)
    try await server.perform(.crash)
    #expect(try await store.findUser(email: email, counters: []).user != nil)
    #expect(!warnings.contain("an earlier state"))
    try await server.perform(.setBack)
    #expect(try await store.findUser(email: email, counters: []).user == nil)
    #expect(warnings.contain("the database is in an earlier state than before"))
    await store.close()
  }

  @Test func `the database's clock counts, and a wrong one of this machine is told of once`() {
    let warnings = Warnings()
    let clock = PostgresClock { warnings.add($0) }
    /// Reads the clock of a database that is so far ahead, within this time.
    func read(ahead seconds: Int64, in duration: Int64 = 20) {
      let now = PostgresClock.elapsed
      let system = Int64(Date.now.timeIntervalSince1970 * 1000)
      clock.set(to: system + 1000 * seconds, between: now - duration / 2, and: now + duration / 2)
    }
    func isAhead(by seconds: Int64) -> Bool {
      let system = SystemClock()
      let (before, now, after) = (system.now, clock.now, system.now)
      return (before + .seconds(seconds - 1)...after + .seconds(seconds + 1)).contains(now)
    }
    #expect(isAhead(by: 0))
    read(ahead: 4)
    #expect(isAhead(by: 4) && warnings.all.isEmpty)
    for _ in 1...3 { read(ahead: 3_600) }
    #expect(isAhead(by: 3_600))
    #expect(warnings.all.count == 1 && warnings.contain("s behind that of the database"))
    read(ahead: -7_200)
    #expect(isAhead(by: -7_200) && warnings.all.count == 2 && warnings.contain("s ahead of that"))
    // What the server took to respond may explain it.
    read(ahead: -7_190, in: 30_000)
    #expect(isAhead(by: -7_200))
    read(ahead: 0)
    #expect(isAhead(by: 0))
    read(ahead: 3_600)
    #expect(warnings.all.count == 3)
  }

  @Test func `a clock that was set is noticed with the next purge`() async throws {
    let store = try await PostgresStore(PostgresServer.shared.value.configuration(schema: "clock"))
    let live = Session.Cutoff(expiringAfter: .distantPast, usedAfter: .distantPast)
    func purge() async throws { _ = try await store.purge(Purge.Scope(live: live, countersBefore: .distantPast, limit: 1)) }
    // Makes the connections, with each of which the clock is read, too.
    try await purge()
    store.clock.set(to: 0, between: PostgresClock.elapsed, and: PostgresClock.elapsed)
    #expect(store.clock.now < Timestamp(secondsSince1970: 1_000_000))
    try await purge()
    #expect(store.clock.now > Timestamp(secondsSince1970: 1_700_000_000))
    await store.close()
  }

  @Test func `a full disk keeps the store from being ready until it takes changes again`() async throws {
    let server = try await PostgresServer.shared.value
    let store = try await PostgresStore(server.configuration(schema: "full"))
    try await store.checkReadiness()
    let raising = """
      CREATE FUNCTION full.raise() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN RAISE 'could not extend file' USING ERRCODE = '53100'; END $$;
      CREATE TRIGGER raise BEFORE INSERT ON full.users EXECUTE FUNCTION full.raise();
      """
    try await server.run(raising.replacing("full.", with: "\"full\"."))
    // A refusal is forgotten after ten seconds, in which a busy machine may do no more than refuse.
    var problem: StoreError?
    while problem == nil {
      await #expect(throws: StoreError.self) { try await store.addUser(email: email, hashedPassword: hash) }
      do { try await store.checkReadiness() } catch { problem = error }
    }
    #expect(problem == .unavailable("the database refused a change: could not extend file (SQLSTATE 53100)"))
    try await server.run("DROP FUNCTION \"full\".raise() CASCADE")
    _ = try await store.addUser(email: email, hashedPassword: hash)
    try await store.checkReadiness()
    await store.close()
  }
}

@Suite struct ConfigurationTests {
  private typealias Host = PostgresConfiguration.Host

  @Test func `hosts and ports of a URL belong together`() throws {
    let hosts = try PostgresConfiguration("postgres://a@one:1,two:2/x").hosts
    #expect(hosts == [Host(name: "one", address: "", port: "1"), Host(name: "two", address: "", port: "2")])
    #expect(try PostgresConfiguration("host=one,two port=7").hosts.map(\.port) == ["7", "7"])
    #expect(try PostgresConfiguration("postgresql:///x?host=/run/postgresql").hosts.map(\.name) == ["/run/postgresql"])
    #expect(throws: PostgresOpenError.self) { try PostgresConfiguration("host=one,two,three port=1,2") }
  }

  @Test func `what cannot be read is not repeated, because it may contain a password`() {
    for text in ["postgres://bob:secret@[::1/x", "host=one secret", "postgres://bob:secret@h/x?made=up"] {
      do {
        _ = try PostgresConfiguration(text)
        Issue.record("it was accepted")
      } catch {
        #expect(!"\(error)".contains("secret"))
      }
    }
  }

  @Test func `a server on another machine is verified unless it is said that it need not be`() throws {
    func check(_ url: String, insecure: Bool = false) -> Bool {
      do {
        var configuration = try PostgresConfiguration(url)
        configuration.allowsUnverifiedServers = insecure
        try configuration.checkTLS()
        return true
      } catch {
        return false
      }
    }
    for local in ["127.0.0.1", "localhost", "[::1]", "%2Frun%2Fpostgresql"] { #expect(check("postgres://\(local)/x")) }
    #expect(check("postgres:///x"))
    for mode in ["disable", "allow", "prefer", "require", "verify-ca"] {
      #expect(!check("postgres://db.example.org/x?sslmode=\(mode)"))
      #expect(!check("postgres://localhost,10.0.0.1/x?sslmode=\(mode)"))
      #expect(check("postgres://db.example.org/x?sslmode=\(mode)", insecure: true))
      #expect(check("postgres://127.0.0.1/x?sslmode=\(mode)"))
    }
    #expect(check("postgres://db.example.org/x?sslmode=verify-full"))
    let options = try PostgresConfiguration("postgres://db.example.org/x")
    #expect(options.options(for: options.hosts[0]).contains { $0 == ("sslmode", "verify-full") })
  }
}
#endif
