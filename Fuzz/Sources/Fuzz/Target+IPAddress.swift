@testable internal import AuthCore

extension Target {
  static let ipAddress = Target(name: "IPAddress") { bytes in
    let text = bytes.text
    let address = IPAddress(text)
    let network = IPNetwork(text)
    if let address { check(address, of: text) }
    if let network { check(network) }
    // A zone may have a slash, and then the network is another.
    if let address, !text.utf8.contains(UInt8(ascii: "/")) {
      require(network?.prefixLength == address.bytes.count * 8, "an address is a network of its own")
      require(network?.first == address, "which begins with it")
    }
  }

  private static func check(_ address: IPAddress, of text: String) {
    require(address.bytes.count == 4 || address.bytes.count == 16, "an address has 4 or 16 bytes")
    let mappedPrefix = [UInt8](repeating: 0, count: 10) + [0xff, 0xff]
    require(
      !(address.bytes.count == 16 && address.bytes.starts(with: mappedPrefix)), "an address of version 4 is never of version 6")
    require(IPAddress(address.description) == address, "what is printed is read again as the same address")
    require(address.network.contains(address), "an address is in its network")
    require(IPAddress(text + "x") == nil || text.utf8.contains(UInt8(ascii: "%")), "nothing may follow an address but a zone")
    for prefixLength in 0...address.bytes.count * 8 {
      let masked = address.masked(to: prefixLength)
      require(masked.masked(to: prefixLength) == masked, "bits are cleared once")
      require(IPNetwork("\(masked)/\(prefixLength)")?.contains(address) == true, "an address is in each of its networks")
    }
  }

  private static func check(_ network: IPNetwork) {
    require((0...network.first.bytes.count * 8).contains(network.prefixLength), "a prefix is no longer than an address")
    require(IPNetwork(network.description) == network, "what is printed is read again as the same network")
    require(network.contains(network.first), "a network contains its first address")
    // The last bit of the prefix turned around.
    guard network.prefixLength > 0 else { return }
    var outside = network.first.bytes
    outside[(network.prefixLength - 1) / 8] ^= 0x80 >> UInt8((network.prefixLength - 1) % 8)
    let text =
      outside.count == 4
      ? outside.map(String.init).joined(separator: ".")
      : stride(from: 0, to: 16, by: 2).map { String(Int(outside[$0]) << 8 | Int(outside[$0 + 1]), radix: 16) }.joined(
        separator: ":")
    require(IPAddress(text).map { !network.contains($0) } == true, "a network contains no address with another prefix")
  }
}
