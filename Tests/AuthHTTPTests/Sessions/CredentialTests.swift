import AuthCore
import AuthHTTP
import HTTPTypes
import Testing

/// The session id in a cookie, as a bearer token, or both.
@Suite struct CredentialTests {
  private static func cookie(_ preset: Preset, _ session: String) -> String { "\(preset.http.cookie.name)=\(session)" }

  @Test(arguments: [Preset.classic, .strict], ["Bearer", "bearer", "BEARER "])
  func `a bearer token works wherever the cookie does`(preset: Preset, scheme: String) async throws {
    try await withService(preset) { client in
      let session = try await client.registerStrictly()
      let headers: HTTPFields = [.authorization: "\(scheme) \(session)"]
      #expect(try await client.send(.get, "/profile", headers: headers).json["email"] == Strict.email)
      #expect(try await client.send(.delete, "/sessions", headers: headers).status == preset.logoutStatus)
      #expect(try await client.send(.get, "/profile", headers: headers).status == 403)
    }
  }

  @Test(arguments: [Preset.classic, .strict])
  func `cookie and bearer token may be the same, and are 400 when they differ`(preset: Preset) async throws {
    try await withService(preset) { client in
      let session = try await client.registerStrictly()
      let cookie = Self.cookie(preset, session)
      let same = try await client.send(.get, "/profile", cookie: cookie, headers: [.authorization: "Bearer \(session)"])
      #expect(same.status == 200)
      for bearer in ["Bearer x", "Bearer ", "Bearer \(session)x"] {
        for (method, path) in [(HTTPRequest.Method.get, "/profile"), (.delete, "/sessions")] {
          let response = try await client.send(method, path, cookie: cookie, headers: [.authorization: bearer])
          #expect(response.status == 400)
          #expect(
            response.message == "the session cookie and the bearer token belong to different sessions; send one of them")
        }
      }
      #expect(try await client.send(.get, "/profile", cookie: cookie).status == 200)
    }
  }

  @Test func `other schemes are ignored, and two headers are 400`() async throws {
    try await withService { client in
      let session = try await client.registerStrictly()
      for other in ["Basic \(session)", session, "", "Bearer\(session)", "Bearerx \(session)"] {
        let response = try await client.send(.get, "/profile", headers: [.authorization: other])
        #expect(response.status == 403)
        let withCookie = try await client.send(
          .get, "/profile", cookie: "session_id=\(session)", headers: [.authorization: other])
        #expect(withCookie.status == 200)
      }
      var twice = HTTPFields()
      twice.append(HTTPField(name: .authorization, value: "Bearer \(session)"))
      twice.append(HTTPField(name: .authorization, value: "Bearer \(session)"))
      #expect(try await client.send(.get, "/profile", headers: twice).status == 400)
    }
  }

  @Test func `under strict a cookie that comes twice counts only when both are the same`() async throws {
    try await withService(.strict) { client in
      let mine = try await client.registerStrictly()
      let planted = try await client.registerStrictly("eve@me.com")
      let (first, second) = (Self.cookie(.strict, mine), Self.cookie(.strict, planted))
      #expect(try await client.send(.get, "/profile", cookie: "\(first); \(first)").status == 200)
      for doubled in [
        "\(first); \(second)", "\(second); \(first)", "\(first); __Host-session_id=", "__Host-session_id=; \(first)",
      ] {
        let response = try await client.send(.get, "/profile", cookie: doubled)
        #expect(response.status == 400)
        #expect(response.message == "the session cookie was sent more than once, with different values")
      }
      #expect(try await client.send(.get, "/profile", cookie: "session_id=\(planted); \(first)").json["email"] == Strict.email)
    }
  }
}
