import AuthCore
import Foundation
import Testing

@testable import AuthServer

/// The settings file of the package, read as the server reads it.
@Suite struct SettingsDocumentTests {
  private static let files = URL(filePath: #filePath).appending(path: "../../../../Packaging/files").standardizedFileURL

  private let directory: TemporaryDirectory
  private let delivered: String
  private let uncommented: SettingsFile

  init() throws {
    directory = try TemporaryDirectory()
    delivered = try String(contentsOf: Self.files.appending(path: "auth.yaml"), encoding: .utf8)
    // A comment begins with a space; a setting that is left out does not.
    uncommented = SettingsFile(path: "auth.yaml", contents: Array(delivered.replacing(/\n#(\w)/) { "\n" + $0.1 }.utf8))
  }

  @Test func `it passes the check, which warns of nothing`() async throws {
    let file = directory.path + "/auth.yaml"
    try delivered.replacing("/usr/libexec/auth-server", with: Self.files.path).write(
      toFile: file, atomically: true, encoding: .utf8)
    let check = try ServerProcess(["config", "check", "--config", file], isRaw: true)
    #expect(await check.exitStatus == 0)
    #expect(check.output == "ok\n")
  }

  @Test func `its numbers are those of strict`() {
    var reader = SettingReader(variables: [:], file: uncommented)
    #expect(reader.policy(from: .strict) == .strict)
  }

  @Test func `it has every setting, and what is commented out has its default`() {
    let given = SettingsFile(path: "auth.yaml", contents: Array(delivered.utf8))
    #expect(uncommented.problems.isEmpty)
    let settings = Serve.settings.filter { $0.name != "config" }
    // A table is there if its keys are.
    let numbers = PolicyKeys.all.map(\.name).filter { !PolicyKeys.tables.contains($0) }
    #expect(uncommented.entries.map(\.key).sorted() == (settings.map { $0.name } + numbers).sorted())
    for setting in settings where given.entry(of: setting.name) == nil && setting.name != PasswordSettings.HashThreads.name {
      guard let text = setting.textOfDefault(under: .strict) else { continue }
      #expect(uncommented.entry(of: setting.name)?.content == .text(text), "\(setting.name)")
    }
  }
}
