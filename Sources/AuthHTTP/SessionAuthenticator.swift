public import AuthCore
public import Hummingbird

/// Puts the session of a request into its context: ``SessionRequestContext/session``. A request without an open session
/// continues with nil.
///
///     router.add(middleware: SessionAuthenticator(auth: auth))
///     router.get("/") { _, context in "Hello, \(context.session?.user.email.text ?? "stranger")" }
///
/// It reads the cookie or the bearer token. When the store is unavailable the response is 503, so no user seems logged out.
public struct SessionAuthenticator<Context: SessionRequestContext>: RouterMiddleware {
  @usableFromInline let verifier: any SessionVerifier
  @usableFromInline let policy: HTTPPolicy

  /// - Parameters:
  ///   - auth: knows whose sessions there are.
  ///   - policy: by default `HTTPPolicy(for: auth.policy)`.
  public init(auth: Auth, policy: HTTPPolicy? = nil) {
    self.init(verifier: auth, policy: policy ?? HTTPPolicy(for: auth.policy))
  }

  /// For sessions that another service has opened.
  ///
  /// - Parameters:
  ///   - verifier: knows whose session an id is, such as the `AuthClient` of an `AuthServer`.
  ///   - policy: says which cookie has the id.
  public init(verifier: some SessionVerifier, policy: HTTPPolicy = HTTPPolicy(for: .strict)) {
    self.verifier = verifier
    self.policy = policy
  }

  /// Looks the session up, and passes the request on.
  @inlinable
  @concurrent
  public func handle(
    _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
  ) async throws -> Response {
    try await next(request, authenticated(context, of: request))
  }

  /// The context, with the session if there is one. A session that the context already has is not looked up again.
  // Inlinable, so that it is compiled for the context of the application: otherwise a check takes a twentieth longer.
  @inlinable
  func authenticated(_ context: Context, of request: Request) async throws -> Context {
    guard context.session == nil else { return context }
    var context = context
    // Not by `session(of:policy:)`, which is generic, and costs a fifth of the lookup more.
    if let id = try policy.sessionID(in: request), let user = try await verifier.profile(for: id) {
      context.session = CurrentSession(id: id, user: user)
    }
    return context
  }
}
