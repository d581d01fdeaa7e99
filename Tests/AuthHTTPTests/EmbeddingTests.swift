import AuthCore
import AuthHTTP
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

/// The routes as guests in somebody else's application.
@Suite struct EmbeddingTests {
  let routes = AuthRoutes(
    auth: Auth(policy: .classic, store: InMemoryStore(), hasher: sharedHasher), policy: .classic)

  @Test func `below a group of the router the routes work as they do at the root`() async throws {
    try await withRouter { client in
      let fields = Encoding.urlEncoded.body(["email": "bob@me.com", "password": "x"])
      #expect(try await client.send(.get, "/auth").json == ["message": "Bienvenue"])
      let registered = try await client.send(.post, "/auth/users", fields)
      #expect(registered.status == 200)
      let loggedIn = try await client.send(.post, "/auth/sessions", fields)
      let cookie = "session_id=\(try #require(loggedIn.cookie).value)"
      #expect(try await client.send(.get, "/auth/profile", cookie: cookie).json == ["email": "bob@me.com"])
      #expect(try await client.send(.head, "/auth/profile", cookie: cookie).status == 200)
      #expect(try await client.send(.delete, "/auth/sessions", cookie: cookie).status == 302)
    } mounting: { router in
      routes.add(to: router.group("auth"))
    }
  }

  @Test func `a host's routes at other methods of the same paths work`() async throws {
    try await withRouter { client in
      let listed = try await client.send(.get, "/users")
      #expect(listed.text == "the host's list")
      #expect(try await client.send(.patch, "/profile").text == "the host's patch")
      #expect(try await client.send(.get, "/users/7").text == "user 7")
      #expect(try await client.register("bob@me.com", "x").status == 200)
      #expect(try await client.send(.delete, "/users").status == 405)
    } mounting: { router in
      routes.add(to: router)
      router.get("/users") { _, _ in "the host's list" }
      router.patch("/profile") { _, _ in "the host's patch" }
      router.get("/users/:id") { _, context in "user \(context.parameters.get("id") ?? "")" }
    }
  }

  @Test func `a host's errors become JSON with their own status and headers`() async throws {
    try await withRouter { client in
      let teapot = try await client.send(.get, "/teapot")
      #expect(teapot.status == 418)
      #expect(teapot.headers[.contentType] == "application/json")
      #expect(teapot.headers[.retryAfter] == "7")
      #expect(teapot.json == ["message": "short and stout"])
      let gone = try await client.send(.get, "/gone")
      #expect(gone.status == 410)
      #expect(gone.json == ["message": "gone"])
    } mounting: { router in
      router.get("/teapot") { _, _ -> String in
        throw HTTPError(.init(code: 418), headers: [.retryAfter: "7"], message: "short and stout")
      }
      router.get("/gone") { _, _ -> String in throw HTTPError(.gone) }
    }
  }

  @Test func `several services in one application do not know each other's users`() async throws {
    let other = AuthRoutes(
      auth: Auth(policy: .classic, store: InMemoryStore(), hasher: sharedHasher), policy: .classic)
    try await withRouter { client in
      let fields = Encoding.json.body(["email": "bob@me.com", "password": "x"])
      let registered = try await client.send(.post, "/a/users", fields)
      #expect(registered.status == 200)
      #expect(try await client.send(.post, "/b/sessions", fields).status == 401)
      #expect(try await client.send(.post, "/a/sessions", fields).status == 200)
    } mounting: { router in
      routes.add(to: router.group("a"))
      other.add(to: router.group("b"))
    }
  }

  @Test func `without JSONErrors the routes answer the same, and the router speaks for itself`() async throws {
    let router = Router()
    routes.add(to: router)
    try await Application(router: router).test(.router) { http in
      let client = Client(http: http)
      let answer = try await client.send(.post, "/users")
      #expect(answer.json == ["message": "the field email is missing"])
      #expect(try await client.send(.get, "/nope").status == 404)
    }
  }

  // MARK: 405 in company

  @Test func `a host that finds nothing at a path of ours is 404`() async throws {
    try await withRouter { client in
      let answer = try await client.send(.get, "/users")
      #expect(answer.status == 404)
    } mounting: { router in
      routes.add(to: router)
      router.get("/users") { _, _ -> String in throw HTTPError(.notFound) }
    }
  }

  @Test func `below a group a wrong method is 405, and the paths at the root are nobody's`() async throws {
    let router = Router()
    router.add(middleware: JSONErrors(policy: .classic, routesAt: "/auth"))
    routes.add(to: router.group("auth"))
    try await Application(router: router).test(.router) { http in
      let client = Client(http: http)
      let wrong = try await client.send(.get, "/auth/users")
      #expect(wrong.status == 405)
      #expect(wrong.headers[.allow] == "POST")
      #expect(try await client.send(.get, "/users").status == 404)
    }
  }
}
