import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import HTTP1

/// What a client sends beside its bodies is bounded: RFC 9112, 7.1.1.
@Suite struct FramingTests {
  private let connection: BytesConnection
  init() throws { connection = try BytesConnection() }

  private static let head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
  private static let mostReads = 65_536 / 1_000 + 20

  /// Sends it, 1,000 bytes a read, until the client is refused or has sent many more than are allowed.
  private func sendEndlessly(_ text: String) throws -> IncomingRequest? {
    let piece = String(repeating: text, count: 1_000 / text.utf8.count)
    for _ in 1...Self.mostReads {
      try connection.send(piece)
      if let request = try connection.received() { return request }
    }
    return nil
  }

  @Test(arguments: ["1;", "1;a=", "1;a=\"", "0;a", "0\r\nT:", "0\r\nT: y", "00000", "1\r\nx\r\n1;a="])
  func `a chunk or trailer that does not end is refused`(_ start: String) throws {
    try connection.send(Self.head + start)
    let fill = start.hasSuffix("T:") ? " " : start.hasSuffix("0") ? "0" : "a"
    let refusal = try connection.refusal(of: sendEndlessly(fill))
    // NIO counts the bytes of a trailer's value itself.
    #expect(refusal == (start.hasSuffix("y") ? .headTooLarge : .framingTooLarge))
  }

  @Test(arguments: [
    "1;" + String(repeating: "a", count: 98) + "\r\nx\r\n", String(repeating: "0", count: 99) + "1\r\nx\r\n",
    "1;a=\"" + String(repeating: ";", count: 93) + "\"\r\nx\r\n",
  ])
  func `many chunks with much framing each are refused`(_ chunk: String) throws {
    try connection.send(Self.head)
    let request = try sendEndlessly(chunk)
    #expect(try connection.refusal(of: request) == .framingTooLarge)
  }

  @Test(arguments: ["\r\n", "\n"])
  func `empty lines before a request are not skipped without end`(_ line: String) throws {
    let request = try sendEndlessly(line)
    #expect(try connection.refusal(of: request) == .headTooLarge)
  }

  @Test(arguments: [
    "GET", "GET /", "GET / HTTP/1.1\r\nHost:", "GET / HTTP/1.1\r\nHost: a", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length:",
  ])
  func `white space in a head is not skipped without end`(_ start: String) throws {
    try connection.send(start)
    let request = try sendEndlessly(" ")
    #expect(try connection.refusal(of: request) == .headTooLarge)
  }

  @Test func `a refusal of framing comes after the responses that are due`() throws {
    try connection.send(BytesConnection.next + Self.head + "1;")
    #expect(try connection.received()?.isWhole(.GET, "") == true)
    let request = try sendEndlessly("a")
    try connection.respond()
    #expect(try !connection.sent().contains("connection: close"))
    #expect(try connection.refusal(of: request) == .framingTooLarge)
  }

  @Test func `a body that is too large ends the connection with its own response when its framing is, too`() throws {
    try connection.send(Self.head + "10001\r\n" + String(repeating: "x", count: 65_537) + "\r\n")
    #expect(try connection.received()?.isTooLarge == true)
    try connection.respond()
    #expect(try !connection.sent().contains("connection: close"))
    try connection.send("1;")
    for _ in 1...500 { try connection.send(String(repeating: "a", count: 1_000)) }
    #expect(connection.wire.isOutputClosed)
    try connection.send("\r\nx\r\n0\r\n\r\n" + BytesConnection.next)
    #expect(try connection.received() == nil)
  }

  @Test func `a client that is refused for its framing and sends on has its connection closed`() throws {
    try connection.send(Self.head + "1;")
    let request = try sendEndlessly("a")
    #expect(try connection.refusal(of: request) == .framingTooLarge)
    for _ in 1...1_000 { try connection.send(String(repeating: "a", count: 1_000)) }
    #expect(connection.channel.isActive)
    for _ in 1...50 { try connection.send(String(repeating: "a", count: 1_000)) }
    #expect(!connection.channel.isActive)
  }

  @Test(arguments: [7, 1_000, 8_192])
  func `the largest body in the smallest chunks is accepted, in whatever pieces it comes`(_ size: Int) throws {
    let body = Self.head + String(repeating: "1\r\nx\r\n", count: 65_536) + "0\r\n\r\n" + BytesConnection.next
    var rest = ByteBuffer(string: body)
    while rest.readableBytes > 0 { try connection.channel.writeInbound(rest.readSlice(length: min(size, rest.readableBytes))!) }
    #expect(try connection.received()?.isWhole(.POST, String(repeating: "x", count: 65_536)) == true)
    #expect(try connection.received()?.isWhole(.GET, "") == true)
  }

  @Test func `extensions and trailers of common length are accepted`() throws {
    let chunk = "1;signature=\(String(repeating: "a", count: 64))\r\nx\r\n"
    try connection.send(
      Self.head + String(repeating: chunk, count: 100) + "0\r\nDigest: \(String(repeating: "b", count: 1_000))\r\n\r\n")
    #expect(try connection.received()?.isWhole(.POST, String(repeating: "x", count: 100)) == true)
  }

  @Test func `requests that come in one piece are not counted together`() throws {
    let request = "GET /\(String(repeating: "x", count: 200)) HTTP/1.1\r\nHost: a\r\n\r\n"
    try connection.send(String(repeating: request, count: 500))
    try connection.send(BytesConnection.next)
    for _ in 0...500 { #expect(try connection.received()?.isWhole(.GET, "") == true) }
  }

  @Test func `the largest head is accepted, and each request has its own count`() throws {
    let fields = String(repeating: "x: \(String(repeating: "y", count: 30))\r\n", count: 999)
    for _ in 1...10 {
      var rest = ByteBuffer(string: "GET / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n")
      while rest.readableBytes > 0 {
        try connection.channel.writeInbound(rest.readSlice(length: min(8_192, rest.readableBytes))!)
      }
      #expect(try connection.received()?.isWhole(.GET, "") == true)
      try connection.respond()
    }
  }
}
