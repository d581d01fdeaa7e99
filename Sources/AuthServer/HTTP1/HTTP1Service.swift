internal import AuthHTTP
internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import NIOHTTP1
internal import NIOHTTPTypesHTTP1

/// Connections of HTTP/1 for Hummingbird's server: each with one ``HTTP1Connection``, and its requests answered one after the other.
///
/// Hummingbird's own channel streams bodies and leaves to its user what a server on the internet has to do for a connection. No route
/// here streams: so whole requests and answers cross to Swift's threads and back, one step each.
struct HTTP1Service<Responder: HTTPResponder>: ServerChildChannel where Responder.Context == ServerRequestContext {
  let responder: Responder
  let largestHead: Int
  let largestBody: Int
  let timeout: TimeAmount
  private let date = DateHeader()
  private static var mostHeaders: Int { 1_000 }

  init(responder: Responder, largestHead: Int, largestBody: Int, timeout: TimeAmount) {
    self.responder = responder
    self.largestHead = largestHead
    self.largestBody = largestBody
    self.timeout = timeout
  }

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<NIOAsyncChannel<ReceivedRequest, Answer>> {
    channel.eventLoop.makeCompletedFuture {
      // Many short requests in one read are all parsed, and kept until they are answered: so no read is large.
      let options = channel.syncOptions
      try options?.setOption(.maxMessagesPerRead, value: 1)
      try options?.setOption(.recvAllocator, value: AdaptiveRecvByteBufferAllocator(minimum: 64, initial: 2_048, maximum: 8_192))
      var limits = NIOHTTPDecoderLimitConfiguration()
      limits.maxHeaderListSize = largestHead
      limits.maxHeaderFieldCount = Self.mostHeaders
      let pipeline = channel.pipeline.syncOperations
      // Answers are made of types that hold nothing invalid.
      try pipeline.configureHTTPServerPipeline(
        withPipeliningAssistance: false, withErrorHandling: false, withOutboundHeaderValidation: false,
        withEncoderConfiguration: .init(),
        withDecoderLimitConfiguration: limits)
      try pipeline.addHandler(HTTP1Connection(largestBody: largestBody, timeout: timeout))
      return try NIOAsyncChannel(wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
    }
  }

  @concurrent
  func handle(value connection: NIOAsyncChannel<ReceivedRequest, Answer>, logger: Logger) async {
    let channel = connection.channel
    do {
      try await withTaskCancellationHandler {
        try await connection.executeThenClose { requests, answers in
          for try await request in requests {
            try await answers.write(answer(request, channel, logger))
          }
          // The client has closed its side, and may still be reading: the connection ends when it has its answers.
          try await channel.closeFuture.get()
        }
      } onCancel: {
        channel.close(mode: .input, promise: nil)
      }
    } catch {
      logger.trace("a connection broke", metadata: ["error": "\(error)"])
    }
  }

  @concurrent
  private func answer(_ received: ReceivedRequest, _ channel: any Channel, _ logger: Logger) async throws -> Answer {
    var response = await self.response(to: received, channel, logger)
    response.headers[.date] = date.value
    // Whoever made it: a body behind it would be taken for the next answer.
    if received.isHead { response = response.createHeadResponse() }
    let body = WholeBody()
    try await response.body.write(body)
    return Answer(head: HTTPResponseHead(response.head), body: body.buffer)
  }

  @concurrent
  private func response(to received: ReceivedRequest, _ channel: any Channel, _ logger: Logger) async -> Response {
    switch received.content {
    case .whole(let head, let body):
      // NIO knows no method that Hummingbird does not.
      guard let head = try? HTTPRequest(head, secure: false, splitCookie: false) else { return refusal(.malformed) }
      return await response(to: Request(head: head, body: RequestBody(buffer: body)), channel, logger)
    case .tooLarge:
      return .bodyTooLarge
    case .refused(let reason):
      return refusal(reason)
    }
  }

  private func refusal(_ reason: RefusalReason) -> Response {
    switch reason {
    case .malformed:
      Response(.badRequest, message: "this is no HTTP/1.1 request, or its method is unknown")
    case .headTooLarge:
      Response(
        .requestHeaderFieldsTooLarge,
        message: "the head of the request has more than \(largestHead) bytes or \(Self.mostHeaders) headers")
    case .oneTooMany:
      Response(.tooManyRequests, message: "too many requests came at once; wait for the answers")
    }
  }

  @concurrent
  private func response(to request: Request, _ channel: any Channel, _ logger: Logger) async -> Response {
    var logger = logger
    // As Hummingbird calls it, and whoever reads its logs.
    logger[metadataKey: "hb.request.id"] = .stringConvertible(RequestID())
    let context = ServerRequestContext(source: ApplicationRequestContextSource(channel: channel, logger: logger))
    do { return try await responder.respond(to: request, context: context) } catch {
      // Its type alone: nobody knows what it may tell.
      logger.error("a request failed", metadata: ["error": "\(type(of: error))"])
      return Response(.internalServerError, message: "internal error")
    }
  }
}

/// The body of an answer, as a whole.
private final class WholeBody: ResponseBodyWriter {
  private(set) var buffer = ByteBuffer()

  func write(_ part: ByteBuffer) {
    var part = part
    if buffer.readableBytes == 0 { buffer = part } else { buffer.writeBuffer(&part) }
  }

  func finish(_ trailers: HTTPFields?) {}
}
