import AuthCore
import Testing

@Suite struct IPNetworkTests {
  @Test(arguments: [
    ("10.0.0.0/8", "10.0.0.0/8"), ("0.0.0.0/0", "0.0.0.0/0"), ("::/0", "::/0"), ("2001:DB8::/32", "2001:db8::/32"),
    ("192.0.2.1", "192.0.2.1/32"), ("::1", "::1/128"), ("192.0.2.1/32", "192.0.2.1/32"), ("::1/128", "::1/128"),
    ("fe80::%eth0/10", "fe80::/10"), ("128.0.0.0/1", "128.0.0.0/1"), ("192.0.2.254/31", "192.0.2.254/31"),
  ])
  func `an address, alone or with a prefix length, is a network`(_ text: String, _ canonical: String) throws {
    let network = try #require(IPNetwork(text))
    #expect(network.description == canonical)
    #expect(IPNetwork(canonical) == network)
  }

  @Test(arguments: [
    "", "/", "/8", "10.0.0.0/", "10.0.0.0/33", "::/129", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/08", "0.0.0.0/-0", "0.0.0.0/00",
    "10.0.0.0/8/8", "10.0.0.0/8 ", "10.0.0.0 /8", " 10.0.0.0/8", "10.0.0.0/ 8", "10.0.0.0/8%eth0", "10.0.0.0/255.0.0.0",
    "10.0.0.0/0x8", "10.0.0.0/٨", "10.0.0.0/8\0", "10.0.0.0/99999999999999999999", "10.0.0.0/-9223372036854775808", "10/8",
    "10.0.0.0\\8", "example.org/8",
  ])
  func `any other text is refused`(_ text: String) {
    #expect(IPNetwork(text) == nil)
  }

  @Test(arguments: IPAddressTests.noAddresses.filter { $0 != "::1/64" })
  func `text that is not an address is not a network either`(_ text: String) {
    #expect(IPNetwork(text) == nil)
    #expect(IPNetwork(text + "/0") == nil)
  }

  @Test(arguments: ["10.1.2.3/8", "10.0.0.1/31", "128.0.0.0/0", "192.0.2.255/31", "2001:db8::1/32", "::1/127", "8000::/0"])
  func `set bits after the prefix are refused`(_ text: String) {
    #expect(IPNetwork(text) == nil)
  }

  @Test(arguments: [
    ("::ffff:10.0.0.0/104", "10.0.0.0/8"), ("::ffff:0:0/96", "0.0.0.0/0"), ("::ffff:192.0.2.1/128", "192.0.2.1/32"),
    ("::ffff:192.0.2.1", "192.0.2.1/32"),
  ])
  func `an IPv4-mapped IPv6 network becomes the IPv4 network`(_ text: String, _ same: String) throws {
    let network = try #require(IPNetwork(text))
    #expect(network == IPNetwork(same))
  }

  /// The prefix ends within the bits that mark a mapped address, is too long, or has set bits after it.
  @Test(arguments: ["::ffff:10.0.0.0/8", "::ffff:0.0.0.0/0", "::ffff:10.0.0.0/95", "::ffff:10.0.0.0/129", "::ffff:10.1.0.0/104"])
  func `an IPv4-mapped network that is not an IPv4 network is refused`(_ text: String) {
    #expect(IPNetwork(text) == nil)
  }

  @Test(arguments: [
    ("10.0.0.0/8", ["10.0.0.0", "10.255.255.255", "::ffff:10.1.2.3"], ["9.255.255.255", "11.0.0.0", "::ffff:11.0.0.0"]),
    ("192.0.2.128/25", ["192.0.2.128", "192.0.2.255"], ["192.0.2.127", "192.0.3.0"]),
    ("192.0.2.1", ["192.0.2.1"], ["192.0.2.0", "192.0.2.2"]),
    ("172.16.0.0/12", ["172.16.0.0", "172.31.255.255"], ["172.15.255.255", "172.32.0.0"]),
    ("0.0.0.0/0", ["0.0.0.0", "255.255.255.255"], ["::", "::1", "::0.0.0.1"]),
    ("::/0", ["::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"], ["0.0.0.0", "::ffff:192.0.2.1"]),
    (
      "2001:db8::/33", ["2001:db8::", "2001:db8:7fff:ffff:ffff:ffff:ffff:ffff"],
      ["2001:db8:8000::", "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff", "32.1.13.184"]
    ),
    ("::1", ["::1"], ["::", "::2", "0.0.0.1"]),
  ])
  func `a network contains the addresses with its prefix, and no others`(
    _ text: String, _ inside: [String], _ outside: [String]
  ) throws {
    let network = try #require(IPNetwork(text))
    for address in inside { #expect(network.contains(try #require(IPAddress(address))), "\(address)") }
    for address in outside { #expect(!network.contains(try #require(IPAddress(address))), "\(address)") }
  }
}
