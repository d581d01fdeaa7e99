internal import Glibc
internal import NIOCore
internal import SystemPackage

/// The file of a Unix socket.
enum UnixSocketFile {
  /// Removes the socket of a server that has ended.
  ///
  /// - Throws: ``StartFailure`` if there is anything else at the path.
  static func makeWay(for path: String) throws(StartFailure) {
    var status = stat()
    // SAFETY: the structure is written before the call returns.
    guard unsafe lstat(path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFSOCK else {
      throw StartFailure(description: "cannot listen on unix:\(path): there is a file that is not a socket; move it away")
    }
    let isInUse: Bool
    do { isInUse = try isListeningAt(path) } catch {
      throw StartFailure(description: "cannot listen on unix:\(path): cannot tell whether another process does: \(error)")
    }
    guard !isInUse else { throw StartFailure(description: "cannot listen on unix:\(path): another process does; stop it first") }
    remove(path)
  }

  private static func isListeningAt(_ path: String) throws -> Bool {
    let kind = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue
    let descriptor = FileDescriptor(rawValue: socket(AF_UNIX, Int32(kind), 0))
    return try descriptor.closeAfter {
      let address = try SocketAddress(unixDomainSocketPath: path)
      let status = unsafe address.withSockAddr { address, length in
        // SAFETY: the length is that of the address.
        unsafe connect(descriptor.rawValue, address, socklen_t(length))
      }
      guard status != 0 else { return true }
      switch Errno(rawValue: errno) {
      case .connectionRefused, .noSuchFileOrDirectory: return false
      case .resourceTemporarilyUnavailable: return true
      case let problem: throw problem
      }
    }
  }

  /// Lets every user of the machine connect who can reach the directory, as every user reaches a port of the loopback interface.
  static func open(_ path: String) throws(Errno) {
    guard unsafe chmod(path, 0o666) == 0 else { throw Errno(rawValue: errno) }
  }

  static func remove(_ path: String) {
    unsafe unlink(path)
  }
}
