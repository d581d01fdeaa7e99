import NIOCore

/// The network below an `EmbeddedChannel`, which has none: counts reads, can hold back what is written, and notes that our side
/// was closed.
final class Wire: ChannelOutboundHandler {
  typealias OutboundIn = NIOAny
  private(set) var reads = 0
  private(set) var isOutputClosed = false
  /// Whether what is written waits for ``release()``.
  var holds = false
  private var held: [() -> Void] = []

  func read(context: ChannelHandlerContext) {
    reads += 1
    context.read()
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    guard holds else { return context.write(data, promise: promise) }
    held.append { context.writeAndFlush(data, promise: promise) }
  }

  func release() {
    holds = false
    for write in held { write() }
    held = []
  }

  func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
    guard mode == .output else { return context.close(mode: mode, promise: promise) }
    isOutputClosed = true
  }
}
