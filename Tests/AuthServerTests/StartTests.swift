import Foundation
import NIOHTTP1
import Testing

@Suite struct StartTests {
  let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  @Test(
    arguments: [
      ("--port", "65536"), ("--port", "-1"), ("--port", "http"), ("--bcrypt-cost", "3"), ("--bcrypt-cost", "17"),
      ("--hash-threads", "0"), ("--hash-threads", "257"), ("--policy", "lax"),
      ("--reset-delivery", "pigeon"), ("--trusted-proxies", "10.0.0.1/8"), ("--trusted-proxies", "localhost"),
      ("--trusted-proxies", "10.0.0.1,"), ("--allowed-origins", "app.example.org"), ("--allowed-origins", "https://a.example/"),
    ])
  func `a wrong value is refused with status 64 and the name of its flag, or of its variable`(
    _ flag: String, _ value: String
  ) async throws {
    let byFlag = try ServerProcess(["\(flag)=\(value)"], isRaw: true)
    #expect(await byFlag.exitStatus == 64)
    #expect(byFlag.output.contains("Error: The value '\(value)' is invalid for '\(flag)"))

    let variable = "AUTH_" + flag.dropFirst(2).uppercased().replacing("-", with: "_")
    let byVariable = try ServerProcess([], environment: [variable: value], isRaw: true)
    #expect(await byVariable.exitStatus == 64)
    #expect(byVariable.output.contains("Error: The value '\(value)' is invalid for the environment variable \(variable)"))
  }

  @Test(
    arguments: [
      (["--insecure-cookies"], "--insecure-cookies is for --policy strict"),
      (["--allowed-origins", "https://app.example.org"], "--allowed-origins is for --policy strict"),
      (["--context-words", "acme"], "--context-words is for --policy strict"),
      (["--service-key-file", "/nowhere"], "--service-key-file: /nowhere cannot be read: No such file or directory"),
    ])
  func `an option that would do nothing is refused`(_ arguments: [String], _ sentence: String) async throws {
    let server = try ServerProcess(arguments)
    #expect(await server.exitStatus == 64)
    #expect(server.output.contains("Error: " + sentence))
  }

  @Test func `a service key where everybody is given tokens is refused`() async throws {
    let file = directory.path + "/key"
    try String(repeating: "k", count: 32).write(toFile: file, atomically: true, encoding: .utf8)
    let server = try ServerProcess(["--service-key-file", file])
    #expect(await server.exitStatus == 64)
    #expect(server.output.contains("Error: --service-key-file is for --reset-delivery webhook, command or log"))
  }

  @Test(arguments: ["--cost", "extra"])
  func `what is no option is refused with status 64`(_ argument: String) async throws {
    let server = try ServerProcess([argument], isRaw: true)
    #expect(await server.exitStatus == 64)
    #expect(server.output.contains(argument))
  }

  @Test func `an option comes before its environment variable, which comes before the default`() async throws {
    let environment = [
      "AUTH_HOST": "127.0.0.1", "AUTH_PORT": "0", "AUTH_DATABASE": directory.database, "AUTH_BCRYPT_COST": "4",
      "AUTH_POLICY": "strict",
    ]
    let server = try ServerProcess(["serve", "--policy", "classic"], environment: environment, isRaw: true)
    let client = try await Client(port: server.port)
    #expect(try await client.call(.POST, "/users", ["email": "bob", "password": "x"]).status == 200)
    #expect(FileManager.default.fileExists(atPath: directory.database))
  }

  @Test(arguments: [["--help"], ["serve", "--help"]])
  func `help names every option`(_ arguments: [String]) async throws {
    let server = try ServerProcess(arguments, isRaw: true)
    #expect(await server.exitStatus == 0)
    for option in [
      "--host", "--port", "--database", "--policy", "--bcrypt-cost", "--hash-threads", "--reset-delivery", "--reset-webhook-url",
      "--reset-webhook-secret-file", "--reset-command", "--reset-link-base", "--trusted-proxies", "--allowed-origins",
      "--service-key-file", "--context-words", "--insecure-cookies",
    ] {
      #expect(server.output.contains(option))
    }
  }

  @Test func `the version is one line`() async throws {
    let server = try ServerProcess(["--version"], isRaw: true)
    #expect(await server.exitStatus == 0)
    #expect(server.output.wholeMatch(of: /\d+\.\d+\.\d+\n/) != nil)
  }

  @Test func `a port in use ends with one sentence and status 1`() async throws {
    let first = try ServerProcess(["--database", ":memory:"])
    let port = try await first.port
    let second = try ServerProcess(["--host", "127.0.0.1", "--port", "\(port)", "--database", ":memory:"], isRaw: true)
    #expect(await second.exitStatus == 1)
    let errors = second.output.split(separator: "\n").filter { !$0.contains(" warning ") }
    #expect(errors.count == 1)
    #expect(
      errors.first
        == "Error: cannot serve on 127.0.0.1:\(port): Address already in use; choose another with --host or --port")
  }

  @Test func `a database that cannot be opened ends with one sentence and status 1`() async throws {
    let path = directory.path + "/missing/auth.sqlite"
    let server = try ServerProcess(["--database", path])
    #expect(await server.exitStatus == 1)
    #expect(server.output == "Error: \(path) cannot be opened: No such file or directory\n")
  }
}
