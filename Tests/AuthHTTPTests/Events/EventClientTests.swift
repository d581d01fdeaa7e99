import AuthCore
import AuthHTTP
import AuthTesting
import HTTPTypes
import Testing

/// A handler that forgets `from: exchange.client` records an event without its client.
@Suite struct EventClientTests {
  /// Sends requests, and checks which events each of them records.
  private struct Recorder {
    let client: Client
    let events: RecordedEvents
    private(set) var routes: Set<String> = []

    mutating func send(
      _ method: HTTPRequest.Method, _ path: String, _ fields: KeyValuePairs<String, String> = [:], in session: String? = nil,
      key: ServiceKey? = nil, records kinds: Set<AuthEvent.Kind> = [], sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> ClientResponse {
      _ = events.take()
      var headers: HTTPFields = [.userAgent: "Browser/1.0"]
      headers[.authorization] = (session ?? key?.text).map { "Bearer \($0)" }
      let response = try await client.send(method, path, fields.isEmpty ? .empty : Encoding.json.body(fields), headers: headers)
      let recorded = events.take()
      #expect(Set(recorded.map(\.kind)) == kinds, sourceLocation: sourceLocation)
      for event in recorded {
        #expect(event.client.ipAddress == IPAddress(TestContext.peer), "\(event.kind)", sourceLocation: sourceLocation)
        #expect(event.client.userAgent == "Browser/1.0", "\(event.kind)", sourceLocation: sourceLocation)
      }
      routes.insert("\(method) \(path.prefix { $0 != "?" }.replacing(/\/sessions\/.+/, with: "/sessions/:id"))")
      return response
    }

    mutating func logIn() async throws -> String {
      let response = try await send(.post, "/sessions", Self.account, records: [.loginSucceeded, .sessionCreated])
      return try #require(response.cookie).value
    }

    static let account: KeyValuePairs = ["email": Strict.email, "password": Strict.password]
  }

  @Test func `every event of every route has the client of the request`() async throws {
    let (events, clock) = (RecordedEvents(), ManualClock())
    let key = try #require(ServiceKey(String(repeating: "k", count: 32)))
    try await withService(.strict, events: events, clock: clock, serviceKeys: [key]) { client in
      var recorder = Recorder(client: client, events: events)
      let wrong: KeyValuePairs = ["email": Strict.email, "password": "wrong"]

      _ = try await recorder.send(.get, "/")
      _ = try await recorder.send(.post, "/users", Recorder.account, records: [.userCreated])
      _ = try await recorder.send(.post, "/sessions", wrong, records: [.loginFailed])
      let first = try await recorder.logIn()
      let second = try await recorder.logIn()
      _ = try await recorder.send(.get, "/profile", in: first)
      _ = try await recorder.send(.get, "/sessions", in: first)
      _ = try await recorder.send(.get, "/verify", in: first)
      _ = try await recorder.send(.post, "/introspect", ["token": first], key: key)

      // Sessions
      _ = try await recorder.send(.delete, "/sessions/\(SessionID(second).digest.hex)", in: first, records: [.sessionEnded])
      _ = try await recorder.logIn()
      _ = try await recorder.send(.delete, "/sessions?others=true", in: first, records: [.sessionEnded])
      clock.advance(by: .seconds(16 * 60))
      for path in ["/sessions/x", "/sessions?others=true"] {
        _ = try await recorder.send(
          .delete, path, ["password": "wrong"], in: first, records: [.loginFailed, .passwordCheckFailed])
      }
      _ = try await recorder.send(.delete, "/sessions", in: first, records: [.sessionEnded])

      // Passwords
      let third = try await recorder.logIn()
      let (new, wrongNew): (KeyValuePairs<String, String>, KeyValuePairs<String, String>) = (
        ["current_password": Strict.password, "new_password": Strict.otherPassword],
        ["current_password": "wrong", "new_password": Strict.otherPassword]
      )
      _ = try await recorder.send(.put, "/password", wrongNew, in: third, records: [.loginFailed, .passwordCheckFailed])
      let changed = try await recorder.send(.put, "/password", new, in: third, records: [.passwordChanged, .sessionRenewed])
      let fourth = try #require(changed.cookie).value

      // Reset tokens
      _ = try await recorder.send(.post, "/reset_password", ["email": Strict.email], records: [.resetRequested])
      let issued = try await recorder.send(
        .post, "/reset_password", ["email": Strict.email], key: key, records: [.resetTokenIssued])
      let token = try #require(issued.json["reset_token"])
      for (token, kind) in [("x", AuthEvent.Kind.resetRefused), (token, .resetUsed)] {
        _ = try await recorder.send(
          .put, "/reset_password", ["email": Strict.email, "reset_token": token, "new_password": Strict.password], records: [kind]
        )
      }

      // Verification
      _ = try await recorder.send(
        .put, "/verify_email", ["registration": "x", "code": "y"], records: [.verificationRefused])
      _ = try await recorder.send(
        .put, "/verify_email", ["verification_token": "x", "password": "y"], records: [.verificationRefused])

      // Changes of the email
      let other = try await recorder.logIn()
      _ = try await recorder.send(.put, "/email", ["email": "new@me.com"], in: other, records: [.emailChangeRequested])
      _ = try await recorder.send(
        .put, "/confirm_email", ["email_change_token": "x", "password": "y"], records: [.emailChangeRefused])
      for field in ["email_change_token", "code"] {
        _ = try await recorder.send(.put, "/confirm_email", [field: "x"], in: other, records: [.emailChangeRefused])
      }
      _ = try await recorder.send(
        .put, "/take_back_email", ["take_back_token": "x", "new_password": Strict.otherPassword], records: [.takeBackRefused])

      // Recovery emails
      _ = try await recorder.send(
        .put, "/recovery_email", ["email": "second@me.com"], in: other, records: [.recoveryEmailRequested])
      _ = try await recorder.send(
        .put, "/confirm_recovery_email", ["recovery_email_token": "x", "password": "y"], records: [.recoveryEmailRefused])
      _ = try await recorder.send(.get, "/recovery_email", in: other)
      _ = try await recorder.send(.delete, "/recovery_email", in: other)

      // Deletion
      _ = try await recorder.send(.delete, "/profile", ["password": "wrong"], in: fourth)
      let fifth = try await recorder.logIn()
      _ = try await recorder.send(
        .delete, "/profile", ["password": "wrong"], in: fifth, records: [.loginFailed, .passwordCheckFailed])
      _ = try await recorder.send(.delete, "/profile", ["password": Strict.password], in: fifth, records: [.userDeleted])

      // Delays, once the failures so far are forgotten
      clock.advance(by: .seconds(40 * 86_400))
      for count in 1...6 {
        let kinds: Set<AuthEvent.Kind> = count < 5 ? [.loginFailed] : count == 5 ? [.loginFailed, .loginLocked] : [.throttled]
        _ = try await recorder.send(.post, "/sessions", wrong, records: kinds)
      }

      let routes = AuthRoutes(
        auth: Auth(policy: .strict, store: InMemoryStore(), hasher: sharedHasher), policy: Preset.strict.http, serviceKeys: [key])
      // What is a POST beside a DELETE has the same handler.
      let names = routes.mountedRoutes.map { $0.name.replacing("any", with: "GET") }.filter { !$0.hasSuffix("/delete") }
      #expect(recorder.routes == Set(names))
    }
  }
}
