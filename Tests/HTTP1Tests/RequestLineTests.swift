import Testing

@testable import HTTP1

/// Request lines, fields and hosts: RFC 9112, 2 to 5, RFC 9110, 4.2 and 7.2, and RFC 3986, 3.2.
@Suite struct RequestLineTests {
  private static let possibleHosts = [
    "a", "A.example", "a.example:80", "a:", "a:0", "a:65535", "a:00080", "127.0.0.1", "127.0.0.1:8080", "999.1.1.1", "[::1]",
    "[::]:80",
    "[2001:DB8::1]", "[::ffff:192.0.2.1]:1", "[1:2:3:4:5:6:7:8]", "[1:2:3:4:5:6:1.2.3.4]", "[v1.a:b]", "[vF.a]:1", "a_b", "a-b~",
    "%41",
    "%c3%bc", "!$&'()*+,;=", "xn--mnchen-3ya.example", "a.",
  ]
  private static let impossibleHosts = [
    "a b", "a/c", "a b/c", "a/", "/", "a?b", "a#b", "a\\b", "u@a", "u:p@a", "@a", "a@", "a:b", "a:1:2", "a: 1", "a:+1", "a:-1",
    "a:65536",
    "a:99999999999999999999999", "a:1x", ":80", ":", "::1", "[::1", "::1]", "[]", "[]:80", "[a]", "[::1]a", "[::1]80", "[::1]]",
    "[[::1]]",
    "[1.2.3.4]", "[1:2:3:4:5:6:7]", "[1:2:3:4:5:6:7:8:9]", "[1::2::3]", "[::12345]", "[fe80::1%25eth0]", "[fe80::1%eth0]",
    "[v.a]", "[v1]",
    "[v1.]", "[vg.a]", "[v1.a/b]", "a[", "a]", "a%", "a%4", "a%zz", "a%4g", "ä", "münchen.de", "a\u{a0}b", "a\"b", "<a>", "a|b",
    "a^b",
    "a`b", "{a}", "a, b", "a\tb",
  ]

  private func request(host: String, version: String = "1.1") -> String {
    "GET / HTTP/\(version)\r\nHost: \(host)\r\n\r\n"
  }

  @Test(arguments: possibleHosts)
  func `a host that a URI can have is accepted`(_ host: String) throws {
    for value in [host, "\t \(host) \t"] { #expect(try bodies(of: request(host: value)) == ["", "next"]) }
    #expect(try bodies(of: "GET http://\(host)/x HTTP/1.1\r\nHost: a\r\n\r\n") == ["", "next"])
  }

  @Test(arguments: impossibleHosts)
  func `a host that no URI can have is malformed`(_ host: String) throws {
    for version in ["1.1", "1.0"] { #expect(try refusal(of: request(host: host, version: version)) == .malformed) }
  }

  @Test(arguments: ["", " ", "\t"])
  func `a host may be empty, for a target without one`(_ host: String) throws {
    #expect(try bodies(of: request(host: host)) == ["", "next"])
  }

  @Test(arguments: impossibleHosts + [""])
  func `a target with a host that no URI can have is malformed`(_ host: String) throws {
    // These end the host of a target.
    guard !host.contains(where: { "/?#".contains($0) }) || host == "/" else { return }
    for scheme in ["http", "https"] {
      for end in ["", "/", "/x", "?x"] {
        #expect(try refusal(of: "GET \(scheme)://\(host)\(end) HTTP/1.1\r\nHost: a\r\n\r\n") == .malformed)
      }
    }
  }

  @Test(arguments: [
    "", "Host: a\r\nHost: a\r\n", "Host: a\r\nhost: b\r\n", "Host:\r\nHost:\r\n", "Host: a\r\nX: y\r\nHost: b\r\n",
  ])
  func `a request of HTTP 1.1 has one host`(_ fields: String) throws {
    #expect(try refusal(of: "GET / HTTP/1.1\r\n\(fields)\r\n") == .malformed)
  }

  @Test(arguments: [
    "GET / HTTP/1.1", "GET //a/b HTTP/1.1", "GET /?http://u@b HTTP/1.1", "OPTIONS * HTTP/1.1", "GET /a:b@c HTTP/1.1",
  ])
  func `a target of a form that its method can have is accepted`(_ line: String) throws {
    #expect(try bodies(of: "\(line)\r\nHost: a\r\n\r\n") == ["", "next"])
  }

  @Test(arguments: ["a:1", "a.example:443", "[::1]:443"])
  func `CONNECT names a host and a port, and is the last request`(_ target: String) throws {
    #expect(try bodies(of: "CONNECT \(target) HTTP/1.1\r\nHost: a\r\n\r\n") == [""])
  }

  @Test(arguments: [
    "CONNECT a", "CONNECT a:", "CONNECT /", "CONNECT *", "CONNECT http://a/", "CONNECT http://a:1/", "CONNECT u@a:1",
    "CONNECT a:x",
    "CONNECT a:65536", "CONNECT :1", "CONNECT ::1", "GET *", "POST *", "OPTIONS *x", "GET *x", "GET a", "GET a:1", "GET ?x",
    "GET #x",
    "GET http:x", "GET http:/x", "GET :", "GET ://a", "GET /a b", "GET /\t", "GET /ä", "GET /\0", "GET /\u{7f}", "GET\t/", "GET",
    "GET ",
    "get /", "GETX /", "FOO /", "G\0T /", " GET /",
  ])
  func `a request line that no client may send is malformed`(_ start: String) throws {
    #expect(try refusal(of: "\(start) HTTP/1.1\r\nHost: a\r\n\r\n") == .malformed)
  }

  @Test(arguments: [
    "", "HTTP/1", "HTTP/1.1 ", "HTTP/1.2", "HTTP/1.10", "HTTP/01.1", "HTTP/2.0", "HTTP/0.9", "HTTP/3", "http/1.1", "HTTP /1.1",
    "HTTP/1.1\rx",
    "HTTP/1,1", "XTTP/1.1", "HTTP/1.1 x",
  ])
  func `a version that is neither 1.1 nor 1.0 is malformed`(_ version: String) throws {
    #expect(try refusal(of: "GET / \(version)\r\nHost: a\r\n\r\n") == .malformed)
  }

  @Test(arguments: [
    "X : y\r\n", "X\t: y\r\n", " X: y\r\n", "\tX: y\r\n", "X: y\r\n z\r\n", "X: y\r\n\tz\r\n", "X:\r\n y\r\n", "X: y\n",
    "X: y\nZ: z\r\n",
    "X: y\rz\r\n", "X: y\r\r\n", "X: y\0z\r\n", "X\0: y\r\n", "X: y\u{7f}z\r\n", "X: y\u{1}z\r\n", "Xä: y\r\n", ": y\r\n",
    "X\r\n", "X y\r\n",
    "X(: y\r\n", "\"X\": y\r\n", "X\r: y\r\n", "\n", "\rX\r\n",
  ])
  func `a field line that breaks the grammar is malformed`(_ line: String) throws {
    #expect(try refusal(of: "GET / HTTP/1.1\r\nHost: a\r\n\(line)\r\n") == .malformed)
    #expect(try refusal(of: "GET / HTTP/1.1\r\n\(line)Host: a\r\n\r\n") == .malformed)
  }

  @Test(arguments: ["X:y\r\n", "X:\r\n", "X: \"\r\n", "X: y \t \r\n", "X: ä\r\n", "!#$%&'*+-.^_`|~1aZ: y\r\n"])
  func `a field line that keeps to the grammar is accepted`(_ line: String) throws {
    #expect(try bodies(of: "GET / HTTP/1.1\r\nHost: a\r\n\(line)\r\n") == ["", "next"])
  }

  @Test(arguments: [
    "GET / HTTP/1.1\nHost: a\n\n", "GET / HTTP/1.1\rHost: a\r\r", "GET / HTTP/1.1\r\nHost: a\n\r\n", "\u{16}\u{3}\u{1}\0", "\0",
  ])
  func `lines that do not end as lines of HTTP are malformed`(_ request: String) throws {
    #expect(try refusal(of: request) == .malformed)
  }

  @Test func `empty lines before a request are skipped`() throws {
    #expect(try bodies(of: "\r\n\r\n\(request(host: "a"))\r\n") == ["", "next"])
  }
}
