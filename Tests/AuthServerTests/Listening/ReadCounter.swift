import NIOCore

/// Counts the reads that reach a socket.
final class ReadCounter: ChannelOutboundHandler {
  typealias OutboundIn = Never

  private(set) var count = 0

  func read(context: ChannelHandlerContext) { count += 1 }
}
