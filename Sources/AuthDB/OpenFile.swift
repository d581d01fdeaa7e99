internal import AuthCore
internal import Glibc

/// The file that connections have open, by its path. A database that was moved away or replaced while it was open would take writes that
/// nobody finds again, and answer from the past.
struct OpenFile: Sendable {
  private let path: String
  private let device: dev_t
  private let inode: ino_t

  /// The file that is at the path now.
  init?(path: String) {
    guard let status = Self.status(of: path) else { return nil }
    self.path = path
    device = status.st_dev
    inode = status.st_ino
  }

  /// - Throws: ``RepositoryError/unavailable(_:)``, when the path does not lead to it any more.
  func check() throws(RepositoryError) {
    guard let status = Self.status(of: path), status.st_dev == device, status.st_ino == inode else {
      throw .unavailable("the file was moved, replaced or deleted")
    }
  }

  private static func status(of path: String) -> stat? {
    var status = stat()
    // SAFETY: the structure is written before the call returns.
    return unsafe stat(path, &status) == 0 ? status : nil
  }
}
