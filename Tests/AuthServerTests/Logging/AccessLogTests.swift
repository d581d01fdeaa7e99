import AuthCore
import AuthTesting
import Foundation
import Logging
import NIOHTTP1
import Testing

@testable import AuthServer

@Suite(.timeLimit(.minutes(10))) struct AccessLogTests {
  private static let entry = AccessLog.Entry(
    method: "DELETE", route: "/sessions/{id}", status: 403, bytes: 31, duration: .microseconds(1_000_214),
    requestID: "f8e42298", userID: 7)
  private static let anonymous = AccessLog.Entry(
    method: "-", route: "unmatched", status: 400, bytes: 0, duration: .nanoseconds(1), requestID: "a:b/c=", userID: nil)

  private func log(_ format: LogFormat) -> AccessLog {
    let clock = ManualClock(Timestamp(secondsSince1970: 1_764_000_000))
    return AccessLog(LogWriter { _ in "" }, format: format, clock: clock)
  }

  @Test(arguments: LogFormat.allCases, [entry, anonymous])
  func `a line has the form of every other line of the log`(_ format: LogFormat, _ entry: AccessLog.Entry) {
    var metadata: [String: String] = [
      "bytes": "\(entry.bytes)", "duration": entry.userID == nil ? "0.000000" : "1.000214", "hb.request.id": entry.requestID,
      "method": entry.method, "route": entry.route, "status": "\(entry.status)",
    ]
    metadata["user"] = entry.userID.map { "\($0)" }
    let usual = format.line(
      AccessLog.level, "request", metadata: metadata.mapValues { "\($0)" }, at: Timestamp(secondsSince1970: 1_764_000_000))
    var line: [UInt8] = []
    log(format).append(entry, to: &line)
    #expect(String(decoding: line, as: UTF8.self) == usual)
  }

  private func start(_ options: String...) throws -> ServerProcess {
    try ServerProcess(["--database", ":memory:", "--bcrypt-cost", "4", "--log-format", "json"] + options)
  }

  /// The lines about requests, once there are so many.
  private func lines(_ server: ServerProcess, count: Int) async throws -> [[String: String]] {
    while true {
      let lines = server.output.split(separator: "\n").compactMap {
        try? JSONDecoder().decode([String: String].self, from: Data($0.utf8))
      }.filter { $0["message"] == "request" }
      if lines.count >= count { return lines }
      await Task.yield()
    }
  }

  @Test func `each request is a line, which names its route and its user, and the response has its id`() async throws {
    let server = try start("--access-log")
    let client = try await Client(port: server.port)
    let account = ["email": "bob@me.com", "password": "b4l0u"]
    var answers = [try await client.call(.POST, "/users", account), try await client.call(.POST, "/sessions", account)]
    let session = try #require(answers[1].sessionID)
    answers.append(try await client.call(.GET, "/profile", cookie: session))
    answers.append(try await client.call(.GET, "/secret-path?email=bob@me.com&token=secret"))
    answers.append(try await client.call(.POST, "/sessions", ["email": "bob@me.com", "password": "wrong"]))
    let lines = try await lines(server, count: answers.count)
    #expect(lines.map { $0["route"] } == ["/users", "/sessions", "/profile", "unmatched", "/sessions"])
    #expect(lines.map { $0["status"] } == ["200", "200", "200", "404", "401"])
    #expect(lines.map { $0["user"] } == ["1", "1", "1", nil, nil])
    #expect(lines.map { $0["method"] } == ["POST", "POST", "GET", "GET", "POST"])
    #expect(lines.map { $0["hb.request.id"] } == answers.map { $0.headers.first(name: "x-request-id") })
    #expect(lines.map { $0["bytes"] } == answers.map { $0.headers.first(name: "content-length") })
    #expect(lines.allSatisfy { $0["duration"]?.wholeMatch(of: /\d+\.\d{6}/) != nil })
    for secret in ["secret", "bob@me.com", session, "b4l0u", "wrong"] { #expect(!server.output.contains(secret)) }
  }

  @Test func `the line of a request that was carried out for an account has its id, that of a refused one none`() async throws {
    let directory = try TemporaryDirectory()
    let (keyFile, key) = (directory.path + "/key", String(repeating: "k", count: 40))
    try key.write(toFile: keyFile, atomically: true, encoding: .utf8)
    let server = try ServerProcess([
      "--database", ":memory:", "--policy", "strict", "--verify-emails", "off", "--bcrypt-cost", "10", "--delivery", "command",
      "--delivery-command", "/usr/bin/true", "--insecure-cookies", "--service-key-file", keyFile, "--log-format", "json",
      "--access-log",
    ])
    let client = try await Client(port: server.port)
    let (email, password, other) = ("bob@me.com", "correct horse battery", "staple of another colour")
    var (expected, users): ([UInt], [String?]) = ([], [])
    func call(
      _ method: HTTPMethod, _ path: String, _ fields: [String: String] = [:], cookie: String? = nil, headers: HTTPHeaders = [:],
      user: String?
    ) async throws -> Client.Answer {
      let answer = try await client.call(method, path, fields, cookie: cookie, headers: headers)
      expected.append(answer.status)
      users.append(user)
      return answer
    }
    func logIn(_ password: String) async throws -> String {
      let answer = try await call(.POST, "/sessions", ["email": email, "password": password], user: "1")
      return try #require(answer.sessionID, "\(answer.status) \(answer.json) after \(expected)")
    }

    _ = try await call(.POST, "/users", ["email": email, "password": password], user: "1")
    _ = try await call(.POST, "/users", ["email": email, "password": password], user: nil)
    _ = try await call(.POST, "/sessions", ["email": email, "password": other], user: nil)
    var session = try await logIn(password)
    _ = try await call(.GET, "/profile", cookie: session, user: "1")
    _ = try await call(.GET, "/profile", cookie: "made-up", user: nil)
    _ = try await call(.GET, "/sessions", cookie: session, user: "1")
    let reset = try await call(
      .POST, "/reset_password", ["email": email], headers: ["authorization": "Bearer \(key)"], user: "1")
    let token = try #require(reset.json["reset_token"])
    let fields = ["email": email, "reset_token": token, "new_password": other]
    _ = try await call(.PUT, "/reset_password", fields, user: "1")
    _ = try await call(.PUT, "/reset_password", fields, user: nil)
    // Not before: its token, when it is delivered, replaces the one above.
    _ = try await call(.POST, "/reset_password", ["email": email], user: nil)
    session = try await logIn(other)
    let change = ["current_password": other, "new_password": password]
    _ = try await call(.PUT, "/password", change.merging(["current_password": "wrong"]) { $1 }, cookie: session, user: nil)
    session = try #require(try await call(.PUT, "/password", change, cookie: session, user: "1").sessionID)
    _ = try await call(.DELETE, "/sessions?others=true", cookie: session, user: "1")
    #expect(try await call(.DELETE, "/sessions/none", cookie: session, user: "1").status == 404)
    _ = try await call(.DELETE, "/sessions", cookie: session, user: "1")
    _ = try await call(.DELETE, "/sessions", cookie: session, user: nil)
    session = try await logIn(password)
    _ = try await call(.DELETE, "/profile", ["current_password": "wrong"], cookie: session, user: nil)
    _ = try await call(.DELETE, "/profile", ["current_password": password], cookie: session, user: "1")

    let lines = try await lines(server, count: users.count)
    #expect(lines.map { $0["status"] } == expected.map { "\($0)" })
    for (line, user) in zip(lines, users) { #expect(line["user"] == user, "\(line)") }
    let succeeded = expected.filter { $0 < 400 }.count
    // One does not say whether there is an account, the other is the end of a session that there is not.
    #expect(succeeded - 1 + 1 == users.count { $0 != nil })
  }

  @Test func `an id from a trusted proxy is in the line, the response and the events, and no other`() async throws {
    let server = try start("--access-log", "--trusted-proxies", "127.0.0.1")
    let client = try await Client(port: server.port)
    let login = ["email": "bob", "password": "x"]
    let kept = try await client.call(.POST, "/sessions", login, headers: ["x-request-id": "proxy-7"])
    #expect(kept.headers["x-request-id"] == ["proxy-7"])
    let unsafe = try await client.call(.POST, "/sessions", login, headers: ["x-request-id": "a b"])
    #expect(unsafe.headers["x-request-id"].first?.wholeMatch(of: /[0-9a-f]{15}/) != nil)
    _ = try await lines(server, count: 2)
    #expect(server.output.contains(/"hb.request.id":"proxy-7".*authn_login_fail/))

    let untrusting = try start("--access-log")
    let other = try await Client(port: untrusting.port).call(.GET, "/", headers: ["x-request-id": "proxy-7"])
    #expect(other.headers["x-request-id"] != ["proxy-7"])
  }

  @Test func `without the option there is neither line nor header`() async throws {
    // With metrics, requests are timed, too.
    let server = try start("--trusted-proxies", "127.0.0.1", "--operations-listen", "127.0.0.1:0")
    let client = try await Client(port: server.port)
    #expect(try await client.call(.GET, "/", headers: ["x-request-id": "7"]).headers["x-request-id"].isEmpty)
    server.signal(SIGTERM)
    #expect(await server.exitStatus == 0)
    #expect(!server.output.contains("\"request\""))
  }

  @Test func `an access log that the level leaves out is refused`() async throws {
    let server = try start("--access-log", "--log-level", "warning")
    #expect(await server.exitStatus == 64)
    #expect(server.output.contains("--log-level warning leaves out the lines of --access-log, which have the level info"))
  }
}
