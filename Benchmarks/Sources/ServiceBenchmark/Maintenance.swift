import AuthDB
import BenchmarkSupport
import CSQLite3
import Foundation

extension Bench {
  /// A quarter of all sessions has ended, and the server, which begins when it starts, is at it all the time.
  func measurePurge(_ large: Population, _ report: inout Report) async throws {
    let copy = try large.copied(to: newDirectory())
    defer { try? FileManager.default.removeItem(at: copy.directory) }
    let open = 0..<large.sessions.count / 4 * 3
    let ended = large.sessions.count - open.count
    // Every user has two sessions, in this order, so that those of the last users have ended.
    try SQLite(copy.file).execute("UPDATE sessions SET expires_at = created_at WHERE user_id > \(open.upperBound / 2)")

    let quiet = try serve(large)
    defer { quiet.stop() }
    let purging = try serve(copy)
    defer { purging.stop() }
    let turns = try await Turns(plan.repetitions) {
      try await purging.load(.profile(sessions: open), seconds: plan.seconds)
    } against: {
      try await quiet.load(.profile(sessions: open), seconds: plan.seconds)
    }
    add("while \(ended) ended sessions are purged", turns, &report)
    let left = try SQLite(copy.file).number("SELECT count(*) FROM sessions") - open.count
    report.add("sessions purged meanwhile", "\(ended - left)")
  }

  func measureBackup(_ large: Population, _ report: inout Report) async throws {
    let backup = try newDirectory().appending(path: "backup.sqlite")
    try await measure(
      "while the file is backed up", large, &report, seconds: plan.seconds, repetitions: plan.repetitions
    ) { try await backUp(large.file, to: backup) }
    try FileManager.default.removeItem(at: backup)
  }

  /// A server migrates before it serves; this is what another one on the same disk suffers from it, for as long as it
  /// takes undisturbed.
  func measureMigration(_ large: Population, _ report: inout Report) async throws {
    let old = try large.copied(to: newDirectory())
    defer { try? FileManager.default.removeItem(at: old.directory) }
    try revert(old)
    let migrated = try Population(directory: newDirectory(), users: large.users)
    let migration: @Sendable () async throws -> Void = {
      try? FileManager.default.removeItem(at: migrated.file)
      try await migrate(old.copied(to: migrated.directory))
    }
    let duration = try await ContinuousClock().measure(migration)
    report.add("copying and migrating \(large.users) users from version 1", "\(number(duration / .seconds(1))) s")
    try await measure(
      "while another file is migrated", large, &report, seconds: Int(duration / .seconds(1)) + 1,
      repetitions: min(plan.repetitions, 3), migration)
    try FileManager.default.removeItem(at: migrated.directory)
  }

  private func measure(
    _ circumstance: String, _ large: Population, _ report: inout Report, seconds: Int, repetitions: Int,
    _ disturbance: @escaping @Sendable () async throws -> Void
  ) async throws {
    let running = try serve(large)
    defer { running.stop() }
    let profiles = Requests.profile(sessions: large.sessions)
    let turns = try await Turns(repetitions) {
      try await repeating(disturbance) { try await running.load(profiles, seconds: seconds) }
    } against: {
      try await running.load(profiles, seconds: seconds)
    }
    add(circumstance, turns, &report)
  }

  private func add(_ circumstance: String, _ turns: Turns<Load>, _ report: inout Report) {
    report.add(
      "p99 of GET /profile \(circumstance)", turns.p99, against: "at other times", ratio: turns.ratio(of: \.p99Milliseconds),
      atMost: 3)
    report.add(
      "requests a second of the same", turns.requestsPerSecond, against: "at other times",
      ratio: turns.ratio(of: \.requestsPerSecond))
  }
}

/// As `sqlite3`'s `.backup` does it.
private func backUp(_ file: URL, to copy: URL) async throws {
  let source = try SQLite(file)
  let target = try SQLite(copy)
  let backup = sqlite3_backup_init(target.handle, "main", source.handle, "main")
  defer { withExtendedLifetime((source, target)) { _ = sqlite3_backup_finish(backup) } }
  while true {
    switch sqlite3_backup_step(backup, 100) {
    case SQLITE_DONE: return
    case SQLITE_OK: await Task.yield()
    case let code: throw CommandFailure(message: "the backup fails: \(String(cString: sqlite3_errstr(code)))")
    }
    try Task.checkCancellation()
  }
}

/// Takes the file back to the schema's version 1, of the first release.
private func revert(_ population: Population) throws {
  try SQLite(population.file).execute(
    """
    PRAGMA cache_size = -2000000;
    BEGIN IMMEDIATE;
    DROP TRIGGER users_changed;
    DROP TRIGGER users_deleted;
    DROP TRIGGER account_created;
    DROP TRIGGER account_deleted;
    DROP TRIGGER account_email_changed;
    DROP TRIGGER recovery_notices;
    DROP TRIGGER reset_tokens_of_unverified_users;
    DROP TABLE disabled_users;
    DROP TABLE unverified_users;
    DROP TABLE registrations;
    DROP TABLE verified_emails;
    DROP TABLE known_clients;
    DROP TABLE account_events;
    DROP TABLE account_event_lease;
    DROP TABLE email_changes;
    DROP TABLE email_take_backs;
    DROP TABLE recovery_emails;
    DROP TABLE recovery_email_requests;
    CREATE TABLE old_sessions (
      id VARCHAR(250) PRIMARY KEY NOT NULL,
      user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
      created_at INTEGER NOT NULL,
      last_used_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      address TEXT,
      user_agent TEXT
    );
    INSERT INTO old_sessions
    SELECT id, user_id, created_at, last_used_at, expires_at, ip_address, user_agent FROM sessions ORDER BY user_id, number;
    DROP TABLE sessions;
    ALTER TABLE old_sessions RENAME TO sessions;
    CREATE INDEX sessions_user_id ON sessions (user_id);
    DROP INDEX reset_tokens_expires_at;
    DROP TABLE attempt_counters;
    DROP TABLE outbox;
    DROP TABLE audit_events;
    PRAGMA user_version = 1;
    COMMIT;
    VACUUM;
    """)
  // Or the kernel does it while something is measured.
  sync()
}

private func migrate(_ population: Population) async throws {
  try await SQLiteStore(path: population.file.path(percentEncoded: false)).close()
}
