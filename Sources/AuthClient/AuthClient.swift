public import AsyncHTTPClient
public import AuthCore
internal import NIOCore
internal import NIOHTTP1

/// Does over HTTP, by an `AuthServer` elsewhere, what an `Auth` does in the process.
///
///     let auth = AuthClient("https://auth.example.org")
///     let profile = try await auth.profile(for: sessionID)
///
/// It is a ``AuthCore/SessionVerifier``, so `RequireSession(verifier: auth)` protects routes as `RequireSession(auth:)` does with
/// an
/// `Auth` of their own. The server must run under `strict`: `classic` tells neither ids nor codes of errors.
///
/// No ``AuthCore/AuthError`` ever means yes, and a response is a yes or a no only if it is one of an `AuthServer`.
/// ``AuthCore/AuthError/unavailable(_:)`` is also thrown when the server cannot be reached or does not respond in time; after a
/// change it is then not known whether it was made. What only reads is tried again once, if a kept connection turns out to be
/// closed; nothing else is. ``AuthCore/AuthError/throttled(retryAfter:)`` and ``AuthCore/AuthError/overloaded(retryAfter:)`` have
/// the server's `Retry-After`.
///
/// Operations that take a ``AuthCore/Client`` name it to the server, in `X-Forwarded-For` and `User-Agent`. The server believes
/// it only if this program's address is among its trusted proxies (`--trusted-proxies`); otherwise all clients count as one.
public struct AuthClient: Sendable {
  private let base: String
  private let serviceKey: ServiceKey?
  private let timeout: Duration
  private let http: HTTPClient

  /// One for all, which lives until the process ends: it has no state but idle connections.
  private static let sharedHTTPClient = {
    var configuration = HTTPClient.Configuration(
      // A redirect would carry passwords and session ids to another place.
      redirectConfiguration: .disallow, timeout: HTTPClient.Configuration.Timeout(connect: .seconds(2), read: .seconds(10)))
    // A refused connection would be tried again until the time is over, and each request wait as long.
    configuration.connectionPool.retryConnectionEstablishment = false
    return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
  }()

  /// - Parameters:
  ///   - url: where the server is, with the path of its routes if they are not at the root. Without TLS, passwords and session
  ///     ids can be read in transit: use `https` for all but this machine.
  ///   - serviceKey: for ``details(for:)`` and ``issueResetToken(email:from:)``: a line of the server's `--service-key-file`.
  ///   - timeout: the limit on the time to the head of a response. A login takes as long as the server's hash, and may have to
  ///     wait its turn.
  ///   - http: sends the requests, in place of a client that is shared by all. Give one that follows no redirects: a redirect
  ///     would carry passwords to another place.
  public init(_ url: String, serviceKey: ServiceKey? = nil, timeout: Duration = .seconds(10), http: HTTPClient? = nil) {
    base = String(url.last == "/" ? url.dropLast() : url[...])
    self.serviceKey = serviceKey
    self.timeout = timeout
    self.http = http ?? Self.sharedHTTPClient
  }
}

// MARK: - Requests

extension AuthClient {
  /// A request on its way to the server.
  struct Call {
    let method: HTTPMethod
    let path: String
    var bearer: String?
    var fields: [(name: String, value: String)] = []
    var client = Client.unknown
    /// Whether asking twice is the same as asking once.
    var isRepeatable = false
  }

  /// The response, whatever its status.
  func send(_ call: Call) async throws(AuthError) -> ServerResponse {
    let request = request(for: call)
    let deadline = NIODeadline.now() + TimeAmount(timeout)
    do {
      return try await execute(request, deadline)
    } catch {
      guard call.isRepeatable, error as? HTTPClientError == .remoteConnectionClosed, !Task.isCancelled else {
        throw Self.authError(error)
      }
    }
    do { return try await execute(request, deadline) } catch { throw Self.authError(error) }
  }

  private func execute(_ request: HTTPClientRequest, _ deadline: NIODeadline) async throws -> ServerResponse {
    let response = try await http.execute(request, deadline: deadline)
    // To its end, so that the connection can be used again.
    let body = try await response.body.collect(upTo: ServerResponse.maximumBodyBytes)
    return ServerResponse(status: Int(response.status.code), headers: response.headers, body: body)
  }

  private func request(for call: Call) -> HTTPClientRequest {
    var request = HTTPClientRequest(url: base + call.path)
    request.method = call.method
    if let bearer = call.bearer { request.headers.add(name: "authorization", value: "Bearer \(bearer)") }
    if let address = call.client.ipAddress { request.headers.add(name: "x-forwarded-for", value: "\(address)") }
    // A `Client` has no control characters in its texts.
    if let agent = call.client.userAgent, !agent.isEmpty { request.headers.add(name: "user-agent", value: agent) }
    if let id = call.client.requestID, !id.isEmpty { request.headers.add(name: "x-request-id", value: id) }
    if !call.fields.isEmpty {
      request.headers.add(name: "content-type", value: "application/x-www-form-urlencoded")
      request.body = .bytes(ByteBuffer(string: call.fields.map { "\($0)=\($1.percentEncoded())" }.joined(separator: "&")))
    }
    return request
  }

  private static func authError(_ error: any Error) -> AuthError {
    if error is CancellationError || error as? HTTPClientError == .cancelled { return .cancelled }
    return .unavailable("no response from the authentication server: \(error)")
  }
}

extension AuthClient {
  /// The service key, for what the server tells back ends alone.
  func requireServiceKey() throws(AuthError) -> String {
    guard let serviceKey else { throw .unavailable("this AuthClient was made without a service key") }
    return serviceKey.text
  }
}
