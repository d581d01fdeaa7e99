internal import NIOCore

/// Stands in front of all other handlers and drops what arrives.
final class Discard: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  /// How many more bytes are dropped before the connection is closed; nil for no limit.
  private var rest: Int?

  init(atMost count: Int?) {
    rest = count
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard let rest else { return }
    let count = unwrapInboundIn(data).readableBytes
    self.rest = rest - count
    if count > rest { context.close(promise: nil) }
  }
}
