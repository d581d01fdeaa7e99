/// A range of IP addresses in CIDR notation (RFC 4632), such as `10.0.0.0/8` or `2001:db8::/32`.
public struct IPNetwork: Sendable, Hashable, CustomStringConvertible {
  /// The first address of the range.
  let first: IPAddress
  let prefixLength: Int

  init(_ address: IPAddress, prefixLength: Int) {
    first = address.masked(to: prefixLength)
    self.prefixLength = prefixLength
  }

  /// Parses a single address, which is a range of one, or a range without set bits after its prefix; nil for any other text.
  public init?(_ text: String) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard let address = IPAddress(parts[0]) else { return nil }
    let bits = address.bytes.count * 8
    var prefixLength = bits
    if parts.count == 2 {
      // `UInt8` accepts `+8` and `08`, too.
      guard let written = UInt8(parts[1]), String(written) == parts[1] else { return nil }
      // `::ffff:10.0.0.0/104` means `10.0.0.0/8`: the prefix length counts from the start of the IPv6 address.
      let isMapped = bits == 32 && parts[0].utf8.contains(UInt8(ascii: ":"))
      prefixLength = Int(written) - (isMapped ? 96 : 0)
    }
    guard (0...bits).contains(prefixLength) else { return nil }
    self.init(address, prefixLength: prefixLength)
    // `10.1.2.3/8` is more likely a typing error than intended.
    guard first == address else { return nil }
  }

  /// Whether the address is in the range. An address of the other IP version never is.
  public func contains(_ address: IPAddress) -> Bool {
    address.bytes.count == first.bytes.count && address.masked(to: prefixLength) == first
  }

  /// The range in CIDR notation.
  public var description: String { "\(first)/\(prefixLength)" }
}
