import Foundation
import NIOHTTP1
import Testing

@testable import AuthServer

/// `AuthServer config`, asked of the real program.
@Suite struct ConfigCommandTests {
  private let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  private func file(_ text: String, _ name: String = "a.yaml") throws -> String {
    let path = directory.path + "/" + name
    try text.write(toFile: path, atomically: false, encoding: .utf8)
    return path
  }

  private func output(_ arguments: [String], environment: [String: String] = [:], status: Int32 = 0) async throws -> String {
    let process = try ServerProcess(["config"] + arguments, environment: environment, isRaw: true)
    #expect(await process.exitStatus == status)
    return process.output
  }

  private static let strict = "policy: strict\ndelivery: log\n"

  @Test func `settings without a problem are ok`() async throws {
    #expect(try await output(["check", "--config", file(Self.strict)]) == "ok\n")
    let classic = try await output(["check"])
    #expect(classic.hasPrefix("warning: policy classic: any password is accepted") && classic.hasSuffix("\nok\n"))
  }

  @Test func `every problem is named, with file, line and key, and ends with status 64`() async throws {
    let path = try file(
      """
      policy: strict
      prot: 80
      bcrypt-cost: 9
      delivery: webhook
      delivery-command: /bin/true
      service-key-file: /nowhere
      sessions:
        maximum-per-user: many
      insecure-cookies: yes
      """)
    let output = try await output(
      ["check", "--config", path, "--log-level", "loud"], environment: ["SWIFT_AUTH_PORT": "x"], status: 64)
    #expect(
      output.split(separator: "\n").map(String.init) == [
        "SWIFT_AUTH_PORT must be a whole number from 0 to 65535, not 'x'",
        "--log-level must be trace, debug, info, notice, warning, error or critical, not 'loud'",
        "\(path):2: prot is not a setting; did you mean port?",
        "\(path):3: bcrypt-cost must be at least 10 under --policy strict",
        "\(path):4: delivery webhook needs --webhook-url and --webhook-secret-file",
        "\(path):5: delivery-command is for --delivery command, not webhook",
        "\(path):6: service-key-file: /nowhere cannot be read: No such file or directory",
        "\(path):8: sessions.maximum-per-user must be a whole number from 1 to 1000, not 'many'",
        "\(path):9: insecure-cookies must be true or false, not 'yes'",
      ])
    // The server names the same problems, and does not start.
    let server = try ServerProcess(["--config", path])
    #expect(await server.exitStatus == 64)
    #expect(server.output.contains("\(path):8: sessions.maximum-per-user must be a whole number from 1 to 1000, not 'many'\n"))
  }

  @Test func `what falls short of a standard is a warning, also when the server starts`() async throws {
    let path = try file(Self.strict + "passwords: {minimum-length: 8}\ninsecure-cookies: true\n")
    let warning = """
      \(path):3: passwords.minimum-length falls short of NIST SP 800-63B-4, 3.1.1.2: at least 15 characters where the password is \
      the only factor
      """
    let checked = try await output(["check", "--config", path])
    #expect(checked.contains("warning: \(warning)\n") && checked.hasSuffix("ok\n"))
    #expect(checked.contains("NIST SP 800-63B-4, 5.1.1"))
    #expect(try await output(["show", "--config", path]).contains("warning: \(warning)\n"))
    let server = try ServerProcess(["--config", path, "--database", ":memory:"])
    _ = try await server.port
    #expect(server.output.contains(" warning AuthServer: [AuthServer] \(warning)\n"))
  }

  @Test func `what is shown says where each value comes from, and is a settings file`() async throws {
    let key = try file(String(repeating: "k", count: 40), "key")
    let path = try file(
      Self.strict + """
        database: ":memory:"
        context-words: [acme, "the # word"]
        service-key-file: \(key)
        sessions:
          lifetime: 20d
        throttling:
          reset-per-email: none
        """)
    let environment = [
      "SWIFT_AUTH_CONFIG": path, "SWIFT_AUTH_TRUSTED_PROXIES": "::1,10.0.0.0/8", "SWIFT_AUTH_LOG_FORMAT": "json",
    ]
    let shown = try await output(["show", "--log-format", "text"], environment: environment)
    let lines = shown.split(separator: "\n").map { String($0).replacing(/[ ]+/, with: " ") }
    for line in [
      "port: 5000 # default", "policy: strict # \(path):1", #"trusted-proxies: ["::1", 10.0.0.0/8] # SWIFT_AUTH_TRUSTED_PROXIES"#,
      "log-format: text # command line", " lifetime: 20d # \(path):7", " idle-timeout: 7d # strict",
      " reset-per-email: none # \(path):9", #"context-words: [acme, "the # word"] # \#(path):4"#, "# link-base: none",
      "service-key-file: \(key) # \(path):5",
    ] {
      #expect(lines.contains(line), "\(line)")
    }
    #expect(!shown.contains("kkkk"))
    // What it warns of is on standard error.
    let again = try file(shown.replacing(/warning: .*\n/, with: ""), "b.yaml")
    #expect(Self.withoutSources(try await output(["show", "--config", again])) == Self.withoutSources(shown))
  }

  private static func withoutSources(_ shown: String) -> [String] {
    shown.replacing(/warning: .*\n/, with: "").split(separator: "\n")
      .map { String($0).replacing(/[ ]+# (?:command line|[^ ]+)$/, with: "") }
  }

  @Test func `the query of a webhook is not shown`() async throws {
    let secret = try file(String(repeating: "s", count: 32), "secret")
    let shown = try await output([
      "show", "--delivery", "webhook", "--webhook-url", "https://example.org/m?key=hidden", "--webhook-secret-file", secret,
    ])
    #expect(shown.contains(#"webhook-url: "https://example.org/m?redacted""#) && !shown.contains("hidden"))
    #expect(!shown.contains("ssss"))
  }

  @Test func `an unknown variable is a warning, and a file that cannot be read a problem`() async throws {
    let output = try await output(["check"], environment: ["SWIFT_AUTH_POTR": "1"])
    #expect(output.contains("warning: SWIFT_AUTH_POTR is not a setting"))
    #expect(
      try await self.output(["check", "--config", "/nowhere"], status: 64)
        == "/nowhere cannot be read: No such file or directory\n")
  }

  @Test func `the server runs with the file`() async throws {
    let path = try file("host: 127.0.0.1\nport: 0\ndatabase: ':memory:'\nregistration: closed\nbcrypt-cost: 4\n")
    let server = try ServerProcess(["--config", path], isRaw: true)
    let client = try await Client(port: server.port)
    #expect(try await client.call(.POST, "/users", ["email": "bob", "password": "x"]).status == 403)
  }
}
