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
  /// All clients on a Unix socket count as one, `0.0.0.0`, unless ``trustedProxies`` has ``AuthCore/IPNetwork/unixSocket``. So
  /// do clients that were gone before the connection could tell their address: `::`.
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
  var peer: IPAddress { IPAddress(peerAt: remoteAddress) }
}

extension IPAddress {
  /// The other end of a connection. Where it has no IP address it is one that no client has, so that none escapes counting.
  package init(peerAt address: SocketAddress?) {
    self =
      switch address {
      case .unixDomainSocket: .unixSocket
      default: address?.ipAddress.flatMap(IPAddress.init) ?? .unknown
      }
  }

  fileprivate static let unixSocket = IPAddress("0.0.0.0")!
  private static let unknown = IPAddress("::")!
}

extension IPNetwork {
  /// Stands for the other end of every connection over a Unix socket. Such a proxy runs on this machine, and
  /// ``AuthHTTP/HTTPPolicy/trustedProxies`` with this network believes it.
  public static let unixSocket = IPAddress.unixSocket.network
}
