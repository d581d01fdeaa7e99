import Foundation
import TestPrograms

/// A command to which a server delivers its messages, and the folder in which each of them becomes a file.
struct CommandMailbox {
  /// The path of the command.
  let command: String
  private let folder: String
  private let directory: TemporaryDirectory

  init(in directory: TemporaryDirectory) throws {
    self.directory = directory
    folder = directory.path + "/mailbox"
    command = directory.path + "/deliver"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try "#!/bin/sh\ncat > '\(folder)'/$$.part && mv '\(folder)'/$$.part '\(folder)'/$(date +%s%N).json\n".write(
      toFile: command, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: command)
  }

  /// The newest message of each type to each recipient, such as `password_reset to bob@me.com`, once none waits: a server that is
  /// killed while it delivers leaves its message to the next, whose token is another.
  func messages(in database: TestDatabase) async throws -> [String: [String: String]] {
    while try await database.waitingMessages(in: directory) != "0" { try Task.checkCancellation() }
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".json") }
    return try names.sorted().reduce(into: [:]) { messages, name in
      let data = try Data(contentsOf: URL(filePath: "\(folder)/\(name)"))
      let message = try JSONDecoder().decode([String: String].self, from: data)
      messages["\(message["type"] ?? "") to \(message["email"] ?? "")"] = message
    }
  }
}

extension TestDatabase {
  /// How many messages wait, after five seconds or as soon as there are none. One process looks and pauses all that time: a new
  /// one for each look would take the processor from the server that delivers.
  fileprivate func waitingMessages(in directory: TemporaryDirectory) async throws -> String {
    switch self {
    case .sqlite:
      let script = """
        import sqlite3, sys, time
        connection = sqlite3.connect(sys.argv[1], timeout=600)
        for _ in range(100):
            count = connection.execute("SELECT count(*) FROM outbox").fetchone()[0]
            if count == 0:
                break
            time.sleep(0.05)
        print(count, end="")
        """
      return try await Python.output(of: script, [directory.database])
    #if Postgres
    case .postgres:
      return try await run(
        """
        DO $$
        BEGIN
          FOR _ IN 1..100 LOOP
            EXIT WHEN NOT EXISTS (SELECT FROM outbox);
            PERFORM pg_sleep(0.05);
          END LOOP;
        END
        $$;
        SELECT count(*) FROM outbox
        """, in: directory)
    #endif
    }
  }
}
