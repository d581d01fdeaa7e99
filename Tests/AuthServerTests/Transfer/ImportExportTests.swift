import Foundation
import NIOHTTP1
import Testing

@Suite struct ImportExportTests {
  private static let hash = "bcrypt_sha256$$2b$04$iodbrhDPNes7J2JWxRwvjOExD5va8ZMQ6g5O1p76fbJDvNHXlMRxm"
  private static let password = "correct horse battery staple"
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func run(_ arguments: String..., database: String? = nil) async throws -> (status: Int32, output: String) {
    let process = try ServerProcess(arguments + ["--database", database ?? directory.database], isRaw: true)
    return (await process.exitStatus, process.output)
  }

  private func write(_ text: String, _ name: String) throws -> String {
    let path = directory.path + "/" + name
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  private func server(_ database: String) throws -> ServerProcess {
    try ServerProcess(["--database", database, "--bcrypt-cost", "4"])
  }

  @Test(arguments: ["csv", "jsonl"])
  func `exported into an empty server, every password works and the disabled stay so`(_ format: String) async throws {
    let first = try server(directory.database)
    let client = try await Client(port: first.port)
    let emails = ["bob@me.com", "a, \"b\"", "  spaces  ", "émile", "=1+1", "\"\u{301}\""]
    for email in emails { #expect(try await client.call(.POST, "/users", ["email": email, "password": email]).status == 200) }
    #expect(try await run("user", "disable", "bob@me.com").status == 0)
    let file = directory.path + "/accounts." + format
    #expect(try await run("export", file).status == 0)
    #expect(try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int == 0o600)

    let other = directory.path + "/other.sqlite"
    let second = try server(other)
    let otherClient = try await Client(port: second.port)
    let imported = try await run("import", file, "--json", database: other)
    #expect(imported.status == 0 && imported.output == "{\"added\":6,\"already_there\":0,\"bad\":0}\n")
    for email in emails {
      let status = try await otherClient.call(.POST, "/sessions", ["email": email, "password": email]).status
      #expect(status == (email == "bob@me.com" ? 401 : 200), "\(email)")
    }
    #expect(try await run("user", "enable", "bob@me.com", database: other).status == 0)
    #expect(try await otherClient.call(.POST, "/sessions", ["email": "bob@me.com", "password": "bob@me.com"]).status == 200)
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path).allSatisfy { !$0.hasSuffix(".partial") })
  }

  @Test func `an import reports every bad row, adds the others, and can be run again`() async throws {
    _ = try await server(directory.database).port
    let rows = (1...450).map { "user\($0)@me.com,\(Self.hash),\n" }.joined()
    let file = try write(
      "email,hash,disabled\n" + rows + "bad@me.com,hunter2,\n,\(Self.hash),\nUSER1@me.com,!,\nx@me.com,!,x\n", "a.csv")
    for (command, expected) in [
      (["--dry-run"], ["would be added  451", "already there   0"]), ([], ["added          450", "already there  0"]),
      ([], ["added          0", "already there  450"]),
    ] {
      let process = try ServerProcess(["import", file, "--database", directory.database] + command, isRaw: true)
      #expect(await process.exitStatus == 1)
      for line in expected { #expect(process.output.contains(line + "\n"), "\(process.output)") }
      for line in [452, 453, 455] { #expect(process.output.contains("line \(line): ")) }
      // A rehearsal does not see that the file has an email twice.
      #expect(process.output.contains("line 454: an account with this email has another hash") == (command.isEmpty))
      #expect(!process.output.contains("hunter2"))
    }
    #expect(try Python.sqlite(directory.database, "SELECT count(*) FROM users") == "450")
    #expect(try Python.sqlite(directory.database, "SELECT count(*) FROM audit_events WHERE kind = 'users_imported'") == "3")
  }

  @Test(arguments: ["csv", "jsonl"])
  func `more accounts than are read at once are exported as they were imported, in the order of their emails`(
    _ format: String
  ) async throws {
    _ = try await server(directory.database).port
    let rows = (1000..<2101).map { number in
      format == "csv"
        ? "user\(number)@me.com,\(Self.hash),\(number % 3 == 0)\r\n"
        : "{\"email\":\"user\(number)@me.com\",\"hash\":\"\(Self.hash)\",\"disabled\":\(number % 3 == 0)}\n"
    }.joined()
    let text = (format == "csv" ? "email,hash,disabled\r\n" : "") + rows
    #expect(try await run("import", write(text, "in.\(format)")).status == 0)
    let exported = directory.path + "/out." + format
    #expect(try await run("export", exported).status == 0)
    #expect(try String(contentsOfFile: exported, encoding: .utf8) == text)
  }

  @Test func `an export that fails leaves no file`() async throws {
    let server = try server(directory.database)
    _ = try await server.port
    server.signal(SIGTERM)
    _ = await server.exitStatus
    _ = try Python.sqlite(directory.database, "ALTER TABLE users RENAME COLUMN hashed_password TO hash")
    #expect(try await run("export", directory.path + "/a.csv").status == 1)
    let files = try FileManager.default.contentsOfDirectory(atPath: directory.path)
    #expect(files.allSatisfy { !$0.hasPrefix("a.csv") }, "\(files)")
  }

  @Test func `a file that cannot be read or written is said`() async throws {
    _ = try await server(directory.database).port
    let missing = try await run("import", directory.path + "/x.csv")
    #expect(missing.status == 1 && missing.output.hasSuffix("/x.csv cannot be read: No such file or directory\n"))
    #expect(try await run("import", directory.database).status == 64)
    #expect(try await run("export", directory.path + "/none/x.csv").status == 1)
    #expect(try await run("export", "-").status == 64)
    #expect(try await run("export", "-", "--format", "csv").output == "email,hash,disabled\r\n")
  }
}
