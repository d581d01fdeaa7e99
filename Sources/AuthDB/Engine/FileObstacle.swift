internal import Glibc

/// Why the file of a database, or one that SQLite keeps beside it, cannot be opened.
enum FileObstacle {
  /// - Returns: what is in the way and what to do, in words that follow "cannot be opened: "; nil if nothing is found.
  static func reason(for path: String) -> String? {
    for suffix in ["", "-wal", "-shm", "-journal"] {
      if let (problem, advice) = obstacle(at: path + suffix) {
        return (suffix.isEmpty ? "it" : path + suffix) + " \(problem); \(advice)"
      }
    }
    return nil
  }

  private static func obstacle(at path: String) -> (problem: String, advice: String)? {
    var status = stat()
    // SAFETY: here and below, the structure is written before the call returns.
    guard unsafe lstat(path, &status) == 0 else { return nil }
    if isKind(S_IFLNK, status), unsafe stat(path, &status) != 0 {
      return ("is a link that leads to no file", "create the file that it names, or name another")
    }
    if isKind(S_IFDIR, status) { return ("is a directory", "name a file") }
    guard isKind(S_IFREG, status) else { return ("is not a regular file", "name another") }
    guard unsafe faccessat(AT_FDCWD, path, R_OK | W_OK, AT_EACCESS) != 0, errno == EACCES else { return nil }
    let mode = String(status.st_mode & 0o7777, radix: 8)
    return (
      "belongs to user \(status.st_uid) and has mode \(mode), and this process runs as user \(geteuid())",
      "let the process read and write it; all files of a database need the same owner"
    )
  }

  private static func isKind(_ kind: mode_t, _ status: stat) -> Bool { status.st_mode & S_IFMT == kind }
}
