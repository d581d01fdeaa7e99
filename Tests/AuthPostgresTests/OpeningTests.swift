#if Postgres
import AuthCore
import AuthTesting
import PostgresTestServer
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
    #expect(await problem(with: configuration) == .newerSchema(found: 99, known: 1))
    try await PostgresServer.shared.value.run("UPDATE newer.schema_version SET version = 1")
    #expect(await problem(with: configuration) == nil)
  }

  @Test func `a role that may not create the schema, or does not exist, is told so`() async throws {
    try await PostgresServer.shared.value.run("CREATE ROLE poor LOGIN")
    var configuration = try await configuration("poor")
    configuration.schema = "not_for_the_poor"
    guard case .missingPrivilege(let reason) = await problem(with: configuration) else {
      throw PostgresServer.StartFailed(output: "opened")
    }
    #expect(reason.contains("permission denied"))
    guard case .cannotConnect(let reason) = await problem(with: try self.configuration("no_one")) else {
      throw PostgresServer.StartFailed(output: "opened")
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
    let store = try await PostgresStore(configuration)
    let email = try Email("bob@me.com")
    // The machine may be too busy for such a deadline.
    func repeatUntilItSucceeds(_ operation: () async throws -> Void) async {
      while (try? await operation()) == nil {}
    }
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
