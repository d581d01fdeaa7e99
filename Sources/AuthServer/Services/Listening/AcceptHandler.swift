internal import NIOCore

/// Ends accepting in two steps: first no connection is accepted, and then, when those that were are set up, the socket is closed.
/// NIO closes a connection that is still being set up when its socket is, and the client's request with it.
final class AcceptHandler: ChannelDuplexHandler {
  typealias InboundIn = any Channel
  typealias InboundOut = any Channel
  typealias OutboundIn = Never

  /// How long connections are waited for, which take far less than a millisecond on a machine that is not busy.
  private static let patience = TimeAmount.seconds(1)

  private let eventLoop: any EventLoop
  private var beingSetUp = 0
  private var close: (() -> Void)?
  private var isStopping = false

  init(_ eventLoop: any EventLoop) {
    self.eventLoop = eventLoop
  }

  func read(context: ChannelHandlerContext) {
    if !isStopping { context.read() }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    beingSetUp += 1
    context.fireChannelRead(data)
  }

  /// One of the connections is set up, or has failed.
  func noteSetUp() {
    beingSetUp -= 1
    if beingSetUp == 0 { closeNow() }
  }

  /// Accepts no more connections, and closes the socket as soon as all are set up.
  func stop(closing close: @escaping () -> Void) {
    isStopping = true
    self.close = close
    guard beingSetUp > 0 else { return closeNow() }
    eventLoop.assumeIsolated().scheduleTask(in: Self.patience) { self.closeNow() }
  }

  private func closeNow() {
    close?()
    close = nil
  }
}
