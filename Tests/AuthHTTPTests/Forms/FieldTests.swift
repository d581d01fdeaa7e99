import AuthCore
import HTTPTypes
import Testing

/// The rules that hold for fields in every encoding.
///
/// OWASP ASVS 5.0: 6.2.8, 6.2.9; NIST SP 800-63B-4: 3.1.1.2.
@Suite struct FieldTests {
  /// A route that reads a form, with fields that it accepts, except for the token.
  struct Route: Sendable, CustomTestStringConvertible {
    let method: HTTPRequest.Method
    let path: String
    let fields: [String]

    var testDescription: String { "\(method) \(path)" }

    static let all = [
      Route(method: .post, path: "/users", fields: ["email", "password"]),
      Route(method: .post, path: "/sessions", fields: ["email", "password"]),
      Route(method: .post, path: "/reset_password", fields: ["email"]),
      Route(method: .put, path: "/reset_password", fields: ["email", "reset_token", "new_password"]),
    ]
  }

  static let limits = ["email": 250, "reset_token": 250, "password": 4096, "new_password": 4096]

  /// Not UTF-8: a lone byte, an overlong NUL, a surrogate, a sequence cut off, a scalar beyond Unicode.
  static let unreadable: [[UInt8]] = [
    [0xff], [0x61, 0x80], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xe2, 0x82], [0xf4, 0x90, 0x80, 0x80],
  ]

  @Test(arguments: Route.all, Encoding.allCases)
  func `a missing field is 400 and named`(route: Route, encoding: Encoding) async throws {
    let store = InMemoryStore()
    try await withService(store: store) { client in
      for missing in route.fields {
        let present = route.fields.filter { $0 != missing } + ["other"]
        let body = encoding.body(present.map { (name: $0, value: Array("x".utf8)) })
        let response = try await client.send(route.method, route.path, body)
        #expect(response.status == 400)
        #expect(response.json == ["message": "the field \(missing) is missing"])
      }
    }
    #expect(await store.isEmpty())
  }

  @Test(arguments: Route.all)
  func `without a body the first field is missing`(route: Route) async throws {
    try await withService { client in
      for type in [nil, "text/plain", "application/json", "multipart/form-data", "application/x-www-form-urlencoded"] {
        let response = try await client.send(route.method, route.path, Body(type, ""))
        #expect(response.status == 400)
        #expect(response.message == "the field email is missing")
      }
    }
  }

  @Test(arguments: Route.all, Encoding.allCases)
  func `a field that is too long is 400 and named with its limit`(route: Route, encoding: Encoding) async throws {
    let store = InMemoryStore()
    try await withService(store: store) { client in
      for long in route.fields {
        let limit = try #require(Self.limits[long])
        let fields = route.fields.map { (name: $0, value: [UInt8](repeating: 0x78, count: $0 == long ? limit + 1 : 1)) }
        let response = try await client.send(route.method, route.path, encoding.body(fields))
        #expect(response.status == 400)
        #expect(response.json == ["message": "the field \(long) has \(limit + 1) bytes; the limit is \(limit)"])
      }
    }
    #expect(await store.isEmpty())
  }

  @Test(arguments: Encoding.allCases)
  func `fields at their limits are read to the last byte`(encoding: Encoding) async throws {
    try await withService { client in
      let email = String(repeating: "e", count: 250)
      let password = String(repeating: "p", count: 4096)
      #expect(try await client.register(email, password, as: encoding).json["email"] == email)
      let token = try await client.resetToken(email)
      let fields: KeyValuePairs = ["email": email, "reset_token": token, "new_password": password]
      #expect(try await client.send(.put, "/reset_password", encoding.body(fields)).status == 200)
      #expect(try await client.logIn(email, password, as: encoding).status == 200)
      #expect(try await client.logIn(email, String(password.dropLast()) + "q", as: encoding).status == 401)
    }
  }

  /// 84 characters of three bytes are 252 bytes.
  @Test func `limits count bytes of UTF-8, not characters`() async throws {
    try await withService { client in
      let response = try await client.register(String(repeating: "\u{20AC}", count: 84), "x")
      #expect(response.status == 400)
      #expect(response.message == "the field email has 252 bytes; the limit is 250")
      #expect(try await client.register(String(repeating: "\u{20AC}", count: 83), "x").status == 200)
    }
  }

  @Test(arguments: Route.all, Encoding.allCases)
  func `a field that is not UTF-8 is refused`(route: Route, encoding: Encoding) async throws {
    let store = InMemoryStore()
    try await withService(store: store) { client in
      for (field, bytes) in route.fields.flatMap({ field in Self.unreadable.map { (field, $0) } }) {
        let fields = route.fields.map { (name: $0, value: $0 == field ? bytes : [0x78]) }
        let response = try await client.send(route.method, route.path, encoding.body(fields))
        #expect(response.status == 400)
        let isNamed = response.message == "the field \(field) is not a UTF-8 string"
        // A body that is not UTF-8 is not JSON.
        #expect(isNamed || encoding == .json && response.message == "the body is not a JSON object")
      }
    }
    #expect(await store.isEmpty())
  }

  @Test(arguments: [Encoding.urlEncoded, .multipart])
  func `a field that is not UTF-8 is ignored by routes that do not read it`(encoding: Encoding) async throws {
    try await withService { client in
      let fields: [(String, [UInt8])] = [("other", [0xff]), ("email", [0x61]), ("password", [0x62]), ("é", [0xfe])]
      let response = try await client.send(.post, "/users", encoding.body(fields))
      #expect(response.json == ["email": "a", "message": "user created"])
    }
  }

  @Test(arguments: Encoding.allCases)
  func `of a repeated field the first counts`(encoding: Encoding) async throws {
    try await withService { client in
      let body = encoding.body(["email": "first", "password": "one", "email": "second", "password": "two", "email": "third"])
      let response = try await client.send(.post, "/users", body)
      #expect(response.json["email"] == "first")
      #expect(try await client.logIn("first", "one").status == 200)
      #expect(try await client.logIn("second", "two").status == 401)
      #expect(try await client.send(.post, "/sessions", body).json["email"] == "first")
    }
  }

  @Test(arguments: Encoding.allCases)
  func `a first field that is empty is not repaired by a second`(encoding: Encoding) async throws {
    try await withService { client in
      let body = encoding.body(["email": "", "password": "x", "email": "second"])
      let response = try await client.send(.post, "/users", body)
      #expect(response.message == "email: the email must not be empty")
    }
  }

  @Test(arguments: [Encoding.urlEncoded, .multipart])
  func `a first field that is not UTF-8 is not repaired by a second`(encoding: Encoding) async throws {
    try await withService { client in
      let body = encoding.body([("email", [0xff]), ("email", [0x61]), ("password", [0x62])])
      let response = try await client.send(.post, "/users", body)
      #expect(response.message == "the field email is not a UTF-8 string")
    }
  }

  @Test(arguments: Encoding.allCases)
  func `fields are read in any order, and unknown ones are ignored`(encoding: Encoding) async throws {
    try await withService { client in
      let body = encoding.body([
        "session_id": "x", "password": "mySuperPwd", "id": "7", "email": "bob@me.com", "Email": "eve@me.com",
      ])
      let response = try await client.send(.post, "/users", body)
      #expect(response.json["email"] == "bob@me.com")
      #expect(try await client.logIn("bob@me.com", "mySuperPwd").status == 200)
    }
  }

  @Test(arguments: Encoding.allCases)
  func `fields in the query string are not form fields`(encoding: Encoding) async throws {
    let store = InMemoryStore()
    try await withService(store: store) { client in
      let query = "/users?email=eve@me.com&password=x"
      let response = try await client.send(.post, query)
      #expect(response.message == "the field email is missing")
      let half = encoding.body(["password": "x"])
      #expect(try await client.send(.post, query, half).message == "the field email is missing")
      #expect(await store.isEmpty())
      let whole = encoding.body(["email": "bob@me.com", "password": "x"])
      #expect(try await client.send(.post, query, whole).json["email"] == "bob@me.com")
    }
  }
}
