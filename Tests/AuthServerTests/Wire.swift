import NIOCore
import NIOHTTP1

@testable import AuthServer

extension ReceivedRequest {
  func isWhole(_ method: HTTPMethod, _ body: String) -> Bool {
    if case .whole(let head, let buffer) = content { head.method == method && String(buffer: buffer) == body } else { false }
  }

  var isTooLarge: Bool {
    if case .tooLarge = content { true } else { false }
  }

  var refusal: RefusalReason? {
    if case .refused(let reason) = content { reason } else { nil }
  }
}

/// The connection below, as an `EmbeddedChannel` is not: it counts how often it is read from, can hold back what is written, and holds
/// back what would close one half of it.
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
