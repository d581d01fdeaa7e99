internal import AuthCore
internal import AuthHTTP
internal import Hummingbird
internal import Logging

/// The whole service on one configuration, ready to run.
func buildApplication(_ configuration: ServerConfiguration, auth: Auth, logger: Logger) -> some ApplicationProtocol {
  let router = Router()
  router.add(middleware: JSONErrors())
  AuthRoutes(auth: auth, policy: configuration.policy.http).add(to: router)
  return Application(
    router: router,
    // A connection on which nothing comes for so long, or no request that is whole, is closed.
    server: .http1(configuration: .init(idleTimeout: .seconds(30))),
    configuration: ApplicationConfiguration(address: .hostname(configuration.host, port: configuration.port.value)),
    logger: logger)
}
