/// A report on the migration of a file of an earlier release. Each description is a sentence for the operator.
@nonexhaustive
public enum SQLiteMigration: Sendable, Equatable, CustomStringConvertible {
  /// The migration begins, or waits for the process that has begun it.
  case began(path: String, from: Int64, to: Int64)
  /// The migration is at this step. Said every few seconds.
  case reached(path: String, Step)
  /// The file has the version of this release.
  case ended(path: String, version: Int64, after: Duration)

  /// Is told of a migration on a thread of the database, which waits meanwhile.
  public typealias Report = @Sendable (SQLiteMigration) -> Void

  /// A part of a migration.
  public struct Step: Sendable, Equatable {
    /// The version that the file is being brought to, on its way to the last one.
    public let version: Int64
    /// The version that the file will have in the end.
    public let last: Int64
    /// The first line of the statement that is running.
    public let statement: String
    /// How many rows have been read, of how many; nil once that is done, and where only the statement is known.
    public let rows: Rows?

    /// A part of the rows of a table.
    public struct Rows: Sendable, Equatable {
      /// The number of rows that were read.
      public let read: Int
      /// The number of all rows.
      public let all: Int
    }
  }

  /// Says which file is migrated, and how far that is.
  public var description: String {
    switch self {
    case .began(let path, let from, let to): return "\(path) has schema version \(from); migrating it to version \(to)"
    case .reached(let path, let step):
      let rows = step.rows.map { "; \($0.read) of \($0.all) rows read" } ?? ""
      return "\(path) is being migrated: version \(step.version) of \(step.last), \(step.statement)\(rows)"
    case .ended(let path, let version, let duration):
      let tenths = Int((duration / .milliseconds(100)).rounded())
      return "\(path) has schema version \(version) now, after \(tenths / 10).\(tenths % 10) s"
    }
  }
}
