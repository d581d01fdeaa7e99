import AuthCore
import AuthHTTP
import HTTPTypes
import Testing

/// OWASP ASVS 5.0: 6.3.8, 6.4.6, 7.2.2, 7.2.3, 7.4.1, 7.4.3; NIST SP 800-63B-4: 5.1, 5.1.1.
@Suite struct StrictPolicyTests {
  static let password = "correct horse battery"

  @Test func `the session is in a cookie that only this host sets, over TLS only, for 30 days`() async throws {
    try await withService(.strict) { client in
      _ = try await client.register("bob@me.com", Self.password)
      let cookie = try #require(try await client.logIn("bob@me.com", Self.password).cookie)
      #expect(cookie.name == "__Host-session_id")
      #expect(cookie.attributes == ["HttpOnly", "Path=/", "SameSite=Lax", "Secure"])
    }
  }

  @Test func `a session id is 32 random bytes in base64url`() async throws {
    try await withService(.strict) { client in
      _ = try await client.register("bob@me.com", Self.password)
      let session = try await client.openSession("bob@me.com", Self.password)
      #expect(session.wholeMatch(of: /[A-Za-z0-9_-]{43}/) != nil)
    }
  }

  @Test func `a session id counts in that cookie and not in session_id`() async throws {
    try await withService(.strict) { client in
      _ = try await client.register("bob@me.com", Self.password)
      let session = try await client.openSession("bob@me.com", Self.password)
      #expect(try await client.profile(session).status == 403)
      #expect(try await client.logOut(session).status == 403)
      let response = try await client.send(.get, "/profile", cookie: "session_id=1; __Host-session_id=\(session)")
      #expect(response.json == ["email": "bob@me.com", "id": "1"])
    }
  }

  /// RFC 9110, section 15.4.4: after a 303 a browser's `fetch` sends GET, after a 302 it repeats DELETE.
  @Test func `a logout is 303, and takes the cookie back with the attributes that its name demands`() async throws {
    try await withService(.strict) { client in
      _ = try await client.register("bob@me.com", Self.password)
      let session = try await client.openSession("bob@me.com", Self.password)
      let response = try await client.send(.delete, "/sessions", cookie: "__Host-session_id=\(session)")
      #expect(response.status == 303)
      #expect(response.headers[.location] == "/")
      let cookie = try #require(response.cookie)
      #expect(cookie.name == "__Host-session_id")
      #expect(cookie.value.isEmpty)
      #expect(cookie.attributes == ["HttpOnly", "Max-Age=0", "Path=/", "SameSite=Lax", "Secure"])
      #expect(try await client.send(.get, "/profile", cookie: "__Host-session_id=\(session)").status == 403)
    }
  }

  @Test func `the challenge of a 401 names the cookie in use`() async throws {
    try await withService(.strict) { client in
      let response = try await client.logIn("bob@me.com", "wrong")
      #expect(response.status == 401)
      #expect(
        response.headers[.wwwAuthenticate] == #"Cookie realm="auth", form-action="/sessions", cookie-name="__Host-session_id""#)
    }
  }

  @Test func `a reset request has the same response for known and unknown emails, without a token`() async throws {
    let store = InMemoryStore()
    try await withService(.strict, store: store) { client in
      _ = try await client.register("bob@me.com", Self.password)
      let known = try await client.requestReset("bob@me.com")
      #expect(known.status == 200)
      #expect(known.json == ["message": "if there is an account with this email, a message is on its way to it"])
      for unknown in ["nobody@me.com", "", "not an address", "\0"] {
        #expect(try await client.requestReset(unknown) == known)
      }
      #expect(try await store.findUser(by: .id(1)).resetToken == nil)
    }
  }

  @Test func `with the service key the token is in the response, and an unknown email is 403`() async throws {
    let key = String(repeating: "k", count: 32)
    let serviceKey = try #require(ServiceKey(key))
    try await withService(.strict, serviceKeys: [serviceKey]) { client in
      _ = try await client.register("bob@me.com", Self.password)
      let ask = { (email: String, key: String) in
        try await client.send(
          .post, "/reset_password", Encoding.json.body(["email": email]), headers: [.authorization: "Bearer \(key)"])
      }
      let response = try await ask("bob@me.com", key)
      #expect(response.status == 200)
      let token = try #require(response.json["reset_token"])
      #expect(try await ask("nobody@me.com", key).status == 403)
      for wrong in ["", "k", key + "k", key.uppercased()] {
        let refused = try await ask("bob@me.com", wrong)
        #expect(refused.status == 403)
        #expect(refused.message == "the service key is wrong")
      }
      #expect(try await client.updatePassword("bob@me.com", token, "another horse battery").status == 200)
      #expect(try await client.send(.get, "/profile", headers: [.authorization: "Bearer \(key)"]).status == 403)
    }
  }

  @Test func `of several service keys each is accepted, and no other`() async throws {
    let keys = ["a", "b", "c"].map { String(repeating: $0, count: 32) }
    try await withService(.strict, serviceKeys: keys.compactMap(ServiceKey.init)) { client in
      _ = try await client.register("bob@me.com", Self.password)
      for key in keys + [String(repeating: "d", count: 32)] {
        let response = try await client.send(
          .post, "/reset_password", Encoding.json.body(["email": "bob@me.com"]), headers: [.authorization: "Bearer \(key)"])
        #expect(response.status == (keys.contains(key) ? 200 : 403))
      }
    }
  }

  @Test func `a service key has at least 32 characters`() {
    #expect(ServiceKey(String(repeating: "k", count: 31)) == nil)
    #expect("\(ServiceKey(String(repeating: "k", count: 32))!)" == "ServiceKey(redacted)")
  }

  @Test func `a token that was delivered out of band sets the password and ends all sessions`() async throws {
    let store = InMemoryStore()
    let auth = Auth(policy: .strict, store: store, hasher: sharedHasher)
    try await withService(.strict, store: store) { client in
      _ = try await client.register("bob@me.com", Self.password)
      let session = try await client.openSession("bob@me.com", Self.password)
      let token = try await auth.issueResetToken(email: "bob@me.com", from: .unknown).token.text
      let tooShort = try await client.updatePassword("bob@me.com", token, "short")
      #expect(tooShort.status == 400)
      #expect(tooShort.message == "new_password: the password has 5 characters; the minimum is 15")
      #expect(try await client.updatePassword("bob@me.com", token, "another horse battery").status == 200)
      #expect(try await client.send(.get, "/profile", cookie: "__Host-session_id=\(session)").status == 403)
      #expect(try await client.logIn("bob@me.com", Self.password).status == 401)
      #expect(try await client.logIn("bob@me.com", "another horse battery").status == 200)
    }
  }

  @Test(
    arguments: [
      ("bob@me.com", "fourteen chars", "password: the password has 14 characters; the minimum is 15"),
      ("not an address", password, "email: the email has no @; it must have the form name@example.org"),
      ("robert.smith@me.com", "Robert.Smith@me.com", "password: the password must not be the email"),
    ])
  func `an email or password that the policy refuses is 400 with the rule`(email: String, password: String, message: String)
    async throws
  {
    let store = InMemoryStore()
    try await withService(.strict, store: store) { client in
      let response = try await client.register(email, password)
      #expect(response.status == 400)
      #expect(response.message == message)
    }
    #expect(await store.isEmpty())
  }

  @Test func `a user may have several sessions, each of which ends alone`() async throws {
    try await withService(.strict) { client in
      _ = try await client.register("bob@me.com", Self.password)
      let (first, second) = (
        try await client.openSession("bob@me.com", Self.password), try await client.openSession("bob@me.com", Self.password)
      )
      #expect(try await client.send(.delete, "/sessions", cookie: "__Host-session_id=\(first)").status == 303)
      #expect(try await client.send(.get, "/profile", cookie: "__Host-session_id=\(first)").status == 403)
      #expect(try await client.send(.get, "/profile", cookie: "__Host-session_id=\(second)").status == 200)
    }
  }
}
