internal import AuthCore

extension HTTPPolicy {
  /// The address of the client: the other end of the connection or, behind proxies that are trusted, the last address that they vouch
  /// for. What a client writes into `X-Forwarded-For` itself stands left of that, and is not looked at.
  func clientAddress(peer: IPAddress, forwardedFor: [String]) -> IPAddress {
    var client = peer
    let hops = forwardedFor.flatMap { $0.utf8.split(separator: UInt8(ascii: ",")) }
    for hop in hops.reversed() {
      guard isTrusted(client), let address = Self.address(ofHop: hop.trimmingSpaces()) else { break }
      client = address
    }
    return client
  }

  private func isTrusted(_ address: IPAddress) -> Bool {
    trustedProxies.contains { $0.contains(address) }
  }

  /// An address, with or without a port: some proxies write `192.0.2.1:4711` and `[2001:db8::1]:4711`.
  private static func address(ofHop hop: Substring.UTF8View) -> IPAddress? {
    let (colon, bracket) = (UInt8(ascii: ":"), UInt8(ascii: "]"))
    if hop.first == UInt8(ascii: "["), let end = hop.firstIndex(of: bracket) {
      return IPAddress(String(Substring(hop[..<end].dropFirst())))
    }
    let isWithPort = hop.count { $0 == colon } == 1
    return IPAddress(String(Substring(isWithPort ? hop.prefix { $0 != colon } : hop)))
  }
}
