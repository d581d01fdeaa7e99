internal import AsyncHTTPClient
internal import AuthCore
internal import NIOCore
internal import NIOHTTP1

/// Posts each message as JSON to a URL, signed as Standard Webhooks 1.0.0 says.
///
/// Delivered is what was answered 2xx within the time limit. Redirects are not followed, as the standard has it: a signed token goes
/// where the operator said, and nowhere else. The server's certificate is verified against the system's. The body of the answer is
/// not read.
struct WebhookDelivery: MessageDelivery {
  private static let connectTimeout = TimeAmount.seconds(10)

  let url: SecureURL
  let secret: WebhookSecret
  let linkBase: SecureURL?
  let clock: any WallClock
  /// From the lookup of the name to the head of the answer.
  let timeout: Duration

  init(
    url: SecureURL, secret: WebhookSecret, linkBase: SecureURL?, clock: any WallClock = SystemClock(),
    timeout: Duration = .seconds(10)
  ) {
    self.url = url
    self.secret = secret
    self.linkBase = linkBase
    self.clock = clock
    self.timeout = timeout
  }

  /// One for all: it has no state but idle connections, and is closed by the end of the process.
  private static let client: HTTPClient = {
    var configuration = HTTPClient.Configuration(
      redirectConfiguration: .disallow, timeout: HTTPClient.Configuration.Timeout(connect: connectTimeout))
    // Or a refused connection is tried again until the time is over. Whoever asked for the delivery tries again, later.
    configuration.connectionPool.retryConnectionEstablishment = false
    return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
  }()

  func deliver(_ message: AuthMessage) async throws {
    let response: HTTPClientResponse
    do {
      response = try await Self.client.execute(request(for: message), timeout: TimeAmount(timeout))
    } catch {
      throw DeliveryFailure(description: "\(url.host) did not answer: \(error)")
    }
    guard (200...299).contains(response.status.code) else {
      throw DeliveryFailure(description: "\(url.host) answered \(response.status.code), not 2xx")
    }
  }

  private func request(for message: AuthMessage) -> HTTPClientRequest {
    let body = message.json(linkBase: linkBase)
    // Of this attempt, so that receivers can refuse what somebody recorded and sends again.
    let timestamp = clock.now.secondsSince1970
    var request = HTTPClientRequest(url: url.text)
    request.method = .POST
    request.headers = [
      "content-type": "application/json",
      "user-agent": "AuthServer",
      "webhook-id": message.id,
      "webhook-timestamp": "\(timestamp)",
      "webhook-signature": secret.signature(id: message.id, timestamp: timestamp, body: body),
    ]
    request.body = .bytes(body)
    return request
  }
}
