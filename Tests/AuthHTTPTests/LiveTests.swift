import AuthCore
import HTTPTypes
import HummingbirdTesting
import NIOCore
import NIOPosix
import Testing

/// Rules that only the real HTTP stack can show.
///
/// NIST SP 800-63B-4: 5.1.1.
@Suite(.timeLimit(.minutes(10))) struct LiveTests {
  @Test func `the journey works over a connection that stays open`() async throws {
    try await withService(through: .live) { client in
      let session = try await client.registerAndLogIn("bob@me.com", "old")
      #expect(try await client.profile(session).json == ["email": "bob@me.com"])
      #expect(try await client.logOut(session).headers[.location] == "/")
      let token = try await client.resetToken("bob@me.com")
      #expect(try await client.updatePassword("bob@me.com", token, "new").status == 200)
      #expect(try await client.logIn("bob@me.com", "new").status == 200)
    }
  }

  @Test func `a response is these bytes`() async throws {
    try await withService(through: .live) { client in
      let response = try await client.exchange("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
      let (head, body) = try split(response)
      #expect(head[0] == "HTTP/1.1 200 OK")
      #expect(head.contains("content-type: application/json"))
      #expect(head.contains("content-length: 24"))
      #expect(body == "{\"message\":\"Bienvenue\"}\n")
    }
  }

  @Test func `the cookie is one line of these bytes`() async throws {
    try await withService(through: .live) { client in
      _ = try await client.register("bob@me.com", "x")
      let form = "email=bob@me.com&password=x"
      let (head, _) = try split(
        try await client.exchange(
          "POST /sessions HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            + "Content-Length: \(form.utf8.count)\r\n\r\n\(form)"))
      let cookies = head.filter { $0.hasPrefix("set-cookie:") }
      #expect(cookies.count == 1)
      #expect(cookies.first?.wholeMatch(of: /set-cookie: session_id=[0-9a-f-]{36}; Path=\/; HttpOnly; SameSite=Lax/) != nil)
    }
  }

  @Test func `a redirect has no body and says so`() async throws {
    try await withService(through: .live) { client in
      let session = try await client.registerAndLogIn("bob@me.com", "x")
      let (head, body) = try split(
        try await client.exchange(
          "DELETE /sessions HTTP/1.1\r\nHost: a\r\nConnection: close\r\nCookie: session_id=\(session)\r\n\r\n"))
      #expect(head[0] == "HTTP/1.1 302 Found")
      #expect(head.contains("location: /"))
      #expect(head.contains("content-length: 0"))
      #expect(body.isEmpty)
    }
  }

  /// A body there would be read as the beginning of the next response.
  @Test(arguments: [("/", 200), ("/profile", 403), ("/users", 405), ("/nope", 404)])
  func `a response to HEAD has the length of the body, and no body`(path: String, status: Int) async throws {
    try await withService(through: .live) { client in
      let request = "HEAD \(path) HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
      let (head, body) = try split(try await client.exchange(request))
      #expect(head[0].hasPrefix("HTTP/1.1 \(status) "))
      let length = try #require(head.first { $0.hasPrefix("content-length: ") }?.dropFirst(16))
      #expect(length != "0")
      #expect(body.isEmpty)
    }
  }

  @Test func `a body that is too long is 413 whatever its length, and the service goes on`() async throws {
    try await withService(through: .live) { client in
      for length in [65_537, 1_000_000] {
        let form = "email=bob@me.com&password=x&other=" + String(repeating: "y", count: length)
        let response = try await client.send(.post, "/users", .form(form))
        #expect(response.status == 413)
        #expect(response.json == ["message": "the body has more than 65536 bytes"])
      }
      #expect(try await client.logIn("bob@me.com", "x").status == 401)
    }
  }

  @Test func `a body in chunks is read, and has the same limit`() async throws {
    try await withService(through: .live) { client in
      let head = """
        POST /users HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r
        Content-Type: application/x-www-form-urlencoded\r\n\r\n
        """
      let form = "10\r\nemail=bob@me.com\r\nb\r\n&password=x\r\n"
      let large = "11000\r\n" + String(repeating: "y", count: 0x11000) + "\r\n"
      let refused = try split(try await client.exchange(head + form + large + "0\r\n\r\n"))
      #expect(refused.head[0].hasPrefix("HTTP/1.1 413 "))
      #expect(refused.body == "{\"message\":\"the body has more than 65536 bytes\"}\n")
      #expect(try await client.logIn("bob@me.com", "x").status == 401)
      let accepted = try split(try await client.exchange(head + form + "0\r\n\r\n"))
      #expect(accepted.head[0] == "HTTP/1.1 200 OK")
    }
  }

  @Test(
    arguments: [
      "GARBAGE\r\n\r\n", "\u{16}\u{3}\u{1}\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n",
      "POST /users HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
      "POST /users HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
      "POST /users HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
      "POST /users HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
      "GET / HTTP/1.1\r\nHost: a\r\nBad Header\r\n\r\n",
    ])
  func `garbage is refused, and the service goes on`(request: String) async throws {
    try await withService(through: .live) { client in
      let response = try await client.exchange(request)
      #expect(response.isEmpty || response.hasPrefix("HTTP/1.1 400 "))
      #expect(try await client.send(.get, "/").status == 200)
    }
  }

  @Test func `an email with a line break adds no header`() async throws {
    try await withService(through: .live) { client in
      let form = "email=bob%0d%0aX-Injected:%201&password=x"
      for path in ["/users", "/sessions", "/reset_password"] {
        let response = try await client.exchange(
          "POST \(path) HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            + "Content-Length: \(form.utf8.count)\r\n\r\n\(form)")
        #expect(response.hasPrefix("HTTP/1.1 40"))
        #expect(!response.contains("X-Injected"))
      }
    }
  }

  /// The lines of the head, and the body.
  private func split(_ response: String) throws -> (head: [String], body: String) {
    let end = try #require(response.firstRange(of: "\r\n\r\n"))
    let lines = response[..<end.lowerBound].split(separator: "\r\n").enumerated().map { index, line in
      // The letter case of header names means nothing.
      index == 0 ? String(line) : line.prefix { $0 != ":" }.lowercased() + line.drop { $0 != ":" }
    }
    return (lines, String(response[end.upperBound...]))
  }
}

extension Client {
  /// Sends bytes on a new connection, and reads until the other side closes it.
  fileprivate func exchange(_ request: String) async throws -> String {
    let port = try #require(http.port)
    let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .connect(host: "localhost", port: port) { channel in
        channel.eventLoop.makeCompletedFuture {
          try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
        }
      }
    return try await channel.executeThenClose { inbound, outbound in
      try await outbound.write(ByteBuffer(string: request))
      var response = ""
      for try await part in inbound { response += String(buffer: part) }
      return response
    }
  }
}
