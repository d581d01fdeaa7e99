internal import AuthHTTP
internal import CoreMetrics
internal import Glibc
internal import HTTP1
internal import Logging
internal import ServiceLifecycle

/// The service to clients: accepts their connections, and serves them.
struct HTTPServer: Service {
  private let sockets: [ListeningSocket]
  private let connections: ClientConnections
  private let logger: Logger
  private let onRunning: @Sendable () -> Void

  /// Begins to listen, on the sockets that were passed to the process or else where the configuration says. Connections wait
  /// until ``run()``.
  ///
  /// - Throws: ``StartFailure``.
  init(
    _ configuration: ServerConfiguration, inherited: [CInt], connections: ClientConnections, logger: Logger,
    onRunning: @escaping @Sendable () -> Void
  ) async throws {
    let sources: [ListeningSocket.Source] =
      inherited.isEmpty ? configuration.endpoints.map { .endpoint($0) } : inherited.map { .inherited($0) }
    if !inherited.isEmpty, !configuration.endpointSettings.isEmpty {
      let settings = configuration.endpointSettings.joined(separator: ", ")
      logger.warning("not used, because the server was passed the sockets to listen on: \(settings)")
    }
    Meter(label: "auth_http_connections_limit").set(Self.mostConnections)
    let limit = ConnectionLimit(Self.mostConnections)
    var sockets: [ListeningSocket] = []
    for source in sources {
      do {
        sockets.append(try await ListeningSocket(source, limit: limit) { connections.setup($0) })
      } catch {
        for socket in sockets { socket.stop() }
        throw Self.failure(source, error)
      }
    }
    (self.sockets, self.connections, self.logger, self.onRunning) = (sockets, connections, logger, onRunning)
  }

  func run() async throws {
    try await withGracefulShutdownHandler {
      for socket in sockets { logger.info("Server started and listening on \(socket)") }
      onRunning()
      try await withThrowingDiscardingTaskGroup { group in
        for socket in sockets {
          group.addTask { try await socket.run { await connections.serve($0, logger: logger) } }
        }
      }
    } onGracefulShutdown: {
      for socket in sockets { socket.stop() }
    }
  }

  /// As many as the process has file descriptors for, except those that it needs itself.
  private static var mostConnections: Int {
    let own = 64
    var limit = rlimit()
    // SAFETY: the structure is written before the call returns.
    guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1024 - own }
    return max(8, Int(clamping: limit.rlim_cur) - own)
  }

  private static func failure(_ source: ListeningSocket.Source, _ error: any Error) -> StartFailure {
    if let error = error as? StartFailure { return error }
    let reason = Serve.reason(for: error)
    return switch source {
    case .endpoint(let endpoint):
      StartFailure(description: "cannot serve on \(endpoint): \(reason); choose another place with --host, --port or --listen")
    case .inherited(let descriptor):
      StartFailure(description: "cannot serve on descriptor \(descriptor), which was passed to the server: \(reason)")
    }
  }
}
