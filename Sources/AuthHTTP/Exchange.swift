package import AuthCore
internal import HTTPTypes
internal import Hummingbird

/// Takes down whose request it is, where a route finds that out.
package protocol UserRecord: AnyObject, Sendable {
  func note(_ id: User.ID)
}

/// A request on its way through ``AuthRoutes``.
struct Exchange: Sendable {
  let request: Request
  let parameters: Parameters
  let routes: AuthRoutes
  let route: AuthRoutes.Route
  /// Takes down whose request it is; nil where nothing wants to know.
  let record: (any UserRecord)?
  /// The other end of the connection, and the request's name in logs. Called only where they are needed: profiles, which are
  /// requested more often than anything else, need neither.
  let source: @Sendable () -> (peer: IPAddress?, requestID: String?)

  var policy: HTTPPolicy { routes.policy }

  var client: Client {
    let (peer, requestID) = source()
    return policy.client(of: request, peer: peer, requestID: requestID)
  }

  /// The session id that came with the request, in the cookie or as a bearer token; nil for none.
  var sessionID: SessionID? {
    get throws(RequestRefusal) { try policy.sessionID(in: request) }
  }

  /// The session id, for a route that needs one.
  func requireSessionID() throws -> SessionID {
    guard let sessionID = try sessionID else { throw AuthError.invalidSession }
    return sessionID
  }

  /// The first value of a parameter in the query, as it was written.
  func queryValue(_ name: String) -> Substring? { request.queryValue(name) }

  /// The part of the request's target that follows the route's own path, for a route of a subtree: `/` if there is none.
  var targetBelowRoute: String {
    let path = request.uri.path
    let components = path.utf8.split(separator: UInt8(ascii: "/"))
    let query = request.uri.query.map { "?" + $0 } ?? ""
    guard let first = components.suffix(parameters.getCatchAll().count).first else { return "/" + query }
    return "/" + path[first.startIndex...] + query
  }

  /// The path of the group to which the routes were added, as the client wrote it; empty at the root.
  var groupPath: String {
    let components = request.uri.path.utf8.split(separator: UInt8(ascii: "/"))
    let ownCount = route.path.utf8.split(separator: UInt8(ascii: "/")).count
    return components.dropLast(ownCount).map { "/" + Self.encoded($0) }.joined()
  }

  /// A path component in which everything that could end a quoted string or a header line is percent-encoded.
  private static func encoded(_ component: Substring.UTF8View) -> String {
    // RFC 3986, 3.3 and 2.2, and the percent sign of what is encoded already.
    String(Substring(component)).percentEncoded { $0.isUnreserved || "%!$&'()*+,;=:@".utf8.contains($0) }
  }
}

extension Request {
  /// The first value of a parameter in the query, as it was written. Hummingbird's own lookup hashes all names as Swift does,
  /// which takes seconds for some.
  func queryValue(_ name: String) -> Substring? {
    for pair in (uri.query ?? "").utf8.split(separator: UInt8(ascii: "&")) {
      let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      if parts[0].elementsEqual(name.utf8) { return parts.count > 1 ? Substring(parts[1]) : "" }
    }
    return nil
  }
}
