import Glibc

/// A port of the loopback interface that nobody listens on at the moment.
func freePort() throws -> Int {
  let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
  defer { close(descriptor) }
  var address = loopback(port: 0)
  var length = socklen_t(MemoryLayout<sockaddr_in>.size)
  let isBound = withUnsafeMutablePointer(to: &address) { pointer in
    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
    }
  }
  guard isBound else { throw CommandFailure(message: "there is no free port") }
  return Int(UInt16(bigEndian: address.sin_port))
}

/// Whether something at the port answers a request, with whatever status.
func answers(port: Int, route: String) -> Bool {
  let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
  defer { close(descriptor) }
  guard connects(descriptor, to: port) else { return false }
  let request = "GET \(route) HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
  guard send(descriptor, request, request.utf8.count, Int32(MSG_NOSIGNAL)) == request.utf8.count else { return false }
  var answer = [UInt8](repeating: 0, count: 9)
  return recv(descriptor, &answer, answer.count, Int32(MSG_WAITALL)) == answer.count && answer.starts(with: "HTTP/1.1 ".utf8)
}

/// A connection to a server on this machine, on which one request comes after the other.
package final class LoopbackConnection {
  private let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)

  package init(to server: RunningServer) throws {
    guard let port = Int(server.address.split(separator: ":").last ?? ""), connects(descriptor, to: port) else {
      throw CommandFailure(message: "there is no connection to \(server.address)")
    }
  }

  deinit {
    close(descriptor)
  }

  /// Posts a form and waits for the response.
  ///
  /// - Returns: the status and the seconds that it took.
  package func post(_ form: String, to path: String, headers: [String] = []) throws -> (status: Int, seconds: Double) {
    let lines =
      ["POST \(path) HTTP/1.1", "Host: 127.0.0.1", "Content-Type: application/x-www-form-urlencoded"] + headers
      + ["Content-Length: \(form.utf8.count)", "", form]
    let request = lines.joined(separator: "\r\n")
    let start = ContinuousClock.now
    guard send(descriptor, request, request.utf8.count, Int32(MSG_NOSIGNAL)) == request.utf8.count else {
      throw CommandFailure(message: "a request could not be sent")
    }
    let head = try responseHead()
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    guard let status = head.firstMatch(of: /HTTP\/1\.1 (\d+)/).flatMap({ Int($0.1) }) else {
      throw CommandFailure(message: "a response is none: \(head)")
    }
    return (status, seconds)
  }

  /// What comes up to the end of the body, as text.
  private func responseHead() throws -> String {
    var received: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let text = String(decoding: received, as: UTF8.self)
      if let end = text.firstRange(of: "\r\n\r\n") {
        let length = text.lowercased().firstMatch(of: /content-length: (\d+)/).flatMap { Int($0.1) } ?? 0
        if text[end.upperBound...].utf8.count >= length { return text }
      }
      let count = recv(descriptor, &buffer, buffer.count, 0)
      guard count > 0 else { throw CommandFailure(message: "a response ends early: \(text)") }
      received += buffer[..<count]
    }
  }
}

private func connects(_ descriptor: Int32, to port: Int) -> Bool {
  var address = loopback(port: port)
  return withUnsafePointer(to: &address) { pointer in
    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
    }
  }
}

private func loopback(port: Int) -> sockaddr_in {
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_port = in_port_t(port).bigEndian
  address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
  return address
}
