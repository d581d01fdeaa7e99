internal import NIOCore
internal import NIOHTTP1

/// The server's side of HTTP/1 on one connection: whole requests go in, whole answers come out, and what neither of them tells is seen to
/// here.
///
/// - `Expect: 100-continue` is answered, so that clients which wait for it send their body (RFC 9110, 10.1.1).
/// - Whether the connection stays open after an answer is decided by the bytes of the request (RFC 9112, 9.3), and said with the answer.
/// - A request of HTTP/1.1 without exactly one `Host` is malformed (RFC 9112, 3.2).
/// - A request whose body is longer than `largestBody` is passed on without it, as soon as that is known; the rest of it is dropped.
/// - A request to change the protocol is answered as any other, and the connection closed: what comes after it is never read, for the
///   decoder would keep all of it in memory without looking at it.
/// - Of a client that does not wait for its answers no more is read while several are due.
/// - A client that stops or trickles is left behind: `timeout` bounds how long a connection is idle, with the head that ends it, how long
///   a body takes, and how long nothing of an answer can be sent.
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
    /// No other request is looked at.
    case closing
    /// What comes now is not HTTP.
    case closed

    var option: String? {
      switch self {
      case .open: nil
      case .keptOpen: "keep-alive"
      case .closing, .closed: "close"
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

  private let largestBody: Int
  private let timeout: TimeAmount

  private var request: PartialRequest?
  /// Several are due when a client does not wait for one.
  private var answersDue: [Ending] = []
  /// The last request has begun: of what comes behind it nothing is looked at.
  private var isLastRequest = false
  /// The server stops, and the connection ends with the answers that are due.
  private var isQuiescing = false
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
      guard request?.isPassedOn == false else { return }
      if request?.body.readableBytes == 0 { request?.body = part } else { request?.body.writeBuffer(&part) }
      if let request, request.body.readableBytes > largestBody { passOnTooLarge(request, context) }
    case .end:
      if let request, !request.isPassedOn { passOn(.whole(request.head, request.body), context) }
      request = nil
      bodySince = nil
      if answersDue.isEmpty { idleSince = context.eventLoop.now }
    }
  }

  private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
    let headers = ConnectionHeaders(head.headers)
    guard headers.hosts == 1 || head.version != .http1_1 else { return refuse(context) }
    // Not behind other answers, for it would be taken for one of them; nor for a body that will be refused at once.
    let isTooLarge = headers.contentLength.map { $0 > largestBody } ?? false
    if headers.expectsContinue, head.version == .http1_1, answersDue.isEmpty, !isTooLarge {
      context.writeAndFlush(wrapOutboundOut(.head(HTTPResponseHead(version: head.version, status: .continue))), promise: nil)
    }
    let ending = ending(of: head, headers)
    isLastRequest = ending == .closing || ending == .closed
    answersDue.append(ending)
    idleSince = nil
    let request = PartialRequest(head: head)
    self.request = request
    if isTooLarge { passOnTooLarge(request, context) }
  }

  private func ending(of head: HTTPRequestHead, _ headers: ConnectionHeaders) -> Ending {
    // HTTP/1.0 has no chunks: whoever sends them may mean another end of the body than we do (RFC 9112, 6.1).
    let hasFaultyFraming = head.version == .http1_0 && headers.hasTransferEncoding
    if head.method == .CONNECT || headers.hasUpgrade || hasFaultyFraming { return .closed }
    guard head.isKeepAlive else { return .closing }
    return head.version == .http1_0 ? .keptOpen : .open
  }

  private func passOnTooLarge(_ request: PartialRequest, _ context: ChannelHandlerContext) {
    self.request = PartialRequest(head: request.head, isPassedOn: true)
    passOn(.tooLarge(request.head), context)
  }

  private func passOn(_ content: ReceivedRequest.Content, _ context: ChannelHandlerContext) {
    context.fireChannelRead(wrapInboundOut(ReceivedRequest(content: content, isLast: isLastRequest)))
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if error is HTTPParserError { refuse(context) } else { context.fireErrorCaught(error) }
  }

  /// What comes is no HTTP.
  private func refuse(_ context: ChannelHandlerContext) {
    // After the last request it was none of our business.
    guard !isLastRequest || request != nil else { return }
    isLastRequest = true
    if request?.isPassedOn == true {
      // It has its answer, or will have it, and that is the last.
      if answersDue.isEmpty { return context.close(promise: nil) }
      answersDue[answersDue.endIndex - 1] = .closed
    } else {
      if request != nil { answersDue.removeLast() }
      answersDue.append(.closing)
      passOn(.malformed, context)
    }
    request = nil
    (idleSince, bodySince) = (nil, nil)
  }

  func read(context: ChannelHandlerContext) {
    isReadDue = answersDue.count >= Self.mostAnswersDue && request == nil
    if !isReadDue, !isLastRequest || request != nil { context.read() }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    // Most requests come in one piece and never get here with something missing.
    if request != nil, bodySince == nil { bodySince = context.eventLoop.now }
    context.fireChannelReadComplete()
  }

  // MARK: Answers

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    var answer = unwrapOutboundIn(data)
    var ending = answersDue.removeFirst()
    if isQuiescing, answersDue.isEmpty { ending = .closed }
    if let option = ending.option { answer.head.headers.replaceOrAdd(name: "connection", value: option) }
    context.write(wrapOutboundOut(.head(answer.head)), promise: nil)
    if answer.body.readableBytes > 0 { context.write(wrapOutboundOut(.body(.byteBuffer(answer.body))), promise: nil) }
    if ending == .closed {
      let written = promise ?? context.eventLoop.makePromise()
      written.futureResult.assumeIsolated().whenComplete { _ in context.close(promise: nil) }
      return context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: written)
    }
    context.write(wrapOutboundOut(.end(nil)), promise: promise)
    if answersDue.isEmpty, request == nil { idleSince = context.eventLoop.now }
    if isReadDue { read(context: context) }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    guard event is ChannelShouldQuiesceEvent else { return context.fireUserInboundEventTriggered(event) }
    isQuiescing = true
    if answersDue.isEmpty { context.close(promise: nil) }
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

/// A request as it came.
struct ReceivedRequest: Sendable {
  enum Content {
    case whole(HTTPRequestHead, ByteBuffer)
    /// Its body is larger than the connection takes.
    case tooLarge(HTTPRequestHead)
    case malformed
  }

  let content: Content
  /// No other comes behind it.
  let isLast: Bool
}

/// An answer as it goes out.
struct Answer: Sendable {
  var head: HTTPResponseHead
  var body = ByteBuffer()
}
