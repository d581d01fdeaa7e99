/// The reason why a database was not opened. Each description tells the operator what to do.
@nonexhaustive
public enum SQLiteOpenError: Error, Equatable, CustomStringConvertible {
  /// The file is not an SQLite database.
  case notADatabase(path: String)

  /// The file is the database of another program.
  case foreignDatabase(path: String)

  /// The file was written by a newer release, whose tables this one does not know.
  case newerSchema(path: String, found: Int64, known: Int64)

  /// The file or its directory can be read but not written.
  case notWritable(path: String)

  /// The file cannot be opened or created, for the reason that the system gives.
  case cannotOpen(path: String, reason: String)

  /// Says what is wrong with the file, and what to do.
  public var description: String {
    switch self {
    case .notADatabase(let path): "\(path) is not an SQLite database; name another file"
    case .foreignDatabase(let path): "\(path) is the database of another program; name another file"
    case .newerSchema(let path, let found, let known):
      "\(path) has schema version \(found); this program knows versions up to \(known); use the newer release that wrote it"
    case .notWritable(let path): "\(path) cannot be written; check the permissions of the file and its directory"
    case .cannotOpen(let path, let reason): "\(path) cannot be opened: \(reason)"
    }
  }
}
