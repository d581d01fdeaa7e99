import AuthCore
import AuthHTTP
import AuthTesting
import HTTPTypes
import Testing

/// How long a new session lasts, and how its id reaches the client.
///
/// NIST SP 800-63B-4: 5.1.
@Suite struct NewSessionTests {
  private static func login(_ more: KeyValuePairs<String, String> = [:], as encoding: Encoding = .json) -> Body {
    encoding.body(
      [("email", Strict.email), ("password", Strict.password)].map { ($0.0, Array($0.1.utf8)) }
        + more.map { ($0.key, Array($0.value.utf8)) })
  }

  // MARK: Being remembered

  @Test(
    arguments: [
      (nil, nil), ("false", nil), ("off", nil), ("0", nil), ("true", "Max-Age=2592000"), ("on", "Max-Age=2592000"),
      ("1", "Max-Age=2592000"),
    ] as [(String?, String?)])
  func `only a user who asks for it is remembered when the browser is closed`(field: String?, maxAge: String?) async throws {
    try await withService(.strict) { client in
      _ = try await client.register(Strict.email, Strict.password)
      for encoding in Encoding.allCases {
        let body = field.map { Self.login(["remember": $0], as: encoding) } ?? Self.login(as: encoding)
        let cookie = try #require(try await client.send(.post, "/sessions", body).cookie)
        #expect(cookie.attributes == (["HttpOnly", "Path=/", "SameSite=Lax", "Secure"] + (maxAge.map { [$0] } ?? [])).sorted())
      }
    }
  }

  @Test(arguments: [(nil, 86_400), ("true", 30 * 86_400)] as [(String?, Int64)])
  func `the session ends after a day, or after thirty`(field: String?, seconds: Int64) async throws {
    let clock = ManualClock()
    try await withService(.strict, clock: clock) { client in
      _ = try await client.register(Strict.email, Strict.password)
      let body = field.map { Self.login(["remember": $0]) } ?? Self.login()
      let session = try #require(try await client.send(.post, "/sessions", body).cookie).value
      // Used every day, so that it does not end for being idle.
      for _ in 0..<(seconds / 43_200 - 1) {
        clock.advance(by: .seconds(43_200))
        #expect(try await client.isOpen(session))
      }
      clock.advance(by: .seconds(43_199))
      #expect(try await client.isOpen(session))
      clock.advance(by: .seconds(1))
      #expect(try await !client.isOpen(session))
    }
  }

  @Test func `JSON may have it without quotation marks`() async throws {
    try await withService(.strict) { client in
      _ = try await client.register(Strict.email, Strict.password)
      for (json, isRemembered) in [("true", true), ("false", false), ("null", false)] {
        let body = Body.json(#"{"email":"\#(Strict.email)","password":"\#(Strict.password)","remember":\#(json)}"#)
        let cookie = try #require(try await client.send(.post, "/sessions", body).cookie)
        #expect(cookie.attributes.contains("Max-Age=2592000") == isRemembered)
      }
    }
  }

  @Test(arguments: ["yes", "TRUE", "", "2"])
  func `other values are refused before anything is counted`(value: String) async throws {
    try await withService(.strict) { client in
      let response = try await client.send(.post, "/sessions", Self.login(["remember": value]))
      #expect(response.status == 400)
      #expect(response.message == "the field remember must be true or false")
      #expect(response.json["code"] == "field_not_boolean")
    }
  }

  @Test func `a new password keeps what the user asked for`() async throws {
    try await withService(.strict) { client in
      _ = try await client.register(Strict.email, Strict.password)
      var (old, new) = (Strict.password, Strict.otherPassword)
      for remember in ["true", "false"] {
        let body = Encoding.json.body(["email": Strict.email, "password": old, "remember": remember])
        let session = try #require(try await client.send(.post, "/sessions", body).cookie).value
        let response = try await client.send(
          .put, "/password", ["current_password": old, "new_password": new], in: session)
        #expect(response.status == 200)
        #expect(response.cookie?.attributes.contains("Max-Age=2592000") == (remember == "true"))
        swap(&old, &new)
      }
    }
  }

  @Test func `under classic the field means nothing`() async throws {
    try await withService { client in
      _ = try await client.register("bob", "x")
      for value in ["true", "nonsense"] {
        let response = try await client.send(
          .post, "/sessions", Encoding.json.body(["email": "bob", "password": "x", "remember": value]))
        #expect(response.status == 200)
        #expect(response.cookie?.attributes == ["HttpOnly", "Path=/", "SameSite=Lax"])
      }
    }
  }

  // MARK: The id in the body

  @Test(arguments: [Preset.classic, .strict])
  func `a client without cookies gets the id in the body, and works with it`(preset: Preset) async throws {
    try await withService(preset) { client in
      _ = try await client.register(Strict.email, Strict.password)
      let response = try await client.send(.post, "/sessions", Self.login(["return_session_id": "true"]))
      #expect(response.status == 200)
      #expect(response.cookie == nil)
      let session = try #require(response.json["session_id"])
      #expect(response.json["expires_at"] != nil)
      #expect(try await client.send(.get, "/profile", headers: [.authorization: "Bearer \(session)"]).status == 200)
    }
  }

  @Test(arguments: [Preset.classic, .strict])
  func `no one gets it who did not ask`(preset: Preset) async throws {
    try await withService(preset) { client in
      _ = try await client.register(Strict.email, Strict.password)
      for body in [Self.login(), Self.login(["return_session_id": "false"])] {
        let response = try await client.send(.post, "/sessions", body)
        let session = try #require(response.cookie).value
        #expect(!response.text.contains(session))
        #expect(response.json["session_id"] == nil && response.json["expires_at"] == nil)
      }
    }
  }

  @Test func `a change of the password also gives the new id in the body`() async throws {
    try await withService(.strict) { client in
      let session = try await client.registerStrictly()
      let response = try await client.send(
        .put, "/password",
        ["current_password": Strict.password, "new_password": Strict.otherPassword, "return_session_id": "true"], in: session)
      #expect(response.cookie == nil)
      let new = try #require(response.json["session_id"])
      #expect(try await client.isOpen(new))
      #expect(try await !client.isOpen(session))
    }
  }

  // MARK: The user's id

  @Test func `strict tells the id of the user, which is never used again`() async throws {
    try await withService(.strict) { client in
      _ = try await client.register(Strict.email, Strict.password)
      let login = try await client.send(.post, "/sessions", Self.login())
      let session = try #require(login.cookie).value
      #expect(login.json == ["email": Strict.email, "id": "1", "message": "logged in"])
      #expect(try await client.send(.get, "/profile", in: session).json == ["email": Strict.email, "id": "1"])
      #expect(try await client.send(.delete, "/profile", ["current_password": Strict.password], in: session).status == 200)
      let later = try await client.registerStrictly()
      #expect(try await client.send(.get, "/profile", in: later).json == ["email": Strict.email, "id": "2"])
    }
  }
}
