import AuthCore
@testable import AuthHTTP
import HTTPTypes
import Hummingbird
import NIOCore
import Testing

@Suite struct WebOriginTests {
  @Test(arguments: [
    ("https://app.example.org", "https://app.example.org"), ("https://app.example.org:443", "https://app.example.org"),
    ("http://app.example.org:80", "http://app.example.org"), ("https://app.example.org:80", "https://app.example.org:80"),
    ("HTTPS://App.Example.ORG:8443", "https://app.example.org:8443"), ("http://localhost:5000", "http://localhost:5000"),
    ("capacitor://localhost", "capacitor://localhost"), ("ionic://localhost", "ionic://localhost"),
    ("chrome-extension://abcdefghijklmnop", "chrome-extension://abcdefghijklmnop"),
    ("tauri://localhost:443", "tauri://localhost:443"),
    ("https://[2001:db8::1]", "https://[2001:db8::1]"), ("https://[2001:db8:0:0::1]", "https://[2001:db8::1]"),
    ("https://[2001:DB8::1]:443", "https://[2001:db8::1]"),
    ("https://192.0.2.1:8443", "https://192.0.2.1:8443"), ("https://a:0443", "https://a"),
  ])
  func `an origin is written as browsers write it`(text: String, origin: String) {
    #expect(WebOrigin(text)?.description == origin)
  }

  @Test(arguments: [
    "", "null", "*", "https://", "https:///", "://a", "https://a/", "https://a/b", "https://a?b", "https://a#b", "https://u@a",
    "https://u:p@a", "https://a b", " https://a", "https://a ", "https://a:", "https://a:x", "https://a:65536", "https://a:0",
    "https://a:+1", "https://a:1:2", "https://[::1", "https://::1", "https://[::1]x", "https://[x]", "https://[192.0.2.1]",
    "https://[::1%25x]", "https://[::1%/x y@evil]", "https://*.example.org",
    "https://exämple.org", "1https://a", "ht tps://a", "https:/a", "https//a", "a", "https://a\n",
  ])
  func `other text is not an origin`(text: String) {
    #expect(WebOrigin(text) == nil)
  }
}

/// A host and an origin that name the same place, with and without the port that the scheme implies.
@Suite struct OwnOriginTests {
  @Test(arguments: [
    ("auth.example.org", "https://auth.example.org", true), ("auth.example.org:443", "https://auth.example.org", true),
    ("auth.example.org", "https://auth.example.org:443", true), ("auth.example.org:80", "http://auth.example.org", true),
    ("auth.example.org:8443", "https://auth.example.org:8443", true), ("AUTH.example.org", "https://auth.example.org", true),
    ("[::1]:5000", "http://[::1]:5000", true), ("auth.example.org:80", "https://auth.example.org", false),
    ("auth.example.org:443", "http://auth.example.org", false), ("auth.example.org", "https://auth.example.org:8443", false),
    ("auth.example.org:8443", "https://auth.example.org", false), ("auth.example.org", "https://example.org", false),
    ("auth.example.org", "https://auth.example.org.evil.example", false), ("a", "null", false), ("", "https://", false),
  ])
  func `a page's own origin has the port or not`(host: String, origin: String, isOwn: Bool) throws {
    let request = Request(method: .post, host: host, headers: [.origin: origin])
    let policy = HTTPPolicy(for: .strict)
    if isOwn {
      try policy.refuseCrossSite(request)
    } else {
      #expect(throws: RequestRefusal.crossSite) { try policy.refuseCrossSite(request) }
    }
  }

  @Test(arguments: [
    "https://app.example.org", "https://app.example.org:443", "HTTPS://app.example.org", "capacitor://localhost", "http://a:80",
  ])
  func `an allowed origin is allowed however it is written`(text: String) throws {
    var policy = HTTPPolicy(for: .strict)
    policy.allowedOrigins = [text]
    let written = try #require(WebOrigin(text)).description
    try policy.refuseCrossSite(Request(method: .post, host: "auth.example.org", headers: [.origin: written]))
  }
}

extension Request {
  fileprivate init(method: HTTPRequest.Method, host: String, headers: HTTPFields) {
    let head = HTTPRequest(method: method, scheme: nil, authority: host, path: "/", headerFields: headers)
    self.init(head: head, body: RequestBody(buffer: ByteBuffer()))
  }
}
