internal import Glibc

/// A database that gets its name, or is deleted, when it is finished.
enum UnfinishedFile {
  /// Creates the file, which only its owner can read, and deletes what is left of it after `body`.
  static func with<Result>(
    _ path: String, _ body: (String) throws(SQLiteBackupError) -> Result
  ) throws(SQLiteBackupError) -> Result {
    let file = unsafe open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw errno == EEXIST ? .unfinished(path: path) : failure(path) }
    close(file)
    defer { for suffix in ["", "-wal", "-shm", "-journal"] { _ = unsafe unlink(path + suffix) } }
    return try body(path)
  }

  /// Gives a file that is on disk its name, and puts the name on disk.
  static func rename(_ path: String, to name: String) throws(SQLiteBackupError) {
    // Unlike rename(2), this takes the place of nothing that has appeared meanwhile.
    if unsafe link(path, name) != 0 {
      guard errno != EEXIST else { throw .exists(path: name) }
      // The file system has no hard links.
      guard unsafe Glibc.rename(path, name) == 0 else { throw failure(name) }
    }
    let directory = unsafe open(directory(of: name), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    defer { close(directory) }
    guard directory >= 0, fsync(directory) == 0 else { throw failure(name) }
  }

  /// Restored by root, a database would be out of reach for the server, which owns the directory.
  static func giveToOwnerOfDirectory(_ path: String) {
    var status = stat()
    // SAFETY: the structure is written before the call returns.
    guard geteuid() == 0, unsafe stat(directory(of: path), &status) == 0 else { return }
    _ = unsafe chown(path, status.st_uid, status.st_gid)
  }

  private static func directory(of path: String) -> String {
    path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
  }

  private static func failure(_ path: String) -> SQLiteBackupError {
    .failed(path: path, reason: unsafe String(cString: strerror(errno)))
  }
}
