import Foundation
import NIOHTTP1
import Testing

/// The real program under strict, with its options.
@Suite struct StrictServeTests {
  private static let (email, password, other) = ("bob@me.com", "correct horse battery", "staple of another colour")

  private let directory: TemporaryDirectory
  /// Where messages come out, each when it is read.
  private let mailbox: String
  private let defaults: [String]
  /// The same, with registrations that open an account at once.
  private var arguments: [String] { defaults + ["--verify-emails", "off"] }

  init() throws {
    directory = try TemporaryDirectory()
    mailbox = directory.path + "/mailbox"
    try #require(unsafe mkfifo(mailbox, 0o600) == 0)
    let command = directory.path + "/deliver"
    try "#!/bin/sh\ncat > '\(mailbox)'\n".write(toFile: command, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: command)
    defaults = [
      "--database", directory.database, "--policy", "strict", "--bcrypt-cost", "10", "--delivery", "command",
      "--delivery-command", command, "--trusted-proxies", "127.0.0.1", "--context-words", "Acme,Initech",
    ]
  }

  private func message() async throws -> [String: String] {
    let data = await withCheckedContinuation { continuation in
      // Opening waits for the command, which no thread of the pool may.
      Thread.detachNewThread { [mailbox] in
        continuation.resume(returning: FileHandle(forReadingAtPath: mailbox)?.readDataToEndOfFile() ?? Data())
      }
    }
    return try JSONDecoder().decode([String: String].self, from: data)
  }

  @Test(arguments: [true, false])
  func `a proxy that is not trusted is named in the log, once`(_ isTrusted: Bool) async throws {
    let server = try ServerProcess(
      ["--database", ":memory:", "--bcrypt-cost", "4"] + (isTrusted ? ["--trusted-proxies", "127.0.0.1"] : []))
    let client = try await Client(port: server.port)
    for header in [[:], ["x-forwarded-for": "198.51.100.5"], ["x-forwarded-for": "198.51.100.6"]] as [HTTPHeaders] {
      let login = ["email": Self.email, "password": "wrong"]
      #expect(try await client.call(.POST, "/sessions", login, headers: header).status == 401)
    }
    server.signal(SIGTERM)
    #expect(await server.exitStatus == 0)
    let warnings = server.output.split(separator: "\n").filter { $0.contains("X-Forwarded-For") }
    #expect(warnings.count == (isTrusted ? 0 : 1))
    #expect(warnings.allSatisfy { $0.contains("warning") && $0.contains("127.0.0.1 is not a trusted proxy") })
  }

  @Test func `a token that one server could not deliver before its end is delivered by the next, and works`() async throws {
    let first = try ServerProcess(arguments + ["--delivery-command", "/usr/bin/false"])
    var client = try await Client(port: first.port)
    #expect(try await client.call(.POST, "/users", ["email": Self.email, "password": Self.password]).status == 200)
    // An unknown email first: its message is claimed and dropped.
    for email in ["nobody@me.com", Self.email] {
      #expect(try await client.call(.POST, "/reset_password", ["email": email]).status == 200)
    }
    first.signal(SIGKILL)
    _ = await first.exitStatus
    // In the hand of the first, which had two minutes for it, it would not be due yet.
    _ = try Python.sqlite(directory.database, "UPDATE outbox SET due_at = 0")

    let second = try ServerProcess(arguments)
    client = try await Client(port: second.port)
    let message = try await message()
    #expect(message["email"] == Self.email)
    let token = try #require(message["reset_token"])
    let fields = ["email": Self.email, "reset_token": token, "new_password": Self.other]
    #expect(try await client.call(.PUT, "/reset_password", fields).status == 200)
    #expect(try await client.call(.POST, "/sessions", ["email": Self.email, "password": Self.other]).status == 200)
    for secret in [token, Self.password, Self.other, Self.email] {
      #expect(!first.output.contains(secret) && !second.output.contains(secret))
    }
  }

  @Test func `the link of a message leads to a page of the server, and the log has nothing of it`() async throws {
    let server = try ServerProcess(
      arguments + [
        "--pages", "https://auth.example.org/", "--service-name", "Example & Co", "--access-log", "--log-level", "trace",
      ], environment: ["SMTP_PASSWORD": "of-another-program"])
    let client = try await Client(port: server.port)
    _ = try await client.call(.POST, "/users", ["email": Self.email, "password": Self.password])
    let entrance = try await client.call(.GET, "/.well-known/change-password")
    #expect(entrance.status == 302)
    #expect(entrance.headers.first(name: "location") == "https://auth.example.org/pages/forgot-password")
    #expect(try await client.call(.POST, "/pages/forgot-password", ["email": Self.email]).status == 200)

    let message = try await message()
    let (link, token) = (try #require(message["link"]), try #require(message["reset_token"]))
    #expect(link == "https://auth.example.org/pages/new-password?email=bob%40me.com&reset_token=\(token)")
    let path = String(link.dropFirst("https://auth.example.org".count))
    for method in [HTTPMethod.GET, .HEAD, .OPTIONS, .PUT] { _ = try await client.call(method, path) }
    let page = try await client.call(.GET, path)
    #expect(page.status == 200 && page.text.contains("<title>Choose a new password – Example &amp; Co</title>"))
    let foreign = try await client.call(.POST, path, ["reset_token": token], headers: ["Sec-Fetch-Site": "cross-site"])
    #expect(foreign.status == 403)
    let fields = ["email": Self.email, "reset_token": token, "new_password": Self.other, "new_password_again": Self.other]
    for status in [200, 403] as [UInt] { #expect(try await client.call(.POST, path, fields).status == status) }
    #expect(try await client.call(.POST, "/sessions", ["email": Self.email, "password": Self.other]).status == 200)

    server.signal(SIGTERM)
    #expect(await server.exitStatus == 0)
    #expect(server.output.contains("route=/pages/new-password"))
    for secret in [token, Self.email, "bob%40me.com", "reset_token", Self.other, "of-another-program"] {
      #expect(!server.output.contains(secret))
    }
  }

  @Test func `failures delay a client behind the proxy, are logged, kept, and survive the server`() async throws {
    let first = try ServerProcess(arguments)
    var client = try await Client(port: first.port)
    let attacker: HTTPHeaders = ["X-Forwarded-For": "203.0.113.9, 198.51.100.7"]
    var statuses: [UInt] = []
    // The first delays may be over before the next request; each is twice as long as the one before.
    while statuses.last != 429 && statuses.count < 14 {
      let fields = ["email": "eve@me.com", "password": "wrong"]
      statuses.append(try await client.call(.POST, "/sessions", fields, headers: attacker).status)
    }
    #expect(statuses.prefix(5) == [401, 401, 401, 401, 401])
    #expect(statuses.last == 429)
    #expect(
      first.output.contains(/notice AuthServer: client=198\.51\.100\.7 hb\.request\.id=\w+ \[AuthServer\] authn_login_lock/))
    first.signal(SIGTERM)
    #expect(await first.exitStatus == 0)
    let kept = try Python.sqlite(
      directory.database, "SELECT count(*) FROM audit_events WHERE kind = 'authn_login_fail' AND ip_address = '198.51.100.7'")
    #expect(Int(kept) == statuses.count { $0 == 401 })
    _ = try Python.sqlite(directory.database, "UPDATE attempt_counters SET count = 110, last_at = strftime('%s', 'now')")

    let second = try ServerProcess(arguments)
    client = try await Client(port: second.port)
    let paused = try await client.call(.POST, "/sessions", ["email": "x@me.com", "password": "x"], headers: attacker)
    #expect(paused.status == 429)
    #expect(paused.headers.first(name: "retry-after").flatMap(Int.init).map { (1...1024).contains($0) } == true)
    let elsewhere: HTTPHeaders = ["X-Forwarded-For": "198.51.100.8"]
    #expect(try await client.call(.POST, "/sessions", ["email": "x@me.com", "password": "x"], headers: elsewhere).status == 401)
  }

  @Test func `words of the service make no password, and insecure cookies travel over plain HTTP with a warning`() async throws {
    let server = try ServerProcess(arguments + ["--insecure-cookies"])
    let client = try await Client(port: server.port)
    #expect(server.output.contains("warning AuthServer: [AuthServer] the session cookie is sent over plain HTTP"))
    let refused = try await client.call(.POST, "/users", ["email": Self.email, "password": "ACMEacme-1234567"])
    #expect(refused.status == 400)
    _ = try await client.call(.POST, "/users", ["email": Self.email, "password": Self.password])
    let login = try await client.call(.POST, "/sessions", ["email": Self.email, "password": Self.password])
    #expect(login.headers.first(name: "set-cookie")?.hasPrefix("session_id=") == true)
    #expect(try await client.call(.GET, "/profile", cookie: login.sessionID).json == ["email": Self.email, "id": "1"])
  }

  @Test(arguments: [
    ("short", "must have keys of at least 32 ASCII characters"), ("", "must have keys of at least 32 ASCII characters"),
    (String(repeating: "k", count: 32) + "\n" + "second line", "must have keys of at least 32 ASCII characters"),
  ])
  func `an invalid service key stops the start, and is not shown`(contents: String, reason: String) async throws {
    let file = directory.path + "/key"
    try contents.write(toFile: file, atomically: true, encoding: .utf8)
    let server = try ServerProcess(arguments + ["--service-key-file", file])
    #expect(await server.exitStatus == 64)
    #expect(server.output.contains(reason))
    #expect(contents.isEmpty || !server.output.contains(contents))
  }

  @Test func `a registration opens an account once the email is verified, and a second one gets the same answer`() async throws {
    let server = try ServerProcess(defaults)
    let client = try await Client(port: server.port)
    let (login, foreign) = (["email": Self.email, "password": Self.password], ["email": Self.email, "password": Self.other])
    func register(_ fields: [String: String]) async throws -> (registration: String, message: [String: String]) {
      let answer = try await client.call(.POST, "/users", fields)
      #expect(answer.status == 200 && Set(answer.json.keys) == ["message", "registration"])
      return (try #require(answer.json["registration"]), try await message())
    }
    let (registration, sent) = try await register(login)
    #expect(sent["type"] == "email_verification" && sent["email"] == Self.email)
    #expect(try await client.call(.POST, "/sessions", login).status == 401)
    let code = ["registration": registration, "code": try #require(sent["code"])]
    #expect(try await client.call(.PUT, "/verify_email", code).status == 200)
    #expect(try await client.call(.POST, "/sessions", login).status == 200)

    #expect(try await register(foreign).message["type"] == "account_exists")
    #expect(try await client.call(.POST, "/sessions", foreign).status == 401)
    #expect(!server.output.contains(registration) && !server.output.contains(code["code"]!))
  }

  @Test func `with the service key the token is in the answer`() async throws {
    let (file, key) = (directory.path + "/key", String(repeating: "k", count: 40))
    try (key + "\n").write(toFile: file, atomically: true, encoding: .utf8)
    let server = try ServerProcess(arguments + ["--service-key-file", file])
    let client = try await Client(port: server.port)
    _ = try await client.call(.POST, "/users", ["email": Self.email, "password": Self.password])
    let answer = try await client.call(
      .POST, "/reset_password", ["email": Self.email], headers: ["Authorization": "Bearer \(key)"])
    #expect(answer.json["reset_token"]?.count == 43)
    #expect(!server.output.contains(key))
  }
}
