import Foundation
import NIOCore

/// A connection whose bytes are sent and read as they are. Reading blocks, for at most an hour.
final class RawConnection {
  struct Failed: Error {}

  private let socket: Int32

  init(port: Int) throws {
    socket = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var patience = timeval(tv_sec: 3600, tv_usec: 0)
    // SAFETY: all are passed with their own sizes, and read before the calls return.
    unsafe setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    // So that little has to be sent before the rest waits for the other side to read: by itself the buffer grows to megabytes.
    var size: Int32 = 32 * 1024
    unsafe setsockopt(socket, SOL_SOCKET, SO_SNDBUF, &size, socklen_t(MemoryLayout<Int32>.size))
    let address = try SocketAddress(ipAddress: "127.0.0.1", port: port)
    let status = unsafe address.withSockAddr { unsafe connect(socket, $0, socklen_t($1)) }
    guard status == 0 else { throw Failed() }
  }

  deinit {
    close(socket)
  }

  /// Sends everything, or as much as the other side takes before it closes, and says whether that was everything.
  @discardableResult
  func send(_ text: String) -> Bool {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      // SAFETY: the buffer is valid for its count; without a signal when the other side has gone.
      let sent = unsafe rest.withUnsafeBytes {
        unsafe Foundation.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard sent > 0 else { return false }
      rest = rest.dropFirst(sent)
    }
    return true
  }

  /// What comes until it has `end`, or until the other side closes when there is none.
  func receive(until end: String? = nil) throws -> String {
    var text = ""
    var buffer = [UInt8](repeating: 0, count: 65536)
    while end.map({ !text.contains($0) }) ?? true {
      // SAFETY: the buffer is valid for its count.
      let count = unsafe recv(socket, &buffer, buffer.count, 0)
      guard count >= 0 else { throw Failed() }
      guard count > 0 else { return text }
      text += String(decoding: buffer.prefix(count), as: UTF8.self)
    }
    return text
  }
}
