internal import HTTP1
internal import NIOCore
internal import NIOEmbedded
internal import NIOHTTP1

/// The bytes of a connection, from its start.
extension Target {
  private static let limits = ConnectionLimits(
    largestHead: 32 << 10, mostFields: 1_000, largestBody: 100, timeout: .seconds(30), keepAliveTimeout: .seconds(75))
  /// So low that inputs reach them.
  private static let lowLimits = ConnectionLimits(
    largestHead: 200, mostFields: 8, largestBody: 20, timeout: .seconds(30), keepAliveTimeout: .seconds(75))

  static let http1 = Target(name: "HTTP1") { bytes in
    let whole = Connection(limits, reading: [bytes[...]])
    for request in whole.requests { check(request, within: limits) }
    for request in whole.requests.dropLast() {
      if case .refused = request { fatalError("broken rule: nothing comes behind a refused request") }
    }
    require(whole.responses == whole.requests.count, "every request has one response")

    // The client's network may cut its bytes anywhere.
    let middle = bytes.isEmpty ? 0 : Int(bytes.reduce(0) { $0 &* 31 &+ UInt32($1) }) % bytes.count
    require(
      Connection(limits, reading: [bytes[..<middle], bytes[middle...]]).requests == whole.requests, "two pieces are the whole")
    let single = bytes.indices.map { bytes[$0...$0] }
    require(Connection(limits, reading: single).requests == whole.requests, "single bytes are the whole")
    // A client need not wait for responses.
    require(
      Connection(limits, reading: [bytes[...]], respondsLast: true).requests == whole.requests, "late responses change nothing")

    for pieces in [[bytes[...]], single] {
      for request in Connection(lowLimits, reading: pieces).requests { check(request, within: lowLimits) }
    }
  }

  private static func check(_ request: IncomingRequest, within limits: ConnectionLimits) {
    switch request {
    case .whole(let head, let body):
      check(head, within: limits)
      require(body.readableBytes <= limits.largestBody, "no body is longer than its limit")
      let lengths = head.headers["content-length"]
      if let length = lengths.first {
        require(Int(length.filter { $0 != " " && $0 != "\t" }) == body.readableBytes, "a body has the length that it announced")
        require(head.headers["transfer-encoding"].isEmpty, "a body has one framing")
      }
      for coding in head.headers["transfer-encoding"] {
        require(coding.lowercased().filter { $0 != " " && $0 != "\t" } == "chunked", "no transfer coding but chunked is read")
      }
    case .tooLarge(let head): check(head, within: limits)
    case .refused: break
    }
  }

  private static func check(_ head: HTTPRequestHead, within limits: ConnectionLimits) {
    let hosts = head.headers["host"]
    require(hosts.count == 1 || hosts.isEmpty && head.version != .http1_1, "a request has one Host")
    for host in hosts {
      // NIO leaves the blanks behind a value.
      let name = host.utf8.reversed().drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
      require(!name.contains { " /@?#\\".utf8.contains($0) }, "a Host is the name of one")
    }
    require(head.headers.count <= limits.mostFields, "no head has more fields than its limit")
    let size = head.headers.reduce(receivedBytes(head.uri)) { $0 + receivedBytes($1.name) + receivedBytes($1.value) }
    require(size <= limits.largestHead, "no head is longer than its limit")
  }

  /// At least so many bytes were received: one that is not UTF-8 has become three.
  private static func receivedBytes(_ text: String) -> Int {
    text.unicodeScalars.reduce(0) { $0 + ($1 == "\u{fffd}" ? 1 : UTF8.width($1)) }
  }
}

/// A connection without a socket, and what came of its bytes.
private struct Connection {
  private let channel = EmbeddedChannel()
  private(set) var requests: [IncomingRequest] = []
  /// Whole ones: `100 Continue` does not count.
  private(set) var responses = 0

  init(_ limits: ConnectionLimits, reading pieces: [ArraySlice<UInt8>], respondsLast: Bool = false) {
    do {
      try channel.pipeline.syncOperations.addHTTP1(limits)
      try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
      for piece in pieces {
        try channel.writeInbound(ByteBuffer(bytes: piece))
        try receive(responding: !respondsLast)
      }
      if respondsLast { for _ in requests { respond() } }
      try countResponses()
      _ = try channel.finish(acceptAlreadyClosed: true)
    } catch {
      fatalError("broken rule: the connection deals with every error itself, also with \(error)")
    }
  }

  private mutating func receive(responding: Bool) throws {
    while let request = try channel.readInbound(as: IncomingRequest.self) {
      requests.append(request)
      if responding { respond() }
    }
  }

  private func respond() {
    let head = HTTPResponseHead(version: .http1_1, status: .ok, headers: ["content-length": "0"])
    channel.writeAndFlush(OutgoingResponse(head: head), promise: nil)
  }

  private mutating func countResponses() throws {
    var sent: [UInt8] = []
    while let part = try channel.readOutbound(as: ByteBuffer.self) { sent += part.readableBytesView }
    responses = sent.text.ranges(of: "HTTP/1.1 200 OK\r\n").count
  }
}
