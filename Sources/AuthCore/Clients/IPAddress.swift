internal import Glibc

/// An IP address, version 4 or 6.
///
/// An IPv4-mapped IPv6 address (`::ffff:192.0.2.1`, RFC 4291, 2.5.5.2) becomes the IPv4 address: otherwise a client would be two,
/// depending on the socket through which it came.
public struct IPAddress: Sendable, Hashable, CustomStringConvertible {
  /// The address in network order, 4 or 16 bytes.
  let bytes: [UInt8]

  /// Parses what `inet_pton(3)` accepts; nil for any other text, such as a host name. A zone (`fe80::1%eth0`) is dropped.
  public init?(_ text: String) {
    // No address is longer than 64 bytes, but hostile headers are. For C, a NUL would end the text early.
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

  /// The range of addresses that count as one client: an IPv4 address alone, but all 2^64 IPv6 addresses with the same first
  /// half, because no subscriber is given fewer (RFC 6177, 2).
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

  /// The address in the usual notation, that of RFC 5952 for IPv6.
  public var description: String {
    let family = bytes.count == 4 ? AF_INET : AF_INET6
    let text = unsafe [CChar](unsafeUninitializedCapacity: Int(INET6_ADDRSTRLEN)) { buffer, count in
      // SAFETY: the address has as many bytes as its family, and the buffer has room for the text of either.
      let end = unsafe inet_ntop(family, bytes, buffer.baseAddress, UInt32(buffer.count))
      count = unsafe end == nil ? 0 : strlen(buffer.baseAddress!)
    }
    return String(decoding: text.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  private static func parse(_ text: String, family: Int32, count: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    // SAFETY: the array has as many bytes as an address of this family.
    return unsafe inet_pton(family, text, &bytes) == 1 ? bytes : nil
  }
}
