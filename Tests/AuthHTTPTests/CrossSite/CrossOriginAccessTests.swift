import AuthCore
import AuthHTTP
import AuthTesting
import HTTPTypes
import Testing

/// CORS: what the pages of other origins may read.
@Suite struct CrossOriginAccessTests {
  private static let app = "https://app.example.org"
  private static let allow: @Sendable (inout HTTPPolicy) -> Void = { $0.allowedOrigins = [app, "capacitor://localhost"] }
  private static let requestMethod = HTTPField.Name.accessControlRequestMethod
  private static let corsNames: [HTTPField.Name] = [
    .accessControlAllowOrigin, .accessControlAllowCredentials, .accessControlAllowMethods, .accessControlAllowHeaders,
    .accessControlExposeHeaders, .accessControlMaxAge,
  ]

  @Test(arguments: [
    ("/", "GET, HEAD, OPTIONS"), ("/users", "POST, OPTIONS"), ("/profile", "GET, HEAD, DELETE, OPTIONS"),
    ("/reset_password", "POST, PUT, OPTIONS"), ("/password", "PUT, OPTIONS"), ("/sessions/abc", "DELETE, OPTIONS"),
    ("/sessions/abc/delete", "POST, OPTIONS"), ("/profile/delete", "POST, OPTIONS"),
  ])
  func `a preflight is answered for an allowed origin, without the store`(path: String, methods: String) async throws {
    try await withService(.strict, store: Self.brokenStore, adjusting: Self.allow) { client in
      for origin in [Self.app, "capacitor://localhost"] {
        let response = try await client.send(.options, path, headers: [.origin: origin, Self.requestMethod: "PUT"])
        #expect(response.status == 204)
        #expect(response.text.isEmpty)
        #expect(response.headers[values: .accessControlAllowOrigin] == [origin])
        #expect(response.headers[.accessControlAllowCredentials] == "true")
        #expect(response.headers[.accessControlAllowMethods] == methods)
        #expect(response.headers[.accessControlAllowHeaders] == "Authorization, Content-Type")
        #expect(response.headers[.accessControlMaxAge] == "7200")
        #expect(response.headers[.vary] == "Origin")
      }
    }
  }

  private static var brokenStore: InterceptingStore {
    let store = InterceptingStore()
    store.fail(.all)
    return store
  }

  @Test(arguments: [
    "https://app.example.org.evil.example", "https://app.example.orgx", "http://app.example.org", "https://evil.example", "null",
    "https://app.example.org:8443", "",
  ])
  func `another origin is told nothing`(origin: String) async throws {
    try await withService(.strict, adjusting: Self.allow) { client in
      let session = try await client.registerStrictly()
      let responses = [
        try await client.send(.options, "/profile", headers: [.origin: origin, Self.requestMethod: "DELETE"]),
        try await client.send(
          .get, "/profile", cookie: "__Host-session_id=\(session)", headers: [.origin: origin]),
        try await client.send(.put, "/password", headers: [.origin: origin]),
        try await client.send(.get, "/nope", headers: [.origin: origin]),
      ]
      for response in responses {
        for name in Self.corsNames { #expect(response.headers[name] == nil, "\(name)") }
        #expect(response.headers[.vary] == "Origin")
      }
    }
  }

  @Test func `a page of an allowed origin can read every response, refusals too`() async throws {
    try await withService(.strict, adjusting: Self.allow) { client in
      let session = try await client.registerStrictly()
      let origin: HTTPFields = [.origin: Self.app, HTTPField.Name("Sec-Fetch-Site")!: "same-site"]
      let cookie = "__Host-session_id=\(session)"
      let responses = [
        try await client.send(.get, "/profile", cookie: cookie, headers: origin),
        try await client.send(.get, "/profile", headers: origin),
        try await client.send(.post, "/users", .json("{}"), headers: origin),
        try await client.send(.post, "/users", .form(String(repeating: "x", count: 70_000)), headers: origin),
        try await client.send(.put, "/reset_password", .form("email=a"), headers: origin),
        try await client.send(.patch, "/users", headers: origin), try await client.send(.get, "/nope", headers: origin),
        try await client.send(.delete, "/sessions", cookie: cookie, headers: origin),
      ]
      #expect(responses.map(\.status) == [200, 403, 400, 413, 400, 405, 404, 303])
      for response in responses {
        #expect(response.headers[values: .accessControlAllowOrigin] == [Self.app])
        #expect(response.headers[.accessControlAllowCredentials] == "true")
        #expect(response.headers[.accessControlExposeHeaders] == "Retry-After, X-Request-ID")
        #expect(response.headers[.vary] == "Origin")
      }
    }
  }

  @Test(arguments: [Preset.classic, .strict])
  func `without other origins nothing of it is there`(preset: Preset) async throws {
    try await withService(preset) { client in
      let origin: HTTPFields = [.origin: Self.app, Self.requestMethod: "POST"]
      #expect(try await client.send(.options, "/users", headers: origin).status == 405)
      let response = try await client.send(.get, "/", headers: origin)
      for name in Self.corsNames + [.vary] { #expect(response.headers[name] == nil) }
    }
  }
}
