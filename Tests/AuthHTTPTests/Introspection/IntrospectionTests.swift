import AuthCore
import AuthHTTP
import AuthTesting
import FoundationEssentials
import HTTPTypes
import Testing

/// `POST /introspect`, RFC 7662.
@Suite struct IntrospectionTests {
  private static let key = "0123456789abcdef0123456789abcdef"
  private static let authorized: HTTPFields = [.authorization: "Bearer \(key)"]

  private struct Members: Decodable, Equatable {
    let active: Bool
    var sub, email: String?
    var iat, exp, auth_time: Int?
    var amr: [String]?
  }

  private func introspecting(
    _ preset: Preset = .strict, clock: ManualClock = ManualClock(), _ test: @Sendable (Client) async throws -> Void
  ) async throws {
    try await withService(preset, clock: clock, serviceKeys: [ServiceKey(Self.key)!], test)
  }

  private func members(_ response: ClientResponse) throws -> Members {
    #expect(response.status == 200)
    return try JSONDecoder().decode(Members.self, from: Data(response.text.utf8))
  }

  @Test(arguments: [Preset.classic, .strict])
  func `a back end learns whose session an id is, since when and how`(preset: Preset) async throws {
    let clock = ManualClock()
    try await introspecting(preset, clock: clock) { client in
      let start = Int(clock.now.secondsSince1970)
      let session = try await client.registerStrictly()
      clock.advance(by: .seconds(100))
      for encoding in Encoding.allCases {
        let response = try await client.send(.post, "/introspect", encoding.body(["token": session]), headers: Self.authorized)
        let lifetime = preset == .classic ? 30 * 86_400 : 86_400
        #expect(
          try members(response)
            == Members(
              active: true, sub: "1", email: Strict.email, iat: start, exp: start + lifetime, auth_time: start, amr: ["pwd"]))
      }
    }
  }

  @Test func `a session that was opened without authentication says neither when nor how`() async throws {
    let store = InMemoryStore()
    try await withService(.strict, store: store, serviceKeys: [ServiceKey(Self.key)!]) { client in
      _ = try await client.register(Strict.email, Strict.password)
      let auth = Auth(policy: .strict, store: store, hasher: sharedHasher, clock: ManualClock())
      let login = try #require(try await auth.openSession(email: Strict.email, from: .unknown))
      let response = try await client.send(
        .post, "/introspect", .form("token=\(login.sessionID.text)"), headers: Self.authorized)
      let found = try members(response)
      #expect(found.active && found.amr == nil && found.auth_time == nil)
    }
  }

  @Test func `an id that is unknown, ended or a digest is not active, and nothing more is said`() async throws {
    try await introspecting { client in
      let session = try await client.registerStrictly()
      let digest = SessionID(session).digest.hex
      #expect(try await client.send(.delete, "/sessions", in: session).status == 303)
      for token in ["nope", session, digest, Self.key, "", String(repeating: "x", count: 5_000)] {
        let response = try await client.send(.post, "/introspect", .form("token=\(token)"), headers: Self.authorized)
        #expect(response.text == "{\"active\":false}\n")
      }
    }
  }

  @Test func `without the key, with a wrong one or with a session id nothing is answered`() async throws {
    try await introspecting { client in
      let session = try await client.registerStrictly()
      for headers: HTTPFields in [
        [:], [.authorization: "Bearer \(session)"], [.authorization: "Bearer \(Self.key)x"], [.authorization: "Bearer "],
        [.authorization: "Basic \(Self.key)"], [.cookie: "__Host-session_id=\(Self.key)"],
      ] {
        let response = try await client.send(.post, "/introspect", .form("token=\(session)"), headers: headers)
        #expect(response.status == 401)
        #expect(response.headers[.wwwAuthenticate] == #"Bearer realm="auth""#)
        #expect(!response.text.contains(Strict.email))
      }
      // Nor is the key a session.
      #expect(try await client.send(.get, "/profile", headers: Self.authorized).status == 403)
      #expect(try await client.send(.get, "/verify", headers: Self.authorized).status == 401)
    }
  }

  @Test func `a request without the token is refused`() async throws {
    try await introspecting { client in
      let response = try await client.send(.post, "/introspect", headers: Self.authorized)
      #expect(response.status == 400)
      #expect(response.message == "the field token is missing")
    }
  }

  @Test func `it counts as a use of the session`() async throws {
    let clock = ManualClock()
    try await introspecting(clock: clock) { client in
      _ = try await client.register(Strict.email, Strict.password)
      let login = try await client.send(
        .post, "/sessions",
        Encoding.json.body(["email": Strict.email, "password": Strict.password, "remember": "true"]))
      let session = try #require(login.cookie).value
      // The session is idle for no longer than six days, and so lives for more than seven.
      for _ in 1...3 {
        clock.advance(by: .seconds(6 * 86_400))
        let response = try await client.send(.post, "/introspect", .form("token=\(session)"), headers: Self.authorized)
        let found = try members(response)
        #expect(found.active)
      }
    }
  }

  @Test func `without service keys there is no such route`() async throws {
    try await withService(.strict) { client in
      let response = try await client.send(.post, "/introspect", .form("token=x"), headers: Self.authorized)
      #expect(response.status == 404)
    }
  }
}
