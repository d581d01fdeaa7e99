internal import AuthCore
internal import AuthHTTP
internal import Hummingbird
internal import Logging
internal import NIOCore

/// The whole service on one configuration, ready to run.
func buildApplication(_ configuration: ServerConfiguration, auth: Auth, logger: Logger) -> some ApplicationProtocol {
  // How long a client may be silent, and how long it may take to send a request: whoever does neither is cut off.
  let patience = TimeAmount.seconds(30)
  let router = Router()
  router.add(middleware: JSONErrors())
  AuthRoutes(auth: auth, policy: configuration.policy.http).add(to: router)
  return Application(
    router: router,
    server: .http1(
      configuration: .init(
        additionalChannelHandlers: [
          HTTP1Courtesy.Installer(largestBody: AuthRoutes.maximumBodyBytes, requestDeadline: patience)
        ],
        idleTimeout: patience)),
    configuration: ApplicationConfiguration(address: .hostname(configuration.host, port: configuration.port.value)),
    logger: logger)
}
