import AuthCore
import AuthHTTP
import HTTPTypes
import Testing

/// OWASP ASVS 5.0: 7.6.2; NIST SP 800-63B-4: 5.1.
@Suite struct BrowserSafetyTests {
  private static let fetchSite = HTTPField.Name("Sec-Fetch-Site")!

  // MARK: Headers

  @Test(arguments: [Preset.classic, .strict])
  func `every response, also a refusal, forbids storing, sniffing, framing and referring`(preset: Preset) async throws {
    try await withService(preset) { client in
      let session = try await client.registerStrictly()
      let responses = [
        try await client.send(.get, "/"), try await client.send(.head, "/profile"), try await client.send(.get, "/nope"),
        try await client.send(.patch, "/users"), try await client.send(.post, "/users", Body("text/plain", "x")),
        try await client.send(.post, "/users", .form(String(repeating: "x", count: 70_000))),
        try await client.logIn(Strict.email, "wrong"), try await client.requestReset(Strict.email),
        try await client.updatePassword(Strict.email, "nope", "x"),
        try await client.send(.get, "/profile", headers: [.authorization: "Bearer \(session)"]),
        try await client.send(.delete, "/sessions", headers: [.authorization: "Bearer \(session)"]),
      ]
      for response in responses {
        #expect(response.headers[values: .cacheControl] == ["no-store"])
        #expect(response.headers[values: .xContentTypeOptions] == ["nosniff"])
        #expect(
          response.headers[values: .contentSecurityPolicy]
            == ["default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"])
        #expect(response.headers[values: HTTPField.Name("Referrer-Policy")!] == ["no-referrer"])
      }
      #expect(responses.last?.headers[HTTPField.Name("Clear-Site-Data")!] == #""cache", "storage""#)
    }
  }

  // MARK: Requests from other sites

  /// The headers that a browser adds to requests from pages of other sites. All requests are sent to `localhost`.
  private static let foreign: [HTTPFields] = [
    [fetchSite: "cross-site"], [fetchSite: "same-site"], [fetchSite: "cross-site", .origin: "https://localhost"],
    [fetchSite: "Same-Origin"], [fetchSite: ""], [fetchSite: "none, cross-site"],
    [.origin: "https://evil.example"], [.origin: "null"], [.origin: ""], [.origin: "https://localhost.evil.example"],
    [.origin: "https://localhost:8443"], [.origin: "https://evil.example/https://localhost"],
    [.origin: "localhost"],
  ]

  /// The headers of requests from our own pages, and from programs.
  private static let own: [HTTPFields] = [
    [:], [fetchSite: "same-origin"], [fetchSite: "none"], [.origin: "https://localhost"],
    [.origin: "http://LocalHost"], [fetchSite: "same-origin", .origin: "https://other.example"],
  ]

  private static let changes: [(HTTPRequest.Method, String, Body)] = [
    (.post, "/users", Encoding.urlEncoded.body(["email": "eve@me.com", "password": "x"])),
    (.post, "/sessions", Encoding.urlEncoded.body(["email": Strict.email, "password": Strict.password])),
    (.delete, "/sessions", .empty), (.delete, "/sessions/x", .empty), (.delete, "/profile", .empty), (.put, "/password", .empty),
    (.post, "/reset_password", .form("email=bob@me.com")), (.put, "/reset_password", .empty),
  ]

  @Test(arguments: foreign)
  func `a request from another site changes nothing, and does not log in`(headers: HTTPFields) async throws {
    let store = InMemoryStore()
    try await withService(.strict, store: store) { client in
      let session = try await client.registerStrictly()
      for (method, path, body) in Self.changes {
        let response = try await client.send(
          method, path, body, cookie: "__Host-session_id=\(session)", headers: headers)
        #expect(response.status == 403, "\(method) \(path)")
        #expect(response.message == "requests from pages of other sites are refused")
        #expect(response.cookie == nil)
      }
      #expect(try await client.isOpen(session))
      let profile = try await client.send(
        .get, "/profile", cookie: "__Host-session_id=\(session)", headers: headers)
      #expect(profile.status == 200)
    }
  }

  @Test(arguments: own)
  func `requests from our own pages and from programs are accepted`(headers: HTTPFields) async throws {
    try await withService(.strict) { client in
      _ = try await client.registerStrictly()
      let login = Self.changes[1]
      let response = try await client.send(login.0, login.1, login.2, headers: headers)
      #expect(response.status == 200)
    }
  }

  @Test func `pages of an allowed origin may send requests, and no others`() async throws {
    try await withService(.strict, adjusting: { $0.allowedOrigins = ["https://app.example.org"] }) { client in
      _ = try await client.registerStrictly()
      let login = Self.changes[1]
      for (origin, status) in [
        ("https://app.example.org", 200), ("http://app.example.org", 403), ("https://app.example.orgx", 403),
      ] {
        let response = try await client.send(
          login.0, login.1, login.2, headers: [Self.fetchSite: "same-site", .origin: origin])
        #expect(response.status == status)
      }
    }
  }

  @Test func `under classic requests from other sites are accepted`() async throws {
    try await withService { client in
      let response = try await client.send(.post, "/users", Self.changes[0].2, headers: [Self.fetchSite: "cross-site"])
      #expect(response.status == 200)
    }
  }
}
