import AuthCore
import AuthHTTP
import AuthTesting
import FoundationEssentials
import HTTPTypes
import Testing

/// OWASP ASVS 5.0: 6.2.2, 6.2.3, 7.2.4, 7.5.2; NIST SP 800-63B-4: 5.1, 5.2.
@Suite struct SelfServiceTests {
  // MARK: PUT /password

  @Test(arguments: ["current_password", "password"])
  func `a changed password counts at once, and the session continues under a new id`(field: String) async throws {
    try await withService(.strict) { client in
      let session = try await client.registerStrictly()
      let other = try await client.openSession(Strict.email, Strict.password)
      let response = try await client.send(
        .put, "/password", [field: Strict.password, "new_password": Strict.otherPassword], in: session)
      #expect(response.status == 200)
      #expect(response.json == ["email": Strict.email, "id": "1", "message": "password changed"])
      let renewed = try #require(response.cookie)
      #expect(renewed.name == "__Host-session_id" && !renewed.attributes.contains("Max-Age=2592000"))
      #expect(try await client.isOpen(renewed.value))
      #expect(try await !client.isOpen(session))
      #expect(try await !client.isOpen(other))
      #expect(try await client.logIn(Strict.email, Strict.password).status == 401)
      #expect(try await client.logIn(Strict.email, Strict.otherPassword).status == 200)
    }
  }

  @Test func `with the wrong current password nothing changes, and it counts as a failed login`() async throws {
    try await withService(.strict, clock: ManualClock()) { client in
      let session = try await client.registerStrictly()
      let fields: KeyValuePairs = ["current_password": "wrong", "new_password": Strict.otherPassword]
      for _ in 1...5 {
        let response = try await client.send(.put, "/password", fields, in: session)
        #expect(response.status == 403)
        #expect(response.message == "wrong password")
        #expect(response.cookie == nil)
      }
      let delayed = try await client.send(.put, "/password", fields, in: session)
      #expect(delayed.status == 429)
      #expect(delayed.headers[.retryAfter] == "1")
      #expect(try await client.isOpen(session))
    }
  }

  @Test(arguments: [
    ("short", "new_password: the password has 5 characters; the minimum is 15"),
    (
      "password12345678",
      "new_password: the password is too common: it is a common password, a sequence or a repetition, "
        + "perhaps with digits added; choose another"
    ),
  ])
  func `a new password that the policy refuses is 400 with the rule, whatever the current password`(
    password: String, message: String
  )
    async throws
  {
    try await withService(.strict) { client in
      let session = try await client.registerStrictly()
      for current in [Strict.password, "wrong"] {
        let response = try await client.send(
          .put, "/password", ["current_password": current, "new_password": password], in: session)
        #expect(response.status == 400)
        #expect(response.message == message)
      }
    }
  }

  @Test func `a change without one of its fields is refused with the field's name`() async throws {
    try await withService(.strict) { client in
      let session = try await client.registerStrictly()
      let noCurrent = try await client.send(.put, "/password", ["new_password": "x"], in: session)
      #expect(noCurrent.message == "the field current_password is missing")
      let noNew = try await client.send(.put, "/password", ["password": "x"], in: session)
      #expect(noNew.message == "the field new_password is missing")
    }
  }

  // MARK: DELETE /profile

  @Test func `a deleted account is gone with its sessions, and its email is free`() async throws {
    try await withService(.strict) { client in
      let session = try await client.registerStrictly()
      let other = try await client.openSession(Strict.email, Strict.password)
      #expect(try await client.send(.delete, "/profile", ["password": "wrong"], in: session).status == 403)
      let response = try await client.send(.delete, "/profile", ["password": Strict.password], in: session)
      #expect(response.status == 200)
      #expect(response.json == ["message": "account deleted"])
      #expect(response.cookie?.value == "")
      #expect(response.headers[.init("Clear-Site-Data")!] == #""cache", "storage""#)
      for gone in [session, other] { #expect(try await !client.isOpen(gone)) }
      #expect(try await client.logIn(Strict.email, Strict.password).status == 401)
      #expect(try await client.register(Strict.email, Strict.password).status == 200)
    }
  }

  @Test func `an application that keeps data in the browser can have only the cookie deleted`() async throws {
    try await withService(.strict, adjusting: { $0.clearsSiteData = false }) { client in
      let session = try await client.registerStrictly()
      let loggedOut = try await client.send(.delete, "/sessions", in: session)
      let next = try await client.openSession(Strict.email, Strict.password)
      let deleted = try await client.send(.delete, "/profile", ["password": Strict.password], in: next)
      for response in [loggedOut, deleted] {
        #expect(response.cookie?.value == "")
        #expect(response.headers[.init("Clear-Site-Data")!] == nil)
      }
    }
  }

  // MARK: Sessions

  private struct Listing: Decodable {
    struct Session: Decodable {
      let id: String
      let created_at: String
      let last_used_at: String
      let expires_at: String
      let address: String?
      let user_agent: String?
      let current: Bool
    }
    let sessions: [Session]
  }

  private static func list(_ client: Client, _ session: String) async throws -> [Listing.Session] {
    let response = try await client.send(.get, "/sessions", in: session)
    try #require(response.status == 200)
    #expect(response.headers[.contentType] == "application/json")
    return try JSONDecoder().decode(Listing.self, from: Data(response.text.utf8)).sessions
  }

  @Test func `sessions are listed with their times and their clients, and the current one is marked`() async throws {
    try await withService(.strict) { client in
      let first = try await client.registerStrictly()
      _ = try await client.send(
        .post, "/sessions", Encoding.json.body(["email": Strict.email, "password": Strict.password]),
        headers: [.userAgent: "Browser/1.0\tlaptop"])
      let sessions = try await Self.list(client, first)
      #expect(sessions.map(\.current) == [false, true])
      #expect(sessions.map(\.user_agent) == ["Browser/1.0laptop", nil])
      #expect(sessions.map(\.address) == [TestContext.peer, TestContext.peer])
      #expect(sessions[1].id == SessionID(first).digest.hex)
      for time in sessions.flatMap({ [$0.created_at, $0.last_used_at, $0.expires_at] }) {
        #expect(time.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/) != nil)
      }
    }
  }

  @Test func `the id in a list ends the session and opens nothing`() async throws {
    try await withService(.strict) { client in
      let mine = try await client.registerStrictly()
      let other = try await client.openSession(Strict.email, Strict.password)
      let id = SessionID(other).digest.hex
      #expect(try await !client.isOpen(id))
      let ended = try await client.send(.delete, "/sessions/\(id)", in: mine)
      #expect(ended.status == 200)
      #expect(ended.cookie == nil)
      #expect(try await !client.isOpen(other))
      #expect(try await client.isOpen(mine))
      #expect(try await client.send(.delete, "/sessions/\(id)", in: mine).status == 404)
      let own = try await client.send(.delete, "/sessions/\(SessionID(mine).digest.hex)", in: mine)
      #expect(own.status == 200)
      #expect(own.cookie?.value == "")
      #expect(try await !client.isOpen(mine))
    }
  }

  @Test func `a body that is refused ends no session, not even the one of the request`() async throws {
    try await withService(.strict) { client in
      let mine = try await client.registerStrictly()
      let tooLong = Encoding.json.body(["current_password": String(repeating: "x", count: 4097)])
      for body in [Body.json("\u{0}"), tooLong, Body("text/plain", "x")] {
        let response = try await client.send(
          .delete, "/sessions/\(SessionID(mine).digest.hex)", body, cookie: "__Host-session_id=\(mine)")
        #expect(response.status == (body.contentType == "text/plain" ? 415 : 400))
        #expect(try await client.isOpen(mine))
      }
    }
  }

  @Test func `another user's session is not found, and stays open`() async throws {
    try await withService(.strict) { client in
      let mine = try await client.registerStrictly()
      let theirs = try await client.registerStrictly("eve@me.com")
      let response = try await client.send(.delete, "/sessions/\(SessionID(theirs).digest.hex)", in: mine)
      #expect(response.status == 404)
      #expect(response.message == "you have no such session")
      #expect(try await client.isOpen(theirs))
      #expect(try await Self.list(client, mine).count == 1)
    }
  }

  @Test func `all other sessions end at once`() async throws {
    try await withService(.strict) { client in
      let mine = try await client.registerStrictly()
      let theirs = try await client.registerStrictly("eve@me.com")
      var others: [String] = []
      for _ in 1...3 { others.append(try await client.openSession(Strict.email, Strict.password)) }
      for query in ["others=false", "others", "x=1&others=", "others=true%20"] {
        #expect(try await client.send(.delete, "/sessions?\(query)", in: mine).status == 400)
      }
      let response = try await client.send(.delete, "/sessions?others=true", in: mine)
      #expect(response.status == 200)
      #expect(response.json == ["message": "other sessions ended: 3"])
      for other in others { #expect(try await !client.isOpen(other)) }
      #expect(try await client.isOpen(mine))
      #expect(try await client.isOpen(theirs))
    }
  }

  @Test func `a login ends the session that the client had, planted or not`() async throws {
    try await withService(.strict) { client in
      let planted = try await client.registerStrictly("eve@me.com")
      _ = try await client.register(Strict.email, Strict.password)
      let fields: KeyValuePairs = ["email": Strict.email, "password": Strict.password]
      #expect(try await client.send(.post, "/sessions", ["email": Strict.email, "password": "x"], in: planted).status == 401)
      #expect(try await client.isOpen(planted))
      let session = try #require(try await client.send(.post, "/sessions", fields, in: planted).cookie).value
      #expect(session != planted)
      #expect(try await client.isOpen(session))
      #expect(try await !client.isOpen(planted))
    }
  }

  @Test func `long after its login a session ends others only with the password, and itself without`() async throws {
    let clock = ManualClock()
    try await withService(.strict, clock: clock) { client in
      let mine = try await client.registerStrictly()
      let other = try await client.openSession(Strict.email, Strict.password)
      clock.advance(by: .seconds(15 * 60))
      #expect(try await client.send(.delete, "/sessions/x", in: mine).status == 404)
      clock.advance(by: .seconds(1))
      for path in ["/sessions/\(SessionID(other).digest.hex)", "/sessions?others=true"] {
        let refused = try await client.send(.delete, path, in: mine)
        #expect(refused.status == 403)
        #expect(refused.message == "the login was too long ago; log in again, or give the current password")
        let wrong = try await client.send(.delete, path, ["current_password": "wrong"], in: mine)
        #expect(wrong.message == "wrong password")
      }
      #expect(try await client.isOpen(other))
      #expect(
        try await client.send(.delete, "/sessions?others=true", ["current_password": Strict.password], in: mine).status == 200)
      #expect(try await !client.isOpen(other))
      #expect(try await client.send(.delete, "/sessions/\(SessionID(mine).digest.hex)", in: mine).status == 200)
    }
  }

  // MARK: Permission

  @Test(arguments: [
    ("PUT", "/password"), ("DELETE", "/profile"), ("GET", "/sessions"), ("DELETE", "/sessions/x"),
    ("DELETE", "/sessions?others=true"),
  ])
  func `without an open session the strict routes are 403, and classic does not have them`(method: String, path: String)
    async throws
  {
    let method = try #require(HTTPRequest.Method(method))
    let fields: KeyValuePairs = ["current_password": "x", "new_password": Strict.otherPassword]
    try await withService(.strict) { client in
      for session in [nil, "", "nope"] {
        let response = try await client.send(method, path, fields, in: session)
        #expect(response.status == 403)
        #expect(response.message == "not logged in")
      }
    }
    try await withService(.classic) { client in
      let status = try await client.send(method, path, fields, in: nil).status
      #expect(status == (path.contains("?") ? 403 : ["/password", "/sessions/x"].contains(path) ? 404 : 405))
    }
  }

  @Test func `a wrong method at the strict paths is 405, and Allow names the right ones`() async throws {
    try await withService(.strict) { client in
      for (path, allowed) in [("/password", "PUT"), ("/sessions/x", "DELETE"), ("/profile", "GET, HEAD, DELETE")] {
        let response = try await client.send(.patch, path)
        #expect(response.status == 405)
        #expect(response.headers[.allow] == allowed)
      }
    }
  }

  // MARK: DELETE as POST

  @Test func `what a DELETE does a POST does, too, for clients that send no body with a DELETE`() async throws {
    try await withService(.strict) { client in
      let session = try await client.registerStrictly()
      let (second, third) = (
        try await client.openSession(Strict.email, Strict.password), try await client.openSession(Strict.email, Strict.password)
      )
      let fields: KeyValuePairs = ["current_password": Strict.password]
      let ended = try await client.send(.post, "/sessions/\(SessionID(second).digest.hex)/delete", fields, in: session)
      #expect(ended.json["message"] == "session ended")
      #expect(try await client.send(.post, "/sessions/delete?others=true", fields, in: session).status == 200)
      #expect(try await !client.isOpen(second))
      #expect(try await !client.isOpen(third))
      #expect(try await client.send(.post, "/sessions/delete", in: session).status == 303)
      #expect(try await !client.isOpen(session))

      let last = try await client.openSession(Strict.email, Strict.password)
      #expect(try await client.send(.post, "/profile/delete", in: last).json["code"] == "field_missing")
      #expect(try await client.send(.post, "/profile/delete", ["current_password": "wrong"], in: last).status == 403)
      let deleted = try await client.send(.post, "/profile/delete", fields, in: last)
      #expect(deleted.json == ["message": "account deleted"])
      #expect(deleted.cookie?.value.isEmpty == true)
      #expect(try await client.logIn(Strict.email, Strict.password).status == 401)
    }
  }

  @Test func `under classic a logout is a POST, too`() async throws {
    try await withService { client in
      let session = try await client.registerAndLogIn("bob", "x")
      let response = try await client.send(.post, "/sessions/delete", cookie: "session_id=\(session)")
      #expect(response.status == 302)
      #expect(response.headers[.location] == "/")
      #expect(try await client.profile(session).status == 403)
    }
  }
}
