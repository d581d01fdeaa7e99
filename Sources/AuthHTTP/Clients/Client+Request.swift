public import AuthCore
internal import HTTPTypes
public import Hummingbird
internal import Logging
package import NIOCore

extension HTTPPolicy {
  /// The client of a request: its IP address, even behind ``trustedProxies``, its user agent and the request's id.
  ///
  ///     let client = policy.client(of: request, in: context)
  ///     let login = try await auth.logIn(email: email, password: password, from: client).login
  ///
  /// Clients whose address the connection does not tell, such as all those behind a proxy on a Unix socket, count as one:
  /// `0.0.0.0`.
  public func client(of request: Request, in context: some RemoteAddressRequestContext) -> Client {
    client(of: request, peer: context.peer, requestID: context.requestID)
  }

  func client(of request: Request, peer: IPAddress?, requestID: String?) -> Client {
    Client(
      ipAddress: peer.map { clientAddress(peer: $0, forwardedFor: request.headers[values: .forwardedFor]) },
      userAgent: request.headers[.userAgent], requestID: requestID)
  }

  /// The IP address of the client: the other end of the connection or, behind trusted proxies, the last address that they vouch
  /// for. Anything that the client itself put into `X-Forwarded-For` is to the left of it, and is not read.
  private func clientAddress(peer: IPAddress, forwardedFor: [String]) -> IPAddress {
    var client = peer
    let hops = forwardedFor.flatMap { $0.utf8.split(separator: UInt8(ascii: ",")) }
    for hop in hops.reversed() {
      guard isTrusted(client), let address = Self.address(ofHop: hop.trimmingSpaces()) else { break }
      client = address
    }
    return client
  }

  func isTrusted(_ address: IPAddress) -> Bool {
    trustedProxies.contains { $0.contains(address) }
  }

  /// The IP address of a hop, with or without a port: some proxies write `192.0.2.1:4711` and `[2001:db8::1]:4711`.
  private static func address(ofHop hop: Substring.UTF8View) -> IPAddress? {
    let (colon, bracket) = (UInt8(ascii: ":"), UInt8(ascii: "]"))
    if hop.first == UInt8(ascii: "["), let end = hop.firstIndex(of: bracket) {
      return IPAddress(String(Substring(hop[..<end].dropFirst())))
    }
    let isWithPort = hop.count { $0 == colon } == 1
    return IPAddress(String(Substring(isWithPort ? hop.prefix { $0 != colon } : hop)))
  }
}

extension RequestContext {
  /// The request's name in logs. `id` would trap where a logger has none.
  var requestID: String? { logger[metadataKey: "hb.request.id"]?.description }
}

extension RemoteAddressRequestContext {
  /// The IP address of the other end of the connection. For a proxy on a Unix socket, and for a client that has already gone, it
  /// is the unspecified address: all of them count as one client, so that none escapes counting.
  var peer: IPAddress { IPAddress(peerAt: remoteAddress) }
}

extension IPAddress {
  package init(peerAt address: SocketAddress?) {
    self = address?.ipAddress.flatMap(IPAddress.init) ?? .unspecified
  }

  /// The address that no client has.
  fileprivate static let unspecified = IPAddress("0.0.0.0")!
}
