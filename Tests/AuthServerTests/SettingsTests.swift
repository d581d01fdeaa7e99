import Foundation
import Testing

@testable import AuthServer

@Suite struct SettingsTests {
  private let settings = Serve.settings

  @Test func `the table in Operations.md is what the settings declare`() throws {
    let path = URL(filePath: #filePath).appending(path: "../../../Docs/Operations.md").standardizedFileURL
    let documented = try String(contentsOf: path, encoding: .utf8).components(separatedBy: "\n")
      .filter { $0.hasPrefix("| `--") && $0.contains("SWIFT_AUTH_") }
    let declared = settings.map { $0.row }
    #expect(documented == declared, "the rows must be:\n\(declared.joined(separator: "\n"))")
  }

  @Test func `every option has one declaration and one variable`() {
    #expect(Set(settings.map { $0.option }).count == settings.count)
    #expect(settings.allSatisfy { $0.variable.wholeMatch(of: /SWIFT_AUTH_[A-Z_]+/) != nil })
    #expect(settings.first { $0.option == "--webhook-secret-file" }?.variable == "SWIFT_AUTH_WEBHOOK_SECRET_FILE")
  }

  @Test func `no row is broken by its own text`() {
    for setting in settings {
      #expect(setting.row.count { $0 == "|" } == 5 && !setting.row.contains("\n"))
      #expect(setting.help.hasSuffix("."))
    }
  }

  @Test(arguments: ["tcp://10.0.0.1:5000", "udp://[::1]:5000"])
  func `a link to a service is not a value`(_ link: String) throws {
    func port(_ variables: [String: String]) throws -> Int {
      var reader = SettingReader(variables: variables)
      let port = reader.value(of: Given<ServiceSettings.ListeningPort>())
      try reader.check()
      return port.value
    }
    #expect(try port(["SWIFT_AUTH_PORT": link]) == 5000)
    #expect(try port(["SWIFT_AUTH_PORT": "80", "AUTH_PORT": link]) == 80)
    #expect(throws: SettingProblems.self) { try port(["SWIFT_AUTH_PORT": "10.0.0.1:5000"]) }
  }

  @Test func `a warning names each variable that is not read, and no value`() {
    let variables = [
      "SWIFT_AUTH_PORT": "tcp://10.0.0.1:5000", "SWIFT_AUTH_PORT_5000_TCP": "tcp://10.0.0.1:5000", "SWIFT_AUTH_POTR": "secret",
      "SWIFT_AUTH_HOST": "127.0.0.1", "AUTH_HOST": "x", "SWIFT_AUTHOR": "x",
    ]
    #expect(
      Environment.warnings(settings: settings, in: variables) == [
        "SWIFT_AUTH_PORT is a link to a service, set by Kubernetes or Docker, and is ignored",
        "SWIFT_AUTH_PORT_5000_TCP is not a setting and is ignored; AuthServer --help lists them all",
        "SWIFT_AUTH_POTR is not a setting and is ignored; AuthServer --help lists them all",
      ])
  }
}
