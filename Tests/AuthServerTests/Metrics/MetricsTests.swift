import Foundation
import NIOHTTP1
import Testing

@testable import AuthServer

/// The metrics of the real program.
@Suite(.timeLimit(.minutes(10))) struct MetricsTests {
  private let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  /// With every feature.
  private func startStrict() throws -> ServerProcess {
    try ServerProcess([
      "--database", directory.database, "--bcrypt-cost", "10", "--policy", "strict", "--verify-emails", "off",
      "--delivery", "log", "--operations-listen", "127.0.0.1:0",
    ])
  }

  @Test func `the table in Monitoring.md is what is declared, and everything that is declared is exported`() async throws {
    let path = URL(filePath: #filePath).appending(path: "../../../../Docs/Monitoring.md").standardizedFileURL
    let documented = try String(contentsOf: path, encoding: .utf8).components(separatedBy: "\n")
      .filter { $0.wholeMatch(of: /\| `\w+` \| (counter|gauge|histogram) \|.*/) != nil }
    let declared = MetricDescription.all.map(\.row)
    #expect(documented == declared, "the rows must be:\n\(declared.joined(separator: "\n"))")

    let text = try await Operations(of: startStrict()).send(.GET, "/metrics").text
    let exported = text.split(separator: "\n").filter { $0.hasPrefix("# TYPE ") }.map { String($0.split(separator: " ")[2]) }
    // One is there with TLS alone, some with PostgreSQL.
    let elsewhere = MetricDescription.all.map(\.name).filter { $0.hasPrefix("auth_tls_") || $0.hasPrefix("auth_postgres_") }
    #expect(elsewhere.count == 5)
    #expect(exported == MetricDescription.all.map(\.name).filter { !elsewhere.contains($0) }.sorted())
    #expect(text.count { $0 == "\n" } - 2 * exported.count <= 650)
  }

  @Test func `what clients send adds no sample, and is in none`() async throws {
    let server = try startStrict()
    let (operations, client) = try await (Operations(of: server), Client(port: server.port))
    let account = ["email": "bob@me.com", "password": "correct horse battery staple"]
    _ = try await operations.metrics()
    let before = try await operations.metrics()
    #expect(try await client.call(.POST, "/users", account).status == 200)
    #expect(try await client.call(.POST, "/sessions", account).status == 200)
    for path in ["/random-1", "/random-2?email=bob@me.com", "/sessions/12345", "/users/7"] {
      for method in [HTTPMethod.GET, .DELETE, .PATCH] {
        _ = try await client.call(method, path, headers: ["user-agent": "agent-7"])
      }
    }
    let after = try await operations.metrics()
    #expect(Set(after.keys) == Set(before.keys))
    for text in ["bob", "127.0.0.1", "random", "12345", "agent"] { #expect(!after.keys.contains { $0.contains(text) }) }
    let unmatched = #"auth_http_requests_total{method="other",route="unmatched",status="4xx"}"#
    #expect(after[unmatched] == 11)
    #expect(after[#"auth_logins_total{outcome="success"}"#] == 1)
    #expect(after["auth_hashing_duration_seconds_count"] == 2)
  }

  @Test func `without the option nothing listens but the service`() async throws {
    let server = try ServerProcess(["--database", ":memory:"])
    let port = try await server.port
    #expect(try Self.listeningPorts(of: server.processIdentifier) == [port])
  }

  private static func listeningPorts(of process: pid_t) throws -> [Int] {
    let sockets = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/fd").compactMap {
      try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(process)/fd/\($0)")
    }
    return try lines(of: "/proc/\(process)/net/tcp").compactMap { line in
      // proc_pid_net(5): state 0A is LISTEN, the tenth field the inode.
      let fields = line.split(separator: " ")
      guard fields.count > 9, fields[3] == "0A", sockets.contains("socket:[\(fields[9])]") else { return nil }
      return Int(fields[1].suffix(4), radix: 16)
    }
  }

  /// A file of the kernel is read a page at a time, and String(contentsOfFile:) takes a page for the whole.
  private static func lines(of path: String) throws -> [Substring] {
    let file = try FileHandle(forReadingFrom: URL(filePath: path))
    var contents = Data()
    while let page = try file.read(upToCount: 4_096), !page.isEmpty { contents += page }
    return String(decoding: contents, as: UTF8.self).split(separator: "\n")
  }
}
