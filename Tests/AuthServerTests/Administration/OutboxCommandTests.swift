import AuthCore
import Foundation
import NIOHTTP1
import Testing

@testable import AuthServer

/// The commands on the outbox of a database that a server is using.
@Suite(.timeLimit(.minutes(10))) struct OutboxCommandTests {
  private let directory: TemporaryDirectory
  private let password = "a password of many characters"

  init() throws { directory = try TemporaryDirectory() }

  /// Runs a command to its end.
  private func run(
    _ arguments: String..., on database: TestDatabase = .sqlite
  ) async throws -> (status: Int32, output: String) {
    let options = try await database.arguments(for: directory) + ["--policy", "strict"]
    let process = try ServerProcess(["outbox"] + arguments + options, isRaw: true)
    return (await process.exitStatus, process.output)
  }

  /// The messages that wait, from lines of JSON.
  private func list(_ arguments: [String] = [], on database: TestDatabase = .sqlite) async throws -> [[String: Any]] {
    let options = try await database.arguments(for: directory)
    let process = try ServerProcess(["outbox", "list", "--json"] + arguments + options, isRaw: true)
    #expect(await process.exitStatus == 0, "\(process.output)")
    return try process.output.split(separator: "\n").map { line in
      try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
  }

  /// A server whose deliveries fail until the file `works` exists, and then write each message into `messages`.
  private func server(on database: TestDatabase = .sqlite) async throws -> ServerProcess {
    let program = directory.path + "/deliver"
    try """
    #!/bin/sh
    [ -e '\(directory.path)/works' ] || exit 1
    cat >> '\(directory.path)/messages'

    """.write(toFile: program, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: program)
    return try ServerProcess(
      try await database.arguments(for: directory) + [
        "--policy", "strict", "--verify-emails", "off", "--bcrypt-cost", "10", "--insecure-cookies", "--delivery", "command",
        "--delivery-command", program,
      ])
  }

  private func letDeliveriesSucceed() throws { try Data().write(to: URL(filePath: directory.path + "/works")) }

  private func delivered(_ count: Int) async throws -> [String] {
    while true {
      let lines = (try? String(contentsOfFile: directory.path + "/messages", encoding: .utf8))?.split(separator: "\n") ?? []
      if lines.count >= count { return lines.map(String.init) }
      try await Task.sleep(for: .milliseconds(5))
    }
  }

  @Test(arguments: TestDatabase.allCases)
  func `messages are listed while they wait, tried at once when that is asked for, and dropped`(
    on database: TestDatabase
  ) async throws {
    let server = try await server(on: database)
    let client = try await Client(port: server.port)
    for email in ["bob@me.com", "eve@me.com"] {
      #expect(try await client.call(.POST, "/users", ["email": email, "password": password]).status == 200)
      #expect(try await client.call(.POST, "/reset_password", ["email": email]).status == 200)
    }
    let login = try await client.call(.POST, "/sessions", ["email": "bob@me.com", "password": password])
    let change = ["current_password": password, "new_password": password + "!"]
    #expect(try await client.call(.PUT, "/password", change, cookie: login.sessionID).status == 200)
    var waiting = try await list(on: database)
    while waiting.contains(where: { ($0["tries"] as? Int ?? 0) < 1 }) { waiting = try await list(on: database) }
    #expect(waiting.map { $0["type"] as? String } == ["password_reset", "password_reset", "password_changed"])
    #expect(waiting.map { $0["email"] as? String } == ["bob@me.com", "eve@me.com", "bob@me.com"])
    #expect(waiting[2]["user"] as? Int == 1)
    #expect(Set(waiting[0].keys) == ["id", "type", "created_at", "tries", "due_at", "user", "email"])
    for (arguments, count) in [
      (["--kind", "password_reset"], 2), (["--user", "1"], 2), (["--user", "BOB@me.com"], 2), (["--user", "7"], 0),
      (["--kind", "password_changed", "--user", "eve@me.com"], 0), (["--user", "nobody@me.com"], 0),
    ] {
      #expect(try await list(arguments, on: database).count == count, "\(arguments)")
    }
    let summary = try await run("list", "--summary", "--json", on: database).output
    #expect(summary.contains(#"{"type":"password_changed","messages":1,"oldest_at":""#) && summary.contains(#""messages":2"#))
    let lines = try await run("list", on: database).output.split(separator: "\n")
    #expect(lines.count == 3)
    #expect(lines[2].contains("  password_changed  ") && lines[2].hasSuffix("  user=1  bob@me.com"))

    let id = try #require(waiting[1]["id"] as? String)
    let asked = try await run("drop", id, on: database)
    #expect(asked.status == 64 && asked.output.contains("give --yes"))
    let dropped = try await run("drop", id, "--yes", "--json", on: database)
    #expect(dropped.status == 0 && dropped.output == "{\"dropped_messages\":1}\n")
    let again = try await run("drop", id, "--yes", on: database)
    #expect(again.status == 1 && again.output == "Error: no message with the id \(id) waits; it may have been delivered\n")

    try letDeliveriesSucceed()
    let retried = try await run("retry", "--all", "--json", on: database)
    #expect(retried.status == 0 && retried.output.hasPrefix("{\"retried_messages\":"))
    let messages = try await delivered(2)
    #expect(messages.count == 2 && messages.allSatisfy { $0.contains("bob@me.com") })
    #expect(messages.contains { $0.contains(waiting[0]["id"] as? String ?? "-") })
    while try await !list(on: database).isEmpty {}
    // Nothing waits, and so nothing is asked.
    #expect(try await run("drop", "--all", "--json", on: database).output == "{\"dropped_messages\":0}\n")

    let options = try await database.arguments(for: directory)
    let events = try ServerProcess(["user", "events", "eve@me.com"] + options, isRaw: true)
    #expect(await events.exitStatus == 0)
    #expect(events.output.contains("message_dropped") && events.output.contains("agent=AuthServer outbox drop, run by user"))
    #expect(!server.output.contains("eve@me.com"))
  }

  @Test(arguments: [
    (
      ["list", "--kind", "password_rest"], 1, "Error: there is no kind of messages password_rest; the kinds are account_deleted, "
    ),
    (["retry", "--kind", "x"], 1, "Error: there is no kind of messages x; the kinds are "),
    (["drop", "--kind", "x", "--yes"], 1, "Error: there is no kind of messages x; the kinds are "),
    (["retry", "x"], 1, "Error: no message with the id x waits; it may have been delivered\n"),
    (["drop", "\u{1b}[2J", "--yes"], 1, "Error: no message with the id \\u{1b}[2J waits; it may have been delivered\n"),
    (["list", "--user", ""], 1, "Error:  is neither an id nor an email: "),
    (["retry"], 64, "Error: name one message by its id, or give --kind or --all\n"),
    (["drop", "--all", "x"], 64, "Error: name one message by its id, or give --kind or --all\n"),
    (["drop", "--all", "--kind", "x"], 64, "Error: name one message by its id, or give --kind or --all\n"),
    (["list", "--summary", "--kind", "x"], 64, "Error: --summary is of all messages: give no --kind or --user\n"),
    (["retry", "--kind", "password_reset"], 0, "retried messages  0\n"),
    (["drop", "--kind", "password_reset"], 0, "dropped messages  0\n"),
    (["list"], 0, ""),
  ])
  func `what cannot be done is said`(_ arguments: [String], _ status: Int32, _ beginning: String) async throws {
    _ = try await server().port
    let process = try ServerProcess(["outbox"] + arguments, environment: ["SWIFT_AUTH_DATABASE": directory.database], isRaw: true)
    #expect(await process.exitStatus == status)
    #expect(process.output.hasPrefix(beginning), "\(process.output)")
  }

  @Test func `a message that is given up is an event of its user`() async throws {
    let server = try await server()
    let client = try await Client(port: server.port)
    #expect(try await client.call(.POST, "/users", ["email": "bob@me.com", "password": password]).status == 200)
    let disabled = try ServerProcess(
      ["user", "disable", "1", "--policy", "strict", "--database", directory.database], isRaw: true)
    #expect(await disabled.exitStatus == 0)
    while try await list().first?["tries"] as? Int ?? 0 < 1 {}
    _ = try Python.sqlite(directory.database, "UPDATE outbox SET created_at = created_at - 86400, due_at = 0")
    try await server.waitForOutput("a message could not be delivered within a day and was given up")
    server.signal(SIGTERM)
    #expect(await server.exitStatus == 0)
    #expect(server.output.contains(/info AuthServer: user=1 \[AuthServer\] message_given_up/))
    let events = try ServerProcess(["user", "events", "1", "--database", directory.database], isRaw: true)
    #expect(await events.exitStatus == 0)
    #expect(events.output.contains("message_given_up"))
  }

  @Test func `an email cannot give a terminal orders`() async throws {
    _ = try await server().port
    _ = try Python.sqlite(
      directory.database,
      "INSERT INTO outbox VALUES ('1', 'of_' || char(8238), NULL, 'bob@' || char(8238) || 'me.com', NULL, 0, 9999999999, 0)")
    let listed = try await run("list")
    #expect(listed.status == 0 && listed.output.hasSuffix("  of_\\u{202e}  1  bob@\\u{202e}me.com\n"))
    for arguments in [["list", "--json"], ["list", "--summary"], ["list", "--summary", "--json"]] {
      let process = try ServerProcess(["outbox"] + arguments + ["--database", directory.database], isRaw: true)
      #expect(await process.exitStatus == 0)
      #expect(process.output.contains("202e") && !process.output.unicodeScalars.contains("\u{202e}"))
    }
  }

  @Test func `every kind of mail is a kind that is known`() {
    let mails = MailKind.allCases.map { AuthMessage(id: "", email: Email(stored: ""), content: $0.sample).kind }
    // A copy is delivered as what it is a copy of.
    let kinds = mails + [.recoveryNotice]
    #expect(Set(kinds) == Set(OutboxMessage.Kind.known))
    #expect(OutboxMessage.Kind.known.count == Set(kinds).count)
  }
}
