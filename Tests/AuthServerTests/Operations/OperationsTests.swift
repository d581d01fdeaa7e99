import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Testing

/// The operations listener of the real program.
@Suite(.timeLimit(.minutes(10))) struct OperationsTests {
  private let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  private func start(_ options: String..., shell: String? = nil) throws -> ServerProcess {
    try ServerProcess(
      ["--database", directory.database, "--bcrypt-cost", "4", "--operations-listen", "127.0.0.1:0"] + options,
      shell: shell)
  }

  @Test func `a server is alive and ready, also to HEAD, and nothing else is there`() async throws {
    let operations = try await Operations(of: start())
    for (path, text) in [("/livez", "alive\n"), ("/readyz", "ready\n"), ("/readyz?verbose", "ready\n")] {
      let response = try await operations.send(.GET, path)
      #expect(response.status == 200 && response.text == text)
      let head = try await operations.send(.HEAD, path)
      #expect(head.status == 200 && head.text == "" && head.headers["content-length"] == ["\(text.utf8.count)"])
    }
    for method in [HTTPMethod.POST, .PUT, .DELETE, .OPTIONS] {
      let response = try await operations.send(method, "/readyz")
      #expect(response.status == 405 && response.headers["allow"] == ["GET, HEAD"])
    }
    for path in ["/", "/metrics/", "/profile", "/livezz"] { #expect(try await operations.send(.GET, path).status == 404) }
  }

  @Test func `nothing of it is at the service's own port`() async throws {
    let server = try start()
    let client = try await Client(port: server.port)
    for path in ["/livez", "/readyz", "/metrics"] { #expect(try await client.call(.GET, path).status == 404) }
    #expect(try await client.call(.GET, "/").json == ["message": "Bienvenue"])
  }

  @Test func `a server whose database is moved away is not ready until it is back, and says so`() async throws {
    let operations = try await Operations(of: start())
    try FileManager.default.moveItem(atPath: directory.database, toPath: directory.database + ".away")
    let response = try await operations.send(.GET, "/readyz")
    #expect(response.status == 503)
    #expect(response.text == "the store is unavailable: the file was moved, replaced or deleted\n")
    #expect(try await operations.send(.GET, "/livez").status == 200)
    try FileManager.default.moveItem(atPath: directory.database + ".away", toPath: directory.database)
    #expect(try await operations.send(.GET, "/readyz").status == 200)
  }

  @Test func `a server that has no room for another connection is still watched over`() async throws {
    let server = try start(shell: "ulimit -n 90")
    let operations = try await Operations(of: server)
    let port = try await server.port
    let connections = try (1...60).map { _ in try RawConnection(port: port) }
    // The first of them has been accepted, and the last waits.
    connections[0].send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    #expect(try connections[0].receive(until: "}\n").hasPrefix("HTTP/1.1 200 OK\r\n"))
    for path in ["/livez", "/readyz", "/metrics"] { #expect(try await operations.send(.GET, path).status == 200) }
    withExtendedLifetime(connections) {}
  }

  @Test func `a server that stops is not ready while its last requests are under way`() async throws {
    // On a busy machine, a server may have given up its last request before it is asked.
    while try await !stoppingServerIsUnready() {}
  }

  /// Nothing is expected if the server has ended too early.
  private func stoppingServerIsUnready() async throws -> Bool {
    let server = try start()
    let operations = try await Operations(of: server)
    let connection = try await RawConnection(port: server.port)
    connection.send("POST /users HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n")
    _ = try connection.receive(until: "100 Continue")
    server.signal(SIGTERM)
    do {
      var response = try await operations.send(.GET, "/readyz")
      while response.status == 200 { response = try await operations.send(.GET, "/readyz") }
      #expect(response.status == 503 && response.text == "the server is stopping\n")
      #expect(try await operations.send(.GET, "/livez").status == 200)
    } catch {
      return false
    }
    withExtendedLifetime(connection) {}
    return true
  }

  @Test func `requests of one connection get their responses in order`() async throws {
    let operations = try await Operations(of: start())
    let connection = try RawConnection(port: operations.port)
    let requests = ["/readyz", "/livez", "/nothing"].map { "GET \($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined()
    connection.send(requests + "GET /livez HTTP/1.0\r\n\r\n")
    let responses = try connection.receive()
    #expect(responses.split(separator: "HTTP/1.1 ").map { $0.prefix(3) } == ["200", "200", "404", "200"])
    #expect(responses.range(of: "ready\n")!.lowerBound < responses.range(of: "alive\n")!.lowerBound)
  }

  @Test func `an address in use ends with one sentence and status 1`() async throws {
    let first = try await Operations(of: start())
    let second = try ServerProcess(["--database", ":memory:", "--operations-listen", "127.0.0.1:\(first.port)"])
    #expect(await second.exitStatus == 1)
    #expect(
      second.output.hasSuffix(
        """
        Error: cannot serve operations on 127.0.0.1:\(first.port): Address already in use; choose another with \
        --operations-listen\n
        """))
  }
}

/// A client of the operations listener.
struct Operations {
  struct Response {
    let status: UInt
    let headers: HTTPHeaders
    let text: String
  }

  /// Kept, because it would be killed.
  private let server: ServerProcess
  let port: Int

  init(of server: ServerProcess) async throws {
    self.server = server
    // The listener is there before the service is, and not ready.
    _ = try await server.port
    port = try Int(#require(server.output.firstMatch(of: /\/metrics are at http:\/\/127\.0\.0\.1:(\d+)\n/)).1)!
    while try await send(.GET, "/readyz").text == "the server is starting\n" {}
  }

  func send(_ method: HTTPMethod, _ path: String) async throws -> Response {
    var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)")
    request.method = method
    let response = try await HTTPClient.shared.execute(request, timeout: .minutes(10))
    let body = try await response.body.collect(upTo: 1 << 20)
    return Response(status: response.status.code, headers: response.headers, text: String(buffer: body))
  }

  /// The samples: names with labels, and values.
  func metrics() async throws -> [String: Double] {
    try await send(.GET, "/metrics").text.split(separator: "\n").reduce(into: [:]) { samples, line in
      guard !line.hasPrefix("#"), let space = line.lastIndex(of: " ") else { return }
      samples[String(line[..<space])] = Double(line[line.index(after: space)...])
    }
  }
}
