internal import AuthCore
internal import AuthHTTP
internal import Hummingbird
internal import Logging
internal import NIOCore

/// The whole service on one configuration, ready to run.
func buildApplication(_ configuration: ServerConfiguration, auth: Auth, logger: Logger) -> some ApplicationProtocol {
  // How long a client may be silent, or take over the head of a request; how long its body may take, and it over its answers.
  let (idleTimeout, bodyDeadline, writeDeadline) = (TimeAmount.seconds(30), TimeAmount.seconds(30), TimeAmount.seconds(30))
  // In bytes: room for the cookies of a whole domain.
  let largestHead = 32 * 1024
  let router = Router(context: ServerRequestContext.self)
  AuthRoutes(auth: auth, policy: configuration.httpPolicy, serviceKey: configuration.serviceKey).add(to: router)
  // Behind the routes, whose answers are JSON anyhow: so it runs only where the router finds none.
  router.add(middleware: JSONErrors(policy: configuration.httpPolicy))
  return Application(
    router: router,
    server: .http1(
      configuration: .init(
        additionalChannelHandlers: [
          HTTP1Courtesy.Installer(
            HTTP1Courtesy(
              largestBody: AuthRoutes.maximumBodyBytes, bodyDeadline: bodyDeadline, writeDeadline: writeDeadline))
        ],
        idleTimeout: idleTimeout,
        httpDecoderConfiguration: .init(maxHeaderFieldSize: largestHead, maxHeaderListSize: largestHead))),
    configuration: ApplicationConfiguration(address: .hostname(configuration.host, port: configuration.port.value)),
    logger: logger)
}
