/// A range of addresses in CIDR notation (RFC 4632): `10.0.0.0/8`, `2001:db8::/32`.
public struct IPNetwork: Sendable, Hashable, CustomStringConvertible {
  /// The first address of the range.
  let first: IPAddress
  let prefixLength: Int

  init(_ address: IPAddress, prefixLength: Int) {
    first = address.masked(to: prefixLength)
    self.prefixLength = prefixLength
  }

  /// Takes an address, which is a range of its own, or a range without set bits after its prefix; nil for other text.
  public init?(_ text: String) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard let address = IPAddress(parts[0]) else { return nil }
    let bits = address.bytes.count * 8
    var prefixLength = bits
    if parts.count == 2 {
      // `UInt8` would take `+8` and `08`, too.
      guard let written = UInt8(parts[1]), String(written) == parts[1] else { return nil }
      // `::ffff:10.0.0.0/104` is `10.0.0.0/8`; taken for its /104 or its /8 it would be another range than was written.
      let isMapped = bits == 32 && parts[0].utf8.contains(UInt8(ascii: ":"))
      prefixLength = Int(written) - (isMapped ? 96 : 0)
    }
    guard (0...bits).contains(prefixLength) else { return nil }
    self.init(address, prefixLength: prefixLength)
    // `10.1.2.3/8` is a typing error more often than it is meant.
    guard first == address else { return nil }
  }

  /// Whether the address is in the range; one of another version never is.
  public func contains(_ address: IPAddress) -> Bool {
    address.bytes.count == first.bytes.count && address.masked(to: prefixLength) == first
  }

  public var description: String { "\(first)/\(prefixLength)" }
}
