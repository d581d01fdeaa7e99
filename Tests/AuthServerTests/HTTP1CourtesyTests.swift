import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import AuthServer

/// What becomes of connections that use HTTP/1 against the server: RFC 9112.
@Suite struct HTTP1CourtesyTests {
  private let channel = EmbeddedChannel()
  private let reads = ReadCount()

  init() throws {
    let pipeline = channel.pipeline.syncOperations
    try pipeline.addHandler(reads)
    try pipeline.addHandler(HTTP1Courtesy(largestBody: 100, bodyDeadline: .seconds(10), writeDeadline: .seconds(30)))
    try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
  }

  private func send(_ headers: HTTPHeaders = ["host": "localhost"], version: HTTPVersion = .http1_1) throws {
    let head = HTTPRequestHead(version: version, method: .GET, uri: "/", headers: headers)
    try channel.writeInbound(HTTPServerRequestPart.head(head))
    try channel.writeInbound(HTTPServerRequestPart.end(nil))
  }

  /// The head of the next request that came through.
  private func received() throws -> HTTPRequestHead? {
    while let part = try channel.readInbound(as: HTTPServerRequestPart.self) {
      if case .head(let head) = part { return head }
    }
    return nil
  }

  @Test(arguments: [
    ("keep-alive", nil), ("c" + String(repeating: "\u{301}", count: 7_500) + String(repeating: "\u{323}", count: 7_500), nil),
    ("close", "close"), ("TE, Close", "close"),
  ])
  func `what the client says of its connection is known here alone`(_ value: String, _ passedOn: String?) throws {
    try send(["host": "localhost", "connection": value])
    let head = try #require(try received())
    #expect(head.headers["connection"] == [passedOn].compactMap(\.self))
  }

  @Test func `a request of HTTP 1.1 has exactly one Host`() throws {
    for headers in [HTTPHeaders(), ["host": "a", "Host": "a"]] {
      let courtesy = try HTTP1CourtesyTests()
      #expect(throws: HTTPParserError.self) { try courtesy.send(headers) }
      #expect(try courtesy.received() == nil)
      // Nor is anything looked at that comes behind it.
      try courtesy.send()
      #expect(try courtesy.received() == nil)
    }
    try send([:], version: .http1_0)
    #expect(try received() != nil)
  }

  @Test func `a client that does not wait for its answers is read from again when some of them are written`() throws {
    for _ in 1...7 { try send() }
    channel.read()
    let before = reads.count
    channel.read()
    #expect(reads.count == before + 1)
    try send()
    channel.read()
    channel.read()
    #expect(reads.count == before + 1)
    try channel.writeOutbound(HTTPServerResponsePart.head(HTTPResponseHead(version: .http1_1, status: .ok)))
    #expect(reads.count == before + 2)
    channel.read()
    #expect(reads.count == before + 3)
  }

  @Test func `a client that does not read its answers has half a minute to begin`() throws {
    setWritable(false)
    channel.embeddedEventLoop.advanceTime(by: .seconds(29))
    setWritable(true)
    channel.embeddedEventLoop.advanceTime(by: .seconds(100))
    #expect(channel.isActive)
    setWritable(false)
    channel.embeddedEventLoop.advanceTime(by: .seconds(30))
    #expect(!channel.isActive)
  }

  private func setWritable(_ isWritable: Bool) {
    channel.isWritable = isWritable
    channel.pipeline.fireChannelWritabilityChanged()
  }
}

/// Counts how often the connection is read from.
private final class ReadCount: ChannelOutboundHandler {
  typealias OutboundIn = Never
  private(set) var count = 0

  func read(context: ChannelHandlerContext) {
    count += 1
    context.read()
  }
}
