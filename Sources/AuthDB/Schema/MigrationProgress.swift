/// How the progress of migrations is reported.
struct MigrationReporter {
  var report: SQLiteMigration.Report
  /// The time between two reports.
  var interval = Duration.seconds(5)
  var now: @Sendable () -> ContinuousClock.Instant = { .now }

  /// For files that are not expected to need a migration.
  static let silent = Self { _ in }
}

/// One migration while it runs. It is used on one thread.
final class MigrationProgress {
  private let reporter: MigrationReporter
  private let path: String
  private let start: ContinuousClock.Instant
  private var last: ContinuousClock.Instant
  private var version: Int64 = 0
  private var rows: (read: Int, all: Int)?

  /// After so many instructions of SQLite, a millisecond or less, it is asked whether a report is due.
  static let stepsBetweenLooks: Int32 = 10_000

  init(of path: String, from version: Int64, _ reporter: MigrationReporter) {
    (self.path, self.reporter) = (path, reporter)
    start = reporter.now()
    last = start
    reporter.report(.began(path: path, from: version, to: SQLiteSchema.version))
  }

  /// The script of a version begins, and will read so many rows one by one; nil if that is not known.
  func begin(version: Int64, rows: Int64?) {
    self.version = version
    self.rows = rows.map { (0, Int($0)) }
  }

  func noteRow() { rows?.read += 1 }

  /// Reports what is running, if it is time.
  func look(at statement: String) {
    let now = reporter.now()
    guard now - last >= reporter.interval else { return }
    last = now
    // SQLite counts the comments before a statement as part of it.
    let lines = statement.split(separator: "\n").map { $0.trimmingPrefix { $0 == " " } }
    let line = lines.first { !$0.hasPrefix("--") } ?? ""
    let step = SQLiteMigration.Step(
      version: version, last: SQLiteSchema.version, statement: String(line.prefix { $0 != ";" }),
      rows: rows.flatMap { $0.read < $0.all ? .init(read: $0.read, all: $0.all) : nil })
    reporter.report(.reached(path: path, step))
  }

  func end() { reporter.report(.ended(path: path, version: SQLiteSchema.version, after: reporter.now() - start)) }
}
