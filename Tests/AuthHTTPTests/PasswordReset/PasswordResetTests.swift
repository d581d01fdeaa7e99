import AuthCore
import HTTPTypes
import Testing

/// OWASP ASVS 5.0: 6.3.6, 6.4.3; NIST SP 800-63B-4: 4.2.1.2.
@Suite struct PasswordResetTests {
  // MARK: Requesting a token

  @Test func `under classic the response to a reset request contains email and token`() async throws {
    try await withService { client in
      _ = try await client.register("bob@bob.com", "x")
      let response = try await client.requestReset("bob@bob.com")
      #expect(response.status == 200)
      let token = try #require(response.json["reset_token"])
      #expect(response.text == #"{"email":"bob@bob.com","reset_token":"\#(token)"}"# + "\n")
      #expect(token.wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/) != nil)
    }
  }

  @Test(arguments: ["nobody@bob.com", "", "\0", "bob@bob.com\n", "bob@bob.com "])
  func `an email without an account is 403`(email: String) async throws {
    try await withService { client in
      _ = try await client.register("bob@bob.com", "x")
      let response = try await client.requestReset(email)
      #expect(response.status == 403)
      #expect(response.json == ["message": AuthError.unknownUser.description])
    }
  }

  // MARK: Using it

  @Test func `a token sets the new password, and the old one is void`() async throws {
    try await withService { client in
      _ = try await client.register("bob@bob.com", "old")
      let response = try await client.updatePassword("bob@bob.com", try await client.resetToken("bob@bob.com"), "new")
      #expect(response.status == 200)
      #expect(response.text == #"{"email":"bob@bob.com","message":"Password updated"}"# + "\n")
      #expect(try await client.logIn("bob@bob.com", "old").status == 401)
      #expect(try await client.logIn("bob@bob.com", "new").status == 200)
    }
  }

  @Test func `an unused token changes nothing`() async throws {
    try await withService { client in
      let session = try await client.registerAndLogIn("bob@bob.com", "old")
      _ = try await client.resetToken("bob@bob.com")
      #expect(try await client.profile(session).status == 200)
      #expect(try await client.logIn("bob@bob.com", "old").status == 200)
    }
  }

  @Test func `a token works once`() async throws {
    try await withService { client in
      _ = try await client.register("bob@bob.com", "old")
      let token = try await client.resetToken("bob@bob.com")
      #expect(try await client.updatePassword("bob@bob.com", token, "new").status == 200)
      let response = try await client.updatePassword("bob@bob.com", token, "newer")
      #expect(response.status == 403)
      #expect(response.json == ["message": "the reset token is not valid"])
      #expect(try await client.logIn("bob@bob.com", "new").status == 200)
    }
  }

  @Test func `the newest token replaces an older one`() async throws {
    try await withService { client in
      _ = try await client.register("bob@bob.com", "old")
      let older = try await client.resetToken("bob@bob.com")
      let newest = try await client.resetToken("bob@bob.com")
      #expect(older != newest)
      #expect(try await client.updatePassword("bob@bob.com", older, "new").status == 403)
      #expect(try await client.updatePassword("bob@bob.com", newest, "new").status == 200)
    }
  }

  @Test(arguments: ["eve@bob.com", "nobody@bob.com", "", "\0"])
  func `a token with another account's email is 403, and stays valid for its owner`(email: String) async throws {
    try await withService { client in
      _ = try await client.register("bob@bob.com", "old")
      _ = try await client.register("eve@bob.com", "hers")
      let token = try await client.resetToken("bob@bob.com")
      #expect(try await client.updatePassword(email, token, "stolen").status == 403)
      #expect(try await client.logIn("eve@bob.com", "hers").status == 200)
      #expect(try await client.logIn("bob@bob.com", "old").status == 200)
      #expect(try await client.updatePassword("BOB@bob.com", token, "new").status == 200)
    }
  }

  @Test(
    arguments: ["", " ", "\0", "null", "None", "nil", "163fe508-19a2-48ed-a7c8-d9c6e56fabd1", "' OR '1'='1", "%", "\r\n"],
    [true, false])
  func `an empty or made-up token is 403, whether the user has one or not`(token: String, hasToken: Bool) async throws {
    try await withService { client in
      _ = try await client.register("bob@bob.com", "old")
      if hasToken { _ = try await client.resetToken("bob@bob.com") }
      #expect(try await client.updatePassword("bob@bob.com", token, "stolen").status == 403)
      #expect(try await client.logIn("bob@bob.com", "old").status == 200)
    }
  }

  @Test func `a token counts to the letter`() async throws {
    try await withService { client in
      _ = try await client.register("bob@bob.com", "old")
      let token = try await client.resetToken("bob@bob.com")
      for wrong in [token.uppercased(), token + " ", " " + token, String(token.dropLast()), token + "\0"] {
        #expect(try await client.updatePassword("bob@bob.com", wrong, "stolen").status == 403)
      }
      #expect(try await client.updatePassword("bob@bob.com", token, "new").status == 200)
    }
  }

  @Test func `after an empty new password the token is still valid`() async throws {
    try await withService { client in
      _ = try await client.register("bob@bob.com", "old")
      let token = try await client.resetToken("bob@bob.com")
      let response = try await client.updatePassword("bob@bob.com", token, "")
      #expect(response.status == 400)
      #expect(response.message == "new_password: the password must not be empty")
      #expect(try await client.updatePassword("bob@bob.com", token, "new").status == 200)
    }
  }

  @Test func `under classic the open session survives a password update`() async throws {
    try await withService { client in
      let session = try await client.registerAndLogIn("bob@bob.com", "old")
      let token = try await client.resetToken("bob@bob.com")
      #expect(try await client.updatePassword("bob@bob.com", token, "new").status == 200)
      #expect(try await client.profile(session).json == ["email": "bob@bob.com"])
    }
  }

  // MARK: Tokens and sessions apart

  @Test func `a session id is not a reset token, and a reset token not a session id`() async throws {
    try await withService { client in
      let session = try await client.registerAndLogIn("bob@bob.com", "old")
      let token = try await client.resetToken("bob@bob.com")
      #expect(try await client.updatePassword("bob@bob.com", session, "stolen").status == 403)
      #expect(try await client.profile(token).status == 403)
      #expect(try await client.logOut(token).status == 403)
      #expect(try await client.profile(session).status == 200)
      #expect(try await client.updatePassword("bob@bob.com", token, "new").status == 200)
    }
  }

  @Test func `the stored form of a token is neither a token nor a cookie`() async throws {
    let store = InMemoryStore()
    try await withService(store: store) { client in
      _ = try await client.registerAndLogIn("bob@bob.com", "old")
      let token = try await client.resetToken("bob@bob.com")
      let digest = try #require(try await store.findUser(by: .id(1)).resetToken).hex
      #expect(digest != token)
      #expect(try await client.updatePassword("bob@bob.com", digest, "stolen").status == 403)
      #expect(try await client.profile(digest).status == 403)
      #expect(try await client.updatePassword("bob@bob.com", token, "new").status == 200)
    }
  }
}
