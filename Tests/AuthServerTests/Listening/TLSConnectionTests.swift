import AuthCore
import AuthHTTP
import HTTP1
import Hummingbird
import NIOCore
import NIOEmbedded
import NIOSSL
import TestPrograms
import Testing

@testable import AuthServer

/// Single connections under TLS.
@Suite(.timeLimit(.minutes(5))) struct TLSConnectionTests {
  private static let limits = ConnectionLimits(
    largestHead: 1024, mostFields: 10, largestBody: 0, timeout: .seconds(30), keepAliveTimeout: .seconds(75))
  private let tls: TLSContext
  private let connections: ClientConnections

  init() throws {
    tls = TLSContext(
      try TLSIdentity(certificates: Array(TestCertificates.old.utf8), key: Array(TestCertificates.oldKey.utf8)))
    let router = Router(context: ServerRequestContext.self)
    connections = ClientConnections(
      routes: Current(RunningAuth.Routes(responder: router.buildResponder(), policy: HTTPPolicy(for: .strict))), tls: tls,
      accessLog: nil, keepAliveTimeout: .hours(1))
  }

  private func client() throws -> NIOSSLClientHandler {
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(Array(TestCertificates.old.utf8)))
    return try NIOSSLClientHandler(context: NIOSSLContext(configuration: configuration), serverHostname: "localhost")
  }

  @Test(arguments: [nil, "/run/auth.socket"])
  func `a connection has TLS unless it is known to be on a Unix socket`(_ path: String?) throws {
    let channel = EmbeddedChannel()
    channel.localAddress = try path.map { try SocketAddress(unixDomainSocketPath: $0) }
    let connection = try connections.setup(channel).wait()
    let handler = try? channel.pipeline.syncOperations.handler(type: NIOSSLServerHandler.self)
    #expect((handler != nil) == (path == nil))
    _ = try channel.finish(acceptAlreadyClosed: true)
    withExtendedLifetime(connection) {}
  }

  @Test func `a stopping server does not wait for the closure alert of an idle client`() throws {
    let server = EmbeddedChannel(handlers: tls.makeHandlers())
    try server.pipeline.syncOperations.addHTTP1(Self.limits)
    let client = EmbeddedChannel(handler: try client())
    for channel in [server, client] { channel.connect(to: try SocketAddress(ipAddress: "127.0.0.1", port: 1), promise: nil) }
    /// Whether the server has sent anything.
    func exchange() throws -> Bool {
      var hasSent = false
      var isOver = false
      while !isOver {
        isOver = true
        while let bytes = try client.readOutbound(as: ByteBuffer.self) {
          isOver = false
          try server.writeInbound(bytes)
        }
        while let bytes = try server.readOutbound(as: ByteBuffer.self) {
          (isOver, hasSent) = (false, true)
          try client.writeInbound(bytes)
        }
      }
      return hasSent
    }
    #expect(try exchange())
    #expect(server.isActive)

    server.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
    // That is how long it has for its first request, and not a moment more.
    server.embeddedEventLoop.advanceTime(by: .seconds(1))
    #expect(!server.isActive)
    #expect(try exchange(), "the closure alert")
  }

  @Test func `a client that speaks HTTP and stays is waited for only as long as one that says nothing`() throws {
    let server = EmbeddedChannel(handlers: [OpenInput()] + tls.makeHandlers())
    try server.pipeline.syncOperations.addHTTP1(Self.limits)
    server.connect(to: try SocketAddress(ipAddress: "127.0.0.1", port: 1), promise: nil)
    server.embeddedEventLoop.advanceTime(by: .seconds(29))
    try server.writeInbound(ByteBuffer(string: "GET / HTTP/1.1\r\n"))
    #expect(try server.readOutbound(as: ByteBuffer.self).map { String(buffer: $0).hasPrefix("HTTP/1.1 400 ") } == true)
    #expect(server.isActive)
    server.embeddedEventLoop.advanceTime(by: .seconds(1))
    #expect(!server.isActive)
  }
}

/// An embedded channel has no sides that close by themselves.
private final class OpenInput: ChannelOutboundHandler {
  typealias OutboundIn = ByteBuffer

  func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
    if mode == .output { promise?.succeed() } else { context.close(mode: mode, promise: promise) }
  }
}
