public import AuthCore

/// How an `Auth` is served over HTTP: the cookie, the routes, and which origins and proxies are trusted.
///
///     var policy = HTTPPolicy(for: auth.policy)
///     policy.trustedProxies = [IPNetwork("10.0.0.0/8")!]
///
/// It cannot loosen the `AuthPolicy` that it was made for. Whether a response contains reset tokens, whether requests from other
/// sites are refused, and the status of a logout follow from that one alone.
public struct HTTPPolicy: Sendable, Equatable {
  /// The cookie that carries the session id. ``SessionCookie/classic`` also travels over plain HTTP, for development.
  public var cookie: SessionCookie

  /// The features whose routes ``AuthRoutes`` adds. Leave out those for which the application has routes of its own.
  public var features: [AuthRoutes.Feature]

  /// The path to which a logout redirects; nil for the root of the routes or, if they are in a group, of the group.
  public var logoutPath: String?

  /// Whether a logout and the deletion of an account make browsers delete all that they store for the site (`Clear-Site-Data`):
  /// its cache, and what the application itself keeps in `localStorage`, IndexedDB and service workers. Otherwise only the
  /// session cookie is deleted. The default is false: the origin of the routes is usually that of an application.
  public var clearsSiteData: Bool

  /// The other origins whose pages may send requests that change something, and read the responses of ``AuthRoutes``:
  /// `https://app.example.org`. For routes of the application's own, Hummingbird has a `CORSMiddleware`.
  public var allowedOrigins: [String] {
    didSet { origins = allowedOrigins.compactMap { WebOrigin($0) } }
  }

  /// ``allowedOrigins``, parsed.
  private(set) var origins: [WebOrigin] = []

  /// The proxies whose `X-Forwarded-For` is believed. For all other requests the IP address of the connection is used.
  public var trustedProxies: [IPNetwork]

  /// The headers with which ``AuthRoutes/Feature/verification`` tells a proxy whose session a request
  /// belongs to.
  public var identityHeaders: [IdentityHeader]

  /// The URL of the login page to which ``AuthRoutes/Feature/verification`` sends browsers without a session; nil for a 401. The
  /// page gets the URL that was asked for in the parameter `next`, if a trusted proxy tells it and its origin is allowed.
  public var loginURL: String?

  /// The URL of the page in which users change their password, to which `/.well-known/change-password` leads; nil for none.
  public var changePasswordURL: String?

  /// How the pages of ``AuthRoutes/Feature/pages`` look; nil for no pages.
  public var pages: PageStyle?

  package let profile: AuthPolicy.Profile
  private let sessionLifetime: Duration

  /// Creates the policy that goes with an `AuthPolicy`. It has every feature that suits an application with pages of its own: all
  /// that the policy offers but ``AuthRoutes/Feature/home`` and ``AuthRoutes/Feature/openAPI``.
  public init(for policy: AuthPolicy) {
    cookie = policy.profile == .strict ? .strict : .classic
    features = AuthRoutes.Feature.all.filter { $0.defaultProfiles.contains(policy.profile) }
    logoutPath = nil
    clearsSiteData = false
    allowedOrigins = []
    trustedProxies = []
    identityHeaders = IdentityHeader.defaults
    loginURL = nil
    changePasswordURL = nil
    pages = nil
    profile = policy.profile
    sessionLifetime = policy.sessions.lifetime
  }

  /// The value of the `Set-Cookie` header that gives a browser the session of a login. Browsers keep a secure cookie for as long
  /// as the session can last if the user asked to be remembered, and forget any other when they are closed.
  /// ``SessionCookie/clearing`` takes it back.
  public func setCookie(for login: Login) -> String {
    cookie.setting(login.sessionID, lifetime: login.isRemembered && cookie.isSecure ? sessionLifetime : nil)
  }
}
