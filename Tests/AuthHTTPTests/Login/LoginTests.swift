import AuthCore
import HTTPTypes
import Testing

/// OWASP ASVS 5.0: 7.6.2.
@Suite struct LoginTests {
  @Test func `a login returns the email and a cookie`() async throws {
    try await withService { client in
      _ = try await client.register("bob@bob.com", "mySuperPwd")
      let response = try await client.logIn("bob@bob.com", "mySuperPwd")
      #expect(response.status == 200)
      #expect(response.text == #"{"email":"bob@bob.com","message":"logged in"}"# + "\n")
      let cookie = try #require(response.cookie)
      #expect(cookie.name == "session_id")
      #expect(cookie.attributes == ["HttpOnly", "Path=/", "SameSite=Lax"])
      #expect(response.headers[values: .setCookie].count == 1)
    }
  }

  @Test func `a session id is a version 4 UUID in lower case, another one at every login`() async throws {
    try await withService { client in
      let first = try await client.registerAndLogIn("bob@bob.com", "mySuperPwd")
      let second = try await client.openSession("bob@bob.com", "mySuperPwd")
      let uuid = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/
      #expect(try uuid.wholeMatch(in: first) != nil)
      #expect(try uuid.wholeMatch(in: second) != nil)
      #expect(first != second)
    }
  }

  /// RFC 9110, section 11.6.1: a 401 has a challenge. `Basic` would open a window in browsers.
  @Test func `a wrong password is 401 with a challenge to which no browser reacts, and no cookie`() async throws {
    try await withService { client in
      _ = try await client.register("bob@bob.com", "mySuperPwd")
      let response = try await client.logIn("bob@bob.com", "BlaBla")
      #expect(response.status == 401)
      #expect(response.message == "wrong email or password")
      #expect(response.headers[.wwwAuthenticate] == #"Cookie realm="auth", form-action="/sessions", cookie-name="session_id""#)
      #expect(response.headers[.setCookie] == nil)
    }
  }

  @Test(
    arguments: [
      ("nobody@bob.com", "mySuperPwd"), ("nobody@bob.com", "BlaBla"), ("bob@bob.com\r\nX: y", "mySuperPwd"),
      ("\0", "mySuperPwd"), ("", "mySuperPwd"), ("bob@bob.com", ""), ("", ""), ("bob@bob.com", "MySuperPwd"),
      ("bob@bob.com", "mySuperPwd "), ("bob@bob.com", "mySuperPwd\0"), ("bob@bob.com", "mySuperPw"),
      (" bob@bob.com", "mySuperPwd"), ("bob@bob.com", String(repeating: "x", count: 4096)),
    ], Encoding.allCases)
  func `the response is the same to the byte for a wrong email, a wrong password and both`(
    wrong: (email: String, password: String), encoding: Encoding
  ) async throws {
    try await withService { client in
      _ = try await client.register("bob@bob.com", "mySuperPwd")
      let expected = try await client.logIn("bob@bob.com", "BlaBla")
      let response = try await client.logIn(wrong.email, wrong.password, as: encoding)
      #expect(response == expected)
      #expect(response.status == 401)
    }
  }

  @Test(arguments: ["BoB@Bob.com", "bob@bob.com", "BOB@BOB.COM"])
  func `every response has the email in the letter case of its registration`(written: String) async throws {
    try await withService { client in
      #expect(try await client.register("BoB@Bob.com", "x").json["email"] == "BoB@Bob.com")
      let loggedIn = try await client.logIn(written, "x")
      #expect(loggedIn.json["email"] == "BoB@Bob.com")
      #expect(try await client.profile(try #require(loggedIn.cookie).value).json["email"] == "BoB@Bob.com")
      let reset = try await client.requestReset(written)
      #expect(reset.json["email"] == "BoB@Bob.com")
      let token = try #require(reset.json["reset_token"])
      #expect(try await client.updatePassword(written, token, "y").json["email"] == "BoB@Bob.com")
    }
  }

  @Test func `a cookie does not decide whether a login is accepted`() async throws {
    try await withService { client in
      let session = try await client.registerAndLogIn("bob@bob.com", "mySuperPwd")
      let wrong = Encoding.urlEncoded.body(["email": "bob@bob.com", "password": "BlaBla"])
      #expect(try await client.send(.post, "/sessions", wrong, cookie: "session_id=\(session)").status == 401)
      #expect(try await client.profile(session).status == 200)
    }
  }

  @Test(
    arguments: [
      "\0", "a\0b", "😀", "\u{1F468}\u{200D}\u{1F469}", "\u{FEFF}", "e\u{301}", "\u{202E}", "\r\n", "\"\\", "%00", "+", "&=;",
      "null", " x ",
      String(repeating: "😀", count: 1024), String(repeating: "\0", count: 4096),
    ], Encoding.allCases)
  func `a password of any characters opens its account, and all but its last byte do not`(
    password: String, encoding: Encoding
  ) async throws {
    try await withService { client in
      let registered = try await client.register("bob@bob.com", password, as: encoding)
      #expect(registered.status == 200)
      for other in Encoding.allCases {
        #expect(try await client.logIn("bob@bob.com", password, as: other).status == 200)
      }
      let shorter = String(password.unicodeScalars.dropLast())
      #expect(try await client.logIn("bob@bob.com", shorter, as: encoding).status == 401)
    }
  }

  @Test func `passwords that only look the same are different`() async throws {
    try await withService { client in
      _ = try await client.register("bob@bob.com", "caf\u{E9}")
      #expect(try await client.logIn("bob@bob.com", "cafe\u{301}").status == 401)
      #expect(try await client.logIn("bob@bob.com", "caf\u{E9}").status == 200)
    }
  }
}
