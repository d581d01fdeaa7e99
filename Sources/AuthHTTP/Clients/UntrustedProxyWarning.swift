internal import AuthCore
internal import Hummingbird
internal import Logging
internal import Synchronization

/// Tells the operator, once, that a proxy seems to be missing among ``HTTPPolicy/trustedProxies``: all clients behind it count as
/// one, so the failed logins of a few delay the others.
///
/// Once is enough, and every client can send the header.
final class UntrustedProxyWarning: Sendable {
  private let isGiven = Atomic(false)

  func check(_ request: Request, from peer: IPAddress, _ policy: HTTPPolicy, _ logger: Logger) {
    guard request.headers[.forwardedFor] != nil, !policy.isTrusted(peer) else { return }
    guard !isGiven.exchange(true, ordering: .relaxed) else { return }
    let (place, name) = IPNetwork.unixSocket.contains(peer) ? ("the Unix socket", "unix") : ("\(peer)", "\(peer)")
    logger.warning(
      """
      a request from \(place) has X-Forwarded-For, which is not read because \(name) is not a trusted proxy: if a proxy sent it, all \
      clients behind it count as one until \(name) is named (--trusted-proxies, HTTPPolicy.trustedProxies)
      """)
  }
}
