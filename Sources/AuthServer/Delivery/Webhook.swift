internal import AsyncHTTPClient
internal import AuthCore
internal import NIOCore
internal import NIOHTTP1

/// Posts JSON to a URL, signed as Standard Webhooks 1.0.0 says.
///
/// It is delivered if a 2xx response comes within the time limit. Redirects are not followed, as the standard demands: a signed
/// token goes only where the operator said. The receiver's certificate is verified against the system's. The body of the response
/// is not read.
struct Webhook {
  /// Sends a request and returns the head of its response, within a time limit.
  typealias Send = @Sendable (HTTPClientRequest, TimeAmount) async throws -> HTTPClientResponse

  let url: SecureURL
  let secret: WebhookSecret
  private let clock: any WallClock
  /// The limit on the time from the lookup of the host name to the head of the response.
  private let timeout: Duration
  private let send: Send

  init(
    url: SecureURL, secret: WebhookSecret, clock: any WallClock = SystemClock(), timeout: Duration = .seconds(10),
    send: @escaping Send = { try await client.execute($0, timeout: $1) }
  ) {
    self.url = url
    self.secret = secret
    self.clock = clock
    self.timeout = timeout
    self.send = send
  }

  /// One client for all deliveries: it has no state but idle connections, and lives until the process ends.
  private static let client = makeClient(connectTimeout: .seconds(10))

  static func makeClient(connectTimeout: TimeAmount) -> HTTPClient {
    var configuration = HTTPClient.Configuration(
      redirectConfiguration: .disallow, timeout: HTTPClient.Configuration.Timeout(connect: connectTimeout))
    // A refused connection would be tried again until the time is over. The outbox tries again, later.
    configuration.connectionPool.retryConnectionEstablishment = false
    return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
  }

  /// - Parameter id: the same each time the same thing is posted.
  func post(_ body: [UInt8], id: String) async throws {
    let response: HTTPClientResponse
    do {
      response = try await send(request(body, id: id), TimeAmount(timeout))
    } catch {
      throw DeliveryFailure(description: "no response from \(url.host): \(error)")
    }
    guard (200...299).contains(response.status.code) else {
      throw DeliveryFailure(description: "\(url.host) responded with \(response.status.code), not 2xx")
    }
  }

  private func request(_ body: [UInt8], id: String) -> HTTPClientRequest {
    // The time of this attempt, so that receivers can refuse what was recorded and sent again.
    let timestamp = clock.now.secondsSince1970
    var request = HTTPClientRequest(url: url.text)
    request.method = .POST
    request.headers = [
      "content-type": "application/json",
      "user-agent": "AuthServer",
      "webhook-id": id,
      "webhook-timestamp": "\(timestamp)",
      "webhook-signature": secret.signature(id: id, timestamp: timestamp, body: body),
    ]
    request.body = .bytes(body)
    return request
  }
}
