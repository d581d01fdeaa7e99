public import AuthCore
public import Hummingbird

/// How the session id travels in a cookie. Scripts never see it (`HttpOnly`), and other sites' forms do not send it
/// (`SameSite=Lax`).
public struct SessionCookie: Sendable, Equatable {
  public let name: String

  /// Whether browsers send it over TLS alone, and keep it until the session ends rather than until they are closed.
  public let isSecure: Bool

  /// `session_id`, sent over plain HTTP too.
  public static let classic = SessionCookie(name: "session_id", isSecure: false)

  /// `__Host-session_id`: a browser takes it only from this very host, over TLS (RFC 6265bis, section 4.1.3.2).
  public static let strict = SessionCookie(name: "__Host-session_id", isSecure: true)

  /// The session id that came with a request, if any.
  public func sessionID(in request: Request) -> SessionID? {
    request.cookies[name].map { SessionID($0.value) }
  }

  /// The value of `Set-Cookie` that opens the session in a browser.
  func opening(_ logIn: LogIn, lifetime: Duration) -> String {
    header(logIn.sessionID.text, maxAge: isSecure ? lifetime : nil)
  }

  /// The value of `Set-Cookie` that makes a browser forget the session.
  var closing: String { header("", maxAge: .zero) }

  // By hand, because Hummingbird's Cookie prints its attributes in an order that changes from one run to the next.
  private func header(_ value: String, maxAge: Duration?) -> String {
    var header = "\(name)=\(value); Path=/; HttpOnly; SameSite=Lax"
    if isSecure { header += "; Secure" }
    if let maxAge { header += "; Max-Age=\(maxAge.components.seconds)" }
    return header
  }
}
