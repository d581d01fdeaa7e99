internal import NIOCore

/// A place on which the server listens.
enum Endpoint: Sendable, Equatable, CustomStringConvertible {
  /// An IP address or the name of a host, and a port.
  case port(Int, host: String)
  /// The absolute path of a Unix socket.
  case unixSocket(path: String)

  /// As URLs have it (RFC 3986, 3.2.2), or as the option has it.
  var description: String {
    switch self {
    case .port(let port, let host): host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
    case .unixSocket(let path): "unix:\(path)"
    }
  }
}

struct EndpointList: ValueList {
  static let elementRule = "unix: and an absolute path, or \(IPEndpoint.form), such as 127.0.0.1:5000 or [::1]:5000"
  let values: [Endpoint]

  static func parse(_ text: String) -> Endpoint? {
    if text.hasPrefix("unix:") {
      let path = String(text.dropFirst(5))
      // Also nil if the path is longer than the system's limit.
      guard path.hasPrefix("/"), !path.utf8.contains(0), (try? SocketAddress(unixDomainSocketPath: path)) != nil else {
        return nil
      }
      return .unixSocket(path: path)
    }
    guard let address = (try? IPEndpoint(setting: text))?.socketAddress, let host = address.ipAddress, let port = address.port
    else { return nil }
    return .port(port, host: host)
  }
}
