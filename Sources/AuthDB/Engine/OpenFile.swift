internal import AuthCore
internal import Glibc

/// The file that connections have open, by its path. A database that was moved away or replaced while it was open would take writes that
/// nobody finds again, and answer from the past.
struct OpenFile: Sendable {
  /// As C has it: the file is looked at before every read.
  private let path: [CChar]
  private let device: dev_t
  private let inode: ino_t

  /// The file that is at the path now.
  init?(path: String) {
    let path = Array(path.utf8CString)
    guard let status = Self.status(of: path) else { return nil }
    self.path = path
    device = status.st_dev
    inode = status.st_ino
  }

  /// - Throws: ``StoreError/unavailable(_:)``, when the path does not lead to it any more.
  func check() throws(StoreError) {
    guard let status = Self.status(of: path), status.st_dev == device, status.st_ino == inode else {
      throw .unavailable("the file was moved, replaced or deleted")
    }
  }

  private static func status(of path: [CChar]) -> stat? {
    var status = stat()
    // SAFETY: the structure is written before the call returns.
    return unsafe stat(path, &status) == 0 ? status : nil
  }
}
