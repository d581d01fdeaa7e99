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

/// Counts how often the connection is read from, and holds back what would close one half of it: an `EmbeddedChannel` has but one.
final class Wire: ChannelOutboundHandler {
  typealias OutboundIn = Never
  private(set) var reads = 0
  private(set) var isOutputClosed = false

  func read(context: ChannelHandlerContext) {
    reads += 1
    context.read()
  }

  func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
    guard mode == .output else { return context.close(mode: mode, promise: promise) }
    isOutputClosed = true
  }
}
