internal import NIOCore
internal import NIOHTTP1

/// One connection of HTTP/1 in a channel: reports its events to a ``ConnectionStateMachine`` and performs the actions.
final class ConnectionHandler: ChannelDuplexHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = IncomingRequest
  typealias OutboundIn = OutgoingResponse
  typealias OutboundOut = HTTPServerResponsePart

  private var connection: ConnectionStateMachine
  private var timer: Scheduled<Void>?

  init(_ limits: ConnectionLimits) {
    connection = ConnectionStateMachine(limits)
  }

  // MARK: Requests

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let actions =
      switch unwrapInboundIn(data) {
      case .head(let head): connection.receive(head, now: context.eventLoop.now)
      case .body(let part): connection.receive(part)
      case .end: connection.receiveEnd(now: context.eventLoop.now)
      }
    perform(actions, context)
  }

  /// Counts the bytes of a read, before its parts are received.
  func count(_ bytes: Int) {
    connection.count(bytes)
  }

  /// The refusal if too many bytes were counted, once the parts of a read have been received.
  var refusalByCount: Refusal? { connection.refusalByCount }

  func channelReadComplete(context: ChannelHandlerContext) {
    connection.readCompleted(now: context.eventLoop.now)
    context.fireChannelReadComplete()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    let refusal: Refusal
    switch error {
    case let error as RefusedByCount: refusal = error.refusal
    case HTTPParserError.headerOverflow: refusal = .headTooLarge
    case is HTTPParserError: refusal = .malformed
    default: return context.fireErrorCaught(error)
    }
    perform(connection.refuse(refusal, now: context.eventLoop.now), context)
  }

  func read(context: ChannelHandlerContext) {
    if connection.read() { context.read() }
  }

  // MARK: Responses

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    var response = unwrapOutboundIn(data)
    let (ending, actions) = connection.respond(now: context.eventLoop.now)
    if let option = ending.option { response.head.headers.replaceOrAdd(name: "connection", value: option) }
    context.write(wrapOutboundOut(.head(response.head)), promise: nil)
    if response.body.readableBytes > 0 { context.write(wrapOutboundOut(.body(.byteBuffer(response.body))), promise: nil) }
    context.write(wrapOutboundOut(.end(nil)), promise: promise)
    perform(actions, context)
  }

  // MARK: Endings

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    switch event {
    case is ChannelShouldQuiesceEvent:
      perform(connection.quiesce(isAllSent: Self.isAllSent(context)), context)
    case ChannelEvent.inputClosed:
      perform(connection.inputClosed(), context)
      context.fireUserInboundEventTriggered(event)
    default: context.fireUserInboundEventTriggered(event)
    }
  }

  private static func isAllSent(_ context: ChannelHandlerContext) -> Bool {
    (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0 == 0
  }

  func channelActive(context: ChannelHandlerContext) {
    connection.becomeActive(now: context.eventLoop.now)
    startTimer(context)
    context.fireChannelActive()
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    connection.writabilityChanged(context.channel.isWritable, now: context.eventLoop.now)
    context.fireChannelWritabilityChanged()
  }

  func channelInactive(context: ChannelHandlerContext) {
    timer?.cancel()
    context.fireChannelInactive()
  }

  /// One timer for all deadlines. It is not set again for each request: when it fires, it looks for the earliest deadline.
  private func startTimer(_ context: ChannelHandlerContext) {
    guard let deadline = connection.nextCheck(now: context.eventLoop.now) else { return context.close(promise: nil) }
    timer = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { self.startTimer(context) }
  }

  // MARK: Actions

  private func perform(_ actions: ConnectionActions, _ context: ChannelHandlerContext) {
    switch actions.discarding {
    case nil: break
    case .everything: discardInput(atMost: nil, context)
    case .bounded: discardInput(atMost: connection.limits.mostDiscarded, context)
    }
    if actions.sendsContinue {
      context.writeAndFlush(wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: .continue))), promise: nil)
    }
    if let request = actions.request { context.fireChannelRead(wrapInboundOut(request)) }
    switch actions.closing {
    case nil: break
    case .output: closeOutput(context)
    case .soon: context.eventLoop.assumeIsolated().scheduleTask(in: .seconds(1)) { context.close(promise: nil) }
    case .unlessUsed:
      context.eventLoop.assumeIsolated().scheduleTask(in: .seconds(1)) {
        self.perform(self.connection.endUnlessUsed(isAllSent: Self.isAllSent(context)), context)
      }
    case .atOnce: context.close(promise: nil)
    }
    if actions.reads { context.read() }
  }

  private func discardInput(atMost count: Int?, _ context: ChannelHandlerContext) {
    do { try context.pipeline.syncOperations.addHandler(Discard(atMost: count), position: .first) } catch {
      // The connection is closed.
    }
  }

  /// Closes our side when everything is sent. If the client has closed its side, NIO would otherwise close the connection at once
  /// and drop what is still waiting. The client closes its side when it has read everything, and may send until then.
  private func closeOutput(_ context: ChannelHandlerContext) {
    let sent = context.eventLoop.makePromise(of: Void.self)
    sent.futureResult.assumeIsolated().whenComplete { _ in
      context.close(mode: .output, promise: nil)
      self.perform(self.connection.outputClosed(), context)
    }
    // An empty buffer, written after everything else.
    let encoder = try? context.pipeline.syncOperations.context(handlerType: HTTPResponseEncoder.self)
    (encoder ?? context).writeAndFlush(NIOAny(IOData.byteBuffer(ByteBuffer())), promise: sent)
  }
}
