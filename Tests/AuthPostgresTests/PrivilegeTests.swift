#if Postgres
import AuthCore
import AuthPostgres
import TestPrograms
import Testing

/// What a role may do that servers connect as; the contract runs as one, too.
@Suite struct PrivilegeTests {
  private let server: PostgresServer

  init() async throws { server = try await PostgresServer.shared.value }

  /// Whether a role may run a statement.
  private func may(_ role: String, _ statement: String) async -> Bool {
    do {
      try await server.run("BEGIN; SET LOCAL ROLE \(role); \(statement); ROLLBACK")
      return true
    } catch {
      return false
    }
  }

  @Test func `a service role may read and call functions, and change nothing by itself`() async throws {
    try await server.run("CREATE ROLE owner_1 LOGIN; CREATE ROLE service_1 LOGIN; CREATE ROLE other_1 LOGIN")
    try await server.run("GRANT CREATE ON DATABASE postgres TO owner_1")
    try await PostgresStore.migrate(server.configuration(schema: "private_1", as: "owner_1"), grantingTo: "service_1")
    let store = try await PostgresStore(server.configuration(schema: "private_1", as: "service_1"))
    let user = try await store.addUser(email: Email("bob@me.com"), hashedPassword: PasswordHash("hash"))
    #expect(try await store.findUser(email: user.email, counters: []).user == user)
    await store.close()

    // Of another program, with a name like ours; it stays as it is.
    try await server.run("SET ROLE owner_1; CREATE FUNCTION private_1.job_7() RETURNS int LANGUAGE sql AS 'SELECT 1'")
    try await PostgresStore.migrate(server.configuration(schema: "private_1", as: "owner_1"))
    let rights = try await server.run("SELECT proacl IS NULL FROM pg_proc WHERE proname = 'job_7'")
    #expect(rights == "t\n")

    let deletion = "SELECT private_1.delete_user_1(1, 'hash')"
    #expect(await may("service_1", deletion))
    #expect(await may("service_1", "SELECT * FROM private_1.sessions"))
    for refused in [
      "DELETE FROM private_1.users", "TRUNCATE private_1.sessions", "DROP TABLE private_1.audit_events",
      "UPDATE private_1.users SET hashed_password = 'x'", "INSERT INTO private_1.disabled_users VALUES (1, 1)",
      "ALTER FUNCTION private_1.flush_1() RESET ALL", "SELECT private_1.insert_user_1('eve@me.com', 'x')",
      "CREATE TABLE private_1.mine (x int)",
    ] {
      #expect(await !may("service_1", refused), "\(refused)")
      #expect(await may("owner_1", refused), "\(refused)")
    }
    for statement in [deletion, "SELECT * FROM private_1.sessions", "SELECT private_1.flush_1()"] {
      #expect(await !may("other_1", statement), "\(statement)")
    }
    // A role that reads everything, for reports, is not one that servers use.
    try await server.run("GRANT SELECT ON ALL TABLES IN SCHEMA private_1 TO other_1")
    try await PostgresStore.migrate(server.configuration(schema: "private_1", as: "owner_1"))
    // Where everyone may use the schema, they may still not call functions that have its owner's rights.
    try await server.run("GRANT USAGE ON SCHEMA private_1 TO PUBLIC")
    #expect(await !may("other_1", deletion))

    // What another role makes would have that role's rights.
    try await server.run("CREATE ROLE other_owner_1 LOGIN SUPERUSER")
    let refusal = await #expect(throws: PostgresOpenError.self) {
      try await PostgresStore.migrate(server.configuration(schema: "private_1", as: "other_owner_1"))
    }
    #expect("\(refusal, default: "none")".contains("only owner_1, which owns the tables, may migrate them"))
  }

  @Test func `no function of a role can take the place of one that a function with its owner's rights calls`() async throws {
    try await server.run("CREATE ROLE owner_2 LOGIN; CREATE ROLE service_2 LOGIN; CREATE SCHEMA mine_2 AUTHORIZATION service_2")
    try await server.run("GRANT CREATE ON DATABASE postgres TO owner_2")
    try await PostgresStore.migrate(server.configuration(schema: "private_2", as: "owner_2"), grantingTo: "service_2")
    try await server.run(
      """
      CREATE FUNCTION mine_2.lower(text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN
        RAISE EXCEPTION 'runs as %', current_user;
      END $$;
      GRANT USAGE ON SCHEMA mine_2 TO PUBLIC
      """)
    // The second looks at the row of the first.
    let additions = "SELECT private_2.add_user_1('a@b.c', 'x', false); SELECT private_2.add_user_1('A@b.c', 'x', false)"
    #expect(await may("service_2", "SET LOCAL search_path = mine_2, pg_catalog; \(additions)"))
  }

  @Test func `a role that may not use the tables, or not make them, is told what to do`() async throws {
    try await server.run("CREATE ROLE poor_3 LOGIN; CREATE ROLE half_3 LOGIN")
    func problem(_ role: String) async throws -> String {
      do {
        try await PostgresStore(server.configuration(schema: "private_3", as: role)).close()
        return "none"
      } catch let error as PostgresOpenError {
        return "\(error)"
      }
    }
    #expect(try await problem("poor_3").contains("permission denied for database postgres"))
    try await PostgresStore.migrate(server.configuration(schema: "private_3"))
    #expect(try await problem("poor_3").contains("permission denied for schema private_3"))
    try await PostgresStore.migrate(server.configuration(schema: "private_3"), grantingTo: "half_3")
    #expect(try await problem("half_3") == "none")
    try await server.run("REVOKE ALL ON FUNCTION private_3.end_session_1 FROM half_3; REVOKE ALL ON private_3.outbox FROM half_3")
    let advice = try await problem("half_3")
    #expect(advice.contains("it may not use end_session_1, outbox") && advice.contains("AuthServer migrate"))
    // What a later release adds, roles that use the tables get without being named.
    try await PostgresStore.migrate(server.configuration(schema: "private_3"))
    #expect(try await problem("half_3") == "none")
  }

  @Test func `the printed script makes tables that the store uses, and can be run again`() async throws {
    try await server.run("CREATE ROLE service_4 LOGIN")
    let script = try PostgresStore.migrationScript(schema: "printed \"4\"", grantingTo: "service_4")
    try await server.run(script)
    try await server.run(script)
    try await PostgresStore(server.configuration(schema: "printed \"4\"", as: "service_4")).close()
    try await server.run("UPDATE \"printed \"\"4\"\"\".schema_version SET version = 99")
    await #expect(throws: PostgresServer.StartFailed.self) { try await server.run(script) }
  }

  @Test func `no program gives an unverified user a reset token`() async throws {
    try await PostgresStore.migrate(server.configuration(schema: "unverified_5"))
    for email in ["bob@me.com", "eve@me.com"] {
      try await server.run("INSERT INTO unverified_5.users (email, hashed_password) VALUES ('\(email)', 'x')")
    }
    try await server.run("INSERT INTO unverified_5.unverified_users VALUES (1, 'a registration', 2000000000)")
    #expect(await !may("postgres", "INSERT INTO unverified_5.reset_tokens VALUES ('a token', 1, 0, 2000000000)"))
    #expect(await may("postgres", "INSERT INTO unverified_5.reset_tokens VALUES ('a token', 2, 0, 2000000000)"))
  }

  @Test(arguments: ["", "a$b", "back\\slash", "nul\0", String(repeating: "x", count: 64)])
  func `names that SQL text cannot hold are refused`(_ name: String) async throws {
    #expect(throws: PostgresOpenError.invalidSchema(name)) { try PostgresStore.migrationScript(schema: name) }
    #expect(throws: PostgresOpenError.invalidRole(name)) { try PostgresStore.migrationScript(schema: "a", grantingTo: name) }
  }
}
#endif
