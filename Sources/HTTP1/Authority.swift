internal import NIOCore

/// The host in `Host` or in a request's target, with or without a port: RFC 3986, 3.2.2 and 3.2.3. User information is an error
/// (RFC 9110, 4.2.4).
struct Authority {
  let host: Substring.UTF8View
  /// Without its colon; nil without one.
  let port: Substring.UTF8View?

  init?(_ text: Substring.UTF8View) {
    let colon = UInt8(ascii: ":")
    // The colons of an IPv6 address are in brackets.
    let hostEnd: Substring.UTF8View.Index
    if text.first == UInt8(ascii: "[") {
      guard let bracket = text.firstIndex(of: UInt8(ascii: "]")) else { return nil }
      hostEnd = text.index(after: bracket)
      guard Self.isAddressLiteral(text[text.index(after: text.startIndex)..<bracket]) else { return nil }
    } else {
      hostEnd = text.firstIndex(of: colon) ?? text.endIndex
      guard Self.isName(text[..<hostEnd]) else { return nil }
    }
    host = text[..<hostEnd]
    guard hostEnd != text.endIndex else {
      port = nil
      return
    }
    guard text[hostEnd] == colon else { return nil }
    let port = text[text.index(after: hostEnd)...]
    guard Self.isPort(port) else { return nil }
    self.port = port
  }

  /// URIs of HTTP can't have an empty host (RFC 9110, 4.2.1).
  var namesHost: Bool { !host.isEmpty }

  private static func isPort(_ digits: Substring.UTF8View) -> Bool {
    var number = 0
    for digit in digits {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return false }
      number = number * 10 + Int(digit - UInt8(ascii: "0"))
      guard number <= Int(UInt16.max) else { return false }
    }
    return true
  }

  /// `reg-name`, which includes IPv4 addresses.
  private static func isName(_ name: Substring.UTF8View) -> Bool {
    var index = name.startIndex
    while index != name.endIndex {
      guard name[index] == UInt8(ascii: "%") else {
        guard isUnreservedOrDelimiter(name[index]) else { return false }
        index = name.index(after: index)
        continue
      }
      let encoded = name[index...].prefix(3)
      guard encoded.count == 3, encoded.dropFirst().allSatisfy(isHexadecimal) else { return false }
      index = encoded.endIndex
    }
    return true
  }

  /// `IPv6address` or `IPvFuture`.
  private static func isAddressLiteral(_ literal: Substring.UTF8View) -> Bool {
    guard let first = literal.first else { return false }
    guard first | 0x20 == UInt8(ascii: "v") else { return isIPv6(literal) }
    let parts = literal.dropFirst().split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
    return parts.count == 2 && !parts[0].isEmpty && parts[0].allSatisfy(isHexadecimal) && !parts[1].isEmpty
      && parts[1].allSatisfy { isUnreservedOrDelimiter($0) || $0 == UInt8(ascii: ":") }
  }

  private static func isIPv6(_ literal: Substring.UTF8View) -> Bool {
    // NIO also accepts zones, which URIs can't have.
    let (colon, dot) = (UInt8(ascii: ":"), UInt8(ascii: "."))
    guard literal.allSatisfy({ isHexadecimal($0) || $0 == colon || $0 == dot }) else { return false }
    if case .v6 = try? SocketAddress(ipAddress: String(Substring(literal)), port: 0) { return true }
    return false
  }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"): true
    default: false
    }
  }

  /// `unreserved` and `sub-delims` of RFC 3986, 2.2 and 2.3.
  private static func isUnreservedOrDelimiter(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
    // -._~ and !$&'()*+,;=
    case 0x2d, 0x2e, 0x5f, 0x7e, 0x21, 0x24, 0x26...0x2c, 0x3b, 0x3d: true
    default: false
    }
  }
}
