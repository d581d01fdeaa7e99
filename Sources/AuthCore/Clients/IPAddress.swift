internal import Glibc

/// An address of the internet protocol, version 4 or 6.
///
/// An address of version 4 that is written as one of version 6 (`::ffff:192.0.2.1`, RFC 4291, 2.5.5.2) is the address of version 4:
/// a client must not be two, depending on the socket that it came through.
public struct IPAddress: Sendable, Hashable, CustomStringConvertible {
  /// 4 or 16 bytes in network order.
  let bytes: [UInt8]

  /// Takes what `inet_pton(3)` takes; nil for other text, such as a host name. A zone (`fe80::1%eth0`) is left out.
  public init?(_ text: String) {
    // Far less than hostile headers have, and no address is longer; a NUL would end the text early for C.
    guard text.utf8.count <= 64, !text.utf8.contains(0) else { return nil }
    let text = String(Substring(text.utf8.prefix { $0 != UInt8(ascii: "%") }))
    if let bytes = Self.parse(text, family: AF_INET, count: 4) {
      self.bytes = bytes
    } else if let bytes = Self.parse(text, family: AF_INET6, count: 16) {
      let mappedPrefix = [UInt8](repeating: 0, count: 10) + [0xff, 0xff]
      self.bytes = bytes.starts(with: mappedPrefix) ? Array(bytes[12...]) : bytes
    } else {
      return nil
    }
  }

  private init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// The addresses that count as one client: this one alone of version 4, and the 2^64 that share its first half of version 6, for
  /// a subscriber is given no fewer (RFC 6177, 2).
  public var network: IPNetwork {
    bytes.count == 4 ? IPNetwork(self, prefixLength: 32) : IPNetwork(self, prefixLength: 64)
  }

  /// The address with all bits after the first `prefixLength` cleared.
  func masked(to prefixLength: Int) -> IPAddress {
    IPAddress(
      bytes: bytes.enumerated().map { index, byte in
        let kept = min(max(prefixLength - index * 8, 0), 8)
        return byte & UInt8(truncatingIfNeeded: 0xff00 >> kept)
      })
  }

  /// As RFC 5952 writes it.
  public var description: String {
    let family = bytes.count == 4 ? AF_INET : AF_INET6
    let text = unsafe [CChar](unsafeUninitializedCapacity: Int(INET6_ADDRSTRLEN)) { buffer, count in
      // SAFETY: the address has the bytes of its family, and the buffer room for every text of both.
      let end = unsafe inet_ntop(family, bytes, buffer.baseAddress, UInt32(buffer.count))
      count = unsafe end == nil ? 0 : strlen(buffer.baseAddress!)
    }
    return String(decoding: text.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  private static func parse(_ text: String, family: Int32, count: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    // SAFETY: the array has the bytes that an address of this family has.
    return unsafe inet_pton(family, text, &bytes) == 1 ? bytes : nil
  }
}
