import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import HTTP1

/// The rules of RFC 9112 for a connection, in a channel.
@Suite struct ConnectionHandlerTests {
  static let limits = ConnectionLimits(
    largestHead: 1_000, mostFields: 10, largestBody: 100, timeout: .seconds(30), keepAliveTimeout: .seconds(75))

  let channel = EmbeddedChannel()
  let wire = Wire()

  init() throws {
    let pipeline = channel.pipeline.syncOperations
    try pipeline.addHandler(wire)
    try pipeline.addHandler(ConnectionHandler(Self.limits))
    try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
  }

  func begin(
    _ headers: HTTPHeaders = ["host": "localhost"], version: HTTPVersion = .http1_1, method: HTTPMethod = .POST,
    target: String = "/"
  ) throws {
    try channel.writeInbound(
      HTTPServerRequestPart.head(HTTPRequestHead(version: version, method: method, uri: target, headers: headers)))
  }

  func add(_ body: String) throws {
    try channel.writeInbound(HTTPServerRequestPart.body(ByteBuffer(string: body)))
  }

  func send(
    _ headers: HTTPHeaders = ["host": "localhost"], version: HTTPVersion = .http1_1, method: HTTPMethod = .POST,
    target: String = "/"
  ) throws {
    try begin(headers, version: version, method: method, target: target)
    try channel.writeInbound(HTTPServerRequestPart.end(nil))
  }

  func received() throws -> IncomingRequest? {
    try channel.readInbound()
  }

  func respond() throws {
    channel.writeAndFlush(OutgoingResponse(head: HTTPResponseHead(version: .http1_1, status: .ok)), promise: nil)
    try channel.throwIfErrorCaught()
  }

  /// What the next response says of the connection; nil when there is none.
  func announced() throws -> [String]? {
    while let part = try channel.readOutbound(as: HTTPServerResponsePart.self) {
      if case .head(let head) = part { return head.headers["connection"] }
    }
    return nil
  }

  func pass(_ time: TimeAmount) {
    channel.embeddedEventLoop.advanceTime(by: time)
  }

  @Test func `a request comes through in one piece, when all of it is there`() throws {
    try begin()
    try add("one ")
    try add("two")
    #expect(try received() == nil)
    try channel.writeInbound(HTTPServerRequestPart.end(nil))
    let request = try #require(try received())
    #expect(request.isWhole(.POST, "one two"))
  }

  @Test func `a body that is too large does not come through`() throws {
    try begin()
    for _ in 1...10 { try add("0123456789") }
    #expect(try received() == nil)
    try add("0")
    #expect(try received()?.isTooLarge == true)
    try respond()
    for _ in 1...11 { try add("0123456789") }
    try channel.writeInbound(HTTPServerRequestPart.end(nil))
    #expect(try received() == nil)
    try send()
    #expect(try received()?.isWhole(.POST, "") == true)
  }

  @Test func `a connection is idle when the rest of a body that is too large has come`() throws {
    try begin(["host": "localhost", "content-length": "101"])
    try respond()
    pass(.seconds(20))
    try channel.writeInbound(HTTPServerRequestPart.end(nil))
    pass(.seconds(74))
    #expect(channel.isActive)
    pass(.seconds(1))
    #expect(!channel.isActive)
  }

  @Test(arguments: ["101", "9223372036854775808"])
  func `a body that is announced too large is not waited for, and the connection of a client that asks first ends`(
    _ length: String
  ) throws {
    try begin(["host": "localhost", "content-length": length, "expect": "100-continue"])
    #expect(try received()?.isTooLarge == true)
    #expect(try announced() == nil)
    try respond()
    #expect(try announced() == ["close"])
    #expect(wire.isOutputClosed)
  }

  @Test func `a client that asks before it sends its body is told to go on when it is its turn`() throws {
    try send()
    try begin(["host": "localhost", "content-length": "1", "expect": "100-continue"])
    #expect(try channel.readOutbound(as: HTTPServerResponsePart.self) == nil)
    try respond()
    #expect(try announced() == [])
    let goOn = HTTPServerResponsePart.head(HTTPResponseHead(version: .http1_1, status: .continue))
    #expect(try channel.readOutbound() == HTTPServerResponsePart.end(nil))
    #expect(try channel.readOutbound() == goOn)
    try channel.writeInbound(HTTPServerRequestPart.end(nil))
    try respond()
    try begin(["host": "localhost", "content-length": "1", "expect": "100-continue"])
    #expect(try announced() == [])
    #expect(try channel.readOutbound() == HTTPServerResponsePart.end(nil))
    #expect(try channel.readOutbound() == goOn)
  }

  @Test func `white space behind the value of a field is not part of it`() throws {
    try begin(["host": "localhost", "content-length": "100 \t", "expect": "100-continue "])
    #expect(try channel.readOutbound() == HTTPServerResponsePart.head(HTTPResponseHead(version: .http1_1, status: .continue)))
    try channel.writeInbound(HTTPServerRequestPart.end(nil))
    #expect(try received()?.isWhole(.POST, "") == true)
  }

  @Test func `a client of HTTP 1.0 is never sent 100 Continue`() throws {
    try begin(["content-length": "1", "expect": "100-continue"], version: .http1_0)
    #expect(try channel.readOutbound(as: HTTPServerResponsePart.self) == nil)
  }

  @Test(arguments: [
    ("keep-alive", []), ("c" + String(repeating: "\u{301}", count: 7_500) + String(repeating: "\u{323}", count: 7_500), []),
    ("close", ["close"]), ("TE, Close", ["close"]),
  ])
  func `what the client says of its connection is done and said`(_ value: String, _ said: [String]) throws {
    try send(["host": "localhost", "connection": value])
    #expect(try received() != nil)
    try respond()
    #expect(try announced() == said)
    #expect(wire.isOutputClosed == !said.isEmpty)
    // A client that has said that it sends no more is not listened to.
    try send()
    #expect(try (received() == nil) == !said.isEmpty)
  }

  @Test(
    arguments: [
      ([:], ["close"]), (["connection": "keep-alive"], ["keep-alive"]), (["connection": "keep-alive, close"], ["close"]),
      (["connection": "keep-alive", "transfer-encoding": "chunked"], ["close"]),
    ] as [(HTTPHeaders, [String])])
  func `a client of HTTP 1.0 is told what becomes of its connection`(_ headers: HTTPHeaders, _ said: [String]) throws {
    try send(headers, version: .http1_0)
    try respond()
    #expect(try announced() == said)
    #expect(wire.isOutputClosed == (said == ["close"]))
  }

  @Test(
    arguments: [(.CONNECT, "a:1", ["host": "a"]), (.POST, "/", ["host": "a", "upgrade": "h2c", "connection": "upgrade"])]
      as [(HTTPMethod, String, HTTPHeaders)])
  func `a request to change the protocol is the last, and what follows is thrown away`(
    _ method: HTTPMethod, _ target: String, _ headers: HTTPHeaders
  ) throws {
    try send(headers, method: method, target: target)
    #expect(try received()?.isWhole(method, "") == true)
    try channel.writeInbound(ByteBuffer(string: "not HTTP"))
    let before = wire.reads
    channel.read()
    #expect(wire.reads == before + 1)
    try respond()
    #expect(try announced() == ["close"])
    #expect(wire.isOutputClosed)
    // The client should close now. If it does not, it is waited for no longer than any other.
    #expect(channel.isActive)
    pass(.seconds(30))
    #expect(!channel.isActive)
  }

  @Test func `a request has one Host, which one of HTTP 1.0 may lack`() throws {
    for (headers, version) in [
      (HTTPHeaders(), HTTPVersion.http1_1), (["host": "a", "Host": "a"], .http1_1), (["host": "a", "Host": "a"], .http1_0),
    ] {
      let connection = try ConnectionHandlerTests()
      try connection.send(headers, version: version)
      #expect(try connection.received()?.refusal == .malformed)
      // What comes behind it is not looked at.
      try connection.send()
      #expect(try connection.received() == nil)
      try connection.respond()
      #expect(try connection.announced() == ["close"])
      #expect(connection.wire.isOutputClosed)
    }
    try send([:], version: .http1_0)
    #expect(try received()?.isWhole(.POST, "") == true)
  }

  @Test func `a body that breaks off in nonsense is refused, after the responses that are due`() throws {
    try send()
    try begin()
    try add("half")
    channel.pipeline.fireErrorCaught(HTTPParserError.invalidChunkSize)
    #expect(try received()?.isWhole(.POST, "") == true)
    #expect(try received()?.refusal == .malformed)
    #expect(try received() == nil)
    try respond()
    #expect(try announced() == [])
    try respond()
    #expect(try announced() == ["close"])
    #expect(wire.isOutputClosed)
  }

  @Test(arguments: [false, true])
  func `a body that is too large ends the connection with its own response when it breaks off in nonsense`(_ hasResponse: Bool)
    throws
  {
    try begin(["host": "localhost", "content-length": "101"])
    if hasResponse { try respond() }
    channel.pipeline.fireErrorCaught(HTTPParserError.invalidChunkSize)
    #expect(wire.isOutputClosed == hasResponse)
    #expect(try received()?.isTooLarge == true)
    #expect(try received() == nil)
    if !hasResponse {
      try respond()
      #expect(try announced() == ["close"])
      #expect(wire.isOutputClosed)
    }
    pass(.seconds(30))
    #expect(!channel.isActive)
  }

  @Test func `a head that is too large is refused as such`() throws {
    channel.pipeline.fireErrorCaught(HTTPParserError.headerOverflow)
    #expect(try received()?.refusal == .headTooLarge)
    try respond()
    #expect(try announced() == ["close"])
  }

  @Test func `an error that is not the client's is passed on`() throws {
    struct Unexpected: Error {}
    channel.pipeline.fireErrorCaught(Unexpected())
    #expect(throws: Unexpected.self) { try channel.throwIfErrorCaught() }
  }

  @Test func `of requests that come all at once, 600 are kept`() throws {
    for _ in 1...601 { try send() }
    for _ in 1...600 { #expect(try received()?.isWhole(.POST, "") == true) }
    #expect(try received()?.refusal == .tooManyRequests)
    try send()
    #expect(try received() == nil)
  }

  @Test func `a client that does not wait for its responses is read from again when some of them are written`() throws {
    for _ in 1...7 { try send() }
    channel.read()
    let before = wire.reads
    channel.read()
    #expect(wire.reads == before + 1)
    try send()
    channel.read()
    channel.read()
    #expect(wire.reads == before + 1)
    try respond()
    #expect(wire.reads == before + 2)
    channel.read()
    #expect(wire.reads == before + 3)
  }

  @Test func `a body that has begun is not read on behind seven responses that are due`() throws {
    for _ in 1...7 { try send() }
    try begin()
    let before = wire.reads
    channel.read()
    #expect(wire.reads == before)
    try respond()
    #expect(wire.reads == before + 1)
  }
}
