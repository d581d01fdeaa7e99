internal import AuthCore
internal import HTTPTypes
internal import Hummingbird

extension AuthRoutes.Feature {
  /// `/verify`, and every path below it, for every method: whose session this is, for proxies, in headers alone.
  ///
  /// A proxy asks before it passes a request on to an application (nginx calls it `auth_request`, others forward authentication
  /// or external authorization). 200 with ``HTTPPolicy/identityHeaders``, or 401. Envoy asks for the path of the request below
  /// the one that it was given, with the request's method.
  public static let verification = Self(
    "verification", defaultUnder: [.classic, .strict],
    [
      .init(below: "/verify") {
        try await $0.verify($1)
      } describedBy: { routes in
        let challenge = Operation.Outcome(
          status: .unauthorized, headers: [.wwwAuthenticate], optionalHeaders: routes.policy.loginURL == nil ? [] : [.location])
        let redirect = Operation.Outcome(status: .found, headers: [.location, .wwwAuthenticate])
        return Operation(
          id: "verify", summary: "Whose session this is, for proxies: in headers. The same at every path below.",
          credential: .session(isRequired: true), work: .none,
          outcomes: [
            .init(status: .ok, headers: routes.policy.identityHeaders.map(\.fieldName)), challenge,
            .init(status: .serviceUnavailable, headers: [.retryAfter]),
          ] + (routes.policy.loginURL == nil ? [] : [redirect]))
      }
    ])
}

extension AuthRoutes {
  fileprivate func verify(_ exchange: Exchange) async throws -> Response {
    // A proxy takes a 400 for a fault, so two different sessions count as none.
    guard let sessionID = try? exchange.sessionID, let profile = try await auth.profile(for: sessionID) else {
      return unverified(exchange)
    }
    exchange.record?.note(profile.id)
    var headers = SecurityHeaders.fields
    for header in policy.identityHeaders { headers[header.fieldName] = header.value(of: profile, sessionID) }
    return Response(status: .ok, headers: headers)
  }

  private func unverified(_ exchange: Exchange) -> Response {
    var response = Response(
      status: .unauthorized, headers: [.wwwAuthenticate: Problem.sessionChallenge] + SecurityHeaders.fields)
    guard let loginURL = policy.loginURL else { return response }
    // Also with the 401: nginx takes no redirect from here, but can make one of it.
    response.headers[.location] = policy.location(loginURL, returningTo: originalURL(exchange))
    if exchange.request.accepts("text/html") { response.status = .found }
    return response
  }

  /// The URL that the client asked the proxy for, if a trusted proxy tells it and its origin is allowed: a login page must not
  /// send anyone to another place.
  private func originalURL(_ exchange: Exchange) -> String? {
    guard let peer = exchange.source().peer, policy.isTrusted(peer), let original = originalURLAsTold(exchange) else {
      return nil
    }
    let path = original.path.utf8
    // Browsers take `\` for `/`, and skip line breaks and tabs (WHATWG URL, 4.4).
    guard path.first == UInt8(ascii: "/"), path.allSatisfy({ (0x21...0x7e).contains($0) && $0 != UInt8(ascii: "\\") }),
      let origin = WebOrigin(original.origin), policy.origins.contains(origin)
    else { return nil }
    return origin.description + original.path
  }

  private func originalURLAsTold(_ exchange: Exchange) -> (origin: Substring, path: Substring)? {
    let headers = exchange.request.headers
    if headers[.originalURL] != nil {
      guard let url = headers.only(.originalURL), let separator = url.utf8.firstRange(of: "://".utf8) else { return nil }
      let pathStart = url.utf8[separator.upperBound...].firstIndex(of: UInt8(ascii: "/")) ?? url.endIndex
      return (url[..<pathStart], pathStart == url.endIndex ? "/" : url[pathStart...])
    }
    guard let scheme = headers.only(.forwardedProto) else { return nil }
    let host = headers[.forwardedHost] == nil ? exchange.request.head.authority : headers.only(.forwardedHost)
    let path = headers[.forwardedURI] == nil ? exchange.targetBelowRoute : headers.only(.forwardedURI)
    guard let host, let path else { return nil }
    return ("\(scheme)://\(host)", path[...])
  }
}

extension HTTPPolicy {
  fileprivate func location(_ page: String, returningTo url: String?) -> String {
    guard let url else { return page }
    return page + (page.utf8.contains(UInt8(ascii: "?")) ? "&" : "?") + "next=" + Request.encodedParameter(url)
  }
}

extension HTTPFields {
  /// The value of a header that came once. Of several, one may come from the client.
  fileprivate func only(_ name: HTTPField.Name) -> String? {
    let values = self[values: name]
    return values.count == 1 ? values[0] : nil
  }
}

extension HTTPField.Name {
  // Made once: a name that HTTPTypes does not know is checked each time that it is made.
  fileprivate static let originalURL = Self("X-Original-URL")!
  fileprivate static let forwardedProto = Self("X-Forwarded-Proto")!
  fileprivate static let forwardedHost = Self("X-Forwarded-Host")!
  fileprivate static let forwardedURI = Self("X-Forwarded-Uri")!
}
