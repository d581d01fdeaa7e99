internal import AuthCore
internal import HTTPTypes
internal import Hummingbird

/// The cookie that carries the session id. Scripts cannot read it (`HttpOnly`), and other sites' forms do not send it
/// (`SameSite=Lax`).
public struct SessionCookie: Sendable, Equatable {
  /// The name of the cookie.
  public let name: String

  /// Whether browsers send it over TLS only.
  public let isSecure: Bool

  /// The domain whose hosts all get the cookie; nil for the host that set it alone.
  public let domain: String?

  /// `session_id`, which is sent over plain HTTP as well.
  public static let classic = SessionCookie(name: "session_id", isSecure: false)

  /// `__Host-session_id`: browsers accept it from this host only, over TLS (RFC 6265bis, section 4.1.3.2).
  public static let strict = SessionCookie(name: "__Host-session_id", isSecure: true)

  /// `__Secure-session_id`, for sessions across sibling hosts: browsers send it to the domain and to every host under it, over
  /// TLS.
  ///
  /// This is weaker than ``strict``. Every one of those hosts gets the session id, and every one, even over plain HTTP in older
  /// browsers, can plant a cookie of its own in its place and so have a user act in another session: all of them must be yours.
  public static func strict(domain: String) -> SessionCookie {
    SessionCookie(name: "__Secure-session_id", isSecure: true, domain: domain)
  }

  /// Creates a cookie. Browsers refuse one whose name begins with `__Host-` unless it is secure and without a domain.
  public init(name: String, isSecure: Bool, domain: String? = nil) {
    self.name = name
    self.isSecure = isSecure
    self.domain = domain
  }

  /// The session id in a request's cookie; nil for none.
  ///
  /// If there are several cookies with this name, the first one is used. For a secure cookie, different values are an
  /// error: one of them was planted.
  ///
  /// - Throws: ``RequestRefusal/severalCookies``.
  func sessionID(in request: Request) throws(RequestRefusal) -> SessionID? {
    let values = values(in: request)
    guard let first = values.first else { return nil }
    guard !isSecure || values.dropFirst().allSatisfy({ $0.hasSameBytes(as: first) }) else { throw .severalCookies }
    return SessionID(first)
  }

  private func values(in request: Request) -> [String] {
    // Hummingbird's own lookup keeps the spaces and quotation marks that some clients put around a value (RFC 6265, 4.1.1).
    var values: [String] = []
    for field in request.headers where field.name == .cookie {
      var rest = field.value.utf8[...]
      while !rest.isEmpty {
        let pair = rest.prefix { $0 != UInt8(ascii: ";") }
        rest = rest[pair.endIndex...].dropFirst()
        guard let sign = pair.firstIndex(of: UInt8(ascii: "=")) else { continue }
        guard pair[..<sign].trimmingSpaces().elementsEqual(name.utf8) else { continue }
        values.append(String(Substring(Self.unquoted(pair[sign...].dropFirst().trimmingSpaces()))))
      }
    }
    return values
  }

  /// The value of a `Set-Cookie` header that gives a browser the session id.
  ///
  /// - Parameter lifetime: how long the browser keeps it; nil for until it is closed.
  func setting(_ sessionID: SessionID, lifetime: Duration?) -> String {
    header(sessionID.text, maxAge: lifetime)
  }

  /// The value of a `Set-Cookie` header that makes a browser forget the session id.
  public var clearing: String { header("", maxAge: .zero) }

  private static func unquoted(_ text: Substring.UTF8View) -> Substring.UTF8View {
    let quote = UInt8(ascii: "\"")
    return text.count >= 2 && text.first == quote && text.last == quote ? text.dropFirst().dropLast() : text
  }

  // Hummingbird's Cookie prints its attributes in an order that changes from one run to the next.
  private func header(_ value: String, maxAge: Duration?) -> String {
    var header = "\(name)=\(value); Path=/; HttpOnly; SameSite=Lax"
    if isSecure { header += "; Secure" }
    if let domain { header += "; Domain=\(domain)" }
    if let maxAge { header += "; Max-Age=\(maxAge.components.seconds)" }
    return header
  }
}
