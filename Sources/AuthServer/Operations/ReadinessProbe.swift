internal import AuthCore
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// Asks the operations listener of a server, usually in another process, whether it is ready.
struct ReadinessProbe {
  /// Several times what ``Readiness`` takes at most.
  static let defaultDeadline = TimeAmount.seconds(5)

  private let address: IPEndpoint
  private let deadline: TimeAmount

  init(_ address: IPEndpoint, deadline: TimeAmount = defaultDeadline) {
    self.address = address
    self.deadline = deadline
  }

  /// Why the server is not ready; nil if it is.
  ///
  /// - Throws: if there was no response.
  func problem() async throws -> String? {
    let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
    let promise = eventLoop.makePromise(of: NIOHTTPClientResponseFull.self)
    let timeout = eventLoop.scheduleTask(in: deadline) { promise.fail(NoResponse(deadline: deadline)) }
    defer { timeout.cancel() }
    // An address that means "all of this machine" leads to this machine, too.
    ClientBootstrap(group: eventLoop)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          try pipeline.addHTTPClientHandlers()
          try pipeline.addHandler(NIOHTTPClientResponseAggregator(maxContentLength: 64 * 1024))
          try pipeline.addHandler(ReadinessRequest(host: address.description, promise))
        }
      }
      .connect(to: address.socketAddress)
      .whenFailure { promise.fail($0) }
    let response = try await promise.futureResult.get()
    guard response.head.status != .ok else { return nil }
    let reason = response.body.flatMap { String(buffer: $0).split(whereSeparator: \.isNewline).first }
    guard response.head.status == .serviceUnavailable, let reason else {
      return "/readyz at \(address) responded with \(response.head.status.code)"
    }
    return String(reason).escapingUnprintable
  }

  private struct NoResponse: Error, CustomStringConvertible {
    let deadline: TimeAmount
    var description: String { "no response within \(deadline.nanoseconds / 1_000_000) ms" }
  }
}

/// Sends the request and takes the response.
private final class ReadinessRequest: ChannelInboundHandler {
  typealias InboundIn = NIOHTTPClientResponseFull
  typealias OutboundOut = HTTPClientRequestPart

  private struct Closed: Error, CustomStringConvertible {
    let description = "the connection was closed"
  }

  private let host: String
  private let response: EventLoopPromise<NIOHTTPClientResponseFull>

  init(host: String, _ response: EventLoopPromise<NIOHTTPClientResponseFull>) {
    self.host = host
    self.response = response
  }

  func channelActive(context: ChannelHandlerContext) {
    let headers: HTTPHeaders = ["host": host, "connection": "close"]
    let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: "/readyz", headers: headers)
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    response.succeed(unwrapInboundIn(data))
    context.close(promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) {
    response.fail(Closed())
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    response.fail(error)
    context.close(promise: nil)
  }
}
