/// Why a database was not checked, backed up or restored. Each description tells the operator what to do.
@nonexhaustive
public enum SQLiteBackupError: Error, Equatable, CustomStringConvertible {
  /// There is no file at the path.
  case noFile(path: String)
  /// The file that was to be written exists.
  case exists(path: String)
  /// An earlier attempt left its unfinished file, or another one is still writing it.
  case unfinished(path: String)
  /// A process has the database open that was to be replaced.
  case inUse(path: String)
  /// A check found these faults.
  case damaged(path: String, findings: [String])
  /// The database cannot be opened.
  case cannotOpen(SQLiteOpenError)
  /// Reading or writing failed, for the reason that the system gives.
  case failed(path: String, reason: String)

  /// Says what is wrong, and what to do.
  public var description: String {
    switch self {
    case .noFile(let path): "\(path) does not exist; name another file"
    case .exists(let path): "\(path) exists and is not overwritten; name another file, or delete it first"
    case .unfinished(let path): "\(path) was left by an earlier attempt, unless another one is under way; delete it and try again"
    case .inUse(let path): "\(path) is in use; stop the server and try again"
    case .damaged(let path, let findings):
      "\(path) is damaged: \(findings.joined(separator: "; ")). To restore a backup, first move it and \(path)-wal away"
    case .cannotOpen(let error): error.description
    case .failed(let path, let reason): "\(path): \(reason)"
    }
  }
}
