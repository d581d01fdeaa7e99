import Foundation
import NIOHTTP1
import Testing

@Suite struct ServeTests {
  let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  private var arguments: [String] { ["--database", directory.database, "--bcrypt-cost", "4"] }

  private func arguments(on database: TestDatabase) async throws -> [String] {
    try await database.arguments(for: directory) + ["--bcrypt-cost", "4"]
  }
  private let bob = ["email": "bob@me.com", "password": "mySuperPwd"]

  @Test(arguments: TestDatabase.allCases)
  func `the journey of the specification works, across a restart at every step`(on database: TestDatabase) async throws {
    let arguments = try await arguments(on: database)
    var server: ServerProcess?
    func client() async throws -> Client {
      server?.signal(SIGTERM)
      if let server { #expect(await server.exitStatus == 0) }
      server = try ServerProcess(arguments)
      return try await Client(port: server!.port)
    }
    let (email, password, newPassword) = ("guillaume@holberton.io", "b4l0u", "t4rt1fl3tt3")

    let registered = try await client().call(.POST, "/users", ["email": email, "password": password])
    #expect(registered.json == ["email": email, "message": "user created"])
    #expect(try await client().call(.POST, "/sessions", ["email": email, "password": newPassword]).status == 401)
    #expect(try await client().call(.GET, "/profile").status == 403)
    let session = try #require(
      try await client().call(.POST, "/sessions", ["email": email, "password": password]).sessionID)
    #expect(try await client().call(.GET, "/profile", cookie: session).json == ["email": email])
    let loggedOut = try await client().call(.DELETE, "/sessions", cookie: session)
    #expect(loggedOut.status == 302 && loggedOut.headers.first(name: "location") == "/")
    #expect(try await client().call(.GET, "/profile", cookie: session).status == 403)
    let token = try #require(try await client().call(.POST, "/reset_password", ["email": email]).json["reset_token"])
    let updated = try await client().call(
      .PUT, "/reset_password", ["email": email, "reset_token": token, "new_password": newPassword])
    #expect(updated.json == ["email": email, "message": "Password updated"])
    #expect(try await client().call(.POST, "/sessions", ["email": email, "password": newPassword]).status == 200)
  }

  @Test(arguments: TestDatabase.allCases)
  func `two servers share a database: what one has answered the other knows`(_ database: TestDatabase) async throws {
    let arguments = try await arguments(on: database)
    let servers = try [ServerProcess(arguments), ServerProcess(arguments)]
    let (first, second) = try await (Client(port: servers[0].port), Client(port: servers[1].port))
    #expect(try await first.call(.POST, "/users", bob).status == 200)
    #expect(try await second.call(.POST, "/users", bob).status == 400)
    let session = try #require(try await second.call(.POST, "/sessions", bob).sessionID)
    #expect(try await first.call(.GET, "/profile", cookie: session).status == 200)
    #expect(try await first.call(.DELETE, "/sessions", cookie: session).status == 302)
    #expect(try await second.call(.GET, "/profile", cookie: session).status == 403)
  }

  @Test(arguments: TestDatabase.allCases)
  func `of registrations of one email at two servers at once exactly one succeeds`(on database: TestDatabase) async throws {
    let arguments = try await arguments(on: database)
    let servers = try [ServerProcess(arguments), ServerProcess(arguments)]
    let clients = try await [Client(port: servers[0].port), Client(port: servers[1].port)]
    let statuses = try await withThrowingTaskGroup { [bob] group in
      for index in 0..<20 { group.addTask { try await clients[index % 2].call(.POST, "/users", bob).status } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(statuses.sorted() == [200] + Array(repeating: 400, count: 19))
  }

  @Test(.timeLimit(.minutes(10)))
  func `the threads that hash run at a lower priority than all others`() async throws {
    let server = try ServerProcess(arguments + ["--hash-threads", "3"])
    _ = try await server.port
    let tasks = "/proc/\(server.processIdentifier)/task"
    func niceness(_ task: Int32) throws -> Int {
      let status = try String(contentsOfFile: "\(tasks)/\(task)/stat", encoding: .utf8)
      // proc(5): the 19th field; the second is in parentheses and may have spaces.
      return try #require(status.split(separator: ")").last.flatMap { Int($0.split(separator: " ")[16]) })
    }
    let ordinary = try niceness(server.processIdentifier)
    func lower() throws -> Int {
      try FileManager.default.contentsOfDirectory(atPath: tasks).count { task in
        // One that ends meanwhile is none of those.
        Int32(task).flatMap { try? niceness($0) } ?? ordinary > ordinary
      }
    }
    // They may still be starting.
    while try lower() < 3 {
      try Task.checkCancellation()
      await Task.yield()
    }
    #expect(try lower() == 3)
  }

  @Test func `a database in memory needs no file`() async throws {
    let server = try ServerProcess(["--database", ":memory:", "--bcrypt-cost", "4"])
    let client = try await Client(port: server.port)
    #expect(try await client.call(.POST, "/users", bob).status == 200)
    #expect(try await client.call(.POST, "/sessions", bob).status == 200)
  }

  @Test func `classic starts with one line of warning, strict without`() async throws {
    let classic = try ServerProcess(arguments)
    _ = try await classic.port
    #expect(classic.output.components(separatedBy: " warning ").count == 2)
    let options = [
      "--database", directory.database, "--policy", "strict", "--delivery", "command", "--delivery-command", "/bin/true",
    ]
    let strict = try ServerProcess(options)
    _ = try await strict.port
    #expect(!strict.output.contains(" warning "))
    let open = try ServerProcess(options + ["--verify-emails", "off"])
    _ = try await open.port
    let warnings = open.output.split(separator: "\n").filter { $0.contains(" warning ") }
    #expect(warnings.count == 1)
    #expect(warnings.allSatisfy { $0.contains("--verify-emails off: accounts are opened for emails that no one has verified") })
  }

  @Test(arguments: TestDatabase.allCases)
  func `nothing secret is printed`(on database: TestDatabase) async throws {
    let server = try ServerProcess(try await arguments(on: database))
    let client = try await Client(port: server.port)
    _ = try await client.call(.POST, "/users", bob)
    let session = try #require(try await client.call(.POST, "/sessions", bob).sessionID)
    let token = try #require(try await client.call(.POST, "/reset_password", bob).json["reset_token"])
    server.signal(SIGTERM)
    #expect(await server.exitStatus == 0)
    for secret in [bob["password"]!, session, token, "$2b$"] { #expect(!server.output.contains(secret)) }
  }
}
