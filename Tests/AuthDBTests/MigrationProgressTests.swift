import Foundation
import Synchronization
import Testing

@testable import AuthDB

/// What an operator is told while a file of an earlier release is migrated.
@Suite struct MigrationProgressTests {
  /// A clock that goes on by a second each time that it is read, and what was reported by it.
  private final class Records: Sendable {
    private let start = ContinuousClock.now
    private let readings = Mutex(0)
    private let events = Mutex<[SQLiteMigration]>([])

    var all: [SQLiteMigration] { events.withLock(\.self) }
    var steps: [SQLiteMigration.Step] {
      all.compactMap { if case .reached(_, let step) = $0 { step } else { nil } }
    }
    var seconds: Int { readings.withLock(\.self) }

    func add(_ event: SQLiteMigration) { events.withLock { $0.append(event) } }

    func reporter(interval: Duration) -> MigrationReporter {
      MigrationReporter(report: { self.add($0) }, interval: interval) {
        self.readings.withLock { readings in
          readings += 1
          return self.start + .seconds(readings)
        }
      }
    }
  }

  private static let sessions = 20_000
  private let database: TemporaryDatabase
  private let records = Records()

  init() throws { database = try TemporaryDatabase() }

  /// A file of the version in which sessions have no keys yet.
  private func write() throws {
    try Data().write(to: URL(filePath: database.path))
    let connection = try SQLiteConnection(path: database.path, busyTimeout: patience)
    for script in SQLiteSchema.migrations[..<2] { try connection.execute(script) }
    try connection.execute(
      """
      PRAGMA application_id = \(SQLiteSchema.applicationID);
      PRAGMA user_version = 2;
      INSERT INTO users (email, hashed_password) VALUES ('bob@me.com', 'x');
      WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers LIMIT \(Self.sessions))
      INSERT INTO sessions (id, user_id, created_at, last_used_at, expires_at) SELECT printf('%064x', n), 1, 0, 0, 0 FROM numbers;
      """)
  }

  private func open(interval: Duration) throws {
    let reporter = records.reporter(interval: interval)
    _ = try SQLiteDatabase(path: database.path, busyTimeout: patience, reporter: reporter).openWriter()
  }

  @Test func `a migration tells from which version it starts, how far it is, and that it has ended`() throws {
    try write()
    try open(interval: .seconds(1))
    let (path, version) = (database.path, SQLiteSchema.version)
    #expect(records.all.first == .began(path: path, from: 2, to: version))
    #expect(records.all.last == .ended(path: path, version: version, after: .seconds(records.seconds - 1)))
    #expect(records.steps.count == records.all.count - 2)
    #expect(records.steps.allSatisfy { $0.last == version })
    let copying = records.steps.filter { $0.statement == "INSERT INTO keyed_sessions" }
    #expect(copying.allSatisfy { $0.version == 3 && ($0.rows?.all ?? Self.sessions) == Self.sessions })
    let read = copying.compactMap(\.rows?.read)
    #expect(read.count > 2 && read == read.sorted() && read.allSatisfy { (0..<Self.sessions).contains($0) })
    #expect(copying.last?.rows == nil, "what was read is then written")
    let statements = Set(records.steps.map(\.statement))
    #expect(statements.contains("CREATE UNIQUE INDEX sessions_id ON sessions (id)"), "without the comment before it")
  }

  @Test func `a long migration is reported once in each interval`() throws {
    try write()
    try open(interval: .seconds(5))
    // The first and the last reading are those of the beginning and the end.
    #expect(records.steps.count == (records.seconds - 2) / 5 && records.steps.count > 1)
  }

  @Test func `a short migration is reported when it begins and when it has ended`() async throws {
    try write()
    _ = try await SQLiteStore(path: database.path, busyTimeout: patience) { [records] in records.add($0) }
    #expect(records.all.first == .began(path: database.path, from: 2, to: SQLiteSchema.version))
    guard case .ended(database.path, SQLiteSchema.version, _) = records.all.last else {
      Issue.record("\(records.all)")
      return
    }
  }

  @Test func `a new file and one of this version are opened without a word`() throws {
    try open(interval: .zero)
    try open(interval: .zero)
    #expect(records.all == [])
  }

  @Test func `the restore of an earlier backup reports its migration`() async throws {
    try write()
    let restored = database.directory.appending(path: "restored.sqlite").path
    _ = try await SQLiteBackup.restore(database.path, to: restored, onMigration: { [records] in records.add($0) })
    #expect(records.all.first == .began(path: restored + ".restoring", from: 2, to: SQLiteSchema.version))
  }

  @Test func `a migration that fails has not ended`() throws {
    try write()
    ForeignConnection(database.path).run("CREATE TABLE sessions_id (name TEXT)")
    #expect(throws: SQLiteOpenError.self) { try open(interval: .seconds(1_000_000)) }
    #expect(records.all == [.began(path: database.path, from: 2, to: SQLiteSchema.version)])
  }

  @Test func `what is reported are sentences`() {
    let step = SQLiteMigration.Step(version: 3, last: 6, statement: "INSERT INTO t", rows: .init(read: 7, all: 9))
    let index = SQLiteMigration.Step(version: 3, last: 6, statement: "CREATE INDEX i ON t (c)", rows: nil)
    let all: [SQLiteMigration] = [
      .began(path: "a", from: 2, to: 6), .reached(path: "a", step), .reached(path: "a", index),
      .ended(path: "a", version: 6, after: .milliseconds(14_249)),
    ]
    #expect(
      all.map { "\($0)" } == [
        "a has schema version 2; migrating it to version 6",
        "a is being migrated: version 3 of 6, INSERT INTO t; 7 of 9 rows read",
        "a is being migrated: version 3 of 6, CREATE INDEX i ON t (c)", "a has schema version 6 now, after 14.2 s",
      ])
  }
}
