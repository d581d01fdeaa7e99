internal import Glibc

/// The identity of the file that connections have open, and its path.
///
/// A database that is moved away or replaced while it is open would take writes that are then lost, and return outdated rows.
struct OpenFile: Sendable {
  /// The path as C needs it: it is used before every read.
  private let path: [CChar]
  private let device: dev_t
  private let inode: ino_t

  /// Identifies the file that is at the path now.
  init?(path: String) {
    let path = Array(path.utf8CString)
    guard let status = Self.status(of: path) else { return nil }
    self.path = path
    device = status.st_dev
    inode = status.st_ino
  }

  /// Checks that the path still leads to the file.
  ///
  /// - Throws: ``SQLiteUnavailable`` if it does not.
  func check() throws(SQLiteUnavailable) {
    guard let status = Self.status(of: path), status.st_dev == device, status.st_ino == inode else {
      throw SQLiteUnavailable(description: "the file was moved, replaced or deleted")
    }
  }

  /// How much room the file system has left for this process; nil if that is not known.
  var freeBytes: Int64? {
    var status = statvfs()
    // SAFETY: the structure is written before the call returns.
    guard unsafe statvfs(path, &status) == 0 else { return nil }
    return Int64(clamping: status.f_bavail.multipliedReportingOverflow(by: status.f_frsize).partialValue)
  }

  private static func status(of path: [CChar]) -> stat? {
    var status = stat()
    // SAFETY: the structure is written before the call returns.
    return unsafe stat(path, &status) == 0 ? status : nil
  }
}
