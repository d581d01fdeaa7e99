internal import AuthHTTP
internal import NIOCore
internal import NIOHTTP1
internal import NIOHTTPTypesHTTP1

/// What HTTP/1 asks of a server and Hummingbird leaves out, on each connection:
///
/// - `Expect: 100-continue` is answered, so that clients which wait for it send their body (RFC 9110, 10.1.1);
/// - a connection that its client wants closed after the answer is closed: for HTTP/1.0, and for `close` in whatever letter case and
///   company (RFC 9112, 9.3), where Hummingbird knows the bare word alone; and the answer says what becomes of the connection;
/// - a body that trickles in ends with the connection: `bodyDeadline` bounds the whole of it, where the idle time-out bounds a pause
///   (a head that trickles in counts as a pause);
/// - a request to change the protocol is answered as any other, and the connection closed: what comes after it is never read, for the
///   decoder would keep all of it in memory without looking at it;
/// - a client that does not read its answers is not read from, and its connection closed when nothing of them has gone out for
///   `writeDeadline`: the idle time-out does not run while an answer is due;
/// - a request of HTTP/1.1 without exactly one `Host` is malformed (RFC 9112, 3.2);
/// - the refusal of a malformed request has a JSON body, as every other error.
///
/// What the client says of its connection nobody behind sees: Hummingbird compares it as Swift compares text, some texts for seconds.
///
/// Hummingbird adds its handlers after the point where HTTP versions and headers of the connection are known. So this one comes in
/// through ``Installer``.
final class HTTP1Courtesy: ChannelDuplexHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart
  typealias OutboundIn = HTTPServerResponsePart
  typealias OutboundOut = HTTPServerResponsePart

  private let largestBody: Int
  private let bodyDeadline: TimeAmount
  private let writeDeadline: TimeAmount

  /// Requests are not read while so many are not answered. Those of a whole read are parsed at once, however many.
  private static let mostAnswersDue = 8

  /// What each answer that is due says of the connection, nil for nothing. Several are due when a client does not wait for one.
  private var connectionOptions: [String?] = []
  private var isReadingBody = false
  /// Set by the last request that will be read.
  private var isLastRequest = false
  /// Nothing that comes is looked at any more.
  private var isMalformed = false
  /// Somebody wants to read as soon as that is allowed.
  private var isReadDue = false
  private var endOfBody: Scheduled<Void>?
  private var endOfWrite: Scheduled<Void>?

  init(largestBody: Int, bodyDeadline: TimeAmount, writeDeadline: TimeAmount) {
    self.largestBody = largestBody
    self.bodyDeadline = bodyDeadline
    self.writeDeadline = writeDeadline
  }

  // MARK: Requests

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isMalformed else { return }
    switch unwrapInboundIn(data) {
    case .head(let head):
      let headers = ConnectionHeaders(head.headers)
      guard headers.hosts == 1 || head.version != .http1_1 else {
        isMalformed = true
        isLastRequest = true
        return context.fireErrorCaught(HTTPParserError.invalidHeaderToken)
      }
      isReadingBody = true
      let answersAreDue = !connectionOptions.isEmpty
      isLastRequest = head.method == .CONNECT || headers.hasUpgrade
      // HTTP/1.0 has no chunks: whoever sends them may mean another end of the body than we do (RFC 9112, 6.1).
      let hasFaultyFraming = head.version == .http1_0 && headers.hasTransferEncoding
      let isClosing = isLastRequest || !head.isKeepAlive || hasFaultyFraming
      connectionOptions.append(isClosing ? "close" : head.version == .http1_0 ? "keep-alive" : nil)
      // Not behind other answers, for it would be taken for one of them; nor for a body that will be refused at once.
      let isAccepted = headers.contentLength.map { $0 <= largestBody } ?? true
      if headers.expectsContinue, head.version == .http1_1, !answersAreDue, isAccepted {
        context.writeAndFlush(wrapOutboundOut(.head(HTTPResponseHead(version: head.version, status: .continue))), promise: nil)
      }
      guard isClosing || headers.hasConnection else { return context.fireChannelRead(data) }
      var passedOn = head
      passedOn.headers.remove(name: "connection")
      if isClosing { passedOn.headers.add(name: "connection", value: "close") }
      context.fireChannelRead(wrapInboundOut(.head(passedOn)))
    case .body:
      context.fireChannelRead(data)
    case .end:
      isReadingBody = false
      endOfBody?.cancel()
      endOfBody = nil
      context.fireChannelRead(data)
    }
  }

  func read(context: ChannelHandlerContext) {
    isReadDue = connectionOptions.count >= Self.mostAnswersDue && !isReadingBody
    if !isReadDue, !isLastRequest || isReadingBody { context.read() }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    // Most requests come in one piece and never get here with something missing.
    if isReadingBody, endOfBody == nil {
      endOfBody = context.eventLoop.assumeIsolated().scheduleTask(in: bodyDeadline) { context.close(promise: nil) }
    }
    context.fireChannelReadComplete()
  }

  func channelInactive(context: ChannelHandlerContext) {
    endOfBody?.cancel()
    endOfWrite?.cancel()
    context.fireChannelInactive()
  }

  // MARK: Answers

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    let part = unwrapOutboundIn(data)
    if case .end = part, isLastRequest, connectionOptions.isEmpty {
      let written = promise ?? context.eventLoop.makePromise()
      written.futureResult.assumeIsolated().whenComplete { _ in context.close(promise: nil) }
      return context.writeAndFlush(data, promise: written)
    }
    guard case .head(var head) = part else { return context.write(data, promise: promise) }
    let option = connectionOptions.isEmpty ? nil : connectionOptions.removeFirst()
    if isReadDue { read(context: context) }
    let isRefusal = isRefusalOfMalformedRequest(head)
    guard option != nil || isRefusal else { return context.write(data, promise: promise) }
    if let option { head.headers.replaceOrAdd(name: "connection", value: option) }
    guard isRefusal else { return context.write(wrapOutboundOut(.head(head)), promise: promise) }
    let body = ByteBuffer(string: #"{"message":"this is no HTTP/1.1 request, or its method is unknown"}"# + "\n")
    head.headers.replaceOrAdd(name: "content-type", value: "application/json")
    head.headers.replaceOrAdd(name: "content-length", value: "\(body.readableBytes)")
    for (name, value) in SecurityHeaders.texts { head.headers.replaceOrAdd(name: name, value: value) }
    context.write(wrapOutboundOut(.head(head)), promise: promise)
    context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    endOfWrite?.cancel()
    endOfWrite = nil
    if !context.channel.isWritable {
      endOfWrite = context.eventLoop.assumeIsolated().scheduleTask(in: writeDeadline) { context.close(promise: nil) }
    }
    context.fireChannelWritabilityChanged()
  }

  /// Hummingbird's own answer to what is no HTTP, the only one without a body and a reason.
  private func isRefusalOfMalformedRequest(_ head: HTTPResponseHead) -> Bool {
    head.status == .badRequest && head.headers.first(name: "content-length") == "0"
  }
}

extension HTTP1Courtesy {
  /// Puts an ``HTTP1Courtesy`` before the handler that leaves the details of HTTP/1 behind, and itself away.
  final class Installer: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny

    private let courtesy: HTTP1Courtesy

    init(_ courtesy: HTTP1Courtesy) {
      self.courtesy = courtesy
    }

    func handlerAdded(context: ChannelHandlerContext) {
      let pipeline = context.pipeline.syncOperations
      do {
        let codec = try pipeline.handler(type: HTTP1ToHTTPServerCodec.self)
        try pipeline.addHandler(courtesy, position: .before(codec))
        // Many short requests in one read are all parsed, and kept until they are answered: so no read is large.
        let options = context.channel.syncOptions
        try options?.setOption(.maxMessagesPerRead, value: 1)
        try options?.setOption(
          .recvAllocator, value: AdaptiveRecvByteBufferAllocator(minimum: 64, initial: 2_048, maximum: 8_192))
      } catch {
        preconditionFailure("the connection does not speak HTTP/1 as it was set up: \(error)")
      }
      pipeline.removeHandler(context: context, promise: nil)
    }
  }
}
