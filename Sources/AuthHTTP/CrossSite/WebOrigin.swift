internal import AuthCore

/// An origin (RFC 6454, 6.2): a scheme, a host and a port, such as `https://app.example.org`. Also one that is not of the web:
/// `capacitor://localhost` is that of a mobile application's pages.
package struct WebOrigin: Sendable, Hashable, CustomStringConvertible {
  /// As browsers write it: in lower case, without the port that the scheme implies.
  package let description: String

  /// nil for other text: with a path, a user or spaces, without a host, or `null`, which many origins are.
  package init?(_ text: some StringProtocol) {
    let bytes = text.utf8.map(\.lowercasedASCII)
    guard let separator = bytes.firstRange(of: "://".utf8) else { return nil }
    let (scheme, authority) = (bytes[..<separator.lowerBound], bytes[separator.upperBound...])
    guard Self.isScheme(scheme), let (host, port) = Self.hostAndPort(authority) else { return nil }
    var bytesInForce = scheme + "://".utf8 + host.utf8
    if let port, port != Self.defaultPort(of: scheme) { bytesInForce += ":\(port)".utf8 }
    description = String(decoding: bytesInForce, as: UTF8.self)
  }

  private static func isScheme(_ text: ArraySlice<UInt8>) -> Bool {
    guard let first = text.first, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first) else { return false }
    return text.allSatisfy { $0.isASCIILetterOrDigit || "+-.".utf8.contains($0) }
  }

  private static func hostAndPort(_ authority: ArraySlice<UInt8>) -> (host: String, port: UInt16?)? {
    let colon = UInt8(ascii: ":")
    // An IPv6 address has colons of its own.
    let hostEnd =
      authority.lastIndex(of: UInt8(ascii: "]")).map { $0 + 1 } ?? authority.firstIndex(of: colon) ?? authority.endIndex
    let rest = authority[hostEnd...]
    guard let host = host(authority[..<hostEnd]) else { return nil }
    guard !rest.isEmpty else { return (host, nil) }
    let digits = rest.dropFirst()
    guard rest.first == colon, digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
      let port = UInt16(String(decoding: digits, as: UTF8.self)), port > 0
    else { return nil }
    return (host, port)
  }

  /// An IPv6 address in its shortest form, as browsers write it.
  private static func host(_ bytes: ArraySlice<UInt8>) -> String? {
    let text = String(decoding: bytes, as: UTF8.self)
    if bytes.first == UInt8(ascii: "["), bytes.last == UInt8(ascii: "]") {
      let address = bytes.dropFirst().dropLast()
      guard address.contains(UInt8(ascii: ":")), !address.contains(UInt8(ascii: "%")) else { return nil }
      return IPAddress(String(decoding: address, as: UTF8.self)).map { "[\($0)]" }
    }
    return !bytes.isEmpty && bytes.allSatisfy { $0.isASCIILetterOrDigit || "-._".utf8.contains($0) } ? text : nil
  }

  private static func defaultPort(of scheme: ArraySlice<UInt8>) -> UInt16? {
    scheme.elementsEqual("https".utf8) ? 443 : scheme.elementsEqual("http".utf8) ? 80 : nil
  }
}
