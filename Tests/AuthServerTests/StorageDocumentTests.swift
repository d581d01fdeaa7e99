import Foundation
import NIOHTTP1
import TestPrograms
import Testing

/// What `Docs/Storage.md` tells operators to run works while the server is busy. `sh -e` runs each block of the document.
@Suite struct StorageDocumentTests {
  private static let document = try! String(
    contentsOf: URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Docs/Storage.md"), encoding: .utf8)

  /// The commands in the blocks of the document, and then the statements in the table of changes, as its command runs them.
  private static var commands: [String] {
    let blocks = document.matches(of: /```sh\n((?:.|\n)*?)\n```/).map { String($0.1) }
    let statements = document.matches(of: /\n\| [^|]*(?:end|delete|void) [^|]*\| `([^`]*)` \|/).map { String($0.1) }
    let change = blocks.last { $0.contains("foreign_keys") }!
    return blocks + statements.map { change.replacing(/"[^"]*"$/, with: "\"\($0)\"") }
  }

  @Test func `every command works beside logins`() async throws {
    #expect(Self.commands.count >= 10)
    let directory = try TemporaryDirectory()
    let server = try ServerProcess(["--database", directory.database, "--bcrypt-cost", "4"])
    let client = try await Client(port: server.port)
    let login = ["email": "bob@me.com", "password": "b4l0u"]
    #expect(try await client.call(.POST, "/users", login).status == 200)
    // In the end the account is gone, and the login is refused.
    let logins = (1...4).map { _ in
      Task { while !Task.isCancelled { _ = try await client.call(.POST, "/sessions", login) } }
    }
    for command in Self.commands {
      for _ in 1...5 {
        for copy in ["backup.sqlite", "vacuumed.sqlite"] {
          try? FileManager.default.removeItem(at: URL(filePath: directory.path).appending(path: copy))
        }
        let output = await Self.run(command.replacing("auth.sqlite", with: directory.database), in: directory.path)
        #expect(output.status == 0, "\(command): \(output.text)")
      }
    }
    for task in logins {
      task.cancel()
      _ = await task.result
    }
  }

  /// Where the shell finds the program that is tested.
  private static let path = URL(filePath: ServerProcess.program).deletingLastPathComponent().path + ":/usr/bin:/bin"

  /// On a thread of its own, because it blocks.
  private static func run(_ command: String, in directory: String) async -> (status: Int32, text: String) {
    await withCheckedContinuation { continuation in
      Thread.detachNewThread {
        let output = Pipe()
        do {
          let shell = try ChildProcess(
            "/bin/sh", ["-ec", command], environment: ["PATH": Self.path], in: directory,
            output: output.fileHandleForWriting, error: output.fileHandleForWriting)
          try output.fileHandleForWriting.close()
          let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
          continuation.resume(returning: (shell.waitUntilExit(), text))
        } catch {
          continuation.resume(returning: (-1, "\(error)"))
        }
      }
    }
  }
}
