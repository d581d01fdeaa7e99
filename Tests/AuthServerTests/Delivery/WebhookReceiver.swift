import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A server on a free port of the loopback interface that keeps what it is sent, and answers as it is told.
final class WebhookReceiver: Sendable {
  struct Request: Sendable {
    var head: HTTPRequestHead
    var body: [UInt8] = []
  }

  enum Answer: Sendable {
    case status(HTTPResponseStatus, HTTPHeaders = [:])
    /// 200, and a body of which more is promised than ever comes.
    case unfinishedBody
    case none
  }

  private let requests: Requests
  private let channel: any Channel
  let url: String

  private final class Requests: Sendable {
    let all = Mutex<[Request]>([])
  }

  init(answering answer: Answer) async throws {
    let requests = Requests()
    channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.configureHTTPServerPipeline()
          try channel.pipeline.syncOperations.addHandler(Handler(requests: requests, answer: answer))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    url = "http://127.0.0.1:\(channel.localAddress!.port!)"
    self.requests = requests
  }

  deinit {
    channel.close(promise: nil)
  }

  func close() async throws { try await channel.close() }

  var received: [Request] { requests.all.withLock { $0 } }

  private final class Handler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let requests: Requests
    private let answer: Answer
    private var request: Request?

    init(requests: Requests, answer: Answer) {
      self.requests = requests
      self.answer = answer
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      switch unwrapInboundIn(data) {
      case .head(let head): request = Request(head: head)
      case .body(let bytes): request?.body += Array(bytes.readableBytesView)
      case .end:
        let request = request!
        requests.all.withLock { $0.append(request) }
        respond(context)
      }
    }

    private func respond(_ context: ChannelHandlerContext) {
      switch answer {
      case .none: break
      case .status(let status, let headers):
        let headers = headers.isEmpty ? ["content-length": "0"] : headers
        context.write(wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: status, headers: headers))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
      case .unfinishedBody:
        let head = HTTPResponseHead(version: .http1_1, status: .ok, headers: ["content-length": "1000000000"])
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(repeating: 120, count: 65536)))), promise: nil)
      }
    }
  }
}
