import Testing

@testable import AuthServer

@Suite struct SecureURLTests {
  @Test(
    arguments: [
      "https://example.org", "HTTPS://Example.org:8443/a/b?c=d", "https://192.0.2.1/", "https://[2001:db8::1]/",
      "http://localhost:8080/", "http://LOCALHOST/", "http://127.0.0.1/", "http://127.255.0.9:1/", "http://[::1]:8080/",
    ])
  func `https to anywhere and http to this machine are secure`(_ text: String) throws {
    #expect(try SecureURL(setting: text).text == text)
  }

  @Test(
    arguments: [
      "", "example.org", "/reset", "//example.org/", "ftp://example.org/", "file:///etc/passwd", "https:example.org", "https://",
      "https:///path", "http://example.org/", "http://10.0.0.1/", "http://128.0.0.1/", "http://0.0.0.0/", "http://127.1/",
      "http://127.0.0.1.example.org/", "http://127.0.0.01/", "http://127.0.0.+1/", "http://127.0.0.256/", "http://127.0.0.1./",
      "http://localhost.example.org/", "http://[::ffff:127.0.0.1]/", "http://[::1%25lo]/", "http://%6Cocalhost/",
      "http://127.0.0.1@example.org/", "https://bob:secret@example.org/", "https://@example.org/", "https://example.org/#",
      "https://example.org/#fragment", "https://example.org/a b", "https://example.org/\n", "https://example.org\\@127.0.0.1/",
      "https://exämple.org/", "https://%65xample.org/", "https://example.org:0/", "https://example.org:65536/",
      "https://example.org/" + String(repeating: "a", count: 1024),
    ])
  func `every other URL is refused, and not repeated`(_ text: String) throws {
    let error = try #require(#expect(throws: InvalidValue.self) { try SecureURL(setting: text) })
    #expect(error.reason.hasPrefix("must be a URL") && (text.isEmpty || !error.reason.contains(text)))
  }
}
