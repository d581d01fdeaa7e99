import AuthCore
import AuthHTTP
import AuthTesting
import HTTPTypes
import Testing

/// What programs read of an error.
@Suite struct ErrorCodeTests {
  private static let problemJSON: HTTPFields = [.accept: "application/json;q=0.5, application/problem+json"]

  @Test func `strict gives the code, the field and the numbers of the message`() async throws {
    try await withService(.strict) { client in
      _ = try await client.registerStrictly()
      let short = try await client.register("eve@me.com", "short")
      #expect(
        short.text
          == #"{"characters":5,"code":"password_too_short","field":"password","message":"password: the password has 5 characters; the minimum is 15","minimum":15}"#
          + "\n")
      let expected: [(ClientResponse, [String: String])] = [
        (try await client.register(Strict.email, Strict.password), ["code": "email_taken", "field": "email"]),
        (try await client.register("bob", Strict.password), ["code": "email_at_signs", "field": "email", "count": "0"]),
        (try await client.logIn(Strict.email, "x"), ["code": "wrong_credentials"]),
        (try await client.send(.get, "/profile"), ["code": "login_required"]),
        (try await client.send(.post, "/users", .json("{}")), ["code": "field_missing", "field": "email"]),
        (try await client.send(.post, "/users", .json("x")), ["code": "malformed_body"]),
        (
          try await client.register(String(repeating: "x", count: 251), "x"),
          ["code": "field_too_long", "field": "email", "bytes": "251", "limit": "250"]
        ),
        (try await client.send(.post, "/users", Body("text/plain", "x")), ["code": "unsupported_media_type"]),
        (try await client.send(.get, "/nope"), ["code": "not_found"]),
        (try await client.send(.patch, "/users"), ["code": "method_not_allowed"]),
        (try await client.updatePassword(Strict.email, "x", Strict.password), ["code": "invalid_reset_token"]),
      ]
      for (response, members) in expected {
        #expect(response.json.filter { $0.key != "message" } == members)
        #expect(!response.message.isEmpty)
        #expect(response.headers[.contentType] == "application/json")
      }
    }
  }

  @Test func `a delay is a number`() async throws {
    try await withService(.strict) { client in
      for _ in 1...5 { _ = try await client.logIn(Strict.email, "x") }
      let response = try await client.logIn(Strict.email, "x")
      #expect(response.status == 429)
      #expect(response.json["code"] == "throttled")
      #expect(response.json["retry_after"] == response.headers[.retryAfter])
    }
  }

  @Test func `a client that accepts problem details gets them`() async throws {
    try await withService(.strict) { client in
      let response = try await client.send(.get, "/profile", headers: Self.problemJSON)
      #expect(response.headers[values: .contentType] == ["application/problem+json"])
      #expect(
        response.text
          == #"{"code":"login_required","detail":"not logged in","status":403,"title":"Forbidden","type":"about:blank"}"# + "\n")
      let missing = try await client.send(.get, "/nope", headers: Self.problemJSON)
      #expect(missing.headers[.contentType] == "application/problem+json")
      #expect(missing.json["status"] == "404")
      let head = try await client.send(.head, "/profile", headers: Self.problemJSON)
      #expect(head.text.isEmpty)
      for accept in [
        "*/*", "application/*", "application/json", "application/problem+jsonx", "application/problem+json;q=0",
        "application/problem+json; q=0.000",
      ] {
        let response = try await client.send(.get, "/profile", headers: [.accept: accept])
        #expect(response.headers[.contentType] == "application/json")
      }
    }
  }

  @Test func `under classic an error has its message alone`() async throws {
    try await withService { client in
      #expect(try await client.send(.get, "/profile", headers: Self.problemJSON).text == "{\"message\":\"not logged in\"}\n")
      #expect(try await client.send(.get, "/nope", headers: Self.problemJSON).text == "{\"message\":\"not found\"}\n")
      let missing = try await client.send(.post, "/users", .json("{}"), headers: Self.problemJSON)
      #expect(missing.text == "{\"message\":\"the field email is missing\"}\n")
      #expect(missing.headers[.contentType] == "application/json")
    }
  }

  @Test func `an error of the account system survives its way through a response`() throws {
    let errors: [AuthError] = [
      .registrationClosed, .userExists(email: "e"), .unknownUser, .invalidResetToken, .invalidSession, .wrongPassword,
      .reauthenticationRequired, .throttled(retryAfter: .seconds(7)), .overloaded(retryAfter: .seconds(3)), .conflict, .cancelled,
      .invalidEmail(.atSigns(count: 2)), .invalidEmail(.localPartTooLong(bytes: 70)), .invalidEmail(.invalidDomain),
      .invalidPassword(.tooShort(scalars: 3, minimum: 15)), .invalidPassword(.tooLong(bytes: 5000)), .invalidPassword(.breached),
    ]
    for error in errors {
      #expect(AuthError(code: error.code, numbers: error.numbers, message: error.description, email: "e") == error)
    }
    #expect(AuthError(code: "nope", numbers: [:], message: "", email: "") == nil)
  }
}
