import Foundation
import NIOHTTP1
import Testing

/// What HTTP/1 asks of a server, on the bytes of a connection.
@Suite struct HTTP1Tests {
  private let server: ServerProcess
  init() throws { server = try ServerProcess(["--database", ":memory:", "--bcrypt-cost", "4"]) }

  private let form = "email=bob&password=x"
  private func registration(_ headers: String, length: Int? = nil) -> String {
    """
    POST /users HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n\
    Content-Length: \(length ?? form.utf8.count)\r\n\(headers)\r\n
    """
  }

  @Test(
    arguments: [
      "GET / HTTP/1.0\r\n\r\n", "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Close\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: TE, close\r\n\r\n",
    ])
  func `a client that wants the connection closed gets the answer, word of it, and the end`(_ request: String) async throws {
    let connection = try await RawConnection(port: server.port)
    connection.send(request)
    let answer = try connection.receive()
    #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
    #expect(answer.lowercased().contains("\r\nconnection: close\r\n"))
    #expect(answer.hasSuffix("{\"message\":\"Bienvenue\"}\n"))
  }

  @Test(
    arguments: [
      "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
      "HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n", "HEAD /users HTTP/1.1\r\nHost: localhost\r\n\r\n",
      "HEAD /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n",
      "HEAD / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 70000\r\n\r\n" + String(repeating: "x", count: 70_000),
    ])
  func `a connection that stays open is in step for the next request`(_ request: String) async throws {
    let connection = try await RawConnection(port: server.port)
    connection.send(request + "GET / HTTP/1.0\r\n\r\n")
    let answers = try connection.receive()
    let heads = answers.components(separatedBy: "HTTP/1.1 ").dropFirst()
    #expect(heads.count == 2)
    let isHead = request.hasPrefix("HEAD")
    #expect(heads.first?.hasSuffix(isHead ? "\r\n\r\n" : "{\"message\":\"Bienvenue\"}\n") == true)
    if request.contains("HTTP/1.0") { #expect(heads.first?.lowercased().contains("\r\nconnection: keep-alive\r\n") == true) }
  }

  @Test(
    arguments: [
      "CONNECT example.org:443 HTTP/1.1\r\nHost: example.org\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n",
      "GET / HTTP/1.0\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ])
  func `what follows a request that ends HTTP on its connection is not taken in`(_ request: String) async throws {
    let connection = try await RawConnection(port: server.port)
    connection.send(request + "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    let answer = try connection.receive()
    #expect(answer.hasPrefix("HTTP/1.1 "))
    #expect(answer.components(separatedBy: "HTTP/1.1 ").count == 2)
    #expect(answer.lowercased().contains("\r\nconnection: close\r\n"))
    // Far more than the buffers of both sides hold.
    #expect(connection.send(String(repeating: "x", count: 64 << 20)))
    #expect(try await Client(port: server.port).call(.GET, "/").status == 200)
  }

  @Test func `a client that asks before it sends its body is told to go on`() async throws {
    let connection = try await RawConnection(port: server.port)
    connection.send(registration("Expect: 100-continue\r\n"))
    #expect(try connection.receive(until: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
    connection.send(form)
    #expect(try connection.receive(until: "}\n").hasPrefix("HTTP/1.1 200 OK\r\n"))
  }

  @Test func `a client that asks before it sends too large a body is refused instead`() async throws {
    let connection = try await RawConnection(port: server.port)
    connection.send(registration("Expect: 100-continue\r\n", length: 65_537))
    #expect(try connection.receive(until: "}\n").hasPrefix("HTTP/1.1 413 "))
  }

  @Test func `a client that announces too large a body is refused at once`() async throws {
    let connection = try await RawConnection(port: server.port)
    connection.send(registration("", length: 10_000_000))
    #expect(try connection.receive(until: "}\n").hasPrefix("HTTP/1.1 413 "))
  }

  @Test func `a client that sends too large a body without asking gets to see the refusal`() async throws {
    let connection = try await RawConnection(port: server.port)
    // More than the buffers of both sides hold.
    let length = 64 << 20
    connection.send(registration("Connection: close\r\n", length: length))
    #expect(connection.send(String(repeating: "a", count: length)))
    let answer = try connection.receive()
    #expect(answer.hasPrefix("HTTP/1.1 413 "))
    #expect(answer.hasSuffix("{\"message\":\"the body has more than 65536 bytes\"}\n"))
  }

  @Test(
    arguments: [
      "nonsense\r\n\r\n", "FOO / HTTP/1.1\r\nHost: localhost\r\n\r\n", "GET / HTTP/1.1\r\nno colon\r\n\r\n",
      "GET / HTTP/1.1\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    ])
  func `what is no request is refused as JSON, and the connection closed`(_ request: String) async throws {
    let connection = try await RawConnection(port: server.port)
    connection.send(request)
    let answer = try connection.receive()
    #expect(answer.hasPrefix("HTTP/1.1 400 "))
    #expect(answer.contains("Content-Type: application/json\r\n"))
    for header in ["Cache-Control: no-store", "Referrer-Policy: no-referrer"] { #expect(answer.contains(header)) }
    #expect(answer.hasSuffix("{\"message\":\"this is no HTTP/1.1 request, or its method is unknown\"}\n"))
  }

  @Test(arguments: ["Cookie: " + String(repeating: "x", count: 32 * 1024), String(repeating: "a: b\r\n", count: 1000)])
  func `too large a head is refused with its limits`(_ headers: String) async throws {
    let connection = try await RawConnection(port: server.port)
    connection.send("GET / HTTP/1.1\r\nHost: localhost\r\n\(headers)\r\n\r\n")
    let answer = try connection.receive()
    #expect(answer.hasPrefix("HTTP/1.1 431 "))
    #expect(answer.hasSuffix("{\"message\":\"the head of the request has more than 32768 bytes or 1000 headers\"}\n"))
  }

  @Test func `an answer has the date of today, and a later one a later date`() async throws {
    let client = try await Client(port: server.port)
    func date() async throws -> Date {
      let format = DateFormatter()
      format.locale = Locale(identifier: "en_US_POSIX")
      format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
      format.timeZone = TimeZone(identifier: "GMT")
      return try #require(try await client.call(.GET, "/").headers["date"].first.flatMap(format.date(from:)))
    }
    let first = try await date()
    #expect(abs(first.timeIntervalSinceNow) < 60)
    try await Task.sleep(for: .milliseconds(1_100))
    #expect(try await date() > first)
  }

  @Test func `connections for which there are no descriptors wait until there are`() async throws {
    let server = try ServerProcess(["--database", ":memory:", "--bcrypt-cost", "4"], descriptors: 72)
    let port = try await server.port
    var connections = try (1...80).map { _ in try RawConnection(port: port) }
    for connection in [connections[0], connections[79]] { connection.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n") }
    #expect(try connections[0].receive(until: "}\n").hasPrefix("HTTP/1.1 200 OK\r\n"))
    let descriptors = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(server.processIdentifier)/fd")
    #expect(descriptors.count < 60)
    connections.removeFirst(79)
    #expect(try connections[0].receive(until: "}\n").hasPrefix("HTTP/1.1 200 OK\r\n"))
  }

  @Test(arguments: [SIGTERM, SIGINT])
  func `after a signal the request that has come is answered, and the status is 0`(_ signal: Int32) async throws {
    let directory = try TemporaryDirectory()
    let server = try ServerProcess(["--database", directory.database, "--bcrypt-cost", "10"])
    let connection = try await RawConnection(port: server.port)
    // Both come in one piece: when the first is answered the second has been read, and is being hashed.
    connection.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n" + registration("") + form)
    _ = try connection.receive(until: "Bienvenue")
    server.signal(signal)
    #expect(try connection.receive().contains("user created"))
    #expect(await server.exitStatus == 0)
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["auth.sqlite"])
  }
}
