import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing

/// The service as a client sees it: requests in, responses out.
struct Client: Sendable {
  let http: any TestClientProtocol
  /// For a live service, in place of Hummingbird's own, which gives up after 20 seconds: a busy machine may need longer.
  var live: TestClient?

  /// - Parameter more: headers beside those of the other parameters.
  func send(
    _ method: HTTPRequest.Method, _ path: String, _ body: Body = .empty, cookie: String? = nil, headers more: HTTPFields = [:]
  ) async throws -> ClientResponse {
    var headers = HTTPFields()
    headers[.contentType] = body.contentType
    headers[.cookie] = cookie
    headers.append(contentsOf: more)
    let bytes = body.bytes.isEmpty ? nil : ByteBuffer(bytes: body.bytes)
    guard let live else {
      return ClientResponse(try await http.executeRequest(uri: path, method: method, headers: headers, body: bytes))
    }
    headers[.connection] = "keep-alive"
    return ClientResponse(
      try await live.execute(TestClient.Request(path, method: method, authority: "localhost", headers: headers, body: bytes)))
  }
}

// MARK: - The routes by name

extension Client {
  func register(_ email: String, _ password: String, as encoding: Encoding = .urlEncoded) async throws -> ClientResponse {
    try await send(.post, "/users", encoding.body(["email": email, "password": password]))
  }

  func logIn(_ email: String, _ password: String, as encoding: Encoding = .urlEncoded) async throws -> ClientResponse {
    try await send(.post, "/sessions", encoding.body(["email": email, "password": password]))
  }

  func logOut(_ sessionID: String) async throws -> ClientResponse {
    try await send(.delete, "/sessions", cookie: "session_id=\(sessionID)")
  }

  func profile(_ sessionID: String) async throws -> ClientResponse {
    try await send(.get, "/profile", cookie: "session_id=\(sessionID)")
  }

  func requestReset(_ email: String) async throws -> ClientResponse {
    try await send(.post, "/reset_password", Encoding.urlEncoded.body(["email": email]))
  }

  func updatePassword(_ email: String, _ token: String, _ password: String) async throws -> ClientResponse {
    let fields: KeyValuePairs = ["email": email, "reset_token": token, "new_password": password]
    return try await send(.put, "/reset_password", Encoding.urlEncoded.body(fields))
  }
}

// MARK: - Steps that must succeed before a test reaches its point

extension Client {
  /// Logs in and returns the session id from the cookie.
  func openSession(_ email: String, _ password: String) async throws -> String {
    let response = try await logIn(email, password)
    try #require(response.status == 200)
    return try #require(response.cookie).value
  }

  /// Registers, logs in, and returns the session id.
  func registerAndLogIn(_ email: String, _ password: String) async throws -> String {
    try #require(try await register(email, password).status == 200)
    return try await openSession(email, password)
  }

  /// Requests a reset token and returns it.
  func resetToken(_ email: String) async throws -> String {
    let response = try await requestReset(email)
    try #require(response.status == 200)
    return try #require(response.json["reset_token"])
  }
}
