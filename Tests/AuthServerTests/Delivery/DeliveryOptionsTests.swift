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

  @Test(arguments: [[], ["--delivery", "answer"]])
  func `strict has no method by default, and gives clients no tokens`(_ arguments: [String]) async throws {
    let output = try await refusal(["--policy", "strict"] + arguments)
    #expect(output.contains("choose --delivery webhook, command or mail, or log for development"))
  }

  @Test(
    arguments: [
      ("webhook", "--delivery webhook needs --webhook-url and --webhook-secret-file"),
      ("webhook --webhook-url https://example.org/", "--delivery webhook needs --webhook-url and"),
      ("webhook --webhook-secret-file /x", "--delivery webhook needs --webhook-url and"),
      ("command", "--delivery command needs --delivery-command"),
      ("mail --mail-program /usr/bin/true", "--delivery mail needs --mail-from, and --pages or --link-base"),
      ("mail --mail-program /usr/bin/true --mail-from a@b.org", "--delivery mail needs --mail-from, and --pages or --link-base"),
      (
        "mail --mail-program /usr/bin/true --mail-from a@b.org --link-base https://b.org/ --mail-language fr",
        "--mail-language needs --mail-templates: only en has texts without it"
      ),
      ("log --pages-accent 006644", "--pages-accent needs --pages"),
      ("log --pages-home https://example.org/", "--pages-home needs --pages"),
    ])
  func `a method without what it needs is refused`(_ arguments: String, _ sentence: String) async throws {
    #expect(try await refusal(["--delivery"] + words(arguments)).contains("Error: " + sentence))
  }

  @Test(
    arguments: [
      ("command --delivery-command true", "--delivery-command must be an absolute path, not 'true'"),
      ("command --delivery-command /nowhere", "--delivery-command: /nowhere does not exist"),
      ("command --delivery-command /etc/passwd", "--delivery-command: /etc/passwd is not a program that this user may run"),
      ("command --delivery-command /usr", "--delivery-command: /usr is not a program that this user may run"),
      ("mail --mail-program sendmail", "--mail-program must be an absolute path, not 'sendmail'"),
      ("mail --mail-program /nowhere", "--mail-program: /nowhere does not exist"),
      (
        "mail --mail-program /usr/bin/true --mail-from a@b.org --link-base https://b.org/ --mail-templates /nowhere",
        "--mail-templates: /nowhere/en is not a folder that this user may read"
      ),
      (
        "webhook --webhook-url https://example.org/ --webhook-secret-file /nowhere",
        "--webhook-secret-file: /nowhere cannot be read: No such file or directory"
      ),
    ])
  func `a file that cannot be used is refused`(_ arguments: String, _ sentence: String) async throws {
    #expect(try await refusal(["--delivery"] + words(arguments)).contains("Error: " + sentence))
  }

  @Test(
    arguments: [
      ("answer --delivery-command /usr/bin/true", "--delivery-command is for --delivery command, not answer"),
      ("log --delivery-command /usr/bin/true", "--delivery-command is for --delivery command, not log"),
      ("log --webhook-url https://example.org/", "--webhook-url is for --delivery webhook, not log"),
      ("answer --webhook-secret-file /x", "--webhook-secret-file is for --delivery webhook, not answer"),
      (
        "answer --link-base https://example.org/",
        "--link-base is for --delivery webhook or command or mail or log, not answer"
      ),
      (
        "answer --pages https://auth.example.org", "--pages is for --delivery webhook or command or mail or log, not answer"
      ),
      (
        "log --pages https://auth.example.org --link-base https://example.org/",
        "--link-base cannot be combined with --pages: links lead to one or the other"
      ),
      ("log --mail-from a@example.org", "--mail-from is for --delivery mail, not log"),
      ("command --mail-program /usr/bin/true", "--mail-program is for --delivery mail, not command"),
      ("webhook --mail-templates /x", "--mail-templates is for --delivery mail, not webhook"),
      ("log --mail-language fr", "--mail-language is for --delivery mail, not log"),
      ("log --service-name Example", "--service-name is for --delivery mail, not log"),
    ])
  func `an option that the method does not use is refused`(_ arguments: String, _ sentence: String) async throws {
    #expect(try await refusal(["--delivery"] + words(arguments)).contains("Error: " + sentence))
  }

  private func words(_ text: String) -> [String] { text.split(separator: " ").map(String.init) }

  @Test(
    arguments: [
      ("--pages", "https://example.org/?a", "must be the URL of the server, without a query"),
      ("--pages", "https://example.org/pages/", "must be the URL of the server, without the path /pages"),
      ("--pages", "http://example.org", "must be a URL of at most 1024 bytes: https, or http to this machine alone"),
      ("--pages-accent", "blue", "must be six hexadecimal digits such as 2f6fd0, not 'blue'"),
      ("--pages-accent", "##12345", "must be six hexadecimal digits"), ("--pages-accent", "１２３４５６", "must be six hexadecimal"),
      ("--pages-home", "javascript:alert(1)", "must be a URL"),
    ])
  func `a value for pages that cannot be one is refused`(_ option: String, _ value: String, _ sentence: String) async throws {
    #expect(try await refusal([option, value]).contains("Error: \(option) \(sentence)"))
  }

  @Test(arguments: ["--webhook-url", "--link-base", "--pages"])
  func `a URL by which a token would be seen is refused by option and by variable`(_ flag: String) async throws {
    let url = "http://example.org/"
    #expect(try await refusal(["\(flag)=\(url)"]).hasPrefix("Error: \(flag) must be a URL"))
    let variable = "SWIFT_AUTH_" + flag.dropFirst(2).uppercased().replacing("-", with: "_")
    #expect(
      try await refusal([], environment: [variable: url])
        .hasPrefix("Error: \(variable) must be a URL"))
  }

  @Test func `a secret that is too short is refused without showing it`() async throws {
    let path = try file("short", "too-short-a-key")
    let output = try await refusal(
      words("--delivery webhook --webhook-url https://example.org/ --webhook-secret-file \(path)"))
    #expect(output.contains("--webhook-secret-file: \(path) has a key of 15 bytes, not 24 to 64"))
    #expect(!output.contains("too-short"))
  }

  @Test(arguments: ["classic", "strict"])
  func `each method starts under both policies, by variables alone`(policy: String) async throws {
    let methods = [
      [
        "SWIFT_AUTH_DELIVERY": "webhook", "SWIFT_AUTH_WEBHOOK_URL": "https://example.org/",
        "SWIFT_AUTH_WEBHOOK_SECRET_FILE": try secret, "SWIFT_AUTH_LINK_BASE": "https://example.org/reset",
      ],
      ["SWIFT_AUTH_DELIVERY": "command", "SWIFT_AUTH_DELIVERY_COMMAND": "/usr/bin/true"],
      [
        "SWIFT_AUTH_DELIVERY": "mail", "SWIFT_AUTH_MAIL_FROM": "Example <a@example.org>",
        "SWIFT_AUTH_MAIL_PROGRAM": "/usr/bin/true", "SWIFT_AUTH_LINK_BASE": "https://example.org/reset",
      ],
      ["SWIFT_AUTH_DELIVERY": "log"],
      [
        "SWIFT_AUTH_DELIVERY": "mail", "SWIFT_AUTH_MAIL_FROM": "a@example.org", "SWIFT_AUTH_MAIL_PROGRAM": "/usr/bin/true",
        "SWIFT_AUTH_PAGES": "https://auth.example.org", "SWIFT_AUTH_PAGES_ACCENT": "#006644",
        "SWIFT_AUTH_PAGES_HOME": "https://example.org/",
      ],
      [
        "SWIFT_AUTH_DELIVERY": "command", "SWIFT_AUTH_DELIVERY_COMMAND": "/usr/bin/true", "SWIFT_AUTH_SERVICE_NAME": "Example",
        "SWIFT_AUTH_PAGES": "http://localhost:5000",
      ],
    ]
    for environment in methods {
      let server = try ServerProcess(["--database", ":memory:", "--policy", policy], environment: environment)
      _ = try await server.port
      let isLogged = server.output.contains(" warning AuthServer: [AuthServer] reset tokens are written to this log")
      #expect(isLogged == (environment["SWIFT_AUTH_DELIVERY"] == "log"))
    }
  }
}
