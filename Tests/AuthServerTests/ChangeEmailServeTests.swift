import Foundation
import NIOHTTP1
import TestPrograms
import Testing

/// Changes of emails with the real program, whose servers are killed between the steps.
@Suite struct ChangeEmailServeTests {
  private let directory: TemporaryDirectory
  /// Where the messages come out, each in a file.
  private let mailbox: String
  private let command: String

  init() throws {
    directory = try TemporaryDirectory()
    mailbox = directory.path + "/mailbox"
    try FileManager.default.createDirectory(atPath: mailbox, withIntermediateDirectories: true)
    command = directory.path + "/deliver"
    try "#!/bin/sh\ncat > '\(mailbox)'/$$.part && mv '\(mailbox)'/$$.part '\(mailbox)'/$(date +%s%N).json\n".write(
      toFile: command, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: command)
  }

  /// The newest message of each type, once none waits: a server that is killed while it delivers leaves its message to the next,
  /// whose token is another.
  private func messages(in database: TestDatabase) async throws -> [String: [String: String]] {
    while try await run("SELECT count(*) FROM outbox", in: database) != "0" {}
    let names = try FileManager.default.contentsOfDirectory(atPath: mailbox).filter { $0.hasSuffix(".json") }
    return try names.sorted().reduce(into: [:]) { messages, name in
      let data = try Data(contentsOf: URL(filePath: "\(mailbox)/\(name)"))
      let message = try JSONDecoder().decode([String: String].self, from: data)
      messages[message["type"] ?? ""] = message
    }
  }

  private func run(_ statement: String, in database: TestDatabase) async throws -> String {
    switch database {
    case .sqlite: try Python.sqlite(directory.database, statement)
    #if Postgres
    case .postgres:
      try await PostgresServer.shared.value.run(statement.replacing("outbox", with: "\"\(directory.name)\".outbox"))
        .trimmingCharacters(in: .newlines)
    #endif
    }
  }

  @Test(.timeLimit(.minutes(10)), arguments: TestDatabase.allCases)
  func `a change of email and its taking back survive a kill after every step`(on database: TestDatabase) async throws {
    let arguments =
      try await database.arguments(for: directory) + [
        "--policy", "strict", "--verify-emails", "off", "--bcrypt-cost", "10", "--delivery", "command", "--delivery-command",
      ]
    let (old, new, password, other) = ("bob@me.com", "bobby@me.com", "correct horse battery", "staple of another colour")
    func start(delivering: Bool = true) async throws -> (ServerProcess, Client) {
      // A message in the hand of a killed server would not be due yet.
      if delivering { _ = try await run("UPDATE outbox SET due_at = 0", in: database) }
      let server = try ServerProcess(arguments + [delivering ? command : "/bin/false"])
      return (server, try await Client(port: server.port))
    }
    func kill(_ server: ServerProcess) async {
      server.signal(SIGKILL)
      _ = await server.exitStatus
    }

    var (server, client) = try await start(delivering: false)
    #expect(try await client.call(.POST, "/users", ["email": old, "password": password]).status == 200)
    let login = ["email": old, "password": password, "return_session_id": "true"]
    let session = try #require(try await client.call(.POST, "/sessions", login).json["session_id"])
    let bearer: HTTPHeaders = ["authorization": "Bearer \(session)"]
    #expect(try await client.call(.PUT, "/email", ["email": new], headers: bearer).status == 200)
    await kill(server)

    (server, client) = try await start()
    let asked = try await messages(in: database)
    #expect(asked["email_change"]?["email"] == new && asked["email_change_requested"]?["email"] == old)
    let confirmation = ["email_change_token": try #require(asked["email_change"]?["email_change_token"]), "password": password]
    #expect(try await client.call(.PUT, "/confirm_email", confirmation).json["email"] == new)
    await kill(server)

    (server, client) = try await start()
    #expect(try await client.call(.GET, "/profile", headers: bearer).json["email"] == new)
    #expect(try await client.call(.PUT, "/confirm_email", confirmation).status == 403)
    #expect(try await client.call(.POST, "/users", ["email": old, "password": password]).status == 400)
    let changed = try await messages(in: database)["email_changed"]
    #expect(changed?["email"] == old)
    let takeBack = ["take_back_token": try #require(changed?["take_back_token"]), "new_password": other]
    #expect(try await client.call(.PUT, "/take_back_email", takeBack).json["email"] == old)
    await kill(server)

    (server, client) = try await start()
    #expect(try await client.call(.GET, "/profile", headers: bearer).status == 403)
    #expect(try await client.call(.POST, "/sessions", ["email": old, "password": other]).status == 200)
    #expect(try await client.call(.POST, "/sessions", ["email": new, "password": other]).status == 401)
    #expect(try await client.call(.PUT, "/take_back_email", takeBack).status == 403)
    let told = try await messages(in: database)
    #expect(told["password_changed"]?["cause"] == "email_taken_back" && told["password_changed"]?["email"] == old)
    #expect(told["email_taken_back"]?["email"] == new)
    for secret in [password, other, takeBack["take_back_token"]!, confirmation["email_change_token"]!, session] {
      #expect(!server.output.contains(secret))
    }
    server.signal(SIGTERM)
    #expect(await server.exitStatus == 0)
  }
}
