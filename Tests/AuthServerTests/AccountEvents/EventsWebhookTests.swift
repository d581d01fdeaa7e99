import AuthCore
import Foundation
import NIOHTTP1
import Testing

@testable import AuthServer

@Suite(.timeLimit(.minutes(10))) struct EventsWebhookTests {
  let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  /// The server's options for a webhook.
  private func options(_ url: String) throws -> [String] {
    let file = directory.path + "/secret"
    try "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".write(toFile: file, atomically: true, encoding: .utf8)
    return ["--events-webhook", url, "--events-webhook-secret-file", file]
  }

  @Test func `an event is a line of JSON`() {
    let event = AccountEvent(
      id: "816c5054", kind: .emailChanged, userID: 42, email: Email(stored: "b\"ob@me.com"),
      at: Timestamp(secondsSince1970: 1_795_582_800), tries: 3)
    #expect(
      String(decoding: event.json, as: UTF8.self) == """
        {"email":"b\\"ob@me.com","id":"816c5054","occurred_at":"2026-11-25T05:00:00Z","type":"user_email_changed","user_id":"42"}
        """)
  }

  @Test(arguments: TestDatabase.allCases)
  func `new and deleted accounts are posted, also those of commands, and those of before the server was killed`(
    _ database: TestDatabase
  ) async throws {
    let arguments = try await database.arguments(for: directory) + ["--bcrypt-cost", "4"]
    // A receiver that is not there: what happens meanwhile waits.
    let nowhere = try await WebhookReceiver(answering: .none)
    try await nowhere.close()
    let first = try ServerProcess(arguments + options(nowhere.url))
    let port = try await first.port
    let account = ["email": "bob@me.com", "password": "b4l0u"]
    #expect(try await Client(port: port).call(.POST, "/users", account).status == 200)
    try await first.waitForOutput("an account event was not delivered and will be tried again")
    #expect(!first.output.contains("bob@me.com"))
    first.signal(SIGKILL)
    _ = await first.exitStatus
    let command = try await ServerProcess(
      ["user", "delete", "bob@me.com", "--yes"] + database.arguments(for: directory), isRaw: true)
    #expect(await command.exitStatus == 0, "\(command.output)")

    let receiver = try await WebhookReceiver(answering: .status(.ok))
    let second = try ServerProcess(arguments + options(receiver.url))
    _ = try await second.port
    // The first is due again seconds after its try, or two minutes after the server that had claimed it died.
    while receiver.received.count < 2 { try await Task.sleep(for: .milliseconds(20)) }
    let posted = try receiver.received.map { try JSONDecoder().decode([String: String].self, from: Data($0.body)) }
    #expect(posted.map { $0["type"] } == ["user_created", "user_deleted"])
    #expect(posted.allSatisfy { $0["user_id"] == "1" && $0["email"] == "bob@me.com" })
    for (request, event) in zip(receiver.received, posted) {
      #expect(request.head.headers["webhook-id"] == [event["id"] ?? ""])
      #expect(request.head.headers["webhook-signature"].first?.hasPrefix("v1,") == true)
    }
  }

  /// What a command of the settings prints.
  private func config(_ command: String, _ arguments: [String]) async throws -> String {
    let process = try ServerProcess(["config", command] + arguments, isRaw: true)
    _ = await process.exitStatus
    return process.output
  }

  @Test func `the webhook and its secret need each other`() async throws {
    let (url, file) = (["--events-webhook", "https://example.org/"], ["--events-webhook-secret-file", "/nowhere"])
    #expect(try await config("check", url).contains("--events-webhook needs --events-webhook-secret-file"))
    #expect(try await config("check", file).contains("--events-webhook-secret-file needs --events-webhook"))
    #expect(
      try await config("check", url + file)
        .contains("--events-webhook-secret-file: /nowhere cannot be read: No such file or directory"))
    #expect(try await config("check", ["--events-webhook", "http://example.org/"]).contains("--events-webhook must be a URL"))
  }

  @Test func `a key in the URL is not shown`() async throws {
    let shown = try await config("show", options("https://example.org/accounts?key=hidden"))
    #expect(shown.contains(#"events-webhook: "https://example.org/accounts?redacted""#) && !shown.contains("hidden"))
  }
}
