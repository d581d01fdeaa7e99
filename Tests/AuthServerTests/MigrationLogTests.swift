import Foundation
import Testing

/// A file of an earlier release, under the server and under commands.
@Suite struct MigrationLogTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private var lines: Regex<Substring> {
    get throws {
      try Regex(
        """
        \(directory.database) has schema version 5; migrating it to version 7\\n\
        (?:.* )?\(directory.database) has schema version 7 now, after [0-9]+\\.[0-9] s\\n
        """, as: Substring.self
      )
    }
  }

  @Test func `the log has a line when a migration begins and one when it has ended, before the server listens`() async throws {
    try await EarlierDatabase.write(directory.database)
    for isMigrated in [true, false] {
      let server = try ServerProcess(["--database", directory.database])
      _ = try await server.port
      server.signal(SIGTERM)
      #expect(await server.exitStatus == 0)
      #expect(server.output.contains(" info AuthServer: [AuthServer] \(directory.database) has schema version 5") == isMigrated)
      #expect(try server.output.contains(lines) == isMigrated)
      let parts = server.output.split(separator: "listening on", maxSplits: 1)
      #expect(!parts[1].contains("schema version"))
    }
  }

  @Test func `a command says that it migrates the file`() async throws {
    try await EarlierDatabase.write(directory.database)
    for isMigrated in [true, false] {
      let command = try ServerProcess(["stats", "--json", "--database", directory.database], isRaw: true)
      #expect(await command.exitStatus == 0)
      #expect(try command.output.contains(lines) == isMigrated)
    }
  }
}

/// A file of version 5.
enum EarlierDatabase {
  /// Makes a new file, and takes away what later versions added.
  static func write(_ path: String) async throws {
    let server = try ServerProcess(["--database", path])
    _ = try await server.port
    server.signal(SIGTERM)
    _ = await server.exitStatus
    #expect(!server.output.contains("schema version"), "a new file is not migrated")
    for statement in [
      "DROP TRIGGER reset_tokens_of_unverified_users", "DROP TABLE unverified_users", "DROP TABLE registrations",
      "DROP TABLE verified_emails", "DROP TABLE known_clients", "DROP TABLE account_events",
      "DROP TABLE account_event_lease", "DROP TRIGGER account_created", "DROP TRIGGER account_deleted",
      "DROP TRIGGER account_email_changed", "DROP TABLE email_changes", "DROP TABLE email_take_backs",
      "DROP TRIGGER recovery_notices", "DROP TABLE recovery_emails", "DROP TABLE recovery_email_requests",
      "DROP INDEX outbox_order",
      "DROP TRIGGER sessions_of_disabled_users", "DROP TABLE disabled_users",
      "ALTER TABLE audit_events DROP COLUMN email_digest",
      "PRAGMA user_version = 5",
    ] {
      _ = try Python.sqlite(path, statement)
    }
  }
}
