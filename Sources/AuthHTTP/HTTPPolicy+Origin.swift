internal import HTTPTypes
internal import Hummingbird

extension HTTPPolicy {
  /// Whether a browser says that a page of another origin made it send this request. Programs that are no browsers say nothing, and have
  /// no cookies that a page could make them send.
  func isFromElsewhere(_ request: Request) -> Bool {
    let origins = request.headers[values: .origin]
    if !origins.isEmpty, origins.allSatisfy({ origin in allowedOrigins.contains { $0.utf8.elementsEqual(origin.utf8) } }) {
      return false
    }
    // Fetch Metadata (W3C): set by the browser, out of reach for scripts. `same-site` is another host of ours, or of somebody else
    // under the same domain.
    let sites = request.headers[values: .secFetchSite]
    if !sites.isEmpty {
      return !sites.allSatisfy { site in ["same-origin", "none"].contains { $0.utf8.elementsEqual(site.utf8) } }
    }
    return !origins.allSatisfy { isOwn($0, host: request.head.authority) }
  }

  /// Whether an origin (RFC 6454, 6.2) is that to which the request was sent. The scheme is a proxy's affair and not known here.
  private func isOwn(_ origin: String, host: String?) -> Bool {
    guard let host, !host.isEmpty, let separator = origin.utf8.firstRange(of: "://".utf8) else { return false }
    return origin.utf8[separator.upperBound...].equalsIgnoringCase(host)
  }
}
