internal import AuthCore
internal import AuthHTTP
internal import Hummingbird
internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import NIOPosix
internal import ServiceLifecycle

/// The whole service over HTTP on one configuration, ready to run.
func buildService(_ configuration: ServerConfiguration, auth: Auth, logger: Logger) -> any Service {
  let router = Router(context: ServerRequestContext.self)
  AuthRoutes(auth: auth, policy: configuration.httpPolicy, serviceKey: configuration.serviceKey).add(to: router)
  // Behind the routes, whose answers are JSON anyhow: so it runs only where the router finds none.
  router.add(middleware: JSONErrors(policy: configuration.httpPolicy))
  return HTTP1Service(
    responder: router.buildResponder(),
    // In bytes: room for the cookies of a whole domain.
    largestHead: 32 * 1024,
    largestBody: AuthRoutes.maximumBodyBytes,
    timeout: .seconds(30)
  ).server(
    configuration: HummingbirdCore.ServerConfiguration(address: .hostname(configuration.host, port: configuration.port.value)),
    onServerRunning: { channel in
      // Without it a server that has no descriptor left for a connection tries again at once, and again.
      try? await channel.eventLoop.submit {
        try channel.pipeline.syncOperations.addHandler(AcceptBackoffHandler(shouldForwardIOErrorCaught: false))
      }.get()
    },
    eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: logger)
}
