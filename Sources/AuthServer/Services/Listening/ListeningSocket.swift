internal import HTTP1
internal import NIOCore
internal import NIOExtras
internal import NIOPosix
internal import ServiceLifecycle

/// A socket on which the server accepts connections.
struct ListeningSocket: CustomStringConvertible {
  private let channel: NIOAsyncChannel<ClientConnections.Connection, Never>
  private let quiescing: ServerQuiescingHelper
  private let acceptHandler: NIOLoopBound<AcceptHandler>
  /// The file of a Unix socket that the server has made.
  private let file: UnixSocketFile?
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
  /// - Parameter limit: how many connections are open at the same time, those of other sockets included.
  init(
    _ source: Source, limit: ConnectionLimit,
    setup: @escaping @Sendable (any Channel) -> EventLoopFuture<ClientConnections.Connection>
  ) async throws {
    let group = MultiThreadedEventLoopGroup.singleton
    let quiescing = ServerQuiescingHelper(group: group)
    // That of the socket.
    let eventLoop = group.next()
    let acceptHandler = try await eventLoop.submit { NIOLoopBound(AcceptHandler(eventLoop), eventLoop: eventLoop) }.get()
    let setup = { @Sendable (connection: any Channel) in
      let isSetUp = setup(connection)
      isSetUp.whenFailure { _ in eventLoop.execute { acceptHandler.value.noteSetUp() } }
      return isSetUp
    }
    let bootstrap = ServerBootstrap(group: eventLoop, childGroup: group)
      .serverChannelOption(.backlog, value: 256)
      .childChannelOption(.allowRemoteHalfClosure, value: true)
      .serverChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let handlers = channel.pipeline.syncOperations
          try handlers.addHandler(acceptHandler.value)
          try handlers.addHandler(limit.makeHandler())
          try handlers.addHandler(quiescing.makeServerChannelHandler(channel: channel))
        }
      }
    switch source {
    case .endpoint(.port(let port, let host)):
      channel = try await bootstrap.serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        .bind(host: host, port: port, childChannelInitializer: setup)
      file = nil
      description = Endpoint.port(channel.channel.localAddress?.port ?? port, host: host).description
    case .endpoint(.unixSocket(let path)):
      let file = try UnixSocketFile(claiming: path)
      channel = try await bootstrap.bind(unixDomainSocketPath: path, childChannelInitializer: setup)
      self.file = file
      description = "unix:\(path)"
      try file.open()
    case .inherited(let descriptor):
      channel = try await bootstrap.bind(descriptor, childChannelInitializer: setup)
      file = nil
      description = Self.describe(channel.channel.localAddress)
    }
    self.quiescing = quiescing
    self.acceptHandler = acceptHandler
  }

  private static func describe(_ address: SocketAddress?) -> String {
    if let host = address?.ipAddress, let port = address?.port { return Endpoint.port(port, host: host).description }
    return "unix:\(address?.pathname ?? "")"
  }

  /// Serves connections until ``stop()``, and returns when the last one has ended.
  ///
  /// - Throws: ``StartFailure`` if the socket accepts no more connections, which NIO ends without an error: its clients would be
  ///   lost, while the server seems to be well.
  func run(_ serve: @escaping @Sendable (ClientConnections.Connection) async -> Void) async throws {
    try await withThrowingDiscardingTaskGroup { group in
      try await channel.executeThenClose { connections in
        for try await connection in connections {
          channel.channel.eventLoop.execute { [acceptHandler] in acceptHandler.value.noteSetUp() }
          group.addTask { await serve(connection) }
        }
        guard Task.isShuttingDownGracefully || Task.isCancelled else {
          throw StartFailure(description: "stopped listening on \(self), because accepting a connection failed")
        }
      }
    }
  }

  /// Accepts no more connections, and closes each that is open once it has the responses to its requests.
  func stop() {
    // Before the socket is closed: until then no other server takes the path.
    file?.remove()
    channel.channel.eventLoop.execute { [quiescing, acceptHandler] in
      acceptHandler.value.stop { quiescing.initiateShutdown(promise: nil) }
    }
  }
}
