internal import HTTP1
internal import NIOCore
internal import NIOExtras
internal import NIOPosix

/// A socket on which the server accepts connections.
struct ListeningSocket: CustomStringConvertible {
  private let channel: NIOAsyncChannel<ClientConnections.Connection, Never>
  private let quiescing: ServerQuiescingHelper
  /// The file of a Unix socket that the server has made.
  private let path: String?
  let description: String

  /// Where a socket comes from.
  enum Source: Equatable {
    /// One that the server makes.
    case endpoint(Endpoint)
    /// One that was passed to the process.
    case inherited(CInt)
  }

  /// Begins to listen. Connections wait until ``run(_:)``.
  ///
  /// - Parameter mostConnections: how many are open at the same time. Others wait in the kernel.
  init(
    _ source: Source, mostConnections: Int,
    setup: @escaping @Sendable (any Channel) -> EventLoopFuture<ClientConnections.Connection>
  ) async throws {
    let group = MultiThreadedEventLoopGroup.singleton
    let quiescing = ServerQuiescingHelper(group: group)
    let bootstrap = ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 256)
      .childChannelOption(.allowRemoteHalfClosure, value: true)
      .serverChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let handlers = channel.pipeline.syncOperations
          try handlers.addHandler(ConnectionLimit(mostConnections))
          try handlers.addHandler(quiescing.makeServerChannelHandler(channel: channel))
        }
      }
    switch source {
    case .endpoint(.port(let port, let host)):
      channel = try await bootstrap.serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        .bind(host: host, port: port, childChannelInitializer: setup)
      path = nil
      description = Endpoint.port(channel.channel.localAddress?.port ?? port, host: host).description
    case .endpoint(.unixSocket(let path)):
      try UnixSocketFile.makeWay(for: path)
      channel = try await bootstrap.bind(unixDomainSocketPath: path, childChannelInitializer: setup)
      self.path = path
      description = "unix:\(path)"
      try UnixSocketFile.open(path)
    case .inherited(let descriptor):
      channel = try await bootstrap.bind(descriptor, childChannelInitializer: setup)
      path = nil
      description = Self.describe(channel.channel.localAddress)
    }
    self.quiescing = quiescing
  }

  private static func describe(_ address: SocketAddress?) -> String {
    if let host = address?.ipAddress, let port = address?.port { return Endpoint.port(port, host: host).description }
    return "unix:\(address?.pathname ?? "")"
  }

  /// Serves connections until ``stop()``, and returns when the last one has ended.
  func run(_ serve: @escaping @Sendable (ClientConnections.Connection) async -> Void) async throws {
    try await withThrowingDiscardingTaskGroup { group in
      try await channel.executeThenClose { connections in
        for try await connection in connections { group.addTask { await serve(connection) } }
      }
    }
  }

  /// Accepts no more connections, and closes each that is open once it has the responses to its requests.
  func stop() {
    // Before the socket is closed: until then no other server takes the path.
    if let path { UnixSocketFile.remove(path) }
    quiescing.initiateShutdown(promise: nil)
  }
}
