internal import Glibc
internal import NIOCore
internal import SystemPackage

/// The file of a Unix socket, which belongs to one server at a time: the one that has locked the file beside it.
final class UnixSocketFile: Sendable {
  private let path: String
  private let lock: SystemPackage.FileDescriptor

  /// Locks the path, and removes the socket of a server that has ended.
  ///
  /// - Throws: ``StartFailure`` if another process listens there, or there is anything else at the path.
  init(claiming path: String) throws(StartFailure) {
    self.path = path
    let lockPath = path + ".lock"
    do {
      // Never removed: two servers could then lock a file of this name each.
      lock = try SystemPackage.FileDescriptor.open(
        FilePath(lockPath), .readWrite, options: [.create, .closeOnExec], permissions: .ownerReadWrite)
    } catch {
      throw StartFailure(description: "cannot listen on unix:\(path): \(lockPath) cannot be opened: \(error)")
    }
    guard flock(lock.rawValue, LOCK_EX | LOCK_NB) == 0 else { throw Self.inUse(path) }
    try Self.makeWay(for: path)
  }

  deinit {
    try? lock.close()
  }

  private static func inUse(_ path: String) -> StartFailure {
    StartFailure(description: "cannot listen on unix:\(path): another process does; stop it first")
  }

  private static func makeWay(for path: String) throws(StartFailure) {
    var status = stat()
    // SAFETY: the structure is written before the call returns.
    guard unsafe lstat(path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFSOCK else {
      throw StartFailure(description: "cannot listen on unix:\(path): there is a file that is not a socket; move it away")
    }
    let isInUse: Bool
    // Other programs do not lock it.
    do { isInUse = try isListeningAt(path) } catch {
      throw StartFailure(description: "cannot listen on unix:\(path): cannot tell whether another process does: \(error)")
    }
    guard !isInUse else { throw inUse(path) }
    // SAFETY: the text is valid until the call returns.
    unsafe unlink(path)
  }

  private static func isListeningAt(_ path: String) throws -> Bool {
    let address = try SocketAddress(unixDomainSocketPath: path)
    let kind = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue
    let descriptor = SystemPackage.FileDescriptor(rawValue: socket(AF_UNIX, Int32(kind), 0))
    guard descriptor.rawValue >= 0 else { throw Errno(rawValue: errno) }
    return try descriptor.closeAfter {
      let problem = unsafe address.withSockAddr { address, length in
        // SAFETY: the length is that of the address.
        unsafe connect(descriptor.rawValue, address, socklen_t(length)) == 0 ? nil : Errno(rawValue: errno)
      }
      switch problem {
      case nil, .resourceTemporarilyUnavailable: return true
      case .connectionRefused, .noSuchFileOrDirectory: return false
      case let problem?: throw problem
      }
    }
  }

  /// Lets every user of the machine connect who can reach the directory, as every user reaches a port of the loopback interface.
  func open() throws(Errno) {
    // SAFETY: the text is valid until the call returns.
    guard unsafe chmod(path, 0o666) == 0 else { throw Errno(rawValue: errno) }
  }

  /// Removes the socket, and leaves the path to other servers.
  func remove() {
    // SAFETY: the text is valid until the call returns.
    unsafe unlink(path)
    flock(lock.rawValue, LOCK_UN)
  }
}
