import AuthCore
import Testing

@Suite struct IPAddressTests {
  @Test(arguments: [
    ("203.0.113.7", "203.0.113.7"), ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"),
    ("::", "::"), ("::1", "::1"), ("2001:DB8::A", "2001:db8::a"), ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
    ("2001:0db8:0000:0000:0000:0000:0000:0001", "2001:db8::1"), ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
    ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"),
  ])
  func `an address is written in the form of RFC 5952`(_ text: String, _ canonical: String) throws {
    let address = try #require(IPAddress(text))
    #expect(address.description == canonical)
    #expect(IPAddress(canonical) == address)
  }

  @Test(arguments: ["::ffff:192.0.2.1", "::FFFF:192.0.2.1", "::ffff:c000:201", "0:0:0:0:0:ffff:192.0.2.1"])
  func `an IPv4-mapped IPv6 address becomes the IPv4 address`(_ text: String) throws {
    let address = try #require(IPAddress(text))
    #expect(address == IPAddress("192.0.2.1"))
    #expect(address.description == "192.0.2.1")
    #expect(address.network == IPAddress("192.0.2.1")?.network)
  }

  @Test(arguments: ["::192.0.2.1", "64:ff9b::192.0.2.1", "::fffe:192.0.2.1", "::1:ffff:192.0.2.1", "1::ffff:192.0.2.1"])
  func `other IPv6 addresses that contain an IPv4 address stay as they are`(_ text: String) throws {
    let address = try #require(IPAddress(text))
    #expect(address != IPAddress("192.0.2.1"))
  }

  @Test(arguments: ["fe80::1%eth0", "fe80::1%1", "fe80::1%", "fe80::1%25eth0", "fe80::1%%"])
  func `a zone is dropped`(_ text: String) {
    #expect(IPAddress(text) == IPAddress("fe80::1"))
  }

  static let noAddresses = [
    "", " ", "localhost", "example.org", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1.2.3.-4", "1.2.3.", ".1.2.3", "1..2.3",
    // Forms that other functions of C read as 8.0.0.1 and 127.0.0.1: octal, hexadecimal, a single number.
    "010.0.0.1", "0x7f.0.0.1", "0x7f000001", "2130706433", "127.1", "1.2.3.00", "1.2.3.04",
    " 1.2.3.4", "1.2.3.4 ", "1.2.3.4\n", "1.2.3.4\0", "1.2.3.4\0.example.org", "\0", "1.2.3.4,5.6.7.8", "1.2.3.4:80",
    "[::1]", "[::1]:80", ":", ":::", "1::2::3", "12345::", "::g", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "::1.2.3.256", "::1/64",
    "%", "%eth0", "%::1", "١.٢.٣.٤", "１.2.3.4", "1.2.3.4\u{301}", "::1\u{200b}", "1。2。3。4",
    String(repeating: "1", count: 1_000_000), "::1%" + String(repeating: "x", count: 1_000_000),
    String(repeating: ":", count: 64), String(repeating: "0", count: 57) + "1.2.3.4",
  ]

  @Test(arguments: noAddresses)
  func `any other text is refused`(_ text: String) {
    #expect(IPAddress(text) == nil)
  }

  @Test(arguments: [
    ("203.0.113.7", "203.0.113.7/32"), ("::ffff:203.0.113.7", "203.0.113.7/32"), ("::1", "::/64"),
    ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"), ("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"),
  ])
  func `one IPv4 address, or 2 to the 64 IPv6 addresses, count as one client`(_ text: String, _ network: String) throws {
    #expect(try #require(IPAddress(text)).network.description == network)
  }
}

@Suite struct ClientTests {
  @Test(arguments: [
    ("curl/8.5.0", "curl/8.5.0"), ("", ""), ("Ελλάδα 🦄 é", "Ελλάδα 🦄 é"),
    ("a\nb\r\n\tc\0d\u{7f}\u{85}", "abcd"), ("\u{1b}[2J\u{1b}[31mred", "[2J[31mred"),
    ("user\u{202e}nimda\u{200f}\u{2066}\u{feff}\u{200b}\u{e0041}", "usernimda"), ("a\u{2028}b\u{2029}c", "abc"),
  ])
  func `characters that control a terminal or the layout are removed from a user agent`(_ given: String, _ kept: String) {
    #expect(Client(userAgent: given).userAgent.map { Array($0.utf8) } == Array(kept.utf8))
  }

  @Test func `a user agent is cut off after 256 scalars`() {
    #expect(Client(userAgent: String(repeating: "x", count: 256)).userAgent?.unicodeScalars.count == 256)
    #expect(Client(userAgent: String(repeating: "x", count: 257)).userAgent?.unicodeScalars.count == 256)
    // A single character to Swift, however many scalars it has.
    let accents = "e" + String(repeating: "\u{301}", count: 10_000)
    #expect(Client(userAgent: accents).userAgent?.unicodeScalars.count == 256)
    #expect(Client(userAgent: String(repeating: "\n", count: 10_000) + "end").userAgent == "end")
  }

  @Test func `a client without any data is the unknown client`() {
    #expect(Client().userAgent == nil)
    #expect(Client() == .unknown)
  }
}
