internal import NIOCore
internal import Synchronization

/// Accepts no more connections, on all sockets together, while so many are open; others wait in the kernel. A server that accepts
/// connections until it has no descriptors left spends all its time retrying.
final class ConnectionLimit: Sendable {
  private struct State {
    var open = 0
    /// Resume the sockets that wait until fewer are open.
    var waiting: [@Sendable () -> Void] = []
  }

  private let most: Int
  private let state = Mutex(State())

  init(_ most: Int) {
    self.most = most
  }

  /// The handler of a socket that listens.
  func makeHandler() -> some ChannelHandler { ConnectionLimitHandler(self) }

  /// - Returns: whether more may be accepted now. Otherwise `resume` is called, on any thread, when they may be.
  fileprivate func admits(orElse resume: @escaping @Sendable () -> Void) -> Bool {
    state.withLock { state in
      if state.open >= most { state.waiting.append(resume) }
      return state.open < most
    }
  }

  fileprivate func count(_ connection: any Channel) {
    state.withLock { $0.open += 1 }
    connection.closeFuture.whenComplete { _ in
      let waiting = self.state.withLock { state in
        state.open -= 1
        defer { state.waiting = [] }
        return state.waiting
      }
      for resume in waiting { resume() }
    }
  }
}

private final class ConnectionLimitHandler: ChannelDuplexHandler {
  typealias InboundIn = any Channel
  typealias InboundOut = any Channel
  typealias OutboundIn = Never

  private let limit: ConnectionLimit
  private var isWaiting = false

  init(_ limit: ConnectionLimit) {
    self.limit = limit
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    limit.count(unwrapInboundIn(data))
    context.fireChannelRead(data)
  }

  func read(context: ChannelHandlerContext) {
    guard !isWaiting else { return }
    let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
    isWaiting = !limit.admits { [eventLoop = context.eventLoop] in
      // The connection that has ended may be another socket's, on another event loop.
      eventLoop.execute {
        bound.value.handler.isWaiting = false
        bound.value.handler.read(context: bound.value.context)
      }
    }
    if !isWaiting { context.read() }
  }
}
