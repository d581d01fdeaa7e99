#if Postgres
import AuthCore
import AuthPostgres
import TestPrograms
import Testing

/// What happens to operations while the server goes away and comes back.
@Suite(.serialized) struct CrashTests {
  @Test func `operations wait out crashes of the server, and nothing that was confirmed is lost`() async throws {
    let server = try await PostgresServer()
    let load = try await SessionLoad(server.configuration(schema: "auth"), stores: 2)
    for crash in 1...5 {
      try await load.wait(for: crash * 500)
      try await server.perform(.crash)
    }
    #expect(try await load.end(after: 100).lost == 0)
  }

  @Test func `what rests on a change of another is confirmed no sooner than that change is durable`() async throws {
    let server = try await PostgresServer()
    let store = try await PostgresStore(server.configuration(schema: "auth"))
    let hash = PasswordHash("hash")
    let user = try await store.addUser(email: Email("bob@me.com"), hashedPassword: hash)
    try await server.perform(.stallWALWriter)
    // Another server deletes the user, and has not flushed that; this one waits for it, and finds nothing to delete.
    async let deletion = server.run(
      """
      BEGIN; SELECT auth.delete_user_1(\(user.id), 'hash'); SELECT pg_advisory_lock(7);
      DO $$ BEGIN
        WHILE NOT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted) LOOP PERFORM pg_stat_clear_snapshot(); END LOOP;
      END $$;
      COMMIT
      """)
    while try await server.run("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 7") == "0\n" {}
    #expect(try await store.deleteUser(user.id, ifPassword: hash, notice: nil) == false)
    _ = try await deletion
    try await server.perform(.crash)
    #expect(try await store.findUser(email: user.email, counters: []).user == nil)
    await store.close()
  }

  @Test func `the test above notices a flush that does not flush`() async throws {
    let server = try await PostgresServer()
    let load = try await SessionLoad(server.configuration(schema: "auth"), stores: 1) {
      try await server.run(SessionLoad.noFlush)
      try await server.perform(.stallWALWriter)
    }
    try await load.wait(for: 500)
    try await server.perform(.crash)
    #expect(try await load.end(after: 100).lost > 0)
  }
}

/// What happens when a standby takes the place of the primary.
@Suite(.serialized) struct FailoverTests {
  @Test func `nothing that was confirmed is lost when the primary is killed and the standby promoted`() async throws {
    let (primary, standby) = try await PostgresServer.pair()
    var configuration = try primary.configuration(schema: "auth", orOn: standby)
    configuration.requiresReplication = true
    let load = try await SessionLoad(configuration, stores: 2)
    try await load.wait(for: 10_000)
    try await primary.perform(.kill)
    try await standby.perform(.promote)
    #expect(try await load.end(after: 2_000).lost == 0)
  }

  @Test func `nothing is lost, and the old primary is not asked again, when it hangs and the standby is promoted`() async throws {
    let (primary, standby) = try await PostgresServer.pair()
    // It is waited for as long as these say.
    var configuration = try primary.configuration(schema: "auth", orOn: standby, connectTimeout: 2)
    configuration.timeout = .seconds(2)
    let load = try await SessionLoad(configuration, stores: 2)
    try await load.wait(for: 10_000)
    // Now all have connections for lookups to the old primary, too.
    try await load.lookUp()
    try await primary.perform(.pause)
    try await standby.perform(.promote)
    try await load.wait(for: load.confirmed.count + 1_000)
    #expect(load.warnings.contain("\(standby.directory):5432, timeline 2, now; it was at \(primary.directory):5432"))
    #expect(load.warnings.contain("synchronous_standby_names is empty"))
    try await primary.perform(.resume)
    #expect(try await load.lookUp() == 0)
    #expect(try await load.end(after: 2_000).lost == 0)
  }

  @Test(.timeLimit(.minutes(10)))
  func `changes follow a standby that was promoted although its primary lives, and waits for it`() async throws {
    let (primary, standby) = try await PostgresServer.pair()
    var configuration = try primary.configuration(schema: "auth", orOn: standby, connectTimeout: 2)
    configuration.timeout = .seconds(1)
    var opened: PostgresStore?
    // The machine may be too busy for such a deadline.
    while opened == nil { opened = try? await PostgresStore(configuration) }
    let store = try #require(opened)
    // It no longer follows the primary: changes wait there, and it takes none itself.
    try await standby.run("ALTER SYSTEM SET primary_conninfo = ''")
    try await standby.run("SELECT pg_reload_conf()")
    while store.connectionProblem != "\(PostgresOpenError.standbyDoesNotRespond)" { try? await store.removeMessage("x") }
    try await standby.perform(.promote)
    let email = try Email("bob@me.com")
    while (try? await store.addUser(email: email, hashedPassword: PasswordHash("hash"))) == nil {}
    #expect(try await standby.run("SELECT count(*) FROM auth.users") == "1\n")
    await store.close()
  }

  @Test func `who begins after a promotion does not believe the old primary, although that takes writes`() async throws {
    let (primary, standby) = try await PostgresServer.pair()
    let configuration = try primary.configuration(schema: "auth", orOn: standby)
    try await PostgresStore(configuration).close()
    // Nothing fences it, and it no longer waits for a standby.
    try await primary.run("ALTER SYSTEM SET synchronous_standby_names = ''")
    try await primary.run("SELECT pg_reload_conf()")
    try await standby.perform(.promote)
    let store = try await PostgresStore(configuration)
    _ = try await store.addUser(email: Email("bob@me.com"), hashedPassword: PasswordHash("hash"))
    #expect(try await standby.run("SELECT count(*) FROM auth.users") == "1\n")
    #expect(try await primary.run("SELECT count(*) FROM auth.users") == "0\n")
    await store.close()
  }

  @Test func `the tests above notice a flush that does not flush`() async throws {
    let (primary, standby) = try await PostgresServer.pair()
    let load = try await SessionLoad(primary.configuration(schema: "auth", orOn: standby), stores: 1) {
      try await primary.run(SessionLoad.noFlush)
      try await primary.perform(.stallWALWriter)
    }
    try await load.wait(for: 500)
    try await primary.perform(.kill)
    try await standby.perform(.promote)
    #expect(try await load.end(after: 100).lost > 0)
  }
}
#endif
