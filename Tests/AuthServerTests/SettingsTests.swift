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
    #expect(settings.count == 16)
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
}
