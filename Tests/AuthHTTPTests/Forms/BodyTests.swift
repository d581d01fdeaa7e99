import AuthCore
import AuthHTTP
import HTTPTypes
import Testing

/// The type and the size of a body.
@Suite struct BodyTests {
  @Test(
    arguments: [
      nil, "text/plain", "text/html", "application/xml", "application/octet-stream", "application/jsonp", "json", "", ";",
      "application/x-www-form-urlencodedx", "multipart/mixed; boundary=frontier", "application/json, text/plain", "*/*",
    ])
  func `a body of another type, or of none, is 415 and changes nothing`(type: String?) async throws {
    let store = InMemoryStore()
    try await withService(store: store) { client in
      let texts = ["email=bob@me.com&password=x", #"{"email":"bob@me.com","password":"x"}"#]
      for text in texts {
        let response = try await client.send(.post, "/users", Body(type, text))
        #expect(response.status == 415)
        #expect(
          response.message == "send application/x-www-form-urlencoded, multipart/form-data or application/json")
      }
    }
    #expect(await store.isEmpty())
  }

  @Test(
    arguments: [
      ("application/x-www-form-urlencoded; charset=UTF-8", "email=bob@me.com&password=x"),
      ("APPLICATION/X-WWW-FORM-URLENCODED", "email=bob@me.com&password=x"),
      ("application/x-www-form-urlencoded ;charset=utf-8", "email=bob@me.com&password=x"),
      ("\tapplication/x-www-form-urlencoded ", "email=bob@me.com&password=x"),
      ("application/json; charset=utf-8", #"{"email":"bob@me.com","password":"x"}"#),
      ("Application/Json;charset=\"utf-8\"", #"{"email":"bob@me.com","password":"x"}"#),
    ])
  func `letter case, spaces and parameters of the type do not matter`(type: String, text: String) async throws {
    try await withService { client in
      let response = try await client.send(.post, "/users", Body(type, text))
      #expect(response.json["email"] == "bob@me.com")
      #expect(try await client.logIn("bob@me.com", "x").status == 200)
    }
  }

  @Test func `a body is read as its type says`() async throws {
    try await withService { client in
      let json = #"{"email":"bob@me.com","password":"x"}"#
      let form = "email=bob@me.com&password=x"
      let response = try await client.send(.post, "/users", .form(json))
      #expect(response.message == "the field email is missing")
      #expect(try await client.send(.post, "/users", .json(form)).message == "the body is not a JSON object")
    }
  }

  @Test func `a body of 65,536 bytes is read, one more is 413 with the limit`() async throws {
    let store = InMemoryStore()
    try await withService(store: store) { client in
      let form = "email=bob@me.com&password=x&other="
      let padding = String(repeating: "y", count: 65_536 - form.utf8.count)
      let response = try await client.send(.post, "/users", .form(form + padding + "y"))
      #expect(response.status == 413)
      #expect(response.json == ["message": "the body has more than 65536 bytes"])
      #expect(await store.isEmpty())
      #expect(try await client.send(.post, "/users", .form(form + padding)).status == 200)
    }
  }

  /// JSON's `\u0001` is the longest encoding of a byte: six for one.
  @Test func `the longest password fits however it is encoded`() async throws {
    try await withService { client in
      let password = String(repeating: "\u{1}", count: 4096)
      let response = try await client.register("bob@me.com", password, as: .json)
      #expect(response.status == 200)
      #expect(try await client.logIn("bob@me.com", password, as: .urlEncoded).status == 200)
    }
  }

  @Test(
    arguments: [
      "bob@me.com\r\nX-Injected: 1", "bob@me.com\nSet-Cookie: session_id=1", "\r\n\r\n<html>", "bob@me.com\r", "a\u{85}b",
      "\u{1B}[31m",
    ], Encoding.allCases)
  func `an email with control characters is refused everywhere, and nothing of it is in a response`(
    email: String, encoding: Encoding
  ) async throws {
    let store = InMemoryStore()
    try await withService(store: store) { client in
      let responses = [
        try await client.register(email, "x", as: encoding),
        try await client.logIn(email, "x", as: encoding),
        try await client.send(.post, "/reset_password", encoding.body(["email": email])),
        try await client.send(
          .put, "/reset_password", encoding.body(["email": email, "reset_token": "x", "new_password": "y"])),
      ]
      #expect(responses.map(\.status) == [400, 401, 403, 403])
      #expect(responses[0].message == "email: the email must not contain control characters")
      for response in responses {
        let expected: [HTTPField.Name] = [.contentType, .contentLength, .wwwAuthenticate] + SecurityHeaders.fields.map(\.name)
        #expect(response.headers.allSatisfy { expected.contains($0.name) })
        #expect(!response.text.contains("X-Injected") && !response.text.contains("html"))
      }
    }
    #expect(await store.isEmpty())
  }

  @Test func `an email is data in JSON, whatever it contains`() async throws {
    try await withService { client in
      let email = #"","message":"x"}<script>/\"#
      let response = try await client.register(email, "x")
      #expect(response.json == ["email": email, "message": "user created"])
      #expect(try await client.logIn(email, "x").json == ["email": email, "message": "logged in"])
    }
  }
}
