internal import AuthCore
internal import AuthHTTP
internal import CoreMetrics
internal import HTTP1
internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import NIOCore
internal import NIOHTTP1
internal import NIOHTTPTypesHTTP1
internal import Synchronization

/// The connections of clients: each with the handlers of `HTTP1`, behind TLS if there is any. The requests of one are processed
/// one after the other.
///
/// No route here streams. So whole requests and whole responses cross to Swift's threads and back, one step each, where
/// Hummingbird's own channel takes several: Docs/Decisions/0011-whole-requests.md.
struct ClientConnections: Sendable {
  typealias Connection = NIOAsyncChannel<IncomingRequest, OutgoingResponse>

  /// Read once for each request.
  let routes: Current<RunningAuth.Routes>
  let tls: TLSContext?
  let accessLog: AccessLog?
  private let limits: ConnectionLimits
  private let date = DateHeader()
  private let connections = Meter(label: "auth_http_connections")
  /// Of the requests that reach no route: the others are counted by their routes.
  private let unmatched = RequestMetrics(method: "other", route: "unmatched")

  init(routes: Current<RunningAuth.Routes>, tls: TLSContext?, accessLog: AccessLog?, keepAliveTimeout: TimeAmount) {
    self.routes = routes
    self.tls = tls
    self.accessLog = accessLog
    limits = ConnectionLimits(
      // In bytes: room for the cookies of a whole domain.
      largestHead: 32 * 1024, mostFields: 1_000, largestBody: AuthRoutes.maximumBodyBytes, timeout: .seconds(30),
      keepAliveTimeout: keepAliveTimeout)
  }

  func setup(_ channel: any Channel) -> EventLoopFuture<Connection> {
    channel.eventLoop.makeCompletedFuture {
      // Many short requests in one read are all parsed, and kept until their responses are written: so no read is large.
      let options = channel.syncOptions
      try options?.setOption(.maxMessagesPerRead, value: 1)
      try options?.setOption(.recvAllocator, value: AdaptiveRecvByteBufferAllocator(minimum: 64, initial: 2_048, maximum: 8_192))
      let handlers = channel.pipeline.syncOperations
      // What is on a Unix socket does not leave the machine. Where the address is not known, it may.
      if case .unixDomainSocket? = channel.localAddress {} else if let tls { try handlers.addHandlers(tls.makeHandlers()) }
      try handlers.addHTTP1(limits)
      return try NIOAsyncChannel(wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
    }
  }

  @concurrent
  func serve(_ connection: Connection, logger: Logger) async {
    let channel = connection.channel
    connections.increment()
    defer { connections.decrement() }
    do {
      try await withTaskCancellationHandler {
        try await connection.executeThenClose { requests, responses in
          var generation = routes.latest
          for try await request in requests {
            generation = generation.latest
            try await responses.write(wholeResponse(to: request, generation.value, channel, logger))
          }
          // The client has closed its side, and may still be reading: the connection ends when it has its responses.
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
  private func wholeResponse(
    to request: IncomingRequest, _ routes: RunningAuth.Routes, _ channel: any Channel, _ logger: Logger
  ) async throws -> OutgoingResponse {
    let trace = accessLog == nil && unmatched == nil ? nil : RequestTrace()
    var response = await self.response(to: request, routes, channel, logger, trace)
    response.headers[.date] = date.value
    // No matter which route made it: a body after it would be mistaken for the next response.
    if request.isHead { response = response.createHeadResponse() }
    let body = WholeBody()
    try await response.body.write(body)
    var head = HTTPResponseHead(response.head)
    if let trace {
      let notes = trace.notes
      if notes.route == nil { unmatched?.record(response.status, since: trace.start) }
      if let accessLog {
        let id = notes.givenID ?? trace.ownID.description
        // Not as a field of the response, which would be checked again for what cannot be in it.
        head.headers.add(name: HTTPField.Name.requestID.rawName, value: id)
        accessLog.log(
          AccessLog.Entry(
            method: request.method ?? "-", route: notes.route ?? "unmatched", status: response.status.code,
            bytes: body.buffer.readableBytes, duration: .nanoseconds((NIODeadline.now() - trace.start).nanoseconds),
            requestID: id, userID: notes.userID))
      }
    }
    return OutgoingResponse(head: head, body: body.buffer)
  }

  @concurrent
  private func response(
    to request: IncomingRequest, _ routes: RunningAuth.Routes, _ channel: any Channel, _ logger: Logger,
    _ trace: RequestTrace?
  ) async -> Response {
    switch request {
    case .whole(let head, let body):
      // NIO knows no method that Hummingbird does not.
      guard let head = try? HTTPRequest(head, secure: false, splitCookie: false) else { return response(to: .malformed, routes) }
      return await response(to: Request(head: head, body: RequestBody(buffer: body)), routes, channel, logger, trace)
    case .tooLarge(let head):
      let request = (try? HTTPRequest(head, secure: false, splitCookie: false)).map {
        Request(head: $0, body: RequestBody(buffer: ByteBuffer()))
      }
      return refusal(.bodyTooLarge, to: request, routes)
    case .refused(let refusal):
      return response(to: refusal, routes)
    }
  }

  private func response(to refusal: Refusal, _ routes: RunningAuth.Routes) -> Response {
    self.refusal(problem(refusal), to: nil, routes)
  }

  /// A response that no route has made.
  private func refusal(_ problem: Problem, to request: Request?, _ routes: RunningAuth.Routes) -> Response {
    var response = Response(problem, to: request, under: routes.policy.profile)
    if let request { routes.policy.addCrossOriginHeaders(to: &response, for: request) }
    return response
  }

  private func problem(_ refusal: Refusal) -> Problem {
    switch refusal {
    case .malformed:
      Problem(.malformedRequest, "the request is not valid HTTP/1.1, or its method is unknown")
    case .unknownTransferCoding:
      Problem(.unknownTransferCoding, "the only transfer coding that is implemented is chunked")
    case .headTooLarge:
      Problem(
        .headTooLarge,
        "the head of the request has more than \(limits.largestHead) bytes or \(limits.mostFields) headers",
        numbers: ["bytes": limits.largestHead, "headers": limits.mostFields])
    case .framingTooLarge:
      Problem(
        .framingTooLarge,
        "the body has more than \(limits.largestFraming) bytes of chunk extensions and trailers",
        numbers: ["limit": limits.largestFraming])
    case .tooManyRequests:
      Problem(.tooManyRequests, "too many requests at once; wait for the responses")
    }
  }

  @concurrent
  private func response(
    to request: Request, _ routes: RunningAuth.Routes, _ channel: any Channel, _ logger: Logger, _ trace: RequestTrace?
  ) async -> Response {
    let givenID = routes.policy.requestID(of: request, peer: IPAddress(peerAt: channel.remoteAddress))
    let ownID = trace?.ownID ?? RequestID()
    if let givenID { trace?.note(givenID: givenID) }
    var logger = logger
    // The key that Hummingbird uses, and that readers of its logs look for. Put into words only if something is logged.
    logger[metadataKey: "hb.request.id"] = givenID.map { .string($0) } ?? .stringConvertible(ownID)
    var context = ServerRequestContext(source: ApplicationRequestContextSource(channel: channel, logger: logger))
    if accessLog != nil { context.record = trace }
    defer { trace?.note(context) }
    do { return try await routes.responder.respond(to: request, context: context) } catch {
      // Only its type is logged, because its description may contain a secret.
      logger.error("a request failed", metadata: ["error": "\(type(of: error))"])
      return refusal(Problem(.internalError, "internal error"), to: request, routes)
    }
  }
}

/// What is found out about a request on its way, for the access log and the metrics.
private final class RequestTrace: UserRecord {
  let start = NIODeadline.now()
  let ownID = RequestID()
  private let noted = Mutex(Notes())

  struct Notes {
    /// The id that a proxy has given.
    var givenID: String?
    /// The template of the route; nil if the request reached none.
    var route: String?
    var userID: User.ID?
  }

  var notes: Notes { noted.withLock { $0 } }

  func note(givenID: String) {
    noted.withLock { $0.givenID = givenID }
  }

  func note(_ id: User.ID) {
    noted.withLock { $0.userID = id }
  }

  func note(_ context: ServerRequestContext) {
    // This is what Hummingbird's router records where it finds no route.
    guard let path = context.endpointPath, path != "NotFound" else { return }
    noted.withLock { $0.route = path }
  }
}

extension IncomingRequest {
  /// nil if the request could not be read.
  fileprivate var method: String? {
    switch self {
    case .whole(let head, _), .tooLarge(let head): head.method.rawValue
    case .refused: nil
    }
  }
}

/// The body of a response, as a whole.
private final class WholeBody: ResponseBodyWriter {
  private(set) var buffer = ByteBuffer()

  func write(_ part: ByteBuffer) {
    var part = part
    if buffer.readableBytes == 0 { buffer = part } else { buffer.writeBuffer(&part) }
  }

  func finish(_ trailers: HTTPFields?) {}
}
