internal import NIOHTTP1

/// The four forms of a request's target: RFC 9112, 3.2.
enum RequestTarget {
  /// Whether a request with this method can have the target. NIO has checked the characters of a path.
  static func isPossible(_ target: String, for method: HTTPMethod) -> Bool {
    let bytes = Substring(target).utf8
    // 3.2.3: only CONNECT has an authority alone, and it needs a port (RFC 9110, 9.3.6).
    guard method != .CONNECT else {
      guard let authority = Authority(bytes), let port = authority.port else { return false }
      return authority.namesHost && !port.isEmpty
    }
    // 3.2.1: nearly all requests have this form.
    guard bytes.first != UInt8(ascii: "/") else { return true }
    // 3.2.4.
    guard bytes.first != UInt8(ascii: "*") else { return bytes.count == 1 && method == .OPTIONS }
    return authority(ofURI: bytes)?.namesHost ?? false
  }

  /// 3.2.2.
  private static func authority(ofURI uri: Substring.UTF8View) -> Authority? {
    guard let colon = uri.firstIndex(of: UInt8(ascii: ":")) else { return nil }
    let rest = uri[colon...].dropFirst()
    guard rest.starts(with: "//".utf8) else { return nil }
    let isEnd: (UInt8) -> Bool = { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") }
    return Authority(rest.dropFirst(2).prefix { !isEnd($0) })
  }
}
