import AuthCore
import HTTPTypes
import Testing

/// An account that strict accepts.
enum Strict {
  static let email = "bob@me.com"
  static let password = "correct horse battery"
  static let otherPassword = "staple of another colour"
}

extension Client {
  /// Registers an account, logs in, and returns the session id.
  func registerStrictly(_ email: String = Strict.email) async throws -> String {
    try await registerAndLogIn(email, Strict.password)
  }

  /// Sends a request in a session, with its fields as JSON.
  func send(
    _ method: HTTPRequest.Method, _ path: String, _ fields: KeyValuePairs<String, String> = [:], in session: String?
  ) async throws -> ClientResponse {
    let body = fields.isEmpty ? Body.empty : Encoding.json.body(fields)
    return try await send(method, path, body, cookie: session.map { "__Host-session_id=\($0)" })
  }

  /// Whether the session is open.
  func isOpen(_ session: String) async throws -> Bool {
    try await send(.get, "/profile", in: session).status == 200
  }

  /// Logs in through a proxy that names this client.
  func logIn(
    _ email: String, _ password: String, from address: String, in session: String? = nil
  ) async throws -> ClientResponse {
    try await send(
      .post, "/sessions", Encoding.json.body(["email": email, "password": password]),
      cookie: session.map { "__Host-session_id=\($0)" }, headers: [HTTPField.Name("X-Forwarded-For")!: address])
  }
}
