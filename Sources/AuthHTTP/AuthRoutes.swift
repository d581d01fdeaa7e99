public import AuthCore
internal import HTTPTypes
public import Hummingbird
internal import Logging

/// The six routes of the service, and `GET /`, for any Hummingbird router.
///
///     let router = Router()
///     router.add(middleware: JSONErrors())  // optional: 404, 405 and the like as JSON
///     AuthRoutes(auth: auth, policy: .classic).add(to: router)
///
/// Fields are read from the body: `application/x-www-form-urlencoded`, `multipart/form-data` or a JSON object. Every answer with a
/// body is a JSON object; errors have a member `message`. `Docs/HTTP.md` lists all of them.
public struct AuthRoutes: Sendable {
  /// The largest body that is read for its fields, 64 KiB: room for every field at its limit, however it is encoded. A larger one is
  /// answered 413.
  public static let maximumBodyBytes = 64 * 1024

  private let auth: Auth
  private let policy: HTTPPolicy

  public init(auth: Auth, policy: HTTPPolicy) {
    self.auth = auth
    self.policy = policy
  }

  typealias Handler = @Sendable (AuthRoutes, Request) async throws -> Response

  static let routes: [(method: HTTPRequest.Method, path: String, handler: Handler)] = [
    (.get, "/", { routes, _ in routes.welcome() }),
    (.post, "/users", { try await $0.register($1) }),
    (.post, "/sessions", { try await $0.logIn($1) }),
    (.delete, "/sessions", { try await $0.logOut($1) }),
    (.get, "/profile", { try await $0.profile($1) }),
    (.post, "/reset_password", { try await $0.requestReset($1) }),
    (.put, "/reset_password", { try await $0.updatePassword($1) }),
  ]

  /// Adds the routes. `HEAD` works where `GET` does.
  public func add<Context: RequestContext>(to router: some RouterMethods<Context>) {
    for (method, path, handler) in Self.routes {
      router.on(RouterPath(path), method: method) { request, context in
        try await respond(request, context.logger, with: handler)
      }
      if method == .get {
        router.on(RouterPath(path), method: .head) { request, context in
          try await respond(request, context.logger, with: handler).createHeadResponse()
        }
      }
    }
  }

  private func respond(_ request: Request, _ logger: Logger, with handler: Handler) async throws -> Response {
    do {
      return try await handler(self, request)
    } catch let error as FormError {
      return error.response
    } catch let error as AuthError {
      // Neither the client nor anybody who reads its answer can mend the store.
      if case .unavailable = error { logger.error("\(error)") }
      return Response(error)
    }
  }
}

// MARK: - The routes

extension AuthRoutes {
  private func welcome() -> Response {
    Response(json: ["message": "Bienvenue"])
  }

  private func register(_ request: Request) async throws -> Response {
    let form = try await Form(request)
    let (email, password) = try (form.text(.email), form.text(.password))
    do {
      let user = try await auth.register(email: email, password: password)
      return Response(json: ["email": user.email.text, "message": "user created"])
    } catch .userExists {
      return Response(.badRequest, message: "email already registered")
    } catch .invalidEmail(let problem) {
      return FormError.refused(.email, problem.description).response
    } catch .invalidPassword(let problem) {
      return FormError.refused(.password, problem.description).response
    }
  }

  private func logIn(_ request: Request) async throws -> Response {
    let form = try await Form(request)
    guard let logIn = try await auth.logIn(email: form.text(.email), password: form.text(.password)) else {
      var response = Response(.unauthorized, message: "wrong email or password")
      // RFC 9110, 11.6.1 demands a challenge. `Basic` would make browsers ask for a password of their own.
      response.headers[.wwwAuthenticate] =
        #"Cookie realm="auth", form-action="/sessions", cookie-name="\#(policy.cookie.name)""#
      return response
    }
    var response = Response(json: ["email": logIn.user.email.text, "message": "logged in"])
    response.headers[.setCookie] = policy.cookie.setting(logIn.sessionID, lifetime: auth.policy.sessionLifetime)
    return response
  }

  private func logOut(_ request: Request) async throws -> Response {
    guard try await auth.logOut(policy.cookie.sessionID(in: request)) else { return .notLoggedIn }
    return Response(
      status: policy.logOutStatus,
      headers: [.location: policy.logOutPath, .setCookie: policy.cookie.clearing])
  }

  private func profile(_ request: Request) async throws -> Response {
    guard let user = try await auth.getUserFromSessionID(policy.cookie.sessionID(in: request)) else { return .notLoggedIn }
    return Response(json: ["email": user.email.text])
  }

  private func requestReset(_ request: Request) async throws -> Response {
    let email = try await Form(request).text(.email)
    guard policy.answersWithResetToken else {
      return Response(.forbidden, message: "reset tokens are not given out in answers under this policy")
    }
    let reset = try await auth.getResetPasswordToken(email: email)
    return Response(json: ["email": reset.user.email.text, "reset_token": reset.token.text])
  }

  private func updatePassword(_ request: Request) async throws -> Response {
    let form = try await Form(request)
    let (email, token, password) = try (form.text(.email), form.text(.resetToken), form.text(.newPassword))
    do {
      let user = try await auth.updatePassword(resetToken: ResetToken(token), password: password, email: email)
      return Response(json: ["email": user.email.text, "message": "Password updated"])
    } catch .invalidPassword(let problem) {
      return FormError.refused(.newPassword, problem.description).response
    }
  }
}
