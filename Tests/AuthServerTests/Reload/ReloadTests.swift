import Foundation
import NIOHTTP1
import Synchronization
import Testing

/// SIGHUP, sent to the real program.
@Suite(.timeLimit(.minutes(10))) struct ReloadTests {
  private let directory: TemporaryDirectory
  private let file: String
  private static let (email, password) = ("bob@me.com", "correct horse battery")

  init() throws {
    directory = try TemporaryDirectory()
    file = directory.path + "/settings.yaml"
  }

  /// Starts a server with these lines beside those that it needs.
  private func start(_ lines: String) async throws -> (ServerProcess, Client) {
    try write(lines)
    let server = try ServerProcess(["--config", file, "--database", directory.database, "--verify-emails", "off"])
    return (server, try await Client(port: server.port))
  }

  private func write(_ lines: String) throws {
    try "policy: strict\ndelivery: command\ndelivery-command: /bin/true\nbcrypt-cost: 10\n\(lines)\n"
      .write(toFile: file, atomically: true, encoding: .utf8)
  }

  /// Reloads the settings, and waits until the log says so.
  private func reload(_ server: ServerProcess, _ outcome: String = "settings reloaded", times: Int = 1) async throws {
    server.signal(SIGHUP)
    try await server.waitForOutput(outcome, times: times)
  }

  @Test func `pages take on another colour with a reload, and another address with a restart`() async throws {
    let (server, client) = try await start("pages: https://auth.example.org")
    #expect(try await client.call(.GET, "/pages/forgot-password").text.contains("--accent: #2f6fd0;"))
    try write("pages: https://other.example.org\npages-accent: ffee00\npages-home: https://example.org/")
    try await reload(server)
    let page = try await client.call(.POST, "/pages/forgot-password", ["email": "x@me.com"])
    #expect(page.text.contains("--accent: #ffee00; --on-accent: #000000;") && page.text.contains(#"href="https://example.org/""#))
    #expect(page.text.contains("– auth.example.org</title>"))
    let entrance = try await client.call(.GET, "/.well-known/change-password")
    #expect(entrance.headers.first(name: "location") == "https://auth.example.org/pages/forgot-password")
    #expect(server.output.contains("pages"))
    try write("pages-accent: 006644")
    try await reload(server, "pages-accent needs --pages")
    try write("")
    try await reload(server, times: 2)
    #expect(try await client.call(.GET, "/pages/forgot-password").status == 200)
  }

  @Test func `what can change does, and the log says what did, and what needs a restart`() async throws {
    let (server, client) = try await start("sessions: {lifetime: 20d}")
    try await reload(server, "settings reloaded; none has changed")
    #expect(try await client.call(.POST, "/users", ["email": Self.email, "password": Self.password]).status == 200)

    try write(
      """
      registration: closed
      log-level: warning
      trusted-proxies: 127.0.0.1
      keep-alive-timeout: 60
      sessions: {lifetime: 10d, maximum-per-user: 2}
      throttling:
        login-per-network: none
        login-per-email: {threshold: 1, first-delay: 1h}
      """)
    try await reload(server, "needs a restart")
    for line in [
      "info AuthServer: [AuthServer] registration is now closed (\(file):5), was open",
      "info AuthServer: [AuthServer] log-level is now warning (\(file):6), was info",
      "info AuthServer: [AuthServer] trusted-proxies is now 127.0.0.1 (\(file):7), was none",
      "info AuthServer: [AuthServer] sessions.lifetime is now 10d (\(file):9), was 20d",
      "info AuthServer: [AuthServer] throttling.login-per-network is now none (\(file):11)\n",
      "info AuthServer: [AuthServer] throttling.login-per-email.threshold is now 1 (\(file):12), was 5",
      "warning AuthServer: [AuthServer] keep-alive-timeout 60 (\(file):8) needs a restart; until then it is 75",
      "warning AuthServer: [AuthServer] \(file):11: throttling.login-per-network falls short of ASVS 5.0, 6.3.1",
    ] {
      try await server.waitForOutput(line)
    }

    #expect(try await client.call(.POST, "/users", ["email": "eve@me.com", "password": Self.password]).status == 403)
    let login = try await client.call(
      .POST, "/sessions", ["email": Self.email, "password": Self.password, "remember": "true"])
    #expect(login.headers.first(name: "set-cookie")?.contains("Max-Age=\(10 * 86_400)") == true)
    #expect(try await client.call(.POST, "/sessions", ["email": Self.email, "password": "wrong"]).status == 401)
    #expect(try await client.call(.POST, "/sessions", ["email": Self.email, "password": Self.password]).status == 429)
    // Below the level.
    #expect(!server.output.contains("authn_login_lock"))
  }

  @Test(arguments: [
    ("sessions: {lifetime: 10d}\nlog-levle: debug", ":6: log-levle is not a setting; did you mean log-level?"),
    ("registration: closed\nsessions: {lifetime: 0s}", ":6: sessions.lifetime must be from 1s to 3650d, not '0s'"),
    ("registration: closed\nport: [", ":7: while parsing a flow node: did not find expected node content"),
    ("registration: closed\nservice-key-file: /nowhere", ":6: service-key-file: /nowhere cannot be read"),
  ])
  func `a file with a mistake changes nothing, and the mistake is logged`(_ lines: String, _ mistake: String) async throws {
    let (server, client) = try await start("")
    try write(lines)
    try await reload(server, "error AuthServer: [AuthServer] settings were not reloaded: \(file)\(mistake)")
    #expect(!server.output.contains("settings reloaded") && !server.output.contains(" is now "))
    #expect(try await client.call(.POST, "/users", ["email": Self.email, "password": Self.password]).status == 200)
    let login = try await client.call(
      .POST, "/sessions", ["email": Self.email, "password": Self.password, "remember": "true"])
    #expect(login.headers.first(name: "set-cookie")?.contains("Max-Age=\(30 * 86_400)") == true)

    // The next one that is right is put in force.
    try write("registration: closed")
    try await reload(server)
    #expect(try await client.call(.POST, "/users", ["email": "eve@me.com", "password": Self.password]).status == 403)
  }

  @Test func `another preset, and a file that is gone, change nothing`() async throws {
    let (server, client) = try await start("")
    try "policy: classic\nregistration: closed\n".write(toFile: file, atomically: true, encoding: .utf8)
    try await reload(server, "settings were not reloaded: \(file):1: policy classic needs a restart, and so do the other changes")
    try FileManager.default.removeItem(atPath: file)
    try await reload(server, "settings were not reloaded: \(file) cannot be read: No such file or directory")
    #expect(try await client.call(.POST, "/users", ["email": Self.email, "password": Self.password]).status == 200)
  }

  @Test func `a service key is replaced without a moment in which its back end is refused`() async throws {
    let keys = ["a", "b"].map { String(repeating: $0, count: 40) }
    let keyFile = directory.path + "/keys"
    func write(_ keys: [String]) throws {
      try (keys.joined(separator: "\n") + "\n").write(toFile: keyFile, atomically: true, encoding: .utf8)
    }
    try write([keys[0]])
    let (server, client) = try await start(
      "service-key-file: \(keyFile)\nthrottling: {reset-per-email: none, reset-per-network: none}")
    #expect(try await client.call(.POST, "/users", ["email": Self.email, "password": Self.password]).status == 200)
    @Sendable func status(_ key: String) async throws -> UInt {
      try await client.call(.POST, "/reset_password", ["email": Self.email], headers: ["Authorization": "Bearer \(key)"]).status
    }
    #expect(try await status(keys[1]) == 403)

    let inUse = Inputs(keys[0])
    let requests = Atomic(0)
    let isOver = Atomic(false)
    let backEnd = Task {
      while !isOver.load(ordering: .relaxed) {
        let status = try await status(inUse.value)
        #expect(status == 200)
        requests.add(1, ordering: .relaxed)
      }
    }
    try write(keys)
    try await reload(server, "service keys in force: 2, before 1")
    for key in keys { #expect(try await status(key) == 200) }
    inUse.value = keys[1]
    // The first of these may still have the old key.
    let seen = requests.load(ordering: .relaxed)
    while requests.load(ordering: .relaxed) < seen + 2 { try await Task.sleep(for: .milliseconds(1)) }
    try write([keys[1]])
    try await reload(server, "service keys in force: 1, before 2")
    #expect(try await status(keys[0]) == 403)
    #expect(try await status(keys[1]) == 200)
    isOver.store(true, ordering: .relaxed)
    try await backEnd.value
    #expect(!server.output.contains(keys[0]) && !server.output.contains(keys[1]))
  }

  @Test func `no request fails or is lost while settings are reloaded again and again`() async throws {
    let (server, client) = try await start("")
    #expect(try await client.call(.POST, "/users", ["email": Self.email, "password": Self.password]).status == 200)
    let session = try #require(
      try await client.call(.POST, "/sessions", ["email": Self.email, "password": Self.password]).sessionID)
    let port = try await server.port
    let headers: HTTPHeaders = ["Cookie": "__Host-session_id=\(session)"]
    // Not cancelled, because a request in progress would be, too.
    let end = End()
    let visitors = (0..<4).map { index in
      Task { () async throws -> Int in
        var count = 0
        while !end.isReached.load(ordering: .relaxed) {
          // Half of them with a connection for each request.
          let extra: HTTPHeaders = index < 2 ? [:] : ["Connection": "close"]
          #expect(try await Client(port: port).call(.GET, "/profile", headers: headers.merging(extra)).status == 200)
          if index == 0, count % 20 == 0 {
            let login = ["email": Self.email, "password": Self.password]
            #expect(try await client.call(.POST, "/sessions", login).status == 200)
          }
          count += 1
        }
        return count
      }
    }
    for round in 1...30 {
      try write("sessions: {maximum-per-user: \(round + 20)}")
      try await reload(server, "sessions.maximum-per-user is now \(round + 20)")
    }
    end.isReached.store(true, ordering: .relaxed)
    for visitor in visitors {
      let requests = try await visitor.value
      #expect(requests > 0)
    }
  }
}

/// When tasks should end.
private final class End: Sendable {
  let isReached = Atomic(false)
}

/// A value that tests change while others read it.
private final class Inputs: Sendable {
  private let stored: Mutex<String>
  init(_ value: String) { stored = Mutex(value) }

  var value: String {
    get { stored.withLock { $0 } }
    set { stored.withLock { $0 = newValue } }
  }
}

extension HTTPHeaders {
  fileprivate func merging(_ others: HTTPHeaders) -> HTTPHeaders {
    var headers = self
    headers.add(contentsOf: others)
    return headers
  }
}
