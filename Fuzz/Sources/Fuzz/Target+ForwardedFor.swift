@testable internal import AuthCore
@testable internal import AuthHTTP

extension Target {
  private static let proxies = ["10.0.0.0/8", "192.0.2.1", "2001:db8:ffff::/48", "::1"].compactMap { IPNetwork($0) }

  /// The address of the connection, then the values of `X-Forwarded-For`, each in a line.
  static let forwardedFor = Target(name: "ForwardedFor") { bytes in
    let lines = bytes.lines
    guard let peer = IPAddress(lines[0]) else { return }
    var policy = HTTPPolicy.strict
    policy.trustedProxies = proxies
    let values = Array(lines.dropFirst())
    let client = policy.clientAddress(peer: peer, forwardedFor: values)
    let isTrusted = { (address: IPAddress) in proxies.contains { $0.contains(address) } }

    require(policy.clientAddress(peer: peer, forwardedFor: values) == client, "the same headers give the same client")
    require(policy.clientAddress(peer: peer, forwardedFor: []) == peer, "without the header the other end is the client")
    if !isTrusted(peer) { require(client == peer, "only trusted proxies are believed") }
    require(
      policy.clientAddress(peer: peer, forwardedFor: [values.joined(separator: ",")]) == client,
      "several headers are one list")
    if !isTrusted(client) {
      require(
        policy.clientAddress(peer: peer, forwardedFor: ["203.0.113.9, 10.0.0.1"] + values) == client,
        "what a client writes itself does not count")
    }
    policy.trustedProxies = []
    require(policy.clientAddress(peer: peer, forwardedFor: values) == peer, "without trusted proxies the header does not count")
  }
}
