internal import Dispatch
internal import Glibc

/// The program that started the server and watches it, such as systemd, which is told how far the server is (sd_notify(3)).
struct Supervisor: Sendable {
  /// The longest time between two signs of life; nil if none are awaited.
  let watchdogInterval: Duration?
  private let path: String?
  // The receiver may be slow to read, and no one here waits for it.
  private let queue = DispatchQueue(label: "Supervisor")

  /// - Parameter variables: those that the supervisor has set for this process, if there is one.
  init(_ variables: [String: String]) {
    path = variables["NOTIFY_SOCKET"].flatMap { $0.hasPrefix("/") || $0.hasPrefix("@") ? $0 : nil }
    // The variables may have been meant for a process from which this one inherited them.
    let isMeant = variables["WATCHDOG_PID"].map { $0 == "\(getpid())" } ?? true
    let microseconds = variables["WATCHDOG_USEC"].flatMap { Int64($0) } ?? 0
    watchdogInterval = path != nil && isMeant && microseconds > 0 ? .microseconds(microseconds) : nil
  }

  enum State {
    /// The server is not ready yet but makes progress, which it will do again within two minutes.
    case starting
    /// The server serves; again after a reload.
    case ready
    case reloading
    case stopping
    /// A sign of life.
    case alive
  }

  /// Returns at once.
  func notify(_ state: State) {
    guard let path else { return }
    let message = Self.message(state)
    queue.async { Self.send(message, to: path) }
  }

  private static func message(_ state: State) -> String {
    switch state {
    case .starting: return "EXTEND_TIMEOUT_USEC=120000000"
    case .ready: return "READY=1"
    case .reloading:
      var now = timespec()
      // SAFETY: the structure is written before the call returns.
      _ = unsafe clock_gettime(CLOCK_MONOTONIC, &now)
      return "RELOADING=1\nMONOTONIC_USEC=\(now.tv_sec * 1_000_000 + now.tv_nsec / 1_000)"
    case .stopping: return "STOPPING=1"
    case .alive: return "WATCHDOG=1"
    }
  }

  private static func send(_ message: String, to path: String) {
    let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    // An abstract name has a NUL in place of the @, and none at its end.
    let name = path.hasPrefix("@") ? [0] + path.utf8.dropFirst() : path.utf8 + [0]
    var address = sockaddr_un()
    guard name.count <= MemoryLayout.size(ofValue: address.sun_path) else { return }
    address.sun_family = sa_family_t(AF_UNIX)
    // SAFETY: the name is not longer than the field, which was checked above.
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: name) }
    let length = socklen_t(MemoryLayout<sockaddr_un>.offset(of: \.sun_path)! + name.count)
    let bytes = Array(message.utf8)
    unsafe withUnsafePointer(to: &address) { address in
      unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        // SAFETY: both lengths are those of what is passed.
        _ = unsafe sendto(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL), address, length)
      }
    }
  }
}
