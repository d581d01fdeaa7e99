internal import Glibc

/// Tells whether a path still leads to the same file. A database that was moved away or replaced while it was open would take writes that
/// nobody finds again, and answer from the past.
struct FileIdentity: Equatable {
  private let device: UInt64
  private let inode: UInt64

  init?(path: String) {
    var status = stat()
    // SAFETY: the structure is written before the call returns.
    guard unsafe stat(path, &status) == 0 else { return nil }
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
  }
}
