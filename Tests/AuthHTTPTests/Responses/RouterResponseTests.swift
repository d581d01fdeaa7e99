import AuthHTTP
import HTTPTypes
import Testing

@Suite struct RouterResponseTests {
  static let methods: [String: [String]] = [
    "/": ["GET", "HEAD"], "/users": ["POST"], "/sessions": ["POST", "DELETE"], "/profile": ["GET", "HEAD"],
    "/reset_password": ["POST", "PUT"],
  ]

  @Test func `home says Bienvenue`() async throws {
    try await withService { client in
      let response = try await client.send(.get, "/")
      #expect(response.status == 200)
      #expect(response.text == #"{"message":"Bienvenue"}"# + "\n")
    }
  }

  // MARK: Content-Type

  @Test func `every response with a body is application/json to the letter, and an object of strings`() async throws {
    try await withService { client in
      let session = try await client.registerAndLogIn("bob@me.com", "x")
      let token = try await client.resetToken("bob@me.com")
      let responses = [
        try await client.send(.get, "/"),
        try await client.register("eve@me.com", "x"),
        try await client.register("bob@me.com", "x"),
        try await client.profile(session),
        try await client.profile("nope"),
        try await client.logIn("bob@me.com", "x"),
        try await client.logIn("bob@me.com", "y"),
        try await client.logOut("nope"),
        try await client.requestReset("bob@me.com"),
        try await client.requestReset("nobody@me.com"),
        try await client.updatePassword("bob@me.com", token, "y"),
        try await client.send(.post, "/users"),
        try await client.send(.post, "/users", Body("text/plain", "x")),
        try await client.send(.post, "/users", .json("[")),
        try await client.send(.post, "/users", .form(String(repeating: "x", count: 70_000))),
        try await client.send(.get, "/nope"),
        try await client.send(.put, "/users"),
      ]
      #expect(Set(responses.map(\.status)) == [200, 400, 401, 403, 404, 405, 413, 415])
      for response in responses {
        #expect(response.headers[values: .contentType] == ["application/json"])
        #expect(response.json["not a JSON object of strings"] == nil)
        #expect(response.status == 200 || !response.message.isEmpty)
      }
    }
  }

  // MARK: HEAD

  @Test(arguments: ["/", "/profile"])
  func `HEAD has the response of GET, without the body`(path: String) async throws {
    try await withService { client in
      let session = try await client.registerAndLogIn("bob@me.com", "x")
      let get = try await client.send(.get, path, cookie: "session_id=\(session)")
      let head = try await client.send(.head, path, cookie: "session_id=\(session)")
      #expect(head.status == 200)
      #expect(head.headers == get.headers)
      #expect(head.text.isEmpty)
      #expect(!get.text.isEmpty)
    }
  }

  @Test func `HEAD of a profile without a session is 403`() async throws {
    try await withService { client in
      let response = try await client.send(.head, "/profile")
      #expect(response.status == 403)
    }
  }

  // MARK: 404

  @Test(arguments: ["/nope", "/users/1", "/USERS", "/profile/x", "/session", "/reset_password/x", "/..", "/é", "/%"])
  func `an unknown path is 404`(path: String) async throws {
    try await withService { client in
      for method in [HTTPRequest.Method.get, .post, .delete] {
        let response = try await client.send(method, path)
        #expect(response.status == 404)
        #expect(response.json == ["message": "not found"])
        #expect(response.headers[.allow] == nil)
      }
    }
  }

  // MARK: 405

  @Test(arguments: methods.keys.sorted(), ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW", "get"])
  func `a method that a path does not have is 405, and Allow names those that it has`(
    path: String, method: String
  ) async throws {
    let allowed = try #require(Self.methods[path])
    let requested = try #require(HTTPRequest.Method(rawValue: method))
    try await withService { client in
      let response = try await client.send(requested, path)
      if allowed.contains(method) {
        #expect(response.status != 405)
        #expect(response.headers[.allow] == nil)
      } else {
        #expect(response.status == 405)
        #expect(response.headers[.allow]?.split(separator: ", ").map(String.init).sorted() == allowed.sorted())
      }
    }
  }

  @Test func `what a path allows is not said of another that only looks like it`() async throws {
    try await withService(.strict) { client in
      for method in [HTTPRequest.Method.get, .delete] {
        let response = try await client.send(method, "/sessions/delete")
        #expect(response.status == 405)
        #expect(response.headers[.allow] == "POST")
      }
    }
  }

  @Test func `where pages of other origins are allowed, Allow has the method with which their browsers ask`() async throws {
    try await withService(.strict, adjusting: { $0.allowedOrigins = ["https://app.example.org"] }) { client in
      let response = try await client.send(.put, "/users")
      #expect(response.status == 405)
      #expect(response.headers[.allow] == "POST, OPTIONS")
    }
  }

  @Test func `a query string does not change the route`() async throws {
    try await withService { client in
      let response = try await client.send(.get, "/?a=/users")
      #expect(response.status == 200)
      #expect(try await client.send(.put, "/users?x=1").status == 405)
    }
  }
}
