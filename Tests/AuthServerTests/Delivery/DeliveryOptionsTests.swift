import Foundation
import Testing

/// Which options go together, asked of the real program.
@Suite struct DeliveryOptionsTests {
  let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  private func refusal(_ arguments: [String], environment: [String: String] = [:]) async throws -> String {
    let server = try ServerProcess(arguments, environment: environment, isRaw: true)
    #expect(await server.exitStatus == 64)
    return server.output
  }

  private func file(_ name: String, _ text: String, mode: Int = 0o600) throws -> String {
    let path = directory.path + "/" + name
    try text.write(toFile: path, atomically: false, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    return path
  }

  private var secret: String {
    get throws { try file("secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n", mode: 0o444) }
  }

  @Test(arguments: [[], ["--reset-delivery", "answer"]])
  func `strict has no way by default, and gives no tokens to whoever asks`(_ arguments: [String]) async throws {
    let output = try await refusal(["--policy", "strict"] + arguments)
    #expect(output.contains("choose --reset-delivery webhook or command, or for development log"))
  }

  @Test(
    arguments: [
      ("webhook", "--reset-delivery webhook needs --reset-webhook-url and --reset-webhook-secret-file"),
      ("webhook --reset-webhook-url https://example.org/", "--reset-delivery webhook needs --reset-webhook-url and"),
      ("webhook --reset-webhook-secret-file /x", "--reset-delivery webhook needs --reset-webhook-url and"),
      ("command", "--reset-delivery command needs --reset-command"),
    ])
  func `a way without what it needs is refused`(_ arguments: String, _ sentence: String) async throws {
    #expect(try await refusal(["--reset-delivery"] + words(arguments)).contains("Error: " + sentence))
  }

  @Test(
    arguments: [
      ("command --reset-command true", "--reset-command needs an absolute path, not 'true'"),
      ("command --reset-command /nowhere", "--reset-command: /nowhere does not exist"),
      ("command --reset-command /etc/passwd", "--reset-command: /etc/passwd is no program that this user may run"),
      ("command --reset-command /usr", "--reset-command: /usr is no program that this user may run"),
      (
        "webhook --reset-webhook-url https://example.org/ --reset-webhook-secret-file /nowhere",
        "--reset-webhook-secret-file: /nowhere cannot be read: No such file or directory"
      ),
    ])
  func `a file that is not what it has to be is refused`(_ arguments: String, _ sentence: String) async throws {
    #expect(try await refusal(["--reset-delivery"] + words(arguments)).contains("Error: " + sentence))
  }

  @Test(
    arguments: [
      ("answer --reset-command /usr/bin/true", "--reset-command is for --reset-delivery command, not answer"),
      ("log --reset-command /usr/bin/true", "--reset-command is for --reset-delivery command, not log"),
      ("log --reset-webhook-url https://example.org/", "--reset-webhook-url is for --reset-delivery webhook, not log"),
      ("answer --reset-webhook-secret-file /x", "--reset-webhook-secret-file is for --reset-delivery webhook, not answer"),
      (
        "answer --reset-link-base https://example.org/",
        "--reset-link-base is for --reset-delivery webhook or command or log, not answer"
      ),
    ])
  func `an option that the way does not use is refused`(_ arguments: String, _ sentence: String) async throws {
    #expect(try await refusal(["--reset-delivery"] + words(arguments)).contains("Error: " + sentence))
  }

  private func words(_ text: String) -> [String] { text.split(separator: " ").map(String.init) }

  @Test(arguments: ["--reset-webhook-url", "--reset-link-base"])
  func `a URL by which a token would be seen is refused by flag and by variable`(_ flag: String) async throws {
    let url = "http://example.org/"
    #expect(try await refusal(["\(flag)=\(url)"]).contains("The value '\(url)' is invalid for '\(flag)"))
    let variable = "AUTH_" + flag.dropFirst(2).uppercased().replacing("-", with: "_")
    #expect(
      try await refusal([], environment: [variable: url])
        .contains("The value '\(url)' is invalid for the environment variable \(variable)"))
  }

  @Test func `a secret that is too short is refused without showing it`() async throws {
    let path = try file("short", "too-short-a-key")
    let output = try await refusal(
      words("--reset-delivery webhook --reset-webhook-url https://example.org/ --reset-webhook-secret-file \(path)"))
    #expect(output.contains("--reset-webhook-secret-file: \(path) has a key of 15 bytes, not 24 to 64"))
    #expect(!output.contains("too-short"))
  }

  @Test(arguments: ["classic", "strict"])
  func `each way starts under both policies, by variables alone`(policy: String) async throws {
    let ways = [
      [
        "AUTH_RESET_DELIVERY": "webhook", "AUTH_RESET_WEBHOOK_URL": "https://example.org/",
        "AUTH_RESET_WEBHOOK_SECRET_FILE": try secret, "AUTH_RESET_LINK_BASE": "https://example.org/reset",
      ],
      ["AUTH_RESET_DELIVERY": "command", "AUTH_RESET_COMMAND": "/usr/bin/true"],
      ["AUTH_RESET_DELIVERY": "log"],
    ]
    for environment in ways {
      let server = try ServerProcess(["--database", ":memory:", "--policy", policy], environment: environment)
      _ = try await server.port
      let isLogged = server.output.contains(" warning AuthServer: [AuthServer] reset tokens are written to this log")
      #expect(isLogged == (environment["AUTH_RESET_DELIVERY"] == "log"))
    }
  }
}
