#if Postgres
import Foundation
import NIOHTTP1
import TestPrograms
import Testing

/// `AuthServer copy`, from a file to PostgreSQL and back.
@Suite struct CopyCommandTests {
  private let directory: TemporaryDirectory
  private let bob = ["email": "bob@me.com", "password": "b4l0u"]
  private let eve = ["email": "EVE@me.com", "password": "t4rt1fl3tt3"]

  init() throws { directory = try TemporaryDirectory() }

  private func run(_ arguments: String...) async throws -> (status: Int32, output: String) {
    let process = try ServerProcess(arguments + ["--postgres-schema", directory.name], isRaw: true)
    return (await process.exitStatus, process.output)
  }

  private func server(_ database: String) async throws -> (ServerProcess, Client) {
    let server = try ServerProcess(["--database", database, "--postgres-schema", directory.name, "--bcrypt-cost", "4"])
    return (server, try await Client(port: server.port))
  }

  @Test func `every password, session and token works after a copy to PostgreSQL and one back`() async throws {
    let (file, postgres) = (directory.database, try await PostgresServer.shared.value.url)
    let back = directory.path + "/back.sqlite"
    var (server, client) = try await server(file)
    for account in [bob, eve, ["email": "gone@me.com", "password": "x"]] {
      #expect(try await client.call(.POST, "/users", account).status == 200)
    }
    #expect(try await run("user", "delete", "gone@me.com", "--yes", "--database", file).status == 0)
    let ended = try #require(try await client.call(.POST, "/sessions", bob).sessionID)
    #expect(try await client.call(.DELETE, "/sessions", cookie: ended).status == 302)
    let session = try #require(try await client.call(.POST, "/sessions", bob).sessionID)
    let token = try #require(try await client.call(.POST, "/reset_password", bob).json["reset_token"])
    #expect(try await run("user", "disable", "EVE@me.com", "--database", file).status == 0)

    // What the server acknowledged meanwhile would be missing.
    let refused = try await run("copy", "--from", file, "--to", postgres)
    #expect(refused.status == 1 && refused.output == "Error: \(file) is in use; stop the server and try again\n")
    server.signal(SIGTERM)
    #expect(await server.exitStatus == 0)
    let digest = String(repeating: "a1", count: 32)
    for insertion in [
      "email_changes VALUES ('\(digest)', 1, 'bob@me.com', 'new@me.com', 1, 9999999999, '\(digest)', NULL, NULL, 2)",
      "email_take_backs VALUES ('\(digest)', 1, 'old@me.com', 1, 9999999999, '\(digest)', 3)",
      "recovery_email_requests VALUES ('\(digest)', 1, 'third@me.com', 1, 9999999999, '\(digest)', NULL, NULL, 2)",
      "recovery_emails VALUES (1, 'second@me.com', 7)",
      // A copy has one of it, too, although the database makes copies of what is queued.
      "outbox VALUES ('\(digest)', 'account_enabled', 1, 'bob@me.com', NULL, 1, 9999999999, 1)",
    ] { _ = try Python.sqlite(file, "INSERT INTO \(insertion)") }
    let copied = try await run("copy", "--from", file, "--to", postgres, "--json")
    #expect(copied.status == 0 && copied.output.hasPrefix(#"{"was_complete":false,"users":2,"sessions":1,"reset_tokens":1,"#))
    let again = try await run("copy", "--from", file, "--to", postgres, "--json")
    #expect(again.output == copied.output.replacing("false", with: "true"))

    (server, client) = try await self.server(postgres)
    #expect(try await client.call(.GET, "/profile", cookie: session).json == ["email": "bob@me.com"])
    #expect(try await client.call(.GET, "/profile", cookie: ended).status == 403)
    let later = try #require(try await client.call(.POST, "/sessions", bob).sessionID)
    #expect(try await client.call(.POST, "/sessions", eve).status == 401)
    // No id is used again.
    #expect(try await client.call(.POST, "/users", ["email": "new@me.com", "password": "x"]).status == 200)
    let shown = try await run("user", "show", "new@me.com", "--json", "--database", postgres)
    #expect(shown.output.contains(#""id":4,"#))
    let other = try await run("copy", "--from", file, "--to", postgres)
    #expect(other.status == 1 && other.output.contains("the target has rows already"))
    server.signal(SIGTERM)
    #expect(await server.exitStatus == 0)

    #expect(try await run("copy", "--from", postgres, "--to", back).status == 0)
    #expect(try FileManager.default.attributesOfItem(atPath: back)[.posixPermissions] as? Int == 0o600)
    #expect(try await run("check", "--database", back).status == 0)
    let columns = [
      "email_changes": "former_email || email || token || tries", "email_take_backs": "email || token || step",
      "recovery_email_requests": "email || token || tries",
    ]
    for (table, text) in columns {
      let row = try Python.sqlite(back, "SELECT \(text) || created_at || expires_at || user_id FROM \(table)")
      #expect(try row == Python.sqlite(file, "SELECT \(text) || created_at || expires_at || user_id FROM \(table)"))
      #expect(!row.isEmpty)
    }
    (server, client) = try await self.server(back)
    #expect(try await client.call(.GET, "/profile", cookie: later).json == ["email": "bob@me.com"])
    let update = ["email": "bob@me.com", "reset_token": token, "new_password": "new"]
    #expect(try await client.call(.PUT, "/reset_password", update).status == 200)
    #expect(try await client.call(.POST, "/sessions", ["email": "bob@me.com", "password": "new"]).status == 200)
    #expect(try await client.call(.POST, "/sessions", eve).status == 401)
    #expect(try await run("user", "enable", "EVE@me.com", "--database", back).status == 0)
    #expect(try await client.call(.POST, "/sessions", eve).status == 200)
    #expect(try await client.call(.POST, "/users", ["email": "x@me.com", "password": "x"]).status == 200)
    #expect(try await run("user", "show", "x@me.com", "--json", "--database", back).output.contains(#""id":5,"#))
  }

  @Test func `a copy that the target refuses leaves nothing`() async throws {
    let (file, postgres) = (directory.database, try await PostgresServer.shared.value.url)
    let (server, client) = try await server(file)
    #expect(try await client.call(.POST, "/users", bob).status == 200)
    #expect(try await client.call(.POST, "/sessions", bob).status == 200)
    server.signal(SIGTERM)
    #expect(await server.exitStatus == 0)
    // A hash that someone wrote by hand, too long for PostgreSQL's column.
    _ = try Python.sqlite(file, "UPDATE users SET hashed_password = printf('%.300c', 'x')")
    let refused = try await run("copy", "--from", file, "--to", postgres)
    #expect(refused.status == 1 && refused.output.contains("value too long for type character varying(250)"))
    _ = try Python.sqlite(file, "UPDATE users SET hashed_password = '!'")
    #expect(try await run("copy", "--from", file, "--to", postgres, "--json").output.contains(#""was_complete":false,"users":1"#))
    let occupied = directory.path + "/occupied.sqlite"
    try Data().write(to: URL(filePath: occupied + "-wal"))
    #expect(try await run("copy", "--from", postgres, "--to", occupied).output.contains("occupied.sqlite-wal: it belongs to"))
    try Data().write(to: URL(filePath: occupied))
    #expect(try await run("copy", "--from", postgres, "--to", occupied).output.contains("occupied.sqlite: it is empty"))
    // An unfinished file takes no name.
    let other = directory.path + "/other.sqlite"
    try Data().write(to: URL(filePath: other + ".copying"))
    #expect(try await run("copy", "--from", postgres, "--to", other).output.contains("left by an earlier attempt"))
    #expect(!FileManager.default.fileExists(atPath: other))
  }
}
#endif
