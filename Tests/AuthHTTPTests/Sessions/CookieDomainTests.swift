import AuthCore
import AuthHTTP
import HTTPTypes
import Testing

/// Sessions across sibling hosts.
///
/// NIST SP 800-63B-4: 5.1.1.
@Suite struct CookieDomainTests {
  private static let adjust: @Sendable (inout HTTPPolicy) -> Void = { $0.cookie = .strict(domain: "example.org") }

  @Test func `the cookie is sent to the whole domain, and deleted there`() async throws {
    try await withService(.strict, adjusting: Self.adjust) { client in
      _ = try await client.register(Strict.email, Strict.password)
      let login = try #require(try await client.logIn(Strict.email, Strict.password).cookie)
      #expect(login.name == "__Secure-session_id")
      #expect(login.attributes == ["Domain=example.org", "HttpOnly", "Path=/", "SameSite=Lax", "Secure"])
      let cookie = "__Secure-session_id=\(login.value)"
      #expect(try await client.send(.get, "/profile", cookie: cookie).status == 200)
      #expect(try await client.send(.get, "/profile", cookie: "__Host-session_id=\(login.value)").status == 403)
      let logout = try #require(try await client.send(.delete, "/sessions", cookie: cookie).cookie)
      #expect(logout.value.isEmpty)
      #expect(logout.attributes == ["Domain=example.org", "HttpOnly", "Max-Age=0", "Path=/", "SameSite=Lax", "Secure"])
    }
  }

  @Test func `a second cookie, planted by a sibling, is refused`() async throws {
    try await withService(.strict, adjusting: Self.adjust) { client in
      let (mine, planted) = (try await client.registerStrictly(), try await client.registerStrictly("eve@me.com"))
      for cookie in [
        "__Secure-session_id=\(mine); __Secure-session_id=\(planted)",
        "__Secure-session_id=\(planted); __Secure-session_id=\(mine)",
      ] {
        #expect(try await client.send(.get, "/profile", cookie: cookie).status == 400)
        #expect(try await client.send(.get, "/verify", cookie: cookie).status == 401)
      }
    }
  }
}
