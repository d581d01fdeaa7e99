internal import AuthHTTP
internal import NIOCore

/// An IP address and a port. A host name is refused: it may lead to more addresses than the operator thinks of.
struct IPEndpoint: SettingValue, CustomStringConvertible {
  static let form = "an IP address and a port"
  private static let rule = "\(form), such as 127.0.0.1:9464 or [::1]:9464"

  let socketAddress: SocketAddress
  let description: String

  init(setting text: String) throws(InvalidValue) {
    guard
      let colon = text.utf8.lastIndex(of: UInt8(ascii: ":")),
      let port = Int(text[text.utf8.index(after: colon)...]), Port.limits.contains(port),
      let host = Self.host(text[..<colon]),
      let address = try? SocketAddress(ipAddress: host, port: port)
    else {
      throw InvalidValue(reason: "must be \(Self.rule), not '\(text)'")
    }
    socketAddress = address
    description = text
  }

  /// The address, with the port that the system has chosen in place of 0.
  func description(withPort port: Int) -> String {
    let end = description.utf8.lastIndex(of: UInt8(ascii: ":")) ?? description.endIndex
    return "http://\(description[..<end]):\(port)"
  }

  /// The address without the brackets that IPv6 needs before a port (RFC 3986, 3.2.2).
  private static func host(_ text: Substring) -> String? {
    guard text.utf8.contains(UInt8(ascii: ":")) else { return String(text) }
    guard text.hasPrefix("["), text.hasSuffix("]") else { return nil }
    return String(text.dropFirst().dropLast())
  }
}
