internal import NIOCore

/// Accepts no more connections while so many are open; others wait in the kernel. A server that accepts connections until it has
/// no descriptors left spends all its time retrying.
final class ConnectionLimit: ChannelDuplexHandler {
  typealias InboundIn = any Channel
  typealias InboundOut = any Channel
  typealias OutboundIn = Never

  private let most: Int
  private var open = 0
  private var isWaiting = false

  init(_ most: Int) {
    self.most = most
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    open += 1
    unwrapInboundIn(data).closeFuture.hop(to: context.eventLoop).assumeIsolated().whenComplete { _ in
      self.open -= 1
      guard self.isWaiting else { return }
      self.isWaiting = false
      context.read()
    }
    context.fireChannelRead(data)
  }

  func read(context: ChannelHandlerContext) {
    if open < most { context.read() } else { isWaiting = true }
  }
}
