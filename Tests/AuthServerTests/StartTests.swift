import Foundation
import NIOHTTP1
import Testing

@testable import AuthServer

@Suite struct StartTests {
  let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  @Test(
    arguments: [
      ("--port", "65536"), ("--port", "-1"), ("--port", "http"), ("--bcrypt-cost", "3"), ("--bcrypt-cost", "17"),
      ("--hash-threads", "0"), ("--hash-threads", "257"), ("--policy", "lax"),
      ("--delivery", "pigeon"),
      ("--database", "mysql://localhost/auth"), ("--trusted-proxies", "10.0.0.1/8"), ("--trusted-proxies", "localhost"),
      ("--trusted-proxies", "10.0.0.1,"), ("--allowed-origins", "app.example.org"), ("--allowed-origins", "https://a.example/"),
    ])
  func `a wrong value is refused with status 64 and the name of its option, or of its variable`(
    _ flag: String, _ value: String
  ) async throws {
    let byFlag = try ServerProcess(["\(flag)=\(value)"], isRaw: true)
    #expect(await byFlag.exitStatus == 64)
    #expect(byFlag.output.hasPrefix("Error: \(flag) must be "))
    #expect(byFlag.output.hasSuffix("AuthServer --help\n"))

    let variable = "SWIFT_AUTH_" + flag.dropFirst(2).uppercased().replacing("-", with: "_")
    let byVariable = try ServerProcess([], environment: [variable: value], isRaw: true)
    #expect(await byVariable.exitStatus == 64)
    #expect(byVariable.output.hasPrefix("Error: \(variable) must be "))
    #expect(byVariable.output.hasSuffix("AuthServer --help\n"))
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
    #expect(server.output.contains("Error: --service-key-file is for --delivery webhook, command, mail or log"))
  }

  @Test(arguments: ["--cost", "extra"])
  func `what is no option is refused with status 64`(_ argument: String) async throws {
    let server = try ServerProcess([argument], isRaw: true)
    #expect(await server.exitStatus == 64)
    #expect(server.output.contains(argument))
  }

  @Test func `an option comes before its environment variable, which comes before the default`() async throws {
    let environment = [
      "SWIFT_AUTH_HOST": "127.0.0.1", "SWIFT_AUTH_PORT": "0", "SWIFT_AUTH_DATABASE": directory.database,
      "SWIFT_AUTH_BCRYPT_COST": "4",
      "SWIFT_AUTH_POLICY": "strict",
    ]
    let server = try ServerProcess(["serve", "--policy", "classic"], environment: environment, isRaw: true)
    let client = try await Client(port: server.port)
    #expect(try await client.call(.POST, "/users", ["email": "bob", "password": "x"]).status == 200)
    #expect(FileManager.default.fileExists(atPath: directory.database))
  }

  @Test(arguments: Serve.settings.map { $0.option })
  func `an empty value is refused with status 64 and the name of its option, or of its variable`(_ option: String) async throws {
    let setting = try #require(Serve.settings.first { $0.option == option })
    let byVariable = try ServerProcess([], environment: [setting.variable: ""], isRaw: true)
    #expect(await byVariable.exitStatus == 64)
    #expect(byVariable.output.hasPrefix("Error: \(setting.variable) is set but empty; give it a value or unset it\n"))
    // A flag has no value.
    guard !setting.placeholder.isEmpty else { return }
    let byOption = try ServerProcess([option, ""], isRaw: true)
    #expect(await byOption.exitStatus == 64)
    #expect(byOption.output.hasPrefix("Error: \(option) has an empty value; give it one or leave it out\n"))
  }

  @Test(arguments: ["mysql://bob:secret@localhost/auth", "file:///bob:secret"])
  func `a URL is not the name of a database file, and is not repeated`(_ url: String) async throws {
    let server = try ServerProcess(["--database", url])
    #expect(await server.exitStatus == 64)
    #expect(
      server.output.hasPrefix("Error: --database must be the path of an SQLite file, ':memory:' or postgres://…; URLs such as "))
    #expect(!server.output.contains("secret"))
  }

  @Test(arguments: ["host=db password=secret", "user=bob\tpassword = 'secret'"])
  func `a list of keywords and values is not the name of a database file, and is not repeated`(_ list: String) async throws {
    let server = try ServerProcess(["--database", list])
    #expect(await server.exitStatus == 64)
    #expect(server.output.contains("a list of keywords and values is not accepted"))
    #expect(!server.output.contains("secret"))
  }

  @Test func `the URL of a PostgreSQL database has no password, which others would see, and is not repeated`() async throws {
    let server = try ServerProcess(["--database", "postgres://bob:secret@localhost"])
    #expect(await server.exitStatus == 64)
    #if Postgres
    #expect(server.output.hasPrefix("Error: --database must not contain a password; put it in a file"))
    #else
    #expect(server.output.hasPrefix("Error: --database names a PostgreSQL database, which this program was built without"))
    #endif
    #expect(!server.output.contains("secret"))
  }

  @Test(arguments: ["AUTH_PORT", "SWIFT_AUTH_PORT"])
  func `the variables that Kubernetes and Docker set for a service do not end the server`(_ variable: String) async throws {
    let server = try ServerProcess(["--database", ":memory:"], environment: [variable: "tcp://10.0.0.1:5000"])
    _ = try await server.port
    #expect(server.output.contains(" \(variable) is ") == variable.hasPrefix("SWIFT_"))
    #expect(!server.output.contains("10.0.0.1"))
  }

  @Test func `a variable that no setting has is named in a warning, without its value`() async throws {
    let server = try ServerProcess(
      ["--database", ":memory:"], environment: ["SWIFT_AUTH_POTR": "hidden", "AUTH_POLICY": "strict", "SWIFT_AUTH": "x"])
    _ = try await server.port
    let warnings = server.output.split(separator: "\n").filter { $0.contains("is not a setting") }
    #expect(warnings.count == 1)
    #expect(
      warnings.first?.hasSuffix("SWIFT_AUTH_POTR is not a setting and is ignored; AuthServer --help lists them all") == true)
    #expect(server.output.contains("policy classic") && !server.output.contains("hidden"))
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
        == """
        Error: cannot serve on 127.0.0.1:\(port): Address already in use; choose another place with --host, --port or --listen
        """)
  }

  @Test func `a database that cannot be opened ends with one sentence and status 1`() async throws {
    let path = directory.path + "/missing/auth.sqlite"
    let server = try ServerProcess(["--database", path])
    #expect(await server.exitStatus == 1)
    #expect(server.output == "Error: \(path) cannot be opened: No such file or directory\n")
  }
}
