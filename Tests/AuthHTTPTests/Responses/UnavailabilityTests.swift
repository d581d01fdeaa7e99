import AuthCore
import AuthTesting
import HTTPTypes
import Testing

/// Responses while the store or the hasher is unavailable.
@Suite struct UnavailabilityTests {
  /// Every request that needs the store; each is 2xx or 3xx while it works.
  private static func requests(session: String, token: String) -> [(HTTPRequest.Method, String, Body, String?)] {
    let form = Encoding.urlEncoded
    let cookie = "session_id=\(session)"
    return [
      (.get, "/profile", .empty, cookie), (.head, "/profile", .empty, cookie),
      (.post, "/users", form.body(["email": "new@bob.com", "password": "x"]), nil),
      (.post, "/sessions", form.body(["email": "bob@bob.com", "password": "x"]), nil),
      (.post, "/reset_password", form.body(["email": "bob@bob.com"]), nil),
      (.put, "/reset_password", form.body(["email": "bob@bob.com", "reset_token": token, "new_password": "y"]), nil),
      (.delete, "/sessions", .empty, cookie),
    ]
  }

  @Test func `an unavailable store is 503 with Retry-After, never a yes or a no`() async throws {
    let store = InterceptingStore()
    try await withService(store: store) { client in
      let session = try await client.registerAndLogIn("bob@bob.com", "x")
      let token = try await client.resetToken("bob@bob.com")
      store.fail(.all)
      for (method, path, body, cookie) in Self.requests(session: session, token: token) {
        let response = try await client.send(method, path, body, cookie: cookie)
        #expect(response.status == 503, "\(method) \(path)")
        #expect(response.headers[.retryAfter] == "1")
        #expect(response.headers[.setCookie] == nil && response.headers[.location] == nil)
        #expect(method == .head || response.json == ["message": "the store is unavailable, try again later"])
      }
    }
  }

  @Test func `a store that cannot be written is 503 for requests that write, and still finds sessions`() async throws {
    let store = InterceptingStore()
    try await withService(store: store) { client in
      let session = try await client.registerAndLogIn("bob@bob.com", "x")
      let token = try await client.resetToken("bob@bob.com")
      store.fail(.writes)
      for (method, path, body, cookie) in Self.requests(session: session, token: token) {
        let response = try await client.send(method, path, body, cookie: cookie)
        #expect(response.status == (path == "/profile" ? 200 : 503), "\(method) \(path)")
      }
      // A failure that cannot be counted would be a free guess.
      #expect(try await client.logIn("bob@bob.com", "wrong").status == 503)
      #expect(try await client.profile("nope").status == 403)
    }
  }

  @Test func `after a failure of the store everything is as before`() async throws {
    let store = InterceptingStore()
    try await withService(store: store) { client in
      let session = try await client.registerAndLogIn("bob@bob.com", "x")
      let token = try await client.resetToken("bob@bob.com")
      for operations in [InterceptingStore.Selection.all, .writes] {
        store.fail(operations)
        for (method, path, body, cookie) in Self.requests(session: session, token: token) {
          _ = try await client.send(method, path, body, cookie: cookie)
        }
      }
      store.recover()
      #expect(try await client.profile(session).status == 200)
      #expect(try await client.logIn("new@bob.com", "x").status == 401)
      #expect(try await client.updatePassword("bob@bob.com", token, "y").status == 200)
      #expect(try await client.logIn("bob@bob.com", "y").status == 200)
    }
  }

  @Test func `wrong credentials and made-up tokens are 503 too while the store is unavailable`() async throws {
    let store = InterceptingStore()
    store.fail(.all)
    try await withService(store: store) { client in
      let responses = [
        try await client.logIn("nobody@bob.com", "x"), try await client.profile("nope"), try await client.logOut("nope"),
        try await client.requestReset("nobody@bob.com"), try await client.updatePassword("nobody@bob.com", "nope", "x"),
      ]
      #expect(responses.map(\.status) == [503, 503, 503, 503, 503])
    }
  }

  @Test func `home and refusals need no store`() async throws {
    let store = InterceptingStore()
    store.fail(.all)
    try await withService(store: store) { client in
      let responses = [
        try await client.send(.get, "/"), try await client.send(.post, "/users"), try await client.send(.get, "/profile"),
        try await client.register("", "x"), try await client.send(.get, "/nope"), try await client.send(.get, "/users"),
      ]
      #expect(responses.map(\.status) == [200, 400, 403, 400, 404, 405])
    }
  }

  // MARK: The hasher

  @Test(
    arguments: [
      (
        PasswordHasherError.overloaded(retryAfter: .milliseconds(1500)), "2",
        "too many passwords are being checked, try again in 2 s"
      ),
      (.overloaded(retryAfter: .zero), "1", "too many passwords are being checked, try again in 1 s"),
      (.cancelled, "1", "the operation was cancelled"),
    ])
  func `a request whose hash is not computed is 503 with Retry-After, and changes nothing`(
    error: PasswordHasherError, retryAfter: String, message: String
  ) async throws {
    let store = InMemoryStore()
    try await withService(store: store) { client in
      let session = try await client.registerAndLogIn("bob@bob.com", "x")
      let token = try await client.resetToken("bob@bob.com")
      try await withService(store: store, hasher: RefusingHasher(error: error)) { overloaded in
        let responses = [
          try await overloaded.register("new@bob.com", "x"), try await overloaded.logIn("bob@bob.com", "x"),
          try await overloaded.logIn("nobody@bob.com", "x"), try await overloaded.logIn("\0", "x"),
          try await overloaded.updatePassword("bob@bob.com", token, "y"),
        ]
        for response in responses {
          #expect(response.status == 503)
          #expect(response.headers[.retryAfter] == retryAfter)
          #expect(response.json == ["message": message])
          #expect(response.headers[.setCookie] == nil)
        }
        #expect(try await overloaded.profile(session).status == 200)
        #expect(try await overloaded.updatePassword("bob@bob.com", "made up", "y").status == 403)
      }
      #expect(try await client.profile(session).status == 200)
      #expect(try await client.register("new@bob.com", "x").status == 200)
      #expect(try await client.updatePassword("bob@bob.com", token, "y").status == 200)
    }
  }
}
