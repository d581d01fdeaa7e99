internal import AuthHTTP
internal import CoreMetrics
internal import Glibc
internal import HTTP1
internal import Hummingbird
internal import HummingbirdCore
internal import Logging
internal import NIOPosix
internal import ServiceLifecycle

/// The whole service over HTTP on one configuration, ready to run.
func buildService(
  _ configuration: ServerConfiguration, routes: Current<RunningAuth.Routes>, logger: Logger, accessLog: AccessLog? = nil,
  onRunning: @escaping @Sendable () -> Void = {}
) -> any Service {
  let limit = mostConnections()
  Meter(label: "auth_http_connections_limit").set(limit)
  return HTTP1Service(
    routes: routes, accessLog: accessLog,
    limits: ConnectionLimits(
      // In bytes: room for the cookies of a whole domain.
      largestHead: 32 * 1024,
      mostFields: 1_000,
      largestBody: AuthRoutes.maximumBodyBytes,
      timeout: .seconds(30),
      keepAliveTimeout: .seconds(Int64(configuration.keepAliveTimeout.value)))
  ).server(
    configuration: HummingbirdCore.ServerConfiguration(
      address: .hostname(configuration.host, port: configuration.port.value),
      availableConnectionsDelegate: MaximumAvailableConnections(limit, logger: logger)),
    onServerRunning: { _ in onRunning() },
    eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: logger)
}

/// As many as the process has file descriptors for, except those that it needs itself. Any more wait in the kernel: a server that
/// accepts connections until it has no descriptors left spends all its time retrying.
private func mostConnections() -> Int {
  let own = 64
  var limit = rlimit()
  // SAFETY: the structure is written before the call returns.
  guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1024 - own }
  return max(8, Int(clamping: limit.rlim_cur) - own)
}
