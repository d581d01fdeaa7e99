import AuthCore
import AuthHTTP
import AuthTesting
import HTTPTypes
import Testing

/// `/verify`, which proxies ask.
@Suite struct VerificationTests {
  private static let user = HTTPField.Name("Remote-User")!
  private static let email = HTTPField.Name("Remote-Email")!

  @Test(arguments: [Preset.classic, .strict])
  func `a session is told in headers alone`(preset: Preset) async throws {
    try await withService(preset) { client in
      let session = try await client.registerStrictly()
      let response = try await client.verify(session)
      #expect(response.status == 200)
      #expect(response.text.isEmpty)
      #expect(response.headers[values: Self.user] == ["1"])
      #expect(response.headers[values: Self.email] == [Strict.email])
      #expect(response.headers[.cacheControl] == "no-store")
      #expect(response.headers[.contentType] == nil)
    }
  }

  @Test(arguments: [nil, "", "nope", "739fb1588b47fc66db925f9be84b1cf044b0e99c881f90b69edae5d607ca3386"])
  func `without a session the response is a 401 that names no one`(session: String?) async throws {
    try await withService(.strict) { client in
      _ = try await client.registerStrictly()
      let response = try await client.verify(session)
      #expect(response.status == 401)
      #expect(response.text.isEmpty)
      #expect(response.headers[.wwwAuthenticate] == #"Bearer realm="auth""#)
      #expect(response.headers[Self.user] == nil && response.headers[Self.email] == nil)
      #expect(response.headers[.location] == nil)
    }
  }

  @Test func `a client that comes with several sessions has none`() async throws {
    try await withService(.strict) { client in
      let (one, other) = (try await client.registerStrictly(), try await client.registerStrictly("eve@me.com"))
      let cookie = "__Host-session_id=\(one); __Host-session_id=\(other)"
      #expect(try await client.send(.get, "/verify", cookie: cookie).status == 401)
      let response = try await client.send(
        .get, "/verify", cookie: "__Host-session_id=\(one)", headers: [.authorization: "Bearer \(other)"])
      #expect(response.status == 401)
    }
  }

  @Test(arguments: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"])
  func `every method and every path below is answered, from pages of other sites too`(method: String) async throws {
    try await withService(.strict, adjusting: { $0.allowedOrigins = ["https://app.example.org"] }) { client in
      let session = try await client.registerStrictly()
      for path in ["/verify", "/verify/", "/verify/a/b?c=d", "/verify//x", "/verify/users/1"] {
        let method = try #require(HTTPRequest.Method(method))
        let foreign: HTTPFields = [HTTPField.Name("Sec-Fetch-Site")!: "cross-site", .origin: "https://evil.example"]
        let response = try await client.send(method, path, cookie: "__Host-session_id=\(session)", headers: foreign)
        #expect(response.status == 200, "\(method) \(path)")
        #expect(response.headers[Self.user] == "1")
        #expect(try await client.send(method, path).status == 401, "\(method) \(path)")
      }
    }
  }

  @Test func `a logout counts for the next request`() async throws {
    try await withService(.strict) { client in
      let session = try await client.registerStrictly()
      #expect(try await client.verify(session).status == 200)
      #expect(try await client.send(.delete, "/sessions", in: session).status == 303)
      #expect(try await client.verify(session).status == 401)
    }
  }

  @Test func `a store that does not respond is a 503 without a body`() async throws {
    let store = InterceptingStore(InMemoryStore())
    try await withService(.strict, store: store) { client in
      let session = try await client.registerStrictly()
      store.fail(.all)
      let response = try await client.verify(session)
      #expect(response.status == 503)
      #expect(response.headers[.retryAfter] == "1")
      #expect(response.text.isEmpty)
      #expect(response.headers[Self.user] == nil)
    }
  }

  @Test(arguments: [
    ("bob@me.com", "bob@me.com"), ("bøb@me.com", "b%C3%B8b@me.com"), ("100% bob", "100%25%20bob"), ("a\u{0301}", "a%CC%81"),
    ("%41", "%2541"),
  ])
  func `an email in a header is ASCII, and decodes to itself`(email: String, header: String) async throws {
    try await withService { client in
      let session = try await client.registerAndLogIn(email, "x")
      #expect(try await client.send(.get, "/verify", cookie: "session_id=\(session)").headers[Self.email] == header)
    }
  }

  @Test func `the headers are those of the policy`() async throws {
    let adjust: (inout HTTPPolicy) -> Void = {
      $0.identityHeaders = [IdentityHeader("X-User", .id)!, IdentityHeader("X-Session", .session)!]
    }
    try await withService(.strict, adjusting: adjust) { client in
      let session = try await client.registerStrictly()
      let response = try await client.verify(session)
      #expect(response.headers[HTTPField.Name("X-User")!] == "1")
      #expect(response.headers[HTTPField.Name("X-Session")!] == SessionID(session).digest.hex)
      #expect(response.headers[Self.user] == nil && response.headers[Self.email] == nil)
    }
  }

  @Test(arguments: [
    "", "a b", "a:", "é", "Set-Cookie", "content-length", "Location", "Cache-Control", "Access-Control-Allow-Origin",
    "X-Request-ID",
  ])
  func `no header has a name that is not one, or that means something else`(name: String) {
    #expect(IdentityHeader(name, .id) == nil)
  }

  // MARK: The login page

  private static let loginURL = "https://auth.example.org/login"
  private static let proxy: @Sendable (inout HTTPPolicy) -> Void = {
    $0.loginURL = loginURL
    $0.allowedOrigins = ["https://app.example.org", "https://other.example.org:8443"]
    $0.trustedProxies = [IPNetwork(TestContext.peer)!]
  }
  private static let html: HTTPFields = [.accept: "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"]

  private static func told(_ url: String) -> HTTPFields {
    let told: HTTPFields = [HTTPField.Name("X-Original-URL")!: url]
    return html + told
  }

  private static func told(_ scheme: String, _ host: String, _ uri: String) -> HTTPFields {
    let told: HTTPFields = [
      HTTPField.Name("X-Forwarded-Proto")!: scheme, HTTPField.Name("X-Forwarded-Host")!: host,
      HTTPField.Name("X-Forwarded-Uri")!: uri,
    ]
    return html + told
  }

  @Test(arguments: [
    (told("https://app.example.org/a?b=c&d"), "https%3A//app.example.org/a%3Fb%3Dc%26d"),
    (told("HTTPS://App.Example.org:443/a"), "https%3A//app.example.org/a"),
    (told("https://app.example.org"), "https%3A//app.example.org/"),
    (told("https", "app.example.org", "/a?b"), "https%3A//app.example.org/a%3Fb"),
    (told("https", "other.example.org:8443", "/"), "https%3A//other.example.org%3A8443/"),
  ])
  func `browsers without a session are sent to the login page, and back`(headers: HTTPFields, next: String) async throws {
    try await withService(.strict, adjusting: Self.proxy) { client in
      let response = try await client.send(.get, "/verify", headers: headers)
      #expect(response.status == 302)
      #expect(response.headers[.location] == "\(Self.loginURL)?next=\(next)")
      #expect(response.text.isEmpty)
    }
  }

  @Test func `the URL that a proxy appends to the path is the one to come back to`() async throws {
    try await withService(.strict, adjusting: Self.proxy) { client in
      let told: HTTPFields = [
        HTTPField.Name("X-Forwarded-Proto")!: "https", HTTPField.Name("X-Forwarded-Host")!: "app.example.org",
      ]
      let headers = Self.html + told
      for (path, next) in [("/verify/a/b/?c=d", "/a/b/%3Fc%3Dd"), ("/verify", "/"), ("/verify/", "/"), ("/verify/a", "/a")] {
        let response = try await client.send(.get, path, headers: headers)
        #expect(response.headers[.location] == "\(Self.loginURL)?next=https%3A//app.example.org\(next)")
      }
    }
  }

  @Test(arguments: [
    told("https://evil.example/"), told("http://app.example.org/"), told("https://app.example.org.evil.example/"),
    told("https://app.example.org:8443/"), told("https://app.example.org@evil.example/"), told("//evil.example/"), told("/a"),
    told("javascript:alert(1)"), told(#"https://app.example.org/\evil"#), told("https://app.example.org\\@evil.example/"),
    told("https", "evil.example", "/"), told("https", "app.example.org", "//x y"),
    told("https", "app.example.org", ".evil.example/"),
    told("https", "app.example.org", "@evil.example/"), told("https://app.example.org/") + told("https://app.example.org/b"),
    told("https://app.example.org/") + told("https://app.example.org/b") + told("https", "app.example.org", "/"),
    html,
  ])
  func `the login page is told of no place that is not allowed`(headers: HTTPFields) async throws {
    try await withService(.strict, adjusting: Self.proxy) { client in
      let response = try await client.send(.get, "/verify", headers: headers)
      #expect(response.status == 302)
      #expect(response.headers[values: .location] == [Self.loginURL])
    }
  }

  @Test func `a proxy that is not trusted tells nothing`() async throws {
    let adjust: (inout HTTPPolicy) -> Void = {
      Self.proxy(&$0)
      $0.trustedProxies = [IPNetwork("203.0.113.0/24")!]
    }
    try await withService(.strict, adjusting: adjust) { client in
      let response = try await client.send(.get, "/verify", headers: Self.told("https://app.example.org/a"))
      #expect(response.headers[.location] == Self.loginURL)
    }
  }

  @Test func `a program gets the 401, with the place for proxies that redirect themselves`() async throws {
    try await withService(.strict, adjusting: Self.proxy) { client in
      for accept in ["*/*", "application/json", "text/htmlx", ""] {
        let headers: HTTPFields = [.accept: accept, HTTPField.Name("X-Original-URL")!: "https://app.example.org/a"]
        let response = try await client.send(.get, "/verify", headers: headers)
        #expect(response.status == 401)
        #expect(response.headers[.location] == "\(Self.loginURL)?next=https%3A//app.example.org/a")
      }
    }
  }

  @Test func `a login page with a query keeps it`() async throws {
    let adjust: (inout HTTPPolicy) -> Void = {
      Self.proxy(&$0)
      $0.loginURL = "https://auth.example.org/?page=login"
    }
    try await withService(.strict, adjusting: adjust) { client in
      let response = try await client.send(.get, "/verify", headers: Self.told("https://app.example.org/a"))
      #expect(response.headers[.location] == "https://auth.example.org/?page=login&next=https%3A//app.example.org/a")
    }
  }
}

extension Client {
  fileprivate func verify(_ session: String?) async throws -> ClientResponse {
    try await send(.get, "/verify", headers: session.map { [.authorization: "Bearer \($0)"] } ?? [:])
  }
}
