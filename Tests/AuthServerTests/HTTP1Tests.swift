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
  func `a client that wants the connection closed gets the response, which says so, and the end`(_ request: String) async throws {
    let connection = try await RawConnection(port: server.port)
    connection.send(request)
    let response = try connection.receive()
    #expect(response.hasPrefix("HTTP/1.1 200 OK\r\n"))
    #expect(response.lowercased().contains("\r\nconnection: close\r\n"))
    #expect(response.hasSuffix("{\"message\":\"Bienvenue\"}\n"))
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
    let responses = try connection.receive()
    let heads = responses.components(separatedBy: "HTTP/1.1 ").dropFirst()
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
  func `what follows a request that ends HTTP on its connection is discarded`(_ request: String) async throws {
    let connection = try await RawConnection(port: server.port)
    connection.send(request + "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    let response = try connection.receive()
    #expect(response.hasPrefix("HTTP/1.1 "))
    #expect(response.components(separatedBy: "HTTP/1.1 ").count == 2)
    #expect(response.lowercased().contains("\r\nconnection: close\r\n"))
    // More than the buffers of both sides hold while the other does not read.
    #expect(connection.send(String(repeating: "x", count: 4 << 20)))
    #expect(try await Client(port: server.port).call(.GET, "/").status == 200)
  }

  @Test func `a client that asks before it sends its body is told to go on`() async throws {
    let connection = try await RawConnection(port: server.port)
    connection.send(registration("Expect: 100-continue\r\n"))
    #expect(try connection.receive(until: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
    connection.send(form)
    #expect(try connection.receive(until: "}\n").hasPrefix("HTTP/1.1 200 OK\r\n"))
  }

  @Test func `a client that asks before it sends a body that is too large is refused instead`() async throws {
    let connection = try await RawConnection(port: server.port)
    connection.send(registration("Expect: 100-continue\r\n", length: 65_537))
    #expect(try connection.receive(until: "}\n").hasPrefix("HTTP/1.1 413 "))
  }

  @Test func `a client that announces a body that is too large is refused at once`() async throws {
    let connection = try await RawConnection(port: server.port)
    connection.send(registration("", length: 10_000_000))
    #expect(try connection.receive(until: "}\n").hasPrefix("HTTP/1.1 413 "))
  }

  @Test func `a client that sends a body that is too large without asking gets to see the refusal`() async throws {
    let connection = try await RawConnection(port: server.port)
    // More than the buffers of both sides hold while the other does not read.
    let length = 4 << 20
    connection.send(registration("Connection: close\r\n", length: length))
    #expect(connection.send(String(repeating: "a", count: length)))
    let response = try connection.receive()
    #expect(response.hasPrefix("HTTP/1.1 413 "))
    #expect(response.hasSuffix("{\"message\":\"the body has more than 65536 bytes\"}\n"))
  }

  @Test(
    arguments: [
      "nonsense\r\n\r\n", "FOO / HTTP/1.1\r\nHost: localhost\r\n\r\n", "GET / HTTP/1.1\r\nno colon\r\n\r\n",
      "GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "GET / HTTP/1.1\r\nHost: a b/c\r\n\r\n",
      "GET http://u@a/ HTTP/1.1\r\nHost: a\r\n\r\n", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n\r\n0\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
    ])
  func `a malformed request is refused as JSON, and the connection closed`(_ request: String) async throws {
    let connection = try await RawConnection(port: server.port)
    connection.send(request)
    let response = try connection.receive()
    #expect(response.hasPrefix("HTTP/1.1 400 "))
    #expect(response.contains("Content-Type: application/json\r\n"))
    for header in ["Cache-Control: no-store", "Referrer-Policy: no-referrer"] { #expect(response.contains(header)) }
    #expect(response.hasSuffix("{\"message\":\"the request is not valid HTTP/1.1, or its method is unknown\"}\n"))
  }

  @Test func `a body in a transfer coding other than chunked is not implemented, and the connection closed`() async throws {
    let connection = try await RawConnection(port: server.port)
    connection.send(
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n")
    let response = try connection.receive()
    #expect(response.hasPrefix("HTTP/1.1 501 "))
    #expect(response.hasSuffix("{\"message\":\"the only transfer coding that is implemented is chunked\"}\n"))
  }

  @Test func `a chunk extension that does not end is refused, and the connection closed`() async throws {
    let connection = try await RawConnection(port: server.port)
    connection.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;")
    connection.send(String(repeating: "a", count: 100_000))
    let response = try connection.receive(until: "}\n")
    #expect(response.hasPrefix("HTTP/1.1 413 "))
    #expect(response.hasSuffix("{\"message\":\"the body has more than 65536 bytes of chunk extensions and trailers\"}\n"))
    // More than the buffers of both sides hold while the other does not read.
    #expect(!connection.send(String(repeating: "a", count: 4 << 20)))
  }

  @Test(arguments: ["Cookie: " + String(repeating: "x", count: 32 * 1024), String(repeating: "a: b\r\n", count: 1000)])
  func `a head that is too large is refused with its limits`(_ headers: String) async throws {
    let connection = try await RawConnection(port: server.port)
    connection.send("GET / HTTP/1.1\r\nHost: localhost\r\n\(headers)\r\n\r\n")
    let response = try connection.receive()
    #expect(response.hasPrefix("HTTP/1.1 431 "))
    #expect(response.hasSuffix("{\"message\":\"the head of the request has more than 32768 bytes or 1000 headers\"}\n"))
  }

  @Test func `a response has the date of today`() async throws {
    let format = DateFormatter()
    format.locale = Locale(identifier: "en_US_POSIX")
    format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
    format.timeZone = TimeZone(identifier: "GMT")
    let headers = try await Client(port: server.port).call(.GET, "/").headers
    let date = try #require(headers["date"].first.flatMap(format.date(from:)))
    #expect(abs(date.timeIntervalSinceNow) < 60 * 60)
  }

  @Test func `connections for which there are no descriptors wait until there are`() async throws {
    let server = try ServerProcess(["--database", ":memory:", "--bcrypt-cost", "4"], shell: "ulimit -n 72")
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
  func `after a signal the request that has come gets its response, and the status is 0`(_ signal: Int32) async throws {
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
