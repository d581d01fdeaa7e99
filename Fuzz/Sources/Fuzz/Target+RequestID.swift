@testable internal import AuthCore
@testable internal import AuthHTTP
internal import HTTPTypes
internal import Hummingbird

extension Target {
  private static let proxy = IPAddress("192.0.2.1")!

  /// Lines `X-Request-ID: …` and `traceparent: …`.
  static let requestID = Target(name: "RequestID") { bytes in
    let fields = bytes.lines.compactMap { line -> (name: String, value: String)? in
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2 else { return nil }
      // As NIO gives it to us.
      let value = String(parts[1].drop { $0 == " " || $0 == "\t" })
      guard HTTPField.isValidValue(value) else { return nil }
      return (parts[0].lowercased(), value)
    }
    let ids = fields.filter { $0.name == "x-request-id" }.map(\.value)
    let parents = fields.filter { $0.name == "traceparent" }.map(\.value)
    let kept = id(ids, parents)

    require(id(ids, parents, trusting: []) == nil, "without trusted proxies no id is read")
    require(id(ids, parents, from: IPAddress("192.0.2.2")!) == nil, "only trusted proxies are believed")
    let isWellFormed = ids.count == 1 && ids[0].wholeMatch(of: /[A-Za-z0-9._:+\/=@\-]{1,128}/.asciiOnlyCharacterClasses()) != nil
    if isWellFormed { return require(kept == ids[0], "an id of the right form is kept as it is") }
    guard let kept else { return require(parents.count != 1 || trace(parents[0]) == nil, "a trace in the right form is read") }
    require(parents.count == 1, "of several headers one may be the client's")
    require(trace(parents[0]) == kept, "an id is that of the trace")
    require(id(["\(kept) \(kept)"], parents) == kept, "an id in a wrong form does not hide the trace")
    require(id(ids, parents + ["x"]) == nil, "of several headers one may be the client's")
  }

  /// W3C Trace Context, 3.2, as an expression.
  private static func trace(_ text: String) -> String? {
    let parent = /(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}(-.*)?/.matchingSemantics(.unicodeScalar)
    guard let match = text.wholeMatch(of: parent), match.1 != "00" || match.3 == nil else { return nil }
    return String(match.2)
  }

  private static func id(
    _ ids: [String], _ parents: [String], from peer: IPAddress = proxy,
    trusting proxies: [IPNetwork] = [IPNetwork("192.0.2.1")].compactMap(\.self)
  ) -> String? {
    var policy = HTTPPolicy(for: .strict)
    policy.trustedProxies = proxies
    var fields = HTTPFields()
    for id in ids { fields.append(HTTPField(name: .requestID, value: id)) }
    for parent in parents { fields.append(HTTPField(name: HTTPField.Name("traceparent")!, value: parent)) }
    return policy.requestID(of: Request(fields, path: "/"), peer: peer)
  }
}
