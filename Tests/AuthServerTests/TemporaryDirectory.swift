import Foundation

/// A directory that goes with this value.
final class TemporaryDirectory: Sendable {
  let name = "auth-server-\(UUID().uuidString)"
  var path: String { FileManager.default.temporaryDirectory.appending(path: name).path }

  init() throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  var database: String { path + "/auth.sqlite" }
}
