package import AuthCore
internal import HTTPTypes
package import Hummingbird

extension HTTPPolicy {
  /// The id that a trusted proxy has given to a request, in `X-Request-ID` or else as the trace of `traceparent`; nil if the peer
  /// is not a trusted proxy, or sent no id that is safe in a log.
  package func requestID(of request: Request, peer: @autoclosure () -> IPAddress) -> String? {
    guard !trustedProxies.isEmpty else { return nil }
    let ids = request.headers[values: .requestID]
    let parents = request.headers[values: .traceParent]
    guard !ids.isEmpty || !parents.isEmpty, isTrusted(peer()) else { return nil }
    // Of several, one may come from the client.
    if ids.count == 1, Self.isWellFormed(ids[0].utf8) { return ids[0] }
    return parents.count == 1 ? Self.traceID(of: parents[0].utf8).map(String.init) : nil
  }

  /// At most 128 letters, digits and a few other characters, among them those of UUIDs and of base 64.
  private static func isWellFormed(_ id: String.UTF8View) -> Bool {
    (1...128).contains(id.count) && id.allSatisfy { $0.isASCIILetterOrDigit || "-._:+/=@".utf8.contains($0) }
  }

  /// W3C Trace Context, 3.2: version, trace, parent and flags; later versions may add something after another hyphen.
  private static func traceID(of parent: String.UTF8View) -> Substring? {
    let parts = parent.split(separator: UInt8(ascii: "-"), maxSplits: 4, omittingEmptySubsequences: false)
    guard parts.count >= 4, parts.prefix(4).map(\.count) == [2, 32, 16, 2],
      parts.prefix(4).allSatisfy({ $0.allSatisfy(isLowercaseHexadecimal) })
    else { return nil }
    let version = parts[0]
    guard !version.elementsEqual("ff".utf8), parts.count == 4 || !version.elementsEqual("00".utf8) else { return nil }
    // 3.2.2.3: a trace id of zeros alone is invalid.
    return parts[1].contains { $0 != UInt8(ascii: "0") } ? Substring(parts[1]) : nil
  }

  private static func isLowercaseHexadecimal(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
  }
}

extension HTTPField.Name {
  // Made once: a name that HTTPTypes does not know is checked and put into lower case each time that it is made.
  package static let requestID = Self("X-Request-ID")!
  fileprivate static let traceParent = Self("traceparent")!
}
