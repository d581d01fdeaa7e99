import AuthCore
import Foundation
import Testing

@testable import AuthServer

/// The settings file in `Docs/Operations.md`, read as the server reads it.
@Suite struct SettingsDocumentTests {
  private let directory: TemporaryDirectory
  private let example: String

  init() throws {
    directory = try TemporaryDirectory()
    let path = URL(filePath: #filePath).appending(path: "../../../../Docs/Operations.md").standardizedFileURL
    let document = try String(contentsOf: path, encoding: .utf8)
    example = String(try #require(document.firstMatch(of: /```yaml\n((?:.|\n)*?)```/)).1)
  }

  @Test func `it passes the check, which warns of nothing`() async throws {
    let secret = directory.path + "/webhook-secret"
    try String(repeating: "s", count: 32).write(toFile: secret, atomically: true, encoding: .utf8)
    let file = directory.path + "/settings.yaml"
    try example.replacing("/etc/auth/webhook-secret", with: secret).write(toFile: file, atomically: true, encoding: .utf8)
    let check = try ServerProcess(["config", "check", "--config", file], isRaw: true)
    #expect(await check.exitStatus == 0)
    #expect(check.output == "ok\n")
  }

  @Test func `its numbers are those of strict`() {
    var reader = SettingReader(variables: [:], file: SettingsFile(path: "settings.yaml", contents: Array(example.utf8)))
    #expect(reader.policy(from: .strict) == .strict)
    for throttle in PolicyKeys.throttles { #expect(throttle.keys.allSatisfy { reader.file?.entry(of: $0.name) != nil }) }
  }

  @Test func `it has every setting`() {
    // A comment begins with a space; a setting that is left out does not.
    let uncommented = example.replacing(/\n#(\w)/) { "\n" + $0.1 }
    let file = SettingsFile(path: "settings.yaml", contents: Array(uncommented.utf8))
    #expect(file.problems.isEmpty)
    let declared = Serve.settings.map { $0.name }.filter { $0 != "config" } + PolicyKeys.all.map(\.name)
    let keys = file.entries.map(\.key).filter { PolicyKeys.byName[$0] != nil || !PolicyKeys.tables.contains($0) }
    #expect(keys.sorted() == declared.sorted())
  }
}
