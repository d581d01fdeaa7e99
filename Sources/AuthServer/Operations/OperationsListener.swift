internal import CoreMetrics
internal import HTTP1
internal import Logging
internal import NIOCore
internal import NIOPosix
internal import ServiceLifecycle
internal import Synchronization

/// A small server of its own for operators, at an address that clients do not reach.
///
/// It has an event loop and connections of its own, so it responds when the service has no room for another connection, and when
/// all threads of Swift's pool are busy.
struct OperationsListener: Service {
  /// Taken from the descriptors that the service leaves for the rest of the process.
  static let mostConnections = 16

  private let group: MultiThreadedEventLoopGroup
  private let channel: any Channel

  /// Listens on the address of the option.
  ///
  /// - Throws: ``StartFailure``.
  static func start(
    on address: IPEndpoint, _ readiness: Readiness, _ registry: MetricRegistry, _ logger: Logger
  ) async throws -> OperationsListener {
    Meter(label: "auth_build_info", dimensions: [("version", AuthServer.version)]).set(1)
    let process = ProcessMetrics()
    let responder = OperationsResponder(readiness: readiness) {
      process.report(to: registry)
      return registry.exposition()
    }
    let listener: OperationsListener
    do { listener = try await OperationsListener(on: address, responder) } catch {
      throw StartFailure(
        description: """
          cannot serve operations on \(address): \(Serve.reason(for: error)); choose another with --operations-listen
          """)
    }
    logger.info("/livez, /readyz and /metrics are at \(address.description(withPort: listener.port))")
    return listener
  }

  /// Listens on the address.
  init(on address: IPEndpoint, _ responder: OperationsResponder) async throws {
    group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let limits = ConnectionLimits(
      largestHead: 8 * 1024, mostFields: 100, largestBody: 0, timeout: .seconds(10), keepAliveTimeout: .seconds(75))
    let connections = ConnectionCount()
    do {
      channel = try await ServerBootstrap(group: group)
        .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        .childChannelOption(.allowRemoteHalfClosure, value: true)
        .childChannelInitializer { channel in
          guard connections.add(channel, limit: Self.mostConnections) else { return channel.close() }
          return channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHTTP1(limits)
            try channel.pipeline.syncOperations.addHandler(OperationsHandler(responder))
          }
        }
        .bind(to: address.socketAddress).get()
    } catch {
      try? await group.shutdownGracefully()
      throw error
    }
  }

  /// The port, also where 0 was asked for.
  var port: Int { channel.localAddress?.port ?? 0 }

  func run() async throws {
    try? await gracefulShutdown()
    try? await channel.close()
    try? await group.shutdownGracefully()
  }
}

/// How many connections are open.
private final class ConnectionCount: Sendable {
  private let count = Atomic(0)

  /// - Returns: whether the connection is one of the first `limit`.
  func add(_ channel: any Channel, limit: Int) -> Bool {
    channel.closeFuture.whenComplete { _ in self.count.subtract(1, ordering: .relaxed) }
    return count.add(1, ordering: .relaxed).newValue <= limit
  }
}
