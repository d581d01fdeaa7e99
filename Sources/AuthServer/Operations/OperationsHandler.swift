internal import HTTP1
internal import NIOCore
internal import NIOHTTP1

/// Responds to the requests of one connection of the operations listener, in their order.
final class OperationsHandler: ChannelInboundHandler {
  typealias InboundIn = IncomingRequest
  typealias OutboundOut = OutgoingResponse

  private let responder: OperationsResponder
  private var waiting: [IncomingRequest] = []
  private var isResponding = false

  init(_ responder: OperationsResponder) {
    self.responder = responder
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    waiting.append(unwrapInboundIn(data))
    respondToNext(context)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }

  private func respondToNext(_ context: ChannelHandlerContext) {
    guard !isResponding, !waiting.isEmpty else { return }
    isResponding = true
    let request = waiting.removeFirst()
    responder.response(to: request, on: context.eventLoop).assumeIsolated().whenSuccess { response in
      context.writeAndFlush(self.wrapOutboundOut(response), promise: nil)
      self.isResponding = false
      self.respondToNext(context)
    }
  }
}
