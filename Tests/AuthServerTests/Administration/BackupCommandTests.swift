import Foundation
import NIOHTTP1
import Testing

/// Backups beside a server, and back.
@Suite struct BackupCommandTests {
  private let directory: TemporaryDirectory
  private let bob = ["email": "bob@me.com", "password": "b4l0u"]
  private var backup: String { URL(filePath: directory.path).appending(path: "backup.sqlite").path }

  init() throws { directory = try TemporaryDirectory() }

  private func run(_ arguments: String..., database: String? = nil) async throws -> (status: Int32, output: String) {
    let process = try ServerProcess(arguments + ["--database", database ?? directory.database], isRaw: true)
    return (await process.exitStatus, process.output)
  }

  private func server() throws -> ServerProcess {
    try ServerProcess(["--database", directory.database, "--bcrypt-cost", "4"])
  }

  @Test func `a backup is made beside a server, and restored when it has stopped`() async throws {
    let first = try server()
    var client = try await Client(port: first.port)
    _ = try await client.call(.POST, "/users", bob)
    let session = try #require(try await client.call(.POST, "/sessions", bob).sessionID)

    let made = try await run("backup", backup, "--json")
    #expect(made.status == 0)
    let record = try #require(try JSONSerialization.jsonObject(with: Data(made.output.utf8)) as? [String: Int])
    #expect(record["users"] == 1 && record["sessions"] == 1 && record["schema_version"] != nil)
    #expect(try FileManager.default.attributesOfItem(atPath: backup)[.posixPermissions] as? Int == 0o600)
    #expect(try await run("check").output.contains(/(?m)^users +1$/))
    #expect(try await run("check", database: backup).status == 0)
    let again = try await run("backup", backup)
    #expect(again.status == 1)
    #expect(again.output == "Error: \(backup) exists and is not overwritten; name another file, or delete it first\n")

    _ = try await client.call(.POST, "/users", ["email": "eve@me.com", "password": "b4l0u"])
    let refused = try await run("restore", backup, "--yes")
    #expect(refused.status == 1)
    #expect(refused.output == "Error: \(directory.database) is in use; stop the server and try again\n")
    #expect(try await client.call(.GET, "/profile", cookie: session).status == 200)

    first.signal(SIGTERM)
    #expect(await first.exitStatus == 0)
    let unasked = try await run("restore", backup)
    #expect(unasked.status == 64 && unasked.output.contains("no one can be asked here; give --yes"))
    #expect(try await run("restore", backup, "--yes").status == 0)
    let second = try server()
    client = try await Client(port: second.port)
    #expect(try await client.call(.GET, "/profile", cookie: session).status == 403)
    #expect(try await client.call(.POST, "/sessions", bob).status == 200)
    #expect(try await client.call(.POST, "/sessions", ["email": "eve@me.com", "password": "b4l0u"]).status == 401)
  }

  @Test func `what is wrong with a file is said, and the status says so, too`() async throws {
    let missing = try await run("check")
    #expect(missing.status == 1 && missing.output == "Error: \(directory.database) does not exist; name another file\n")
    let memory = try await run("backup", backup, database: ":memory:")
    #expect(memory.status == 64 && memory.output.contains(":memory: is not a file"))
    try Data(repeating: 46, count: 8_192).write(to: URL(filePath: directory.database))
    let damaged = try await run("check")
    #expect(damaged.status == 1 && damaged.output.contains("is damaged: file is not a database"))
    #expect(try await run("restore", backup, "--yes").status == 1)
  }
}
