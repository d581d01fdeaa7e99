public import AuthCore
internal import HTTPTypes
public import Hummingbird

extension SessionVerifier {
  /// The open session that a request belongs to, with its user; nil for none. This is one lookup.
  ///
  /// - Throws: `AuthError` when the store is unavailable; ``AuthHTTP/RequestRefusal`` as ``AuthHTTP/HTTPPolicy/sessionID(in:)``.
  public func session(of request: Request, policy: HTTPPolicy) async throws -> CurrentSession? {
    guard let id = try policy.sessionID(in: request), let user = try await profile(for: id) else { return nil }
    return CurrentSession(id: id, user: user)
  }
}

extension HTTPPolicy {
  /// The session id that came with a request, in the cookie or as a bearer token; nil for none. It does not check whether the
  /// session is open.
  ///
  /// - Throws: ``AuthHTTP/RequestRefusal`` when it came more than once, with different values.
  public func sessionID(in request: Request) throws(RequestRefusal) -> SessionID? {
    var (cookieValue, authorization): (String?, String?)
    // Once through all headers: every request that a session protects comes here.
    for field in request.headers {
      if field.name == .cookie {
        try cookie.read(field.value, into: &cookieValue)
      } else if field.name == .authorization {
        guard authorization == nil else { throw .severalAuthorizations }
        authorization = field.value
      }
    }
    let fromCookie = cookieValue.map(SessionID.init)
    guard let bearer = authorization?.bearerToken.map(SessionID.init) else { return fromCookie }
    if let fromCookie, fromCookie.digest != bearer.digest { throw .cookieAndBearerDiffer }
    return bearer
  }
}

extension Request {
  /// The token of `Authorization: Bearer …` (RFC 6750, 2.1); nil if there is no such header or it has another scheme.
  var bearerToken: String? {
    get throws(RequestRefusal) {
      let values = headers[values: .authorization]
      guard values.count <= 1 else { throw .severalAuthorizations }
      return values.first?.bearerToken
    }
  }
}

extension String {
  /// The token of a header `Authorization`; nil if it has another scheme.
  fileprivate var bearerToken: String? {
    let scheme = utf8.prefix { $0 != UInt8(ascii: " ") }
    guard scheme.equalsIgnoringCase("bearer") else { return nil }
    return String(Substring(utf8[scheme.endIndex...].trimmingSpaces()))
  }
}
