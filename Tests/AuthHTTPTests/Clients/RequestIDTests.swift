import AuthCore
import AuthHTTP
import HTTPTypes
import Hummingbird
import NIOCore
import Testing

/// Which id a request keeps that a proxy has given to it.
@Suite struct RequestIDTests {
  private static let trace = "0af7651916cd43dd8448eb211c80319c"
  private static let parent = "00-\(trace)-b7ad6b7169203331-01"

  private func requestID(
    _ fields: [(String, String)], from peer: String = "10.0.0.1", proxies: [String] = ["10.0.0.0/8"]
  ) throws -> String? {
    var policy = HTTPPolicy(for: .strict)
    policy.trustedProxies = proxies.compactMap { IPNetwork($0) }
    var headers = HTTPFields()
    for (name, value) in fields { headers.append(HTTPField(name: HTTPField.Name(name)!, value: value)) }
    let head = HTTPRequest(method: .get, scheme: nil, authority: "a", path: "/", headerFields: headers)
    let address = try #require(IPAddress(peer))
    return policy.requestID(of: Request(head: head, body: RequestBody(buffer: ByteBuffer())), peer: address)
  }

  @Test(arguments: ["7", "f47ac10b-58cc-4372-a567-0e02b2c3d479", "a.b_c:d+e/f=@", String(repeating: "x", count: 128)])
  func `an id from a trusted proxy is kept`(_ id: String) throws {
    #expect(try requestID([("X-Request-ID", id)]) == id)
    #expect(try requestID([("x-request-id", id), ("traceparent", Self.parent)]) == id)
  }

  @Test(arguments: ["", "a b", "a\"b", "a<b", "a;b", "a,b", "ü", "a%0d", "{}", String(repeating: "x", count: 129)])
  func `an id that is empty, long or unsafe is not kept`(_ id: String) throws {
    #expect(try requestID([("X-Request-ID", id)]) == nil)
    #expect(try requestID([("X-Request-ID", id), ("traceparent", Self.parent)]) == Self.trace)
  }

  @Test func `no id is kept from others than trusted proxies, nor one of several`() throws {
    let (id, trace) = (("X-Request-ID", "7"), ("traceparent", Self.parent))
    #expect(try requestID([id, trace], from: "192.0.2.1") == nil)
    #expect(try requestID([id, trace], proxies: []) == nil)
    #expect(try requestID([id, ("X-Request-ID", "8")]) == nil)
    #expect(try requestID([trace, trace]) == nil)
    #expect(try requestID([]) == nil)
  }

  @Test(arguments: ["00-\(trace)-b7ad6b7169203331-01", "cc-\(trace)-b7ad6b7169203331-01-what-comes-later"])
  func `the trace of a traceparent is kept`(_ parent: String) throws {
    #expect(try requestID([("traceparent", parent)]) == Self.trace)
  }

  @Test(
    arguments: [
      "", "00", trace, "00-\(trace)-b7ad6b7169203331", "ff-\(trace)-b7ad6b7169203331-01",
      "00-00000000000000000000000000000000-b7ad6b7169203331-01", "00-\(trace.uppercased())-b7ad6b7169203331-01",
      "00-\(trace)-b7ad6b7169203331-01-more", "00-\(trace)0-b7ad6b7169203331-01", "00-\(trace.dropLast())g-b7ad6b7169203331-01",
    ])
  func `a malformed traceparent is not kept`(_ parent: String) throws {
    #expect(try requestID([("traceparent", parent)]) == nil)
  }
}
