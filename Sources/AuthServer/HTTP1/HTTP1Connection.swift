internal import NIOCore
internal import NIOHTTP1

/// The server's side of HTTP/1 on one connection: whole requests go in, whole answers come out, and what neither of them tells is seen to
/// here.
///
/// - `Expect: 100-continue` is answered, so that clients which wait for it send their body (RFC 9110, 10.1.1).
/// - Whether the connection stays open after an answer is decided by the bytes of the request (RFC 9112, 9.3), and said with the answer.
/// - A request with several `Host`s, or one of HTTP/1.1 with none, is malformed (RFC 9112, 3.2).
/// - A request whose body is longer than `largestBody` is passed on without it, as soon as that is known; the rest of it is dropped.
/// - A request to change the protocol is answered as any other, and is the last.
/// - What comes behind the last request is thrown away as it comes: a connection that is closed on unread bytes is reset, and its last
///   answer may be lost with them (RFC 9112, 9.6).
/// - Of a client that does not wait for its answers no more is read while several are due.
/// - A client that stops or trickles is left behind: `timeout` bounds how long a connection is idle, with the head that ends it, how long
///   a body takes, how long too much of what is sent is not taken, and how long the client takes to close.
final class HTTP1Connection: ChannelDuplexHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = ReceivedRequest
  typealias OutboundIn = Answer
  typealias OutboundOut = HTTPServerResponsePart

  /// What becomes of the connection after an answer.
  private enum Ending {
    case open
    /// As a client of HTTP/1.0 asked, which takes it for closed unless it is told.
    case keptOpen
    /// It was the last.
    case closing

    var option: String? {
      switch self {
      case .open: nil
      case .keptOpen: "keep-alive"
      case .closing: "close"
      }
    }
  }

  /// A request that is being read.
  private struct PartialRequest {
    let head: HTTPRequestHead
    var body = ByteBuffer()
    /// It is too large, and the rest of its body is dropped.
    var isPassedOn = false
  }

  /// Requests are not read while so many are not answered. Those of a whole read are parsed at once, however many.
  private static let mostAnswersDue = 8
  /// More than those and what one read has room for. When a client closes its side, all that it has sent is read at once.
  private static let mostRequestsHeld = 600

  private let largestBody: Int
  private let timeout: TimeAmount

  private var request: PartialRequest?
  /// Several are due when a client does not wait for one.
  private var answersDue: [Ending] = []
  /// The last request has begun.
  private var isLastRequest = false
  /// What comes is thrown away.
  private var isDiscarding = false
  /// Who waits for word before it sends its body gets it when it is its turn.
  private var isContinueDue = false
  /// The server stops, and the connection ends with the answers that are due.
  private var isQuiescing = false
  /// The client sends no more, and the connection ends with the answers that are due.
  private var isInputClosed = false
  /// The last answer is on its way, or sent.
  private var isEnding = false
  /// Somebody wants to read as soon as that is allowed.
  private var isReadDue = false

  /// Since when the client is waited for: with a request, with its body, and to take its answers.
  private var (idleSince, bodySince, unwritableSince): (NIODeadline?, NIODeadline?, NIODeadline?)
  private var timer: Scheduled<Void>?

  init(largestBody: Int, timeout: TimeAmount) {
    self.largestBody = largestBody
    self.timeout = timeout
  }

  // MARK: Requests

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      if !isLastRequest { begin(head, context) }
    case .body(var part):
      isContinueDue = false
      guard request?.isPassedOn == false else { return }
      if request?.body.readableBytes == 0 { request?.body = part } else { request?.body.writeBuffer(&part) }
      if let request, request.body.readableBytes > largestBody { passOnTooLarge(request, context) }
    case .end:
      if let request, !request.isPassedOn { passOn(.whole(request.head, request.body), context) }
      request = nil
      bodySince = nil
      isContinueDue = false
      if answersDue.isEmpty { idleSince = context.eventLoop.now }
      if isLastRequest { discardTheRest(context) }
    }
  }

  private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
    let headers = ConnectionHeaders(head.headers)
    guard headers.hosts == 1 || headers.hosts == 0 && head.version != .http1_1 else { return refuse(.malformed, context) }
    guard answersDue.count < Self.mostRequestsHeld else { return refuse(.oneTooMany, context) }
    let isTooLarge = headers.contentLength > largestBody
    let isAwaited = headers.expectsContinue && head.version == .http1_1
    // Who waits and is refused may send its body or not, and nobody knows what comes next.
    let ending = isAwaited && isTooLarge ? .closing : ending(of: head, headers)
    isLastRequest = ending == .closing
    answersDue.append(ending)
    isContinueDue = isAwaited && !isTooLarge
    sendContinue(context)
    idleSince = nil
    let request = PartialRequest(head: head)
    self.request = request
    if isTooLarge { passOnTooLarge(request, context) }
  }

  private func ending(of head: HTTPRequestHead, _ headers: ConnectionHeaders) -> Ending {
    // HTTP/1.0 has no chunks: whoever sends them may mean another end of the body than we do (RFC 9112, 6.1).
    let hasFaultyFraming = head.version == .http1_0 && headers.hasTransferEncoding
    guard head.isKeepAlive, !headers.hasClose, head.method != .CONNECT, !headers.hasUpgrade, !hasFaultyFraming else {
      return .closing
    }
    return head.version == .http1_0 ? .keptOpen : .open
  }

  /// Not behind other answers, for it would be taken for one of them.
  private func sendContinue(_ context: ChannelHandlerContext) {
    guard isContinueDue, answersDue.count == 1 else { return }
    isContinueDue = false
    context.writeAndFlush(wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: .continue))), promise: nil)
  }

  private func passOnTooLarge(_ request: PartialRequest, _ context: ChannelHandlerContext) {
    self.request = PartialRequest(head: request.head, isPassedOn: true)
    passOn(.tooLarge(request.head), context)
  }

  private func passOn(_ content: ReceivedRequest.Content, _ context: ChannelHandlerContext) {
    context.fireChannelRead(wrapInboundOut(ReceivedRequest(content)))
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    switch error {
    case HTTPParserError.headerOverflow: refuse(.headTooLarge, context)
    case is HTTPParserError: refuse(.malformed, context)
    default: context.fireErrorCaught(error)
    }
  }

  /// Of what comes now nothing is looked at.
  private func refuse(_ reason: RefusalReason, _ context: ChannelHandlerContext) {
    // After the last request it was none of our business.
    guard !isLastRequest || request != nil else { return }
    isLastRequest = true
    discardTheRest(context)
    if request?.isPassedOn == true {
      // It has its answer, or will have it, and that is the last.
      if answersDue.isEmpty { closeOutput(context) } else { answersDue[answersDue.endIndex - 1] = .closing }
    } else {
      if request != nil { answersDue.removeLast() }
      answersDue.append(.closing)
      passOn(.refused(reason), context)
    }
    request = nil
    bodySince = nil
    idleSince = answersDue.isEmpty ? context.eventLoop.now : nil
  }

  private func discardTheRest(_ context: ChannelHandlerContext) {
    guard !isDiscarding else { return }
    isDiscarding = true
    do { try context.pipeline.syncOperations.addHandler(Discard(), position: .first) } catch {
      // The connection is gone.
    }
  }

  func read(context: ChannelHandlerContext) {
    isReadDue = answersDue.count >= Self.mostAnswersDue && !isDiscarding
    if !isReadDue { context.read() }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    startBodyClock(context)
    context.fireChannelReadComplete()
  }

  /// Most requests come in one piece, and their bodies take no time. Behind answers that are due a body may have to wait for us.
  private func startBodyClock(_ context: ChannelHandlerContext) {
    if request != nil, bodySince == nil, answersDue.count <= 1 { bodySince = context.eventLoop.now }
  }

  // MARK: Answers

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    var answer = unwrapOutboundIn(data)
    var ending = answersDue.removeFirst()
    if isQuiescing || isInputClosed, answersDue.isEmpty { ending = .closing }
    if let option = ending.option { answer.head.headers.replaceOrAdd(name: "connection", value: option) }
    context.write(wrapOutboundOut(.head(answer.head)), promise: nil)
    if answer.body.readableBytes > 0 { context.write(wrapOutboundOut(.body(.byteBuffer(answer.body))), promise: nil) }
    if answersDue.isEmpty, request == nil { idleSince = context.eventLoop.now }
    context.write(wrapOutboundOut(.end(nil)), promise: promise)
    if ending == .closing { return closeOutput(context) }
    startBodyClock(context)
    sendContinue(context)
    if isReadDue { read(context: context) }
  }

  /// When all of it is sent: of a client that has closed its side NIO would close the other at once, with what waits to be sent. The
  /// client closes when it has read that, and may still send till then.
  private func closeOutput(_ context: ChannelHandlerContext) {
    guard !isEnding else { return }
    isEnding = true
    let sent = context.eventLoop.makePromise(of: Void.self)
    sent.futureResult.assumeIsolated().whenComplete { _ in
      context.close(mode: .output, promise: nil)
      if self.isQuiescing { self.closeSoon(context) }
    }
    // Nothing, behind all the rest.
    let encoder = try? context.pipeline.syncOperations.context(handlerType: HTTPResponseEncoder.self)
    (encoder ?? context).writeAndFlush(NIOAny(IOData.byteBuffer(ByteBuffer())), promise: sent)
  }

  /// A client that does not close its side is no reason to go on running.
  private func closeSoon(_ context: ChannelHandlerContext) {
    context.eventLoop.assumeIsolated().scheduleTask(in: .seconds(1)) { context.close(promise: nil) }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    switch event {
    case is ChannelShouldQuiesceEvent: quiesce(context)
    case ChannelEvent.inputClosed:
      isInputClosed = true
      if answersDue.isEmpty { closeOutput(context) }
      context.fireUserInboundEventTriggered(event)
    default: context.fireUserInboundEventTriggered(event)
    }
  }

  private func quiesce(_ context: ChannelHandlerContext) {
    isQuiescing = true
    isLastRequest = true
    if request == nil { discardTheRest(context) }
    guard answersDue.isEmpty else { return }
    let isAllSent = (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0 == 0
    if isEnding {
      closeSoon(context)
    } else if isAllSent, request == nil {
      context.close(promise: nil)
    } else {
      closeOutput(context)
    }
  }

  // MARK: Time

  func channelActive(context: ChannelHandlerContext) {
    idleSince = context.eventLoop.now
    startTimer(context)
    context.fireChannelActive()
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    unwritableSince = context.channel.isWritable ? nil : context.eventLoop.now
    context.fireChannelWritabilityChanged()
  }

  func channelInactive(context: ChannelHandlerContext) {
    timer?.cancel()
    context.fireChannelInactive()
  }

  /// One timer for all that is waited for, and not set anew with each request: it looks what is due when it would be due at the earliest.
  private func startTimer(_ context: ChannelHandlerContext) {
    let since = [idleSince, bodySince, unwritableSince].compactMap(\.self).min() ?? context.eventLoop.now
    timer = context.eventLoop.assumeIsolated().scheduleTask(deadline: since + timeout) { self.endWait(context) }
  }

  private func endWait(_ context: ChannelHandlerContext) {
    let isOver = [idleSince, bodySince, unwritableSince].contains { $0.map { $0 + timeout <= context.eventLoop.now } ?? false }
    if isOver { context.close(promise: nil) } else { startTimer(context) }
  }
}

/// Takes the place of all others for what is not to be looked at.
private final class Discard: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {}
}
