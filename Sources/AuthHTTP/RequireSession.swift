public import AuthCore
internal import HTTPTypes
public import Hummingbird

/// Lets through only requests that belong to an open session. All others get a 401 or, if a browser asked for a page, a redirect
/// to the login page.
///
///     let members = router.group(requiring: RequireSession(auth: auth, loginPage: "/login"))
///     members.get("/dashboard") { _, context in "Hello, \(context.user.email)" }
///
/// It works on its own or after ``SessionAuthenticator``; the session is looked up only once. Under a strict `Auth` it also
/// refuses requests that a page of another site made a browser send, as ``CrossSiteProtection`` does.
public struct RequireSession<Context: SessionRequestContext>: RouterMiddleware {
  @usableFromInline let authenticator: SessionAuthenticator<Context>
  @usableFromInline let refusesCrossSite: Bool
  @usableFromInline let loginPage: String?

  /// - Parameters:
  ///   - auth: knows whose sessions there are.
  ///   - policy: by default `HTTPPolicy(for: auth.policy)`.
  ///   - loginPage: the path of the login page, with or without a query. The page reads from `request.pathAfterLogin` where to
  ///     return to. nil for an application without pages, where every refusal is a 401.
  public init(auth: Auth, policy: HTTPPolicy? = nil, loginPage: String? = nil) {
    authenticator = SessionAuthenticator(auth: auth, policy: policy)
    refusesCrossSite = auth.policy.profile == .strict
    self.loginPage = loginPage
  }

  /// For sessions that another service has opened, under `strict` unless the policy says otherwise.
  ///
  ///     let session = RequireSession<BasicSessionRequestContext>(verifier: client)
  ///
  /// - Parameters:
  ///   - verifier: knows whose session an id is, such as the `AuthClient` of an `AuthServer`.
  ///   - policy: says which cookie has the id, and which other origins are allowed.
  ///   - loginPage: as for an `Auth`.
  public init(
    verifier: some SessionVerifier, policy: HTTPPolicy = HTTPPolicy(for: .strict), loginPage: String? = nil
  ) {
    authenticator = SessionAuthenticator(verifier: verifier, policy: policy)
    refusesCrossSite = policy.profile == .strict
    self.loginPage = loginPage
  }

  /// Passes the request on, or refuses it.
  @inlinable
  @concurrent
  public func handle(
    _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
  ) async throws -> Response {
    if refusesCrossSite { try authenticator.policy.refuseCrossSite(request) }
    let context = try await authenticator.authenticated(context, of: request)
    guard context.session == nil else { return try await next(request, context) }
    return try loginRedirect(for: request)
  }

  @usableFromInline
  func loginRedirect(for request: Request) throws(AuthError) -> Response {
    guard let loginPage, request.wantsPage else { throw AuthError.invalidSession }
    let separator = loginPage.utf8.contains(UInt8(ascii: "?")) ? "&" : "?"
    return Response(
      status: .seeOther, headers: [.location: "\(loginPage)\(separator)next=\(request.encodedTarget)"] + SecurityHeaders.fields)
  }
}

extension RouterMethods where Context: SessionRequestContext {
  /// Returns a group whose routes need an open session. Their handlers read ``LoggedInContext/user`` and
  /// ``LoggedInContext/session``.
  public func group(
    _ path: RouterPath = "", requiring session: RequireSession<Context>
  ) -> RouterGroup<LoggedInContext<Context>> {
    group(path).add(middleware: session).group(context: LoggedInContext<Context>.self)
  }
}

extension Request {
  /// The page to show after a login, from the parameter `next` that ``RequireSession`` adds to the path of the login page. nil
  /// when there is none, or when it could lead to another site.
  public var pathAfterLogin: String? {
    guard let next = queryValue("next") else { return nil }
    let bytes = Array(next.utf8).percentDecoded
    // Browsers skip line breaks and tabs, and take `\` for `/`; `//host` is another site (WHATWG URL, 4.4).
    guard bytes.first == UInt8(ascii: "/"), bytes.dropFirst().first != UInt8(ascii: "/"),
      bytes.allSatisfy({ (0x21...0x7e).contains($0) && $0 != UInt8(ascii: "\\") })
    else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Whether a browser asks for a page to show, rather than a script for data: only then does `Accept` name HTML.
  fileprivate var wantsPage: Bool { (method == .get || method == .head) && accepts("text/html") }

  /// The path and query of this request, as the value of a parameter in a query.
  fileprivate var encodedTarget: String {
    Self.encodedParameter(uri.path + (uri.query.map { "?" + $0 } ?? ""))
  }

  /// A text as the value of a parameter in a query.
  static func encodedParameter(_ text: String) -> String {
    text.percentEncoded { $0.isUnreserved || $0 == UInt8(ascii: "/") }
  }
}
