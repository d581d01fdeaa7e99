internal import AuthCore
internal import HTTPTypes
internal import Hummingbird

/// A request on its way through ``AuthRoutes``, and what the policy says of it.
struct Exchange: Sendable {
  let request: Request
  let parameters: Parameters
  let policy: HTTPPolicy
  /// The other end of the connection, and what the request is called in logs. Asked only where they are needed: profiles, which are asked
  /// for more often than all else, need neither.
  let source: @Sendable () -> (peer: IPAddress?, requestID: String?)

  /// Who asks.
  var client: Client {
    let (peer, requestID) = source()
    return Client(
      address: peer.map { policy.clientAddress(peer: $0, forwardedFor: request.headers[values: .forwardedFor]) },
      userAgent: request.headers[.userAgent], requestID: requestID)
  }

  /// The session id that came with the request, in the cookie or as a bearer token; nil for none.
  ///
  /// - Throws: ``CredentialsError``, when it came twice, and different.
  var sessionID: SessionID? {
    get throws(CredentialsError) {
      let cookie = try policy.cookie.onlySessionID(in: request)
      guard let bearer = try request.bearerToken.map(SessionID.init) else { return cookie }
      if let cookie, cookie.digest != bearer.digest { throw .cookieAndBearerDiffer }
      return bearer
    }
  }

  /// The first value of a parameter in the query, as it was written. Hummingbird's own lookup hashes all names as Swift does, for some
  /// in seconds.
  func queryValue(_ name: String) -> Substring? {
    for pair in (request.uri.query ?? "").utf8.split(separator: UInt8(ascii: "&")) {
      let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      if parts[0].elementsEqual(name.utf8) { return parts.count > 1 ? Substring(parts[1]) : "" }
    }
    return nil
  }

  /// - Throws: ``CredentialsError/crossSite``, when a page of another site is to have sent what changes something.
  func refuseCrossSite() throws(CredentialsError) {
    guard policy.refusesCrossSiteRequests, request.method != .get, request.method != .head else { return }
    guard !policy.isFromElsewhere(request) else { throw .crossSite }
  }
}

/// Why a request is not looked at any further. Nothing was changed.
enum CredentialsError: Error {
  case severalCookies
  case severalAuthorizations
  case cookieAndBearerDiffer
  case crossSite
  case wrongServiceKey

  var response: Response {
    switch self {
    case .severalCookies: Response(.badRequest, message: "the session cookie came more than once, with different values")
    case .severalAuthorizations: Response(.badRequest, message: "the header Authorization came more than once")
    case .cookieAndBearerDiffer:
      Response(.badRequest, message: "the session cookie and the bearer token are of different sessions; send one of them")
    case .crossSite: Response(.forbidden, message: "requests from pages of other sites are refused")
    case .wrongServiceKey: Response(.forbidden, message: "the service key is wrong")
    }
  }
}

extension Request {
  /// The token of `Authorization: Bearer …` (RFC 6750, 2.1); nil for no such header and for other schemes.
  var bearerToken: String? {
    get throws(CredentialsError) {
      let values = headers[values: .authorization]
      guard values.count <= 1 else { throw .severalAuthorizations }
      guard let value = values.first?.utf8 else { return nil }
      let scheme = value.prefix { $0 != UInt8(ascii: " ") }
      guard scheme.equalsIgnoringCase("bearer") else { return nil }
      return String(Substring(value[scheme.endIndex...].trimmingSpaces()))
    }
  }
}
