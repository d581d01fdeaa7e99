import Foundation
import NIOHTTP1
import Testing

/// The commands on a database that a server is using.
@Suite struct UserCommandTests {
  private let directory: TemporaryDirectory
  private let bob = ["email": "bob@me.com", "password": "b4l0u"]

  init() throws { directory = try TemporaryDirectory() }

  /// Runs a command to its end.
  private func run(
    _ arguments: String..., on database: TestDatabase = .sqlite, policy: String = "classic"
  ) async throws -> (status: Int32, output: String) {
    let options = try await database.arguments(for: directory) + ["--policy", policy]
    let process = try ServerProcess(arguments + options, isRaw: true)
    return (await process.exitStatus, process.output)
  }

  private func server(on database: TestDatabase = .sqlite) async throws -> ServerProcess {
    try ServerProcess(try await database.arguments(for: directory) + ["--bcrypt-cost", "4"])
  }

  private func json(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test(arguments: TestDatabase.allCases)
  func `a disabled account is refused at the next request and at login, as with a wrong password`(
    on database: TestDatabase
  ) async throws {
    let server = try await server(on: database)
    let client = try await Client(port: server.port)
    _ = try await client.call(.POST, "/users", bob)
    let session = try #require(try await client.call(.POST, "/sessions", bob).sessionID)
    #expect(try await run("user", "disable", "bob@me.com", on: database).status == 0)
    #expect(try await client.call(.GET, "/profile", cookie: session).status == 403)
    let refused = try await client.call(.POST, "/sessions", bob)
    let wrong = try await client.call(.POST, "/sessions", ["email": "bob@me.com", "password": "wrong"])
    #expect(refused.status == 401 && refused.json == wrong.json)
    #expect(refused.headers.map(\.name) == wrong.headers.map(\.name))
    // A reset is the same as for any account, and brings nothing back.
    let token = try #require(try await client.call(.POST, "/reset_password", bob).json["reset_token"])
    let new = ["email": "bob@me.com", "reset_token": token, "new_password": "b4l0u"]
    #expect(try await client.call(.PUT, "/reset_password", new).status == 200)
    #expect(try await client.call(.POST, "/sessions", bob).status == 401)
    let events = try await run("user", "events", "1", "--json", on: database).output
    #expect(events.contains("\"event\":\"authn_login_disabled\"") && events.contains("\"event\":\"user_disabled\""))
    #expect(try await run("user", "enable", "1", on: database).status == 0)
    #expect(try await client.call(.POST, "/sessions", bob).status == 200)
  }

  @Test func `of requests in many sessions none passes once the command has ended`() async throws {
    let servers = [try await server(), try await server()]
    let clients = try await [Client(port: servers[0].port), Client(port: servers[1].port)]
    _ = try await clients[0].call(.POST, "/users", bob)
    let logins = (0..<4).map { worker in
      Task {
        var sessions: [String] = []
        while !Task.isCancelled {
          // The last one is cancelled.
          let login = try? await clients[worker % 2].call(.POST, "/sessions", bob)
          if let session = login?.sessionID { sessions.append(session) }
        }
        return sessions
      }
    }
    while try Python.sqlite(directory.database, "SELECT count(*) FROM sessions") == "0" { await Task.yield() }
    #expect(try await run("user", "disable", "1").status == 0)
    let attempts = try await withThrowingTaskGroup { group in
      for index in 0..<40 { group.addTask { try await clients[index % 2].call(.POST, "/sessions", bob).status } }
      return try await group.reduce(into: Set()) { $0.insert($1) }
    }
    #expect(attempts == [401])
    var sessions: [String] = []
    for task in logins {
      task.cancel()
      sessions += await task.value
    }
    for (index, session) in sessions.prefix(200).enumerated() {
      #expect(try await clients[index % 2].call(.GET, "/profile", cookie: session).status == 403)
    }
    #expect(try Python.sqlite(directory.database, "SELECT count(*) FROM sessions") == "0")
  }

  @Test func `a created account is delivered a token by the server, and the command prints none`() async throws {
    let file = directory.path + "/messages"
    let program = directory.path + "/deliver"
    try "#!/bin/sh\ncat >> '\(file)'\n".write(toFile: program, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: program)
    let server = try ServerProcess([
      "--database", directory.database, "--policy", "strict", "--bcrypt-cost", "10", "--registration", "closed",
      "--insecure-cookies", "--delivery", "command", "--delivery-command", program,
    ])
    let client = try await Client(port: server.port)
    let created = try await run("user", "create", "bob@me.com", "--json", policy: "strict")
    #expect(created.status == 0)
    #expect(try json(created.output)["has_password"] as? Bool == false)
    while (try? String(contentsOfFile: file, encoding: .utf8))?.hasSuffix("\n") != true { await Task.yield() }
    let message = try json(String(contentsOfFile: file, encoding: .utf8))
    let token = try #require(message["reset_token"] as? String)
    #expect(message["email"] as? String == "bob@me.com" && !created.output.contains(token))
    let password = "a password of many characters"
    let new = ["email": "bob@me.com", "reset_token": token, "new_password": password]
    #expect(try await client.call(.PUT, "/reset_password", new).status == 200)
    #expect(try await client.call(.POST, "/sessions", ["email": "bob@me.com", "password": password]).status == 200)
  }

  @Test(arguments: [("strict", "account_disabled,account_enabled,account_deleted"), ("classic", "")])
  func `the commands tell the owner what they do, under strict`(_ policy: String, _ kinds: String) async throws {
    let server = try await server()
    let client = try await Client(port: server.port)
    for email in ["bob@me.com", "eve@me.com"] {
      #expect(try await client.call(.POST, "/users", ["email": email, "password": "b4l0u"]).status == 200)
    }
    for command in ["disable", "disable", "enable"] {
      #expect(try await run("user", command, "bob@me.com", policy: policy).status == 0)
    }
    // Its messages go with an account that is deleted, but for the last.
    #expect(try await run("user", "delete", "eve@me.com", "--yes", policy: policy).status == 0)
    let queued = try Python.sqlite(
      directory.database, "SELECT coalesce(group_concat(kind), '') FROM (SELECT kind FROM outbox ORDER BY created_at, rowid)")
    #expect(queued == kinds)
  }

  @Test func `where nothing delivers messages, none is queued`() async throws {
    _ = try await server().port
    let refused = try await run("user", "create", "bob@me.com")
    #expect(refused.status == 1 && refused.output.hasPrefix("Error: no message would be delivered: under --policy classic"))
    #expect(try await run("user", "list").output.isEmpty)
    #expect(try await run("user", "create", "bob@me.com", "--delivery", "command").status == 0)
    #expect(try await run("user", "send-reset", "bob@me.com", "--delivery", "answer").status == 1)
    #expect(try await run("user", "send-reset", "bob@me.com", "--delivery", "webhook").status == 0)
    #expect(try json(await run("stats", "--json").output)["waiting_messages"] as? Int == 2)
  }

  @Test func `an account is deleted only when that is confirmed, with all that is stored`() async throws {
    let server = try await server()
    let client = try await Client(port: server.port)
    _ = try await client.call(.POST, "/users", bob)
    _ = try await client.call(.POST, "/sessions", bob)
    let refused = try await run("user", "delete", "bob@me.com")
    #expect(refused.status == 64 && refused.output.contains("--yes"))
    #expect(try await run("user", "show", "1").status == 0)
    _ = try Python.sqlite(directory.database, "INSERT INTO recovery_emails VALUES (1, 'bob@second.org', 1795582800)")
    #expect(try await run("user", "show", "1").output.contains("bob@second.org"))
    let exported = try json(await run("user", "export", "1").output)
    #expect(exported["recovery_email"] as? String == "bob@second.org")
    #expect(exported["recovery_email_verified_at"] as? String == "2026-11-25T05:00:00Z")
    #expect((exported["sessions"] as? [Any])?.count == 1 && (exported["events"] as? [Any])?.isEmpty == false)
    #expect(try await run("user", "delete", "bob@me.com", "--yes").status == 0)
    let rows = "(SELECT count(*) FROM users) + (SELECT count(*) FROM sessions) + (SELECT count(*) FROM recovery_emails)"
    #expect(try Python.sqlite(directory.database, "SELECT \(rows)") == "0")
    // What happened stays, by number.
    #expect(try await run("user", "events", "1").output.contains("user_deleted"))
  }

  @Test func `sessions are listed and ended, and a lock is seen and ended`() async throws {
    let server = try ServerProcess([
      "--database", directory.database, "--policy", "strict", "--verify-emails", "off", "--bcrypt-cost", "10",
      "--insecure-cookies", "--delivery", "command", "--delivery-command", "/usr/bin/true",
    ])
    let client = try await Client(port: server.port)
    let bob = ["email": "bob@me.com", "password": "a password of many characters"]
    _ = try await client.call(.POST, "/users", bob)
    _ = try await client.call(.POST, "/sessions", bob)
    #expect(try await run("user", "sessions", "bob@me.com", policy: "strict").output.contains("127.0.0.1"))
    let ended = try await run("user", "end-sessions", "1", "--json", policy: "strict")
    #expect(ended.output == "{\"id\":1,\"ended_sessions\":1}\n")
    for _ in 1...7 { _ = try await client.call(.POST, "/sessions", ["email": "bob@me.com", "password": "wrong"]) }
    _ = try Python.sqlite(directory.database, "UPDATE attempt_counters SET count = 100 WHERE kind = 'login-email'")
    #expect(try await run("user", "list", "--state", "locked", policy: "strict").output == "1         locked    bob@me.com\n")
    #expect(try await run("user", "unlock", "1", policy: "strict").status == 0)
    #expect(try await run("user", "list", "--state", "active", policy: "strict").output.contains("bob@me.com"))
  }

  @Test func `attempts with an unknown email are found by it, and the email is not stored`() async throws {
    let server = try await server()
    let client = try await Client(port: server.port)
    _ = try await client.call(.POST, "/sessions", ["email": "nobody@me.com", "password": "x"])
    server.signal(SIGTERM)
    #expect(await server.exitStatus == 0)
    let events = try await run("user", "events", "Nobody@me.com")
    #expect(events.status == 0 && events.output.contains("authn_login_fail") && events.output.contains("ip=127.0.0.1"))
    #expect(try await run("user", "events", "somebody@me.com").output.isEmpty)
    let stored = try FileManager.default.contentsOfDirectory(atPath: directory.path).map { name in
      try Data(contentsOf: URL(filePath: directory.path).appending(path: name))
    }
    #expect(stored.allSatisfy { $0.range(of: Data("nobody@me.com".utf8)) == nil })
  }

  @Test func `an email cannot give a terminal orders`() async throws {
    let server = try await server()
    let client = try await Client(port: server.port)
    _ = try await client.call(.POST, "/users", ["email": "\u{202e}moc.em@bob \"x\"", "password": "x"])
    #expect(try await run("user", "list").output == "1         active    \\u{202e}moc.em@bob \"x\"\n")
    let listed = try await run("user", "list", "--json").output
    #expect(!listed.unicodeScalars.contains("\u{202e}"))
    #expect(try json(listed)["email"] as? String == "\u{202e}moc.em@bob \"x\"")
  }

  @Test(arguments: [
    (["user", "show", "7"], 1, "Error: no user has the id 7\n"),
    (["user", "show", "x@me.com"], 1, "Error: no user has the email x@me.com\n"),
    (["user", "list", "--state", "x"], 64, "Error: The value 'x' is invalid for '--state <state>'"),
    (["user", "events", "1", "--limit", "0"], 64, "Error: --limit must be at least 1, not 0\n"),
    (["user", "show"], 64, "Error: Missing expected argument '<user>'"),
  ])
  func `what cannot be done is said`(_ arguments: [String], _ status: Int32, _ beginning: String) async throws {
    let server = try await server()
    _ = try await server.port
    let process = try ServerProcess(arguments, environment: ["SWIFT_AUTH_DATABASE": directory.database], isRaw: true)
    #expect(await process.exitStatus == status)
    #expect(process.output.hasPrefix(beginning), "\(process.output)")
  }

  @Test func `a database that does not exist is not created`() async throws {
    let refused = try await run("user", "list")
    #expect(refused.status == 1)
    #expect(refused.output == "Error: \(directory.database) does not exist; name the file of the server with --database\n")
    #expect(!FileManager.default.fileExists(atPath: directory.database))
    let memory = try ServerProcess(["stats", "--database", ":memory:"], isRaw: true)
    #expect(await memory.exitStatus == 64)
  }
}
