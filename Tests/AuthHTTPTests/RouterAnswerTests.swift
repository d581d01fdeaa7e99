import HTTPTypes
import Testing

@Suite struct RouterAnswerTests {
  static let methods: [String: [String]] = [
    "/": ["GET", "HEAD"], "/users": ["POST"], "/sessions": ["POST", "DELETE"], "/profile": ["GET", "HEAD"],
    "/reset_password": ["POST", "PUT"],
  ]

  @Test func `home says Bienvenue`() async throws {
    try await withService { client in
      let answer = try await client.send(.get, "/")
      #expect(answer.status == 200)
      #expect(answer.text == #"{"message":"Bienvenue"}"# + "\n")
    }
  }

  // MARK: Content-Type

  @Test func `every answer with a body is application/json to the letter, and an object of texts`() async throws {
    try await withService { client in
      let session = try await client.registerAndLogIn("bob@me.com", "x")
      let token = try await client.resetToken("bob@me.com")
      let answers = [
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
      #expect(Set(answers.map(\.status)) == [200, 400, 401, 403, 404, 405, 413, 415])
      for answer in answers {
        #expect(answer.headers[values: .contentType] == ["application/json"])
        #expect(answer.json["not a JSON object of strings"] == nil)
        #expect(answer.status == 200 || !answer.message.isEmpty)
      }
    }
  }

  // MARK: HEAD

  @Test(arguments: ["/", "/profile"])
  func `HEAD is answered as GET, without the body`(path: String) async throws {
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
      let answer = try await client.send(.head, "/profile")
      #expect(answer.status == 403)
    }
  }

  // MARK: 404

  @Test(arguments: ["/nope", "/users/1", "/USERS", "/profile/x", "/session", "/reset_password/x", "/..", "/é", "/%"])
  func `an unknown path is 404`(path: String) async throws {
    try await withService { client in
      for method in [HTTPRequest.Method.get, .post, .delete] {
        let answer = try await client.send(method, path)
        #expect(answer.status == 404)
        #expect(answer.json == ["message": "not found"])
        #expect(answer.headers[.allow] == nil)
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
      let answer = try await client.send(requested, path)
      if allowed.contains(method) {
        #expect(answer.status != 405)
        #expect(answer.headers[.allow] == nil)
      } else {
        #expect(answer.status == 405)
        #expect(answer.headers[.allow]?.split(separator: ", ").map(String.init).sorted() == allowed.sorted())
      }
    }
  }

  @Test func `a query string does not change which path is meant`() async throws {
    try await withService { client in
      let answer = try await client.send(.get, "/?a=/users")
      #expect(answer.status == 200)
      #expect(try await client.send(.put, "/users?x=1").status == 405)
    }
  }
}
