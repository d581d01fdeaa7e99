import AsyncHTTPClient
import AuthCore
import AuthTesting
import Foundation
import NIOCore
import NIOHTTP1
import TestPrograms
import Testing

@testable import AuthServer

@Suite(.timeLimit(.minutes(10))) struct WebhookTests {
  /// Longer than a busy machine needs.
  private static let patience = Duration.seconds(3600)
  private static let client = Webhook.makeClient(connectTimeout: TimeAmount(patience))
  private static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

  private func delivery(
    to url: String, clock: any WallClock = ManualClock(), timeout: Duration = patience
  ) throws -> WebhookDelivery {
    let webhook = Webhook(
      url: try SecureURL(setting: url), secret: try WebhookSecret(contents: Array(Self.secret.utf8)), clock: clock,
      timeout: timeout, send: { try await Self.client.execute($0, timeout: $1) })
    return WebhookDelivery(webhook: webhook, linkBase: try? .page(SecureURL(setting: "https://example.org/reset")))
  }

  /// What the delivery throws, after a look at its words.
  private func failure(of delivery: WebhookDelivery) async throws -> String {
    let error = await #expect(throws: DeliveryFailure.self) { try await delivery.deliver(.sample) }
    let description = try #require(error).description
    #expect(AuthMessage.sample.secrets(in: description).isEmpty)
    return description
  }

  @Test func `a message is posted as JSON with the headers of the standard`() async throws {
    let receiver = try await WebhookReceiver(answering: .status(.noContent, ["x": "y"]))
    try await delivery(to: receiver.url + "/hook?from=auth").deliver(.sample)
    let request = try #require(receiver.received.first)
    #expect(receiver.received.count == 1)
    #expect(request.head.method == .POST)
    #expect(request.head.uri == "/hook?from=auth")
    #expect(request.body == AuthMessage.sample.json(linkBase: try? .page(SecureURL(setting: "https://example.org/reset"))))
    let headers = request.head.headers
    #expect(headers["content-type"] == ["application/json"])
    #expect(headers["content-length"] == ["\(request.body.count)"])
    #expect(headers["webhook-id"] == [AuthMessage.sample.id])
    #expect(headers["webhook-timestamp"] == ["1700000000"])
    #expect(headers["webhook-signature"].count == 1)
  }

  @Test func `the documented check finds a message genuine, and one with another byte not`() async throws {
    let receiver = try await WebhookReceiver(answering: .status(.ok))
    try await delivery(to: receiver.url).deliver(.sample)
    let request = try #require(receiver.received.first)
    let headers = request.head.headers
    #expect(try isGenuine(headers, request.body) == "True\n")
    #expect(try isGenuine(headers, request.body + [0x20]) == "False\n")
    #expect(try isGenuine(headers, request.body, after: 299) == "True\n")
    #expect(try isGenuine(headers, request.body, after: 300) == "False\n")
  }

  /// - Parameter age: how many seconds after the delivery the message is checked.
  private func isGenuine(_ headers: HTTPHeaders, _ body: [UInt8], after age: Int64 = 0) throws -> String {
    let script =
      try documented("python", with: "def is_genuine") + """
        import json, sys
        time.time = lambda: \(ManualClock().now.secondsSince1970 + age)
        print(is_genuine(sys.argv[1], json.loads(sys.argv[2]), sys.argv[3].encode()))
        """
    let headers = try JSONEncoder().encode(Dictionary(uniqueKeysWithValues: headers.map { ($0, $1) }))
    return try Python.run(
      script, Self.secret, String(decoding: headers, as: UTF8.self), String(decoding: body, as: UTF8.self))
  }

  @Test(arguments: [200, 201, 202, 204, 299])
  func `a response of 2xx is a delivery`(status: Int) async throws {
    let receiver = try await WebhookReceiver(answering: .status(HTTPResponseStatus(statusCode: status)))
    try await delivery(to: receiver.url).deliver(.sample)
  }

  @Test(arguments: [300, 304, 400, 404, 410, 429, 500, 503])
  func `any other response is a failure that names it`(status: Int) async throws {
    let receiver = try await WebhookReceiver(answering: .status(HTTPResponseStatus(statusCode: status)))
    #expect(try await failure(of: delivery(to: receiver.url)) == "127.0.0.1 responded with \(status), not 2xx")
  }

  @Test(arguments: [301, 302, 303, 307, 308])
  func `a redirect is not followed`(status: Int) async throws {
    let elsewhere = try await WebhookReceiver(answering: .status(.ok))
    let receiver = try await WebhookReceiver(
      answering: .status(HTTPResponseStatus(statusCode: status), ["location": elsewhere.url, "content-length": "0"]))
    #expect(try await failure(of: delivery(to: receiver.url)) == "127.0.0.1 responded with \(status), not 2xx")
    #expect(elsewhere.received.isEmpty)
  }

  @Test func `the body of a response is not waited for`() async throws {
    let receiver = try await WebhookReceiver(answering: .unfinishedBody)
    try await delivery(to: receiver.url).deliver(.sample)
  }

  @Test func `a receiver that does not respond in time is given up on`() async throws {
    let receiver = try await WebhookReceiver(answering: .none)
    #expect(
      try await failure(of: delivery(to: receiver.url, timeout: .milliseconds(50))).hasPrefix("no response from 127.0.0.1: "))
  }

  @Test func `a receiver that is not there is a failure at once`() async throws {
    let receiver = try await WebhookReceiver(answering: .none)
    try await receiver.close()
    let description = try await failure(of: delivery(to: receiver.url))
    #expect(description.contains("efused"))
  }

  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl")))
  func `a receiver with an unknown certificate is sent nothing`() async throws {
    let directory = try TemporaryDirectory()
    let (key, certificate) = (directory.path + "/key", directory.path + "/certificate")
    let request = try openssl([
      "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=127.0.0.1",
      "-addext", "subjectAltName=IP:127.0.0.1", "-days", "1", "-keyout", key, "-out", certificate,
    ])
    request.process.waitUntilExit()
    let server = try openssl(["s_server", "-www", "-accept", "127.0.0.1:0", "-key", key, "-cert", certificate])
    defer { kill(server.process.processIdentifier, SIGKILL) }
    var said = ""
    while !said.contains(/ACCEPT 127\.0\.0\.1:\d+\n/) {
      let data = server.output.fileHandleForReading.availableData
      try #require(!data.isEmpty)
      said += String(decoding: data, as: UTF8.self)
    }
    let port = try #require(said.firstMatch(of: /ACCEPT 127\.0\.0\.1:(\d+)/)).1
    let description = try await failure(of: delivery(to: "https://127.0.0.1:\(port)/"))
    #expect(description.contains("CERTIFICATE_VERIFY_FAILED"), "\(description)")
  }

  private func openssl(_ arguments: [String]) throws -> (process: ChildProcess, output: Pipe) {
    let output = Pipe()
    let process = try ChildProcess(
      "/usr/bin/openssl", arguments, output: output.fileHandleForWriting, error: nil)
    try output.fileHandleForWriting.close()
    return (process, output)
  }

  @Test func `a receiver that has no TLS is sent nothing by https`() async throws {
    let receiver = try await WebhookReceiver(answering: .status(.ok))
    _ = try await failure(of: delivery(to: receiver.url.replacing("http:", with: "https:")))
    #expect(receiver.received.isEmpty)
  }
}
