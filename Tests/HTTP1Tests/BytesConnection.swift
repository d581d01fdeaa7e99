import NIOCore
import NIOEmbedded
import NIOHTTP1

@testable import HTTP1

/// A connection with its decoder and encoder, whose client's bytes are sent as they are.
struct BytesConnection {
  static let limits = ConnectionLimits(
    largestHead: 32 * 1024, mostFields: 1_000, largestBody: 65_536, timeout: .seconds(30), keepAliveTimeout: .seconds(75))
  /// A request that is never refused, to see whether it is looked at.
  static let next = "GET /next HTTP/1.1\r\nHost: next\r\n\r\n"

  let channel = EmbeddedChannel()
  let wire = Wire()

  init() throws {
    let pipeline = channel.pipeline.syncOperations
    try pipeline.addHandler(wire)
    try pipeline.addHTTP1(Self.limits)
    try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
  }

  func send(_ text: String) throws {
    try channel.writeInbound(ByteBuffer(string: text))
  }

  func received() throws -> IncomingRequest? {
    try channel.readInbound()
  }

  func respond() throws {
    channel.writeAndFlush(
      OutgoingResponse(head: HTTPResponseHead(version: .http1_1, status: .ok, headers: ["content-length": "0"])), promise: nil)
    try channel.throwIfErrorCaught()
  }

  func sent() throws -> String {
    var text = ""
    while let bytes = try channel.readOutbound(as: ByteBuffer.self) { text += String(buffer: bytes) }
    return text
  }

  /// Why the next request is refused, if it is; and then nothing is looked at behind it.
  func refusal() throws -> Refusal? {
    try refusal(of: received())
  }

  func refusal(of request: IncomingRequest?) throws -> Refusal? {
    guard let refusal = request?.refusal else { return nil }
    try respond()
    guard try sent().contains("connection: close\r\n"), wire.isOutputClosed else { throw StaysOpen() }
    try send(Self.next)
    guard try received() == nil else { throw StaysOpen() }
    return refusal
  }

  /// A connection that should have ended goes on.
  struct StaysOpen: Error {}
}

/// The refusal of these bytes, with a good request behind them.
func refusal(of bytes: String) throws -> Refusal? {
  let connection = try BytesConnection()
  try connection.send(bytes + BytesConnection.next)
  return try connection.refusal()
}

/// The bodies of these requests and whether the good request behind them is seen: no byte was taken for another request's.
func bodies(of bytes: String) throws -> [String] {
  let connection = try BytesConnection()
  try connection.send(bytes + BytesConnection.next)
  var bodies: [String] = []
  while let request = try connection.received() {
    guard case .whole(let head, let body) = request else { throw BytesConnection.StaysOpen() }
    bodies.append(head.uri == "/next" ? "next" : String(buffer: body))
  }
  return bodies
}
