internal import AuthCore
internal import AuthHTTP
internal import Hummingbird

/// The account system and its routes, which new rules replace as a whole. Requests in progress finish with the old ones.
struct RunningAuth: Reloadable {
  /// What a request is responded to with. A class, because each request passes it on a few times.
  final class Routes: Sendable {
    let responder: RouterResponder<ServerRequestContext>
    let policy: HTTPPolicy

    init(responder: RouterResponder<ServerRequestContext>, policy: HTTPPolicy) {
      self.responder = responder
      self.policy = policy
    }
  }

  let auth: Current<Auth>
  let routes: Current<Routes>

  init(_ auth: Auth, _ configuration: ServerConfiguration) {
    self.auth = Current(auth)
    routes = Current(Self.makeRoutes(auth, configuration))
  }

  func prepare(_ configuration: ServerConfiguration) -> @Sendable () -> Void {
    let auth = auth.value.with(policy: configuration.authPolicy)
    let routes = Self.makeRoutes(auth, configuration)
    return {
      self.auth.replace(with: auth)
      self.routes.replace(with: routes)
    }
  }

  private static func makeRoutes(_ auth: Auth, _ configuration: ServerConfiguration) -> Routes {
    let router = Router(context: ServerRequestContext.self)
    var policy = configuration.httpPolicy
    // Here, because which pages there are does not change with a reload.
    policy.changePasswordURL = policy.changePasswordURL ?? configuration.delivery.linkBase?.changePasswordURL
    let routes = AuthRoutes(auth: auth, policy: policy, serviceKeys: configuration.serviceKeys)
    if configuration.hasAccessLog { routes.add(to: router, recording: \.record) } else { routes.add(to: router) }
    // Added after the routes, whose responses are JSON without it, so that it runs only where the router finds no route.
    router.add(middleware: JSONErrors(for: routes))
    return Routes(responder: router.buildResponder(), policy: policy)
  }
}
