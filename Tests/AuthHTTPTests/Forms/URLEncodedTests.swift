import HTTPTypes
import Testing

/// `application/x-www-form-urlencoded`: the WHATWG URL standard, section 5.1.
@Suite struct URLEncodedTests {
  @Test(
    arguments: [
      ("a+b", "a b"), ("a%2Bb", "a+b"), ("a%20b", "a b"), ("a%26b%3Dc", "a&b=c"), ("a=b=", "a=b="), ("a;b", "a;b"),
      ("caf%C3%A9", "caf\u{E9}"), ("caf%c3%a9", "caf\u{E9}"), ("café", "caf\u{E9}"), ("%F0%9F%98%80", "\u{1F600}"),
      ("x%00y", "x\0y"), ("%0D%0A", "\r\n"), ("%25", "%"), ("%2525", "%25"), ("\"'", "\"'"), ("a\tb", "a\tb"),
    ])
  func `a value is decoded`(encoded: String, password: String) async throws {
    try await expect(encoded, toMean: password)
  }

  @Test(
    arguments: [
      ("100%", "100%"), ("%", "%"), ("%%", "%%"), ("%4", "%4"), ("%zz", "%zz"), ("%4z", "%4z"), ("%z4", "%z4"), ("%%41", "%A"),
      ("%4%41", "%4A"), ("%+1", "% 1"), ("%-1", "%-1"), ("%0x41", "%0x41"), ("%:0", "%:0"), ("%@1", "%@1"), ("%g0", "%g0"),
      ("%/0", "%/0"), ("%`1", "%`1"), ("%1G", "%1G"),
    ])
  func `a percent sign without two hexadecimal digits stands for itself`(encoded: String, password: String) async throws {
    try await expect(encoded, toMean: password)
  }

  @Test(
    arguments: [
      "email=bob@me.com&password=x", "password=x&email=bob%40me.com", "&&email=bob@me.com&&password=x&",
      "%65mail=bob@me.com&password=x",
      "a&b=&=c&=&email=bob@me.com&password=x", "%ff=1&email=bob@me.com&password=x", "email=bob@me.com&password=x&email",
      "email[]=eve&email=bob@me.com&password=x",
    ])
  func `pairs are read wherever they stand`(form: String) async throws {
    try await withService { client in
      let response = try await client.send(.post, "/users", .form(form))
      #expect(response.json == ["email": "bob@me.com", "message": "user created"])
      #expect(try await client.logIn("bob@me.com", "x").status == 200)
    }
  }

  @Test(arguments: ["email&password=x", "email=&password=x"])
  func `a name without a value is an empty field`(form: String) async throws {
    try await withService { client in
      let response = try await client.send(.post, "/users", .form(form))
      #expect(response.status == 400)
      #expect(response.message == "email: the email must not be empty")
    }
  }

  @Test(arguments: [
    "&", "=", "%", "email[]=bob&password=x", "e mail=bob&password=x", "email%00=bob&password=x", " email=b&password=x",
  ])
  func `a name that differs in any byte is another field`(form: String) async throws {
    try await withService { client in
      let response = try await client.send(.post, "/users", .form(form))
      #expect(response.message == "the field email is missing")
    }
  }

  /// Registers with a password in the form's encoding, and logs in with the decoded one, as JSON.
  private func expect(_ encoded: String, toMean password: String) async throws {
    try await withService { client in
      let response = try await client.send(.post, "/users", .form("email=bob&password=\(encoded)"))
      #expect(response.status == 200)
      #expect(try await client.logIn("bob", password, as: .json).status == 200)
      #expect(try await client.logIn("bob", password + "%", as: .json).status == 401)
    }
  }
}
