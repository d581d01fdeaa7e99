import AuthCore
import AuthDB
import AuthHTTP
import AuthTesting
import Foundation
import Hummingbird
import HummingbirdTesting
import Testing

@testable import Notebook

@Suite struct NotebookTests {
  static let credentials = "email=bob%40example.org&password=correct+horse+battery+staple"

  let folder = URL.temporaryDirectory.appending(path: UUID().uuidString)
  let clock = ManualClock()

  /// Runs a test against the application on a file of its own.
  func withNotebook(_ test: @escaping @Sendable (any TestClientProtocol, Auth) async throws -> Void) async throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "notebook.sqlite").path()
    let store = try await SQLiteStore(path: path)
    let auth = Auth(policy: .strict, store: store, hasher: FastHasher(), clock: clock)
    let application = try await buildApplication(auth, HTTPPolicy(for: auth.policy), Notes(path: path))
    try await application.test(.router) { client in try await test(client, auth) }
    await store.close()
  }

  @Test func `a visitor signs up, logs in and is led back to the page that they wanted`() async throws {
    try await withNotebook { client, _ in
      #expect(try await client.send(.get, "/").body.contains("Sign up"))
      let dashboard = try await client.send(.get, "/dashboard")
      #expect(dashboard.status == 303 && dashboard.location == "/login?next=/dashboard")
      #expect(try await client.send(.post, "/signup", Self.credentials).location == "/login")
      let login = try await client.send(.post, "/login?next=/dashboard", Self.credentials)
      #expect(login.location == "/dashboard")
      #expect(try await client.send(.get, "/dashboard", cookie: login.cookie).body.contains("<h1>bob@example.org</h1>"))
      #expect(try await client.send(.get, "/", cookie: login.cookie).body.contains("Your notes"))
    }
  }

  @Test func `what is wrong is said on the page`() async throws {
    try await withNotebook { client, _ in
      let short = try await client.send(.post, "/signup", "email=bob%40example.org&password=short")
      #expect(short.status == 400 && short.body.contains("<form") && short.body.contains("15"))
      let wrong = try await client.send(.post, "/login", Self.credentials)
      #expect(wrong.status == 401 && wrong.body.contains("wrong email or password"))
    }
  }

  @Test func `a page that asks for patience says for how long`() async throws {
    try await withNotebook { client, _ in
      for _ in 1...5 { #expect(try await client.send(.post, "/login", Self.credentials).status == 401) }
      let delayed = try await client.send(.post, "/login", Self.credentials)
      #expect(delayed.status == 429 && delayed.retryAfter == "1" && delayed.body.contains("<form"))
    }
  }

  @Test func `a login ends the session that the browser had, planted or not`() async throws {
    try await withNotebook { client, _ in
      let planted = try await client.signUp("email=eve%40example.org&password=correct+horse+battery+staple")
      _ = try await client.send(.post, "/signup", Self.credentials)
      #expect(try await client.send(.post, "/login", Self.credentials, cookie: planted).location == "/dashboard")
      #expect(try await client.send(.get, "/dashboard", cookie: planted).status == 303)
    }
  }

  @Test func `users see their own notes, as a page and as JSON`() async throws {
    try await withNotebook { client, _ in
      let bob = try await client.signUp(Self.credentials)
      let eve = try await client.signUp("email=eve%40example.org&password=correct+horse+battery+staple")
      #expect(try await client.send(.post, "/notes", "note=%3Cb%3Emilk", cookie: bob).location == "/dashboard")
      #expect(try await client.send(.get, "/dashboard", cookie: bob).body.contains("<li>&lt;b>milk</li>"))
      #expect(try await client.send(.get, "/api/notes", cookie: bob).body == #"["<b>milk"]"#)
      #expect(try await client.send(.get, "/api/notes", cookie: eve).body == "[]")
      #expect(try await client.send(.get, "/api/notes", accept: "application/json").status == 401)
    }
  }

  @Test func `the notes of a deleted account are gone`() async throws {
    try await withNotebook { client, auth in
      let bob = try await client.signUp(Self.credentials)
      _ = try await client.send(.post, "/notes", "note=milk", cookie: bob)
      let deleted = try await client.send(.delete, "/api/profile", "password=correct+horse+battery+staple", cookie: bob)
      #expect(deleted.status == 200)
      let next = try await client.signUp(Self.credentials)
      #expect(try await client.send(.get, "/api/notes", cookie: next).body == "[]")
    }
  }

  @Test func `a session ends with the logout, and after a week without use`() async throws {
    try await withNotebook { client, _ in
      let first = try await client.signUp(Self.credentials)
      #expect(try await client.send(.post, "/logout", cookie: first).location == "/")
      #expect(try await client.send(.get, "/dashboard", cookie: first).status == 303)
      let second = try await client.send(.post, "/login", Self.credentials).cookie
      clock.advance(by: .seconds(7 * 86_400))
      #expect(try await client.send(.get, "/dashboard", cookie: second).status == 303)
    }
  }

  @Test func `a forgotten password is set with the token in the message`() async throws {
    try await withNotebook { client, auth in
      let session = try await client.signUp(Self.credentials)
      for email in ["bob%40example.org", "unknown%40example.org"] {
        #expect(try await client.send(.post, "/forgot", "email=\(email)").body.contains("Check your mail"))
      }
      let mail = MailFolder(path: folder.path())
      _ = try await auth.deliverNextMessage(through: mail)
      _ = try await auth.deliverNextMessage(through: mail)
      let messages = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        .filter { $0.pathExtension == "txt" }
      #expect(messages.count == 1)
      let message = try String(contentsOf: try #require(messages.first), encoding: .utf8)
      let token = try #require(message.firstMatch(of: /token for \S+ is (\S+)/)).1
      #expect(message.hasPrefix("To: bob@example.org\n"))
      let new = "password=a+new+one+that+is+long"
      #expect(try await client.send(.post, "/reset", "token=\(token)x&\(new)").status == 403)
      #expect(try await client.send(.post, "/reset", "token=\(token)&\(new)").location == "/login")
      #expect(try await client.send(.post, "/login", "email=bob%40example.org&\(new)").location == "/dashboard")
      #expect(try await client.send(.get, "/dashboard", cookie: session).status == 303)
    }
  }

  @Test func `pages of other sites cannot log a visitor in`() async throws {
    try await withNotebook { client, _ in
      _ = try await client.signUp(Self.credentials)
      #expect(try await client.send(.post, "/login", Self.credentials, origin: "https://evil.example").status == 403)
    }
  }

  @Test func `programs use the same accounts through JSON`() async throws {
    try await withNotebook { client, _ in
      let cookie = try await client.signUp(Self.credentials)
      #expect(
        try await client.send(.get, "/api/profile", cookie: cookie).body == "{\"email\":\"bob@example.org\",\"id\":\"1\"}\n")
    }
  }
}

/// What a test looks at in a response.
struct Reply {
  let status: Int
  let location: String?
  let cookie: String?
  let retryAfter: String?
  let body: String
}

extension TestClientProtocol {
  /// Sends a request as a browser does.
  func send(
    _ method: HTTPRequest.Method, _ path: String, _ form: String = "", cookie: String? = nil, accept: String = "text/html",
    origin: String = "https://localhost"
  ) async throws -> Reply {
    var headers: HTTPFields = [.contentType: "application/x-www-form-urlencoded", .accept: accept, .origin: origin]
    headers[.cookie] = cookie
    let response = try await executeRequest(uri: path, method: method, headers: headers, body: ByteBuffer(string: form))
    return Reply(
      status: response.status.code, location: response.headers[.location],
      cookie: response.headers[.setCookie]?.split(separator: ";").first.map(String.init),
      retryAfter: response.headers[.retryAfter], body: String(buffer: response.body))
  }

  /// Opens an account, logs in, and returns the cookie.
  func signUp(_ credentials: String) async throws -> String {
    _ = try await send(.post, "/signup", credentials)
    return try #require(try await send(.post, "/login", credentials).cookie)
  }
}
