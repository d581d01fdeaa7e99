internal import Glibc

/// Sockets that a supervisor, such as systemd, listens on and passes to the process: connections wait in them while the server
/// restarts.
enum InheritedSockets {
  /// The first descriptor that is passed (sd_listen_fds(3)).
  private static let first: CInt = 3

  /// The descriptors, in the order of the socket unit; none if they are not meant for this process.
  ///
  /// - Throws: ``StartFailure`` if one is not a stream socket that listens.
  static func descriptors(_ variables: [String: String]) throws(StartFailure) -> [CInt] {
    guard variables["LISTEN_PID"] == "\(getpid())", let text = variables["LISTEN_FDS"], let count = CInt(text), count > 0,
      count < CInt.max - first
    else { return [] }
    for descriptor in first..<first + count {
      guard option(SO_ACCEPTCONN, of: descriptor) == 1, option(SO_TYPE, of: descriptor) == CInt(SOCK_STREAM.rawValue) else {
        throw StartFailure(
          description:
            "cannot serve on descriptor \(descriptor), which was passed to the server: it is not a stream socket that listens")
      }
      // Programs that deliver messages are not given it.
      _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    }
    return Array(first..<first + count)
  }

  private static func option(_ name: CInt, of descriptor: CInt) -> CInt? {
    var value: CInt = 0
    var size = socklen_t(MemoryLayout<CInt>.size)
    // SAFETY: the value has as many bytes as are said.
    return unsafe getsockopt(descriptor, SOL_SOCKET, name, &value, &size) == 0 ? value : nil
  }
}
