import AuthCore
import HTTPTypes
import Testing

/// OWASP ASVS 5.0: 7.2.1, 7.2.2, 7.3.1, 7.3.2, 7.4.1, 7.4.5; NIST SP 800-63B-4: 5.2.
@Suite struct SessionTests {
  // MARK: Profile

  @Test func `a profile is the email of the session's user`() async throws {
    try await withService { client in
      let bob = try await client.registerAndLogIn("bob@bob.com", "x")
      let eve = try await client.registerAndLogIn("eve@bob.com", "x")
      let response = try await client.profile(bob)
      #expect(response.status == 200)
      #expect(response.text == #"{"email":"bob@bob.com"}"# + "\n")
      #expect(try await client.profile(eve).json == ["email": "eve@bob.com"])
    }
  }

  @Test(
    arguments: [
      nil, "", "session_id", "session_id=", "session_id=nope", "session_id=\"\"", "=", ";", "; ;=;", "session_id==",
      "session_id=163fe508-19a2-48ed-a7c8-d9c6e56fabd1", "session_id=null", "session_id=None", "session_id=%00",
      "session_id=' OR '1'='1", "session_id=é", "other=1; session_id=nope",
    ], [("/profile", "GET"), ("/sessions", "DELETE")])
  func `without the id of an open session profile and logout are 403`(
    cookie: String?, route: (path: String, method: String)
  ) async throws {
    try await withService { client in
      _ = try await client.registerAndLogIn("bob@bob.com", "x")
      let method = try #require(HTTPRequest.Method(rawValue: route.method))
      let response = try await client.send(method, route.path, cookie: cookie)
      #expect(response.status == 403)
      #expect(response.json == ["message": "not logged in"])
      #expect(response.headers[.setCookie] == nil)
    }
  }

  @Test(arguments: ["Session_id", "SESSION_ID", "session", "session_id2", "__Host-session_id"])
  func `a session id counts only in the cookie of its name`(name: String) async throws {
    try await withService { client in
      let session = try await client.registerAndLogIn("bob@bob.com", "x")
      #expect(try await client.send(.get, "/profile", cookie: "\(name)=\(session)").status == 403)
      #expect(try await client.send(.get, "/profile", cookie: "\(name)=1; session_id=\(session); a=b").status == 200)
    }
  }

  @Test func `a session id counts in the cookie, not in the query or the body`() async throws {
    try await withService { client in
      let session = try await client.registerAndLogIn("bob@bob.com", "x")
      #expect(try await client.send(.get, "/profile?session_id=\(session)").status == 403)
      #expect(try await client.send(.get, "/profile", .form("session_id=\(session)")).status == 403)
      #expect(try await client.send(.delete, "/sessions", .form("session_id=\(session)")).status == 403)
      #expect(try await client.profile(session).status == 200)
    }
  }

  /// RFC 6265, section 4.1.1, allows the quotes; some clients put the spaces.
  @Test func `spaces and quotes around a session id do not matter`() async throws {
    try await withService { client in
      let session = try await client.registerAndLogIn("bob@bob.com", "x")
      for cookie in ["session_id=\"\(session)\"", "a=b;session_id=\(session) ;c=d", "  session_id = \(session)"] {
        #expect(try await client.send(.get, "/profile", cookie: cookie).status == 200)
      }
    }
  }

  @Test func `a session id counts to the letter`() async throws {
    try await withService { client in
      let session = try await client.registerAndLogIn("bob@bob.com", "x")
      #expect(try await client.profile(session.uppercased()).status == 403)
      #expect(try await client.profile(String(session.dropLast())).status == 403)
      #expect(try await client.profile(session + "0").status == 403)
      #expect(try await client.profile(session).status == 200)
    }
  }

  // MARK: One session per user

  @Test func `a login ends the former session`() async throws {
    try await withService { client in
      let former = try await client.registerAndLogIn("bob@bob.com", "x")
      let eve = try await client.registerAndLogIn("eve@bob.com", "x")
      let present = try await client.openSession("bob@bob.com", "x")
      #expect(try await client.profile(former).status == 403)
      #expect(try await client.profile(present).status == 200)
      #expect(try await client.profile(eve).status == 200)
    }
  }

  @Test func `a login that fails leaves the session open`() async throws {
    try await withService { client in
      let session = try await client.registerAndLogIn("bob@bob.com", "x")
      #expect(try await client.logIn("bob@bob.com", "y").status == 401)
      #expect(try await client.profile(session).status == 200)
    }
  }

  // MARK: Logout

  /// Three known clients of the specification break with a 303, or with an absolute URL.
  @Test func `a logout is 302 to the relative path /`() async throws {
    try await withService { client in
      let session = try await client.registerAndLogIn("bob@bob.com", "x")
      let response = try await client.logOut(session)
      #expect(response.status == 302)
      #expect(response.headers[.location] == "/")
      #expect(response.text.isEmpty)
    }
  }

  @Test func `a logout makes the browser forget the cookie`() async throws {
    try await withService { client in
      let session = try await client.registerAndLogIn("bob@bob.com", "x")
      let cookie = try #require(try await client.logOut(session).cookie)
      #expect(cookie.name == "session_id")
      #expect(cookie.value.isEmpty)
      #expect(cookie.attributes == ["HttpOnly", "Max-Age=0", "Path=/", "SameSite=Lax"])
    }
  }

  @Test func `after a logout the session is gone, and only that one`() async throws {
    try await withService { client in
      let bob = try await client.registerAndLogIn("bob@bob.com", "x")
      let eve = try await client.registerAndLogIn("eve@bob.com", "x")
      #expect(try await client.logOut(bob).status == 302)
      #expect(try await client.profile(bob).status == 403)
      #expect(try await client.logOut(bob).status == 403)
      #expect(try await client.profile(eve).status == 200)
      #expect(try await client.logIn("bob@bob.com", "x").status == 200)
    }
  }

  @Test func `a logout with a session that was replaced does not end the present one`() async throws {
    try await withService { client in
      let former = try await client.registerAndLogIn("bob@bob.com", "x")
      let present = try await client.openSession("bob@bob.com", "x")
      #expect(try await client.logOut(former).status == 403)
      #expect(try await client.profile(present).status == 200)
    }
  }

  // MARK: Stored forms

  @Test func `the stored form of a session id is neither a cookie nor a reset token`() async throws {
    let store = InMemoryStore()
    try await withService(store: store) { client in
      let session = try await client.registerAndLogIn("bob@bob.com", "x")
      let digest = try #require(try await store.findUser(by: .id(1)).sessionID).hex
      #expect(digest != session)
      #expect(try await client.profile(digest).status == 403)
      #expect(try await client.logOut(digest).status == 403)
      #expect(try await client.updatePassword("bob@bob.com", digest, "y").status == 403)
      #expect(try await client.profile(session).status == 200)
    }
  }
}
