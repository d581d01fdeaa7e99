import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import AuthServer

/// What becomes of a connection, whoever uses it: RFC 9112.
@Suite struct HTTP1ConnectionTests {
  static let largestBody = 100

  let channel = EmbeddedChannel()
  let wire = Wire()

  init() throws {
    let pipeline = channel.pipeline.syncOperations
    try pipeline.addHandler(wire)
    try pipeline.addHandler(HTTP1Connection(largestBody: Self.largestBody, timeout: .seconds(30)))
    try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
  }

  func begin(
    _ headers: HTTPHeaders = ["host": "localhost"], version: HTTPVersion = .http1_1, method: HTTPMethod = .POST
  ) throws {
    try channel.writeInbound(
      HTTPServerRequestPart.head(HTTPRequestHead(version: version, method: method, uri: "/", headers: headers)))
  }

  func add(_ body: String) throws {
    try channel.writeInbound(HTTPServerRequestPart.body(ByteBuffer(string: body)))
  }

  func send(
    _ headers: HTTPHeaders = ["host": "localhost"], version: HTTPVersion = .http1_1, method: HTTPMethod = .POST
  ) throws {
    try begin(headers, version: version, method: method)
    try channel.writeInbound(HTTPServerRequestPart.end(nil))
  }

  func received() throws -> ReceivedRequest? {
    try channel.readInbound()
  }

  func answer() throws {
    channel.writeAndFlush(Answer(head: HTTPResponseHead(version: .http1_1, status: .ok)), promise: nil)
    try channel.throwIfErrorCaught()
  }

  /// What the next answer says of the connection; nil for no answer.
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

  @Test func `of too large a body nothing comes through`() throws {
    try begin()
    for _ in 1...10 { try add("0123456789") }
    #expect(try received() == nil)
    try add("0")
    #expect(try received()?.isTooLarge == true)
    try answer()
    for _ in 1...11 { try add("0123456789") }
    try channel.writeInbound(HTTPServerRequestPart.end(nil))
    #expect(try received() == nil)
    try send()
    #expect(try received()?.isWhole(.POST, "") == true)
  }

  @Test func `a connection is idle when the rest of too large a body has come`() throws {
    try begin(["host": "localhost", "content-length": "101"])
    try answer()
    pass(.seconds(20))
    try channel.writeInbound(HTTPServerRequestPart.end(nil))
    pass(.seconds(29))
    #expect(channel.isActive)
    pass(.seconds(1))
    #expect(!channel.isActive)
  }

  @Test(arguments: ["101", "9223372036854775808"])
  func `a body that is announced too large is not waited for, and whoever asks first is sent away`(_ length: String) throws {
    try begin(["host": "localhost", "content-length": length, "expect": "100-continue"])
    #expect(try received()?.isTooLarge == true)
    #expect(try announced() == nil)
    try answer()
    #expect(try announced() == ["close"])
    #expect(wire.isOutputClosed)
  }

  @Test func `a client that asks before it sends its body is told to go on when it is its turn`() throws {
    try send()
    try begin(["host": "localhost", "content-length": "1", "expect": "100-continue"])
    #expect(try channel.readOutbound(as: HTTPServerResponsePart.self) == nil)
    try answer()
    #expect(try announced() == [])
    let goOn = HTTPServerResponsePart.head(HTTPResponseHead(version: .http1_1, status: .continue))
    #expect(try channel.readOutbound() == HTTPServerResponsePart.end(nil))
    #expect(try channel.readOutbound() == goOn)
    try channel.writeInbound(HTTPServerRequestPart.end(nil))
    try answer()
    try begin(["host": "localhost", "content-length": "1", "expect": "100-continue"])
    #expect(try announced() == [])
    #expect(try channel.readOutbound() == HTTPServerResponsePart.end(nil))
    #expect(try channel.readOutbound() == goOn)
  }

  @Test func `blanks behind the value of a header are no part of it`() throws {
    try begin(["host": "localhost", "content-length": "100 \t", "expect": "100-continue "])
    #expect(try channel.readOutbound() == HTTPServerResponsePart.head(HTTPResponseHead(version: .http1_1, status: .continue)))
    try channel.writeInbound(HTTPServerRequestPart.end(nil))
    #expect(try received()?.isWhole(.POST, "") == true)
  }

  @Test func `a client of HTTP 1.0 knows no 100`() throws {
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
    try answer()
    #expect(try announced() == said)
    #expect(wire.isOutputClosed == !said.isEmpty)
    // Whoever has said that it sends no more is not listened to.
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
    try answer()
    #expect(try announced() == said)
    #expect(wire.isOutputClosed == (said == ["close"]))
  }

  @Test(
    arguments: [(.CONNECT, ["host": "a"]), (.POST, ["host": "a", "upgrade": "h2c", "connection": "upgrade"])]
      as [(HTTPMethod, HTTPHeaders)])
  func `a request to change the protocol is the last, and what follows is thrown away`(
    _ method: HTTPMethod, _ headers: HTTPHeaders
  ) throws {
    try send(headers, method: method)
    #expect(try received()?.isWhole(method, "") == true)
    try channel.writeInbound(ByteBuffer(string: "not HTTP"))
    let before = wire.reads
    channel.read()
    #expect(wire.reads == before + 1)
    try answer()
    #expect(try announced() == ["close"])
    #expect(wire.isOutputClosed)
    // The client should close now. One that does not is not waited for longer than any other.
    #expect(channel.isActive)
    pass(.seconds(30))
    #expect(!channel.isActive)
  }

  @Test func `a request has one Host, of HTTP 1.0 perhaps none`() throws {
    for (headers, version) in [
      (HTTPHeaders(), HTTPVersion.http1_1), (["host": "a", "Host": "a"], .http1_1), (["host": "a", "Host": "a"], .http1_0),
    ] {
      let connection = try HTTP1ConnectionTests()
      try connection.send(headers, version: version)
      #expect(try connection.received()?.refusal == .malformed)
      // Nor is anything looked at that comes behind it.
      try connection.send()
      #expect(try connection.received() == nil)
      try connection.answer()
      #expect(try connection.announced() == ["close"])
      #expect(connection.wire.isOutputClosed)
    }
    try send([:], version: .http1_0)
    #expect(try received()?.isWhole(.POST, "") == true)
  }

  @Test func `a body that breaks off in nonsense is refused, after the answers that are due`() throws {
    try send()
    try begin()
    try add("half")
    channel.pipeline.fireErrorCaught(HTTPParserError.invalidChunkSize)
    #expect(try received()?.isWhole(.POST, "") == true)
    #expect(try received()?.refusal == .malformed)
    #expect(try received() == nil)
    try answer()
    #expect(try announced() == [])
    try answer()
    #expect(try announced() == ["close"])
    #expect(wire.isOutputClosed)
  }

  @Test(arguments: [false, true])
  func `a body of which too much has come ends with its own answer when it breaks off in nonsense`(_ isAnswered: Bool) throws {
    try begin(["host": "localhost", "content-length": "101"])
    if isAnswered { try answer() }
    channel.pipeline.fireErrorCaught(HTTPParserError.invalidChunkSize)
    #expect(wire.isOutputClosed == isAnswered)
    #expect(try received()?.isTooLarge == true)
    #expect(try received() == nil)
    if !isAnswered {
      try answer()
      #expect(try announced() == ["close"])
      #expect(wire.isOutputClosed)
    }
    pass(.seconds(30))
    #expect(!channel.isActive)
  }

  @Test func `too large a head is named as what it is`() throws {
    channel.pipeline.fireErrorCaught(HTTPParserError.headerOverflow)
    #expect(try received()?.refusal == .headTooLarge)
    try answer()
    #expect(try announced() == ["close"])
  }

  @Test func `an error that is not the client's is passed on`() throws {
    struct Unexpected: Error {}
    channel.pipeline.fireErrorCaught(Unexpected())
    #expect(throws: Unexpected.self) { try channel.throwIfErrorCaught() }
  }

  @Test func `of requests that come all at once no more are kept than have an answer in sight`() throws {
    for _ in 1...601 { try send() }
    for _ in 1...600 { #expect(try received()?.isWhole(.POST, "") == true) }
    #expect(try received()?.refusal == .oneTooMany)
    try send()
    #expect(try received() == nil)
  }

  @Test func `a client that does not wait for its answers is read from again when some of them are written`() throws {
    for _ in 1...7 { try send() }
    channel.read()
    let before = wire.reads
    channel.read()
    #expect(wire.reads == before + 1)
    try send()
    channel.read()
    channel.read()
    #expect(wire.reads == before + 1)
    try answer()
    #expect(wire.reads == before + 2)
    channel.read()
    #expect(wire.reads == before + 3)
  }

  @Test func `a body that has begun is not read on behind seven answers that are due`() throws {
    for _ in 1...7 { try send() }
    try begin()
    let before = wire.reads
    channel.read()
    #expect(wire.reads == before)
    try answer()
    #expect(wire.reads == before + 1)
  }
}
