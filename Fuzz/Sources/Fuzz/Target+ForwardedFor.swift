@testable internal import AuthCore
@testable internal import AuthHTTP
internal import HTTPTypes
internal import Hummingbird

extension Target {
  private static let proxies = ["10.0.0.0/8", "192.0.2.1", "2001:db8:ffff::/48", "::1"].compactMap { IPNetwork($0) }

  /// The IP address of the connection, then the values of `X-Forwarded-For`, each in a line.
  static let forwardedFor = Target(name: "ForwardedFor") { bytes in
    let lines = bytes.lines
    guard let peer = IPAddress(lines[0]) else { return }
    // As NIO gives them to us.
    let values = lines.dropFirst().map { String($0.drop { $0 == " " || $0 == "\t" }) }
    guard values.allSatisfy(HTTPField.isValidValue) else { return }
    guard let client = clientAddress(of: peer, values) else { fatalError("broken rule: a client has an IP address") }
    let isTrusted = { (address: IPAddress) in proxies.contains { $0.contains(address) } }

    require(clientAddress(of: peer, values) == client, "the same headers give the same client")
    require(clientAddress(of: peer, []) == peer, "without the header the other end is the client")
    require(clientAddress(of: peer, values, trusting: []) == peer, "without trusted proxies the header does not count")
    if !isTrusted(peer) { require(client == peer, "only trusted proxies are believed") }
    require(clientAddress(of: peer, [values.joined(separator: ",")]) == client, "several headers are one list")
    if !isTrusted(client) {
      require(
        clientAddress(of: peer, ["203.0.113.9, 10.0.0.1"] + values) == client, "what a client writes itself does not count")
    }
  }

  private static func clientAddress(of peer: IPAddress, _ values: [String], trusting proxies: [IPNetwork] = proxies) -> IPAddress?
  {
    var policy = HTTPPolicy(for: .strict)
    policy.trustedProxies = proxies
    var fields = HTTPFields()
    for value in values { fields.append(HTTPField(name: HTTPField.Name("x-forwarded-for")!, value: value)) }
    return policy.client(of: Request(fields, path: "/"), peer: peer, requestID: nil).ipAddress
  }
}
